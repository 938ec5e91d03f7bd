// SPDX-License-Identifier: GPL-2.0

//! What the kernel crate's work items lack.
//!
//! C header: [`include/linux/workqueue.h`](srctree/include/linux/workqueue.h)

use crate::bindings;
use kernel::{
    prelude::*,
    sync::Arc,
    workqueue::{
        HasDelayedWork,
        HasWork,
        Work,
        WorkItem, //
    },
};

/// Waits until `work`, if it was queued, has run to its end.
///
/// # Context
///
/// Process context, not from the work item itself. May sleep.
pub(crate) fn flush<T: ?Sized, const ID: u64>(work: &Work<T, ID>) {
    // SAFETY: `work` is a reference, so it is valid; and a `Work` is initialised when it is made.
    unsafe { bindings::flush_work(Work::raw_get(work)) };
}

/// Queues the delayed work item of `this`, to run in `delay` ticks, or changes when it runs if it is
/// queued already.
///
/// # Context
///
/// Any but NMI.
pub(crate) fn start_delayed<T, const ID: u64>(this: Arc<T>, delay: c_ulong)
where
    T: HasDelayedWork<T, ID> + HasWork<T, ID> + WorkItem<ID, Pointer = Arc<T>>,
{
    let raw = Arc::into_raw(this);

    // SAFETY: `raw` is valid, and by the contract of `HasDelayedWork` its work is part of a
    // `struct delayed_work`, whose first field it is. Running it takes the `Arc` back.
    let was_queued = unsafe {
        let work = T::raw_get_work(raw.cast_mut());
        bindings::mod_delayed_work_on(
            bindings::wq_misc_consts_WORK_CPU_UNBOUND as c_int,
            bindings::system_power_efficient_wq,
            Work::raw_get(work).cast(),
            delay,
        )
    };
    if was_queued {
        // SAFETY: Whoever queued it gave it an `Arc` already, and it takes back one.
        drop(unsafe { Arc::from_raw(raw) });
    }
}

/// Takes the delayed work item of `this` off its queue, and waits if it is running. It does not
/// queue itself again meanwhile.
///
/// # Context
///
/// Process context, not from the work item itself. May sleep.
pub(crate) fn cancel_delayed<T, const ID: u64>(this: &Arc<T>)
where
    T: HasDelayedWork<T, ID> + HasWork<T, ID> + WorkItem<ID, Pointer = Arc<T>>,
{
    let raw = Arc::as_ptr(this);

    // SAFETY: `this` is valid, and by the contract of `HasDelayedWork` its work is part of a
    // `struct delayed_work`, whose first field it is.
    let pending = unsafe {
        let work = T::raw_get_work(raw.cast_mut());
        bindings::cancel_delayed_work_sync(Work::raw_get(work).cast())
    };
    if pending {
        // SAFETY: Queueing it made an `Arc` raw, which running it would have taken back, and now it
        // will not run.
        drop(unsafe { Arc::from_raw(raw) });
    }
}
