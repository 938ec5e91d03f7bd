// SPDX-License-Identifier: GPL-2.0

//! What `rust/completion.rs` is in the kernel.

use crate::witness;
use kernel::{
    checker::Sleepers,
    prelude::*,
    sync::Mutex, //
};
use std::sync::Arc;

/// A `struct completion`.
pub(crate) struct Completion {
    done: Mutex<u32>,
    sleepers: Sleepers,
}

impl Completion {
    pub(crate) fn new() -> Self {
        Self {
            done: Mutex::new(0),
            sleepers: Sleepers::new(),
        }
    }

    pub(crate) fn complete(&self) {
        *self.done.lock() += 1;
        self.sleepers.wake();
    }

    pub(crate) fn wait(&self) {
        self.sleepers.sleep_until(|| self.try_wait());
    }

    fn try_wait(&self) -> bool {
        let mut done = self.done.lock();
        let is_done = *done > 0;

        if is_done {
            *done -= 1;
        }
        is_done
    }
}

/// Somebody who sleeps for the answer to a request, and so stands in the line.
pub(crate) struct Sleep {
    /// The sleeper takes `Sleep` along as soon as it is over. In the kernel that is safe because of
    /// the lock in the completion.
    over: Arc<Completion>,
}

/// The time limit of somebody who sleeps for ever. Any other is over at once, which is any time:
/// others can do ever so much before.
pub(crate) const FOR_EVER: c_ulong = c_ulong::MAX;

impl Sleep {
    pub(crate) fn new() -> Self {
        Self {
            over: Arc::new(Completion::new()),
        }
    }

    pub(crate) fn sleep(&self, timeout: c_ulong) -> Result {
        let stay = witness::stands_in_line();

        if timeout == FOR_EVER {
            self.over.wait();
        } else if !self.over.try_wait() {
            witness::leaves_the_line(stay);
            return Err(ETIMEDOUT);
        }
        witness::leaves_the_line(stay);
        Ok(())
    }

    pub(crate) fn sleep_on(&self) {
        self.over.wait();
    }

    pub(crate) fn wake(&self) {
        self.over.clone().complete();
    }
}
