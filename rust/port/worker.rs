// SPDX-License-Identifier: GPL-2.0

//! The worker: what happens to a port between a free and the next owner, in process context.
//!
//! Whose turn it is: requests of our clients in the order in which they came, but a Linux driver
//! that was refused gets the port after at most one more of them.

use super::{
    Port,
    WORKER, //
};
use crate::{
    arbiter::{
        Grant,
        Handoff, //
    },
    request::Request, //
};
use kernel::{
    bindings::task_struct,
    sync::{
        atomic::{
            Relaxed,
            Release, //
        },
        Arc,
        ArcBorrow, //
    },
    task::Task,
    workqueue::WorkItem,
};

/// What the worker remembers.
pub(super) struct Turn {
    /// Is our device registered with parport?
    registered: bool,

    /// Was a request granted although a Linux driver had been refused?
    granted_past_refused: bool,
}

impl Turn {
    pub(super) const fn new() -> Self {
        Self {
            registered: false,
            granted_past_refused: false,
        }
    }

    /// Our device is registered.
    pub(super) fn begin(&mut self) {
        self.registered = true;
    }

    /// Our device is about to be unregistered. Tells whether it was registered.
    pub(super) fn end(&mut self) -> bool {
        core::mem::take(&mut self.registered)
    }
}

impl WorkItem<WORKER> for Port {
    type Pointer = Arc<Port>;

    fn run(this: Arc<Port>) {
        let calls = this.worker_calls.read();

        Port::work(&this);
        this.worker_answered.store(calls, Release);
    }
}

impl Port {
    fn work(this: &Arc<Self>) {
        this.answering(|| this.tell_ended());

        let mut turn = this.turn.lock();
        if !turn.registered {
            return;
        }
        this.answering(|| this.hand_over(&mut turn));
        this.as_arc_borrow().regain();
        drop(turn);

        // A free that was followed by a grant, or by a Linux driver, left nothing to check.
        if this.check_due.xchg(false, Relaxed) {
            this.chain.check(|| this.arbiter.is_free());
        }
    }

    /// Passes the port on, or makes it free.
    fn hand_over(&self, turn: &mut Turn) {
        while self.arbiter.begin_handoff() {
            self.sync_interrupt_enable();
            self.count_wanted_devices();

            if let Some(grant) = self.next_grant(turn) {
                // One at a time: whoever frees the port calls the worker again, and meanwhile it is
                // there for others.
                self.grant(grant);
                return;
            }
            match self.arbiter.end_handoff() {
                Handoff::Idle => {
                    // A routine that was refused the port because of us looks again, too.
                    if self.account.refused_tries.read() != self.refused_before.load(Relaxed) {
                        self.check_due.store(self.chain.has_checks(), Relaxed);
                    }
                    return;
                }
                Handoff::Again => {}
                Handoff::Release => {
                    turn.granted_past_refused = false;
                    self.account.handovers.add(1);
                    self.queue.lock().ask_again();
                    self.release();
                }
            }
        }
    }

    /// The request whose turn it is, if it is not a Linux driver's.
    fn next_grant(&self, turn: &mut Turn) -> Option<Grant> {
        let refused = self.arbiter.has_refused();

        if refused && turn.granted_past_refused {
            return None;
        }
        let grant = self.queue.lock().grant()?;
        turn.granted_past_refused = refused;
        Some(grant)
    }

    /// Makes a client the owner and tells it.
    fn grant(&self, grant: Grant) {
        self.account.allocated();
        self.account.handovers.add(1);
        self.arbiter.grant(grant.client, grant.more);
        // SAFETY: The grant took the request out of the queue, so it is this call's to answer.
        unsafe { Request::answer(grant.entry, Ok(())) };
    }

    /// Tells those whose requests ended without a grant.
    fn tell_ended(&self) {
        loop {
            // The lock is dropped before the answer is given.
            let ended = self.queue.lock().next_ended();
            let Some((entry, ending)) = ended else {
                return;
            };
            // SAFETY: This took the request out of the queue, so it is this call's to answer.
            unsafe { Request::answer(entry, Err(ending)) };
        }
    }

    /// Takes the port if it can be had. For a request that waits, a Linux driver that has the port
    /// is asked once to give way, which is what a claim does that fails.
    fn regain(self: ArcBorrow<'_, Self>) {
        // After a release nobody else remembers that somebody waits here.
        let waiting = !self.queue.lock().is_empty();
        if waiting && self.arbiter.want() {
            Arc::from(self).call_worker();
        }
        // A wakeup that declined may not have let those behind us have the port yet.
        let others_wait = self.declined.load(Relaxed) && self.device.others_wait();
        self.reclaim(others_wait);

        if !self.arbiter.is_held() && self.queue.lock().has_unasked() && self.claim(false) {
            // Whoever released the port meanwhile has found a claim in flight, and left it to us.
            self.reclaim(false);
        }
    }

    /// Runs `answer` with a mark that tells a class driver's function that it is called by it.
    fn answering(&self, answer: impl FnOnce()) {
        self.answerer.store(Task::current_raw(), Relaxed);
        answer();
        self.answerer
            .store(core::ptr::null_mut::<task_struct>(), Relaxed);
    }

    /// Is this code called by an answer to a request of this port?
    pub(crate) fn is_answering(&self) -> bool {
        self.answerer.load(Relaxed) == Task::current_raw()
    }
}
