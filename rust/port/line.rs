// SPDX-License-Identifier: GPL-2.0

//! Waiting in line for the port, and leaving the line.

use super::Port;
use crate::{
    arbiter::Owner,
    request::{
        Request,
        Waiter, //
    },
    time::Jiffies, //
};
use kernel::{
    prelude::*,
    sync::Arc, //
};

impl Port {
    /// Waits for the port for `timeout` jiffies at the most, and makes `me` the owner.
    ///
    /// # Context
    ///
    /// Process context, not from an answer to a request of this port. May sleep.
    ///
    /// # Errors
    ///
    /// `ETIMEDOUT`, `EINTR` if the task is being killed, `ENODEV` if the port is gone, `EDEADLK`
    /// from an answer to a request.
    pub(crate) fn allocate(this: &Arc<Self>, me: Owner, timeout: Jiffies) -> Result {
        if this.try_allocate(me) {
            return Ok(());
        }
        if this.is_dead() {
            return Err(ENODEV);
        }
        if timeout == Jiffies::ZERO {
            return Err(ETIMEDOUT);
        }
        if this.is_answering() {
            return Err(EDEADLK);
        }
        pin_init::stack_pin_init!(let waiter = Waiter::new());
        // SAFETY: The waiter is pinned, and what follows does not return before it is out of the
        // queue: it was withdrawn, or its answer came.
        unsafe { Self::queue(this, me, waiter.request()) }?;

        if let Err(error) = waiter.sleep(timeout.ticks()) {
            if this.withdraw(me, waiter.request()) {
                return Err(error);
            }
            // The answer was faster.
            waiter.sleep_on();
        }
        waiter.answer()
    }

    /// Queues a request of `me`. Its answer comes from the worker.
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// `ENODEV` if the port is gone, `EBUSY` if the request is in a queue already.
    ///
    /// # Safety
    ///
    /// The request stays where it is, and valid, until it is answered or withdrawn.
    pub(crate) unsafe fn queue(this: &Arc<Self>, me: Owner, request: &Request) -> Result {
        // SAFETY: By the contract of this function. The queue is part of the port, which is pinned.
        if !unsafe { this.queue.lock().push(request.entry(), me) } {
            return Err(if this.is_dead() { ENODEV } else { EBUSY });
        }
        // While a Linux driver has the port, the worker asks it to give way.
        if this.want_worker() || !this.arbiter.is_held() {
            this.call_worker();
        }
        Ok(())
    }

    /// Takes a request that waits out of the line, without an answer. Tells whether it did.
    ///
    /// # Context
    ///
    /// Any but NMI.
    pub(crate) fn withdraw(&self, me: Owner, request: &Request) -> bool {
        self.queue.lock().withdraw(&request.entry, me)
    }

    /// Cancels a request that waits. Tells whether it did; if so, its answer comes from the worker.
    ///
    /// # Context
    ///
    /// Any but NMI.
    pub(crate) fn cancel(this: &Arc<Self>, me: Owner, request: &Request) -> bool {
        let cancelled = this.queue.lock().cancel(&request.entry, me);

        if cancelled {
            this.call_worker();
        }
        cancelled
    }

    /// Cancels every request of `me` and waits until all its answers are given.
    ///
    /// # Context
    ///
    /// Process context, not from an answer to a request of this port. May sleep.
    pub(crate) fn cancel_all(this: &Arc<Self>, me: Owner) {
        this.queue.lock().cancel_client(me);
        this.run_worker();
    }

    /// Cancels every request of `me`.
    ///
    /// # Context
    ///
    /// Any but NMI.
    pub(crate) fn cancel_client(this: &Arc<Self>, me: Owner) {
        this.queue.lock().cancel_client(me);
        this.call_worker();
    }
}
