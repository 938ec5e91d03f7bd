// SPDX-License-Identifier: GPL-2.0

//! A request for a port: an object of a class driver's, which it gets back with an answer.

use crate::{
    arbiter::{
        Ending,
        Entry, //
    },
    bindings,
    completion::Sleep, //
};
use core::{
    mem::{
        align_of,
        size_of, //
    },
    ptr::NonNull, //
};
use kernel::{
    container_of,
    prelude::*,
    static_assert,
    sync::atomic::{
        Atomic,
        Relaxed, //
    },
};

/// What a request calls with its answer: 0 if its client owns the port now, or an error number.
pub(crate) type Done = unsafe extern "C" fn(request: *mut bindings::pta_request, status: c_int);

/// A request, as `struct pta_request` of the C header.
///
/// # Invariants
///
/// `done` may be called with the request once it is out of its queue.
#[repr(C)]
pub(crate) struct Request {
    done: Option<Done>,
    pub(crate) entry: Entry,
}

static_assert!(size_of::<Request>() <= size_of::<bindings::pta_request>());
static_assert!(align_of::<Request>() <= align_of::<bindings::pta_request>());

impl Request {
    /// Makes one that is in no queue.
    ///
    /// # Safety
    ///
    /// `done` may be called with the request once it is out of its queue.
    pub(crate) const unsafe fn new(done: Done) -> Self {
        // INVARIANT: By the contract of this function.
        Self {
            done: Some(done),
            entry: Entry::new(),
        }
    }

    /// Has the class driver said what is to be called?
    pub(crate) fn is_valid(&self) -> bool {
        self.done.is_some()
    }

    /// What the queue keeps of it. It leads back to the request.
    pub(crate) fn entry(&self) -> NonNull<Entry> {
        let this: NonNull<Self> = self.into();

        // SAFETY: `this` is valid, so its field is neither null nor elsewhere.
        unsafe { NonNull::new_unchecked(core::ptr::addr_of_mut!((*this.as_ptr()).entry)) }
    }

    /// Gives a request back to its class driver. It is not used after this.
    ///
    /// # Safety
    ///
    /// `entry` is that of a request, it was put in a queue and is out of it, and nobody else gives
    /// it back.
    pub(crate) unsafe fn answer(entry: NonNull<Entry>, answer: Result<(), Ending>) {
        let status = match answer {
            Ok(()) => 0,
            Err(Ending::Cancelled) => ECANCELED.to_errno(),
            Err(Ending::Dead) => ENODEV.to_errno(),
        };
        // SAFETY: By the contract of this function the entry is part of a request.
        let request = unsafe { container_of!(entry.as_ptr(), Request, entry) };
        // SAFETY: By the contract of this function the request is still there.
        if let Some(done) = unsafe { (*request).done } {
            // SAFETY: By the type invariant.
            unsafe { done(request.cast(), status) };
        }
    }
}

/// A request of somebody who sleeps until it is answered.
#[pin_data]
#[repr(C)]
pub(crate) struct Waiter {
    request: Request,
    status: Atomic<c_int>,
    #[pin]
    sleep: Sleep,
}

impl Waiter {
    /// Makes one that is in no queue.
    pub(crate) fn new() -> impl PinInit<Self> {
        pin_init!(Self {
            request: Request {
                done: Some(wake),
                entry: Entry::new(),
            },
            status: Atomic::new(0),
            sleep <- Sleep::new(),
        })
    }

    /// The request that is to be queued.
    pub(crate) fn request(&self) -> &Request {
        &self.request
    }

    /// Sleeps until the answer is there, for `timeout` jiffies at the most, or until a signal that
    /// kills.
    ///
    /// # Errors
    ///
    /// `ETIMEDOUT` or `EINTR`; the request is still where it was then.
    pub(crate) fn sleep(&self, timeout: c_ulong) -> Result {
        self.sleep.sleep(timeout)
    }

    /// Sleeps until the answer is there, which must be on its way and have been missed by
    /// [`Waiter::sleep`].
    pub(crate) fn sleep_on(&self) {
        self.sleep.sleep_on();
    }

    /// The answer, once it is there.
    pub(crate) fn answer(&self) -> Result {
        kernel::error::to_result(self.status.load(Relaxed))
    }
}

/// # Safety
///
/// To be called as `done` of the request of a [`Waiter`].
unsafe extern "C" fn wake(request: *mut bindings::pta_request, status: c_int) {
    // SAFETY: By the contract of this function; the request is the first field. The waiter sleeps
    // until it is woken up, after which it is not used here.
    let waiter = unsafe { &*request.cast::<Waiter>() };

    waiter.status.store(status, Relaxed);
    waiter.sleep.wake();
}
