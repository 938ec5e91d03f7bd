// SPDX-License-Identifier: GPL-2.0

//! A completion that can be waited for with a time limit, which the kernel crate's cannot.
//!
//! C header: [`include/linux/completion.h`](srctree/include/linux/completion.h)

use crate::bindings;
use kernel::{
    prelude::*,
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

    /// Sleeps until it happened, for `timeout` jiffies at the most, or until a signal that kills.
    ///
    /// # Errors
    ///
    /// `ETIMEDOUT` or `EINTR`.
    pub(crate) fn wait_killable(&self, timeout: c_ulong) -> Result {
        // SAFETY: The completion is initialised.
        match unsafe { bindings::wait_for_completion_killable_timeout(self.inner.get(), timeout) } {
            0 => Err(ETIMEDOUT),
            left if left < 0 => Err(EINTR),
            _ => Ok(()),
        }
    }
}
