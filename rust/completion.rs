// SPDX-License-Identifier: GPL-2.0

//! A completion that can be waited for with a time limit, which the kernel crate's cannot, and
//! without being in the way of a suspend.
//!
//! C header: [`include/linux/completion.h`](srctree/include/linux/completion.h)

use crate::bindings;
use kernel::{
    prelude::*,
    task::Task,
    types::Opaque, //
};

/// A `struct completion`: something that happens once.
///
/// It may be freed as soon as a wait for it has returned.
#[pin_data]
pub(crate) struct Completion {
    #[pin]
    inner: Opaque<bindings::completion>,
}

// SAFETY: A completion may be used on any thread.
unsafe impl Send for Completion {}

// SAFETY: A completion has its own lock.
unsafe impl Sync for Completion {}

impl Completion {
    /// Makes one that has not happened.
    pub(crate) fn new() -> impl PinInit<Self> {
        pin_init!(Self {
            inner <- Opaque::ffi_init(|slot| {
                // SAFETY: The slot may be written.
                unsafe { bindings::init_completion(slot) }
            }),
        })
    }

    /// It happened.
    ///
    /// # Context
    ///
    /// Any but NMI.
    pub(crate) fn complete(&self) {
        // SAFETY: The completion is initialised.
        unsafe { bindings::complete(self.inner.get()) };
    }

    /// Sleeps until it happened.
    pub(crate) fn wait(&self) {
        // SAFETY: The completion is initialised.
        unsafe { bindings::wait_for_completion(self.inner.get()) };
    }
}

/// A [`Completion`] that the task which made it sleeps for.
///
/// # Invariants
///
/// `sleeper` is a task that exists as long as this does.
#[pin_data]
pub(crate) struct Sleep {
    #[pin]
    over: Completion,
    sleeper: *mut bindings::task_struct,
}

// SAFETY: The task is only woken up, which any thread may do.
unsafe impl Send for Sleep {}

// SAFETY: As for `Send`; the completion has its own lock.
unsafe impl Sync for Sleep {}

impl Sleep {
    /// Makes one for the current task, which is not to leave it behind.
    pub(crate) fn new() -> impl PinInit<Self> {
        // INVARIANT: The current task exists, and takes this with it.
        pin_init!(Self {
            over <- Completion::new(),
            sleeper: Task::current_raw(),
        })
    }

    /// Sleeps until it is over, for `timeout` jiffies at the most, or until a signal that kills. The
    /// task can be frozen meanwhile.
    ///
    /// # Context
    ///
    /// The task that made it.
    ///
    /// # Errors
    ///
    /// `ETIMEDOUT` or `EINTR`.
    pub(crate) fn sleep(&self, timeout: c_ulong) -> Result {
        // SAFETY: The completion is initialised.
        match unsafe { bindings::pta_sleep(self.over.inner.get(), timeout) } {
            0 => Err(ETIMEDOUT),
            left if left < 0 => Err(EINTR),
            _ => Ok(()),
        }
    }

    /// Sleeps until it is over, which must be soon.
    pub(crate) fn sleep_on(&self) {
        self.over.wait();
    }

    /// It is over. `self` may be gone when this returned.
    pub(crate) fn wake(&self) {
        // SAFETY: The completion is initialised, and the task is there until it knows that it is
        // over.
        unsafe { bindings::pta_wake(self.over.inner.get(), self.sleeper) };
    }
}
