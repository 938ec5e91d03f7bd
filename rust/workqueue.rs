// SPDX-License-Identifier: GPL-2.0

//! What the kernel crate's work items lack.
//!
//! C header: [`include/linux/workqueue.h`](srctree/include/linux/workqueue.h)

use crate::bindings;
use kernel::{
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
