// SPDX-License-Identifier: GPL-2.0

//! What is done later, because the caller may not sleep: a workqueue of the module's own, so that the
//! module does not go before it is done.

use super::bindings as windows;
use crate::bindings;
use kernel::{
    error::to_result,
    prelude::*,
    sync::atomic::{
        Acquire,
        Atomic,
        Full,
        Release, //
    },
    workqueue::{
        Queue,
        RawWorkItem, //
    },
};

/// The workqueue, while there is one.
static QUEUE: Atomic<*mut bindings::workqueue_struct> = Atomic::new(core::ptr::null_mut());

/// The Windows runtime in use, as long as the module is loaded.
pub(crate) struct Ready(());

impl Ready {
    /// Starts the runtime.
    ///
    /// # Safety
    ///
    /// To be called once, before a class driver can use the module.
    pub(crate) unsafe fn new() -> Result<Self> {
        // SAFETY: The name is a C string.
        let queue = unsafe { bindings::pta_alloc_workqueue(c"parport_try_alloc".as_char_ptr()) };

        if queue.is_null() {
            return Err(ENOMEM);
        }
        QUEUE.store(queue, Release);
        let ready = Self(());
        // SAFETY: This is called once, by the contract of this function.
        to_result(unsafe { windows::pta_win_start() })?;
        Ok(ready)
    }
}

impl Drop for Ready {
    fn drop(&mut self) {
        let queue = QUEUE.xchg(core::ptr::null_mut(), Full);

        // SAFETY: It was made by `new()`, and no class driver is left that could queue more. This waits
        // for what is queued.
        unsafe { bindings::destroy_workqueue(queue) };
        // SAFETY: Nobody uses the runtime any more.
        unsafe { windows::pta_win_stop() };
    }
}

/// Queues a work item.
pub(super) fn enqueue<W, const ID: u64>(item: W)
where
    W: RawWorkItem<ID> + Send + 'static,
{
    // SAFETY: The workqueue is there as long as the module is, and is not null then.
    let queue = unsafe { Queue::from_raw(QUEUE.load(Acquire)) };
    let _ = queue.enqueue::<W, ID>(item);
}
