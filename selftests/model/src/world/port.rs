// SPDX-License-Identifier: GPL-2.0

//! One managed port: what is in `rust/port/` of ownership, requests and death.
//!
//! This is a transcription, function by function and under the same names, to be compared with the
//! original. What is left out is what no other thread can see (accounts, the log) and what does not
//! change the owner (interrupts, port checks, the watch).

use super::{
    super::arbiter::{
        Arbiter,
        Ending,
        Entry,
        Freed,
        Grant,
        Handoff,
        Owner,
        Preemption,
        Queue,
        Refusal, //
    },
    parport::{
        Callbacks,
        Manners,
        Parport, //
    },
    sleep::{
        Completion,
        Work, //
    },
    Flaw,
};
use crate::{
    checker::{
        atomic::{
            AtomicBool,
            Ordering::Relaxed, //
        },
        Mutex, //
    },
    witness,
};
use std::{
    ptr::NonNull,
    sync::{
        Arc,
        Weak, //
    },
};

/// Why a request was not queued, or not granted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Error {
    /// `ENODEV`
    Dead,

    /// `EBUSY`
    Queued,

    /// `ETIMEDOUT`
    TimedOut,

    /// `ECANCELED`
    Cancelled,

    /// `ESHUTDOWN`
    Closing,
}

/// `Request` and `Waiter` of `rust/request.rs`.
#[repr(C)]
pub(crate) struct Request {
    entry: Entry,
    number: usize,
    /// Read after it was answered.
    status: std::sync::Mutex<Result<(), Error>>,
    answered: Completion,
}

// SAFETY: The entry is used under the queue's lock.
unsafe impl Send for Request {}
// SAFETY: As above.
unsafe impl Sync for Request {}

impl Request {
    fn new(number: usize) -> Self {
        Self {
            entry: Entry::new(),
            number,
            status: std::sync::Mutex::new(Ok(())),
            answered: Completion::new(),
        }
    }

    /// Which request is it that has this entry?
    ///
    /// # Safety
    ///
    /// The entry is that of a request.
    unsafe fn of(entry: NonNull<Entry>) -> &'static Self {
        // SAFETY: By the contract of this function. The entry is the first field, and the port
        // that has the request stays to the end of the execution.
        unsafe { entry.cast().as_ref() }
    }

    /// `Request::answer()`, of the request of a waiter.
    unsafe fn answer(entry: NonNull<Entry>, answer: Result<(), Ending>) {
        // SAFETY: By the contract of this function.
        let request = unsafe { Self::of(entry) };

        witness::answered(request.number);
        *request.status.lock().unwrap() = answer.map_err(|ending| match ending {
            Ending::Cancelled => Error::Cancelled,
            Ending::Dead => Error::Dead,
        });
        request.answered.complete();
    }
}

/// `Waiter::sleep()`, by how long it sleeps.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Timeout {
    Never,

    /// Whenever it may be, it is now.
    Now,
}

struct Turn {
    registered: bool,
    granted_past_refused: bool,
}

pub(crate) struct Port {
    flaw: Flaw,
    arbiter: Arbiter,
    queue: Mutex<Queue>,
    pub(crate) parport: Parport,
    turn: Mutex<Turn>,
    declined: AtomicBool,
    last_claim: Completion,
    pub(crate) worker: Work,

    /// The requests of all clients, where they stay to the end.
    pub(crate) requests: Vec<Request>,
}

// rust/port/mod.rs

impl Port {
    /// A port that is not open yet.
    pub(crate) fn new(flaw: Flaw, drivers: &[Manners], requests: usize) -> Arc<Self> {
        Arc::new_cyclic(|port: &Weak<Self>| Self {
            flaw,
            arbiter: Arbiter::new(),
            queue: Mutex::new(Queue::new()),
            parport: Parport::new(flaw, drivers, port.clone()),
            turn: Mutex::new(Turn {
                registered: false,
                granted_past_refused: false,
            }),
            declined: AtomicBool::new(false),
            last_claim: Completion::new(),
            worker: Work::new(),
            requests: (0..requests).map(Request::new).collect(),
        })
    }

    pub(crate) fn open(&self) {
        let mut turn = self.turn.lock().unwrap();
        self.parport.register();
        turn.registered = true;
        drop(turn);

        self.reclaim(false);
    }

    pub(crate) fn shut_down(&self) {
        let mut turn = self.turn.lock().unwrap();
        if !std::mem::take(&mut turn.registered) {
            return;
        }

        while self.arbiter.kill().claim_in_flight {
            match self.flaw {
                Flaw::DiesWithoutWaiting => break,
                Flaw::WaitsForOneClaim => {
                    self.last_claim.wait();
                    break;
                }
                _ => self.last_claim.wait(),
            }
        }
        let _ = self.parport.is_unowned();
        if self.arbiter.is_held() {
            self.release();
        }
        self.parport.unregister();
        drop(turn);

        let mut queue = self.queue.lock().unwrap();
        queue.close();
        witness::all_left_the_line(None);
        drop(queue);
        self.call_worker();
        self.flush();
    }

    pub(crate) fn flush(&self) {
        self.worker.flush();
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.arbiter.is_dead()
    }

    pub(crate) fn try_allocate(&self, me: Owner) -> bool {
        let line = witness::line();
        let allocated = self.arbiter.try_allocate(me);

        if allocated {
            witness::not_overtaken(&line);
        }
        allocated
    }

    pub(crate) fn free_quietly(&self, me: Owner) -> bool {
        self.arbiter.free_quietly(me)
    }

    pub(crate) fn free(&self, me: Owner) -> Result<(), Refusal> {
        if self.arbiter.free(me)? == Freed::Handoff {
            self.call_worker();
        }
        Ok(())
    }

    pub(crate) fn allocate(
        &self,
        me: Owner,
        request: &Request,
        timeout: Timeout,
    ) -> Result<(), Error> {
        if self.try_allocate(me) {
            return Ok(());
        }
        if self.is_dead() {
            return Err(Error::Dead);
        }
        self.queue(me, request)?;
        self.sleep(me, request, timeout)
    }

    /// What of `allocate()` comes after the request was queued.
    pub(crate) fn sleep(
        &self,
        me: Owner,
        request: &Request,
        timeout: Timeout,
    ) -> Result<(), Error> {
        if timeout == Timeout::Now && self.withdraw(me, request) {
            return Err(Error::TimedOut);
        }
        request.answered.wait();
        std::mem::replace(&mut request.status.lock().unwrap(), Ok(()))
    }

    pub(crate) fn queue(&self, me: Owner, request: &Request) -> Result<(), Error> {
        let mut queue = self.queue.lock().unwrap();
        // SAFETY: Request and queue stay to the end of the execution.
        let pushed = unsafe { queue.push((&request.entry).into(), me) };
        if pushed {
            witness::queued(request.number, me.slot().get());
        }
        drop(queue);

        if !pushed {
            return Err(if self.is_dead() {
                Error::Dead
            } else {
                Error::Queued
            });
        }
        if self.arbiter.want() || !self.arbiter.is_held() {
            self.call_worker();
        }
        witness::queue_returned(request.number);
        Ok(())
    }

    pub(crate) fn withdraw(&self, me: Owner, request: &Request) -> bool {
        let mut queue = self.queue.lock().unwrap();
        let withdrawn = queue.withdraw(&request.entry, me);
        if withdrawn {
            witness::left_the_line(request.number, false);
        }
        withdrawn
    }

    pub(crate) fn cancel(&self, me: Owner, request: &Request) -> bool {
        let mut queue = self.queue.lock().unwrap();
        let cancelled = queue.cancel(&request.entry, me);
        if cancelled {
            witness::left_the_line(request.number, true);
        }
        drop(queue);

        if cancelled {
            self.call_worker();
        }
        cancelled
    }

    pub(crate) fn cancel_all(&self, me: Owner) {
        let mut queue = self.queue.lock().unwrap();
        queue.cancel_client(me);
        witness::all_left_the_line(Some(me.slot().get()));
        drop(queue);
        self.call_worker();
        self.flush();
    }

    pub(crate) fn call_worker(&self) {
        witness::note(|| "call_worker".into());
        self.worker.call();
    }
}

// rust/port/linux.rs

impl Callbacks for Port {
    fn preempt(&self) -> Preemption {
        let preemption = self.arbiter.preempt();

        if preemption == Preemption::Given {
            self.leave_registers();
        }
        preemption
    }

    fn wakeup(&self) {
        witness::note(|| "wakeup".into());
        if self.is_dead() || !self.parport.is_registered() {
            return;
        }
        if !self.parport.others_wait() || self.flaw == Flaw::NeverDeclines {
            self.reclaim(false);
            return;
        }
        let ours = !self.queue.lock().unwrap().is_empty();
        if ours && self.declined.swap(false, Relaxed) {
            self.reclaim(true);
        } else {
            self.declined.store(true, Relaxed);
            self.call_worker();
        }
    }
}

impl Port {
    fn reclaim(&self, others_wait: bool) {
        while self.parport.is_unowned() && self.claim(others_wait) {
            if self.flaw == Flaw::ClaimsOnce {
                return;
            }
        }
    }

    fn claim(&self, others_wait: bool) -> bool {
        if !self.arbiter.begin_claim() {
            return false;
        }
        self.queue.lock().unwrap().take_unasked();
        let listed = self.parport.is_listed() && self.flaw != Flaw::TakesFromUnderTheWalk;
        let noted = self.parport.claim(|| {
            self.parport.use_registers();
            self.declined.store(false, Relaxed);

            let waiting = !self.queue.lock().unwrap().is_empty();
            if waiting && self.flaw != Flaw::ForgetsTheLine {
                let _ = self.arbiter.want();
            }
            self.arbiter
                .claimed(others_wait || listed && self.parport.others_wait())
        });
        if noted.is_some() || !self.parport.is_listed() {
            self.queue.lock().unwrap().ask_again();
        }
        if noted.is_none() {
            self.arbiter.claim_failed();
        }

        if self.is_dead() {
            self.last_claim.complete();
            return false;
        }
        let unasked = noted.is_none()
            && self.flaw != Flaw::ForgetsToAsk
            && self.queue.lock().unwrap().has_unasked();
        if noted == Some(true) || unasked {
            self.call_worker();
        }
        noted.is_none()
    }

    fn release(&self) {
        self.leave_registers();
        self.parport.release();
        self.arbiter.released();
    }

    fn leave_registers(&self) {
        self.parport.use_registers();
    }

    /// The chain of routines has changed, so that the interrupt enable is to be changed too.
    pub(crate) fn chain_changed(&self) {
        if self.arbiter.want() {
            self.call_worker();
            self.flush();
        }
    }
}

// rust/port/worker.rs

impl Port {
    pub(crate) fn run(&self) {
        witness::note(|| "worker".into());
        self.tell_ended();

        let mut turn = self.turn.lock().unwrap();
        if !turn.registered {
            return;
        }
        self.hand_over(&mut turn);
        self.regain();
    }

    fn hand_over(&self, turn: &mut Turn) {
        while self.arbiter.begin_handoff() {
            self.parport.use_registers();

            if let Some(grant) = self.next_grant(turn) {
                self.grant(grant);
                return;
            }
            match self.arbiter.end_handoff() {
                Handoff::Idle => return,
                Handoff::Again => {}
                Handoff::Release => {
                    turn.granted_past_refused = false;
                    self.release();
                }
            }
        }
    }

    fn next_grant(&self, turn: &mut Turn) -> Option<Grant> {
        let refused = self.arbiter.has_refused();

        if refused && turn.granted_past_refused {
            return None;
        }
        let mut queue = self.queue.lock().unwrap();
        let grant = queue.grant()?;
        // SAFETY: It was the entry of a request that was pushed.
        witness::left_the_line(unsafe { Request::of(grant.entry) }.number, true);
        drop(queue);

        turn.granted_past_refused = refused;
        Some(grant)
    }

    fn grant(&self, grant: Grant) {
        self.arbiter.grant(grant.client, grant.more);
        // SAFETY: The grant took the request out of the queue.
        unsafe { Request::answer(grant.entry, Ok(())) };
    }

    fn tell_ended(&self) {
        loop {
            let mut queue = self.queue.lock().unwrap();
            let ended = queue.next_ended();
            drop(queue);

            let Some((entry, ending)) = ended else {
                return;
            };
            // SAFETY: This took the request out of the queue.
            unsafe { Request::answer(entry, Err(ending)) };
        }
    }

    fn regain(&self) {
        let others_wait = self.declined.load(Relaxed) && self.parport.others_wait();
        self.reclaim(others_wait);

        if !self.arbiter.is_held() && self.queue.lock().unwrap().has_unasked() && self.claim(false)
        {
            self.reclaim(false);
        }
    }
}

trait HasUnasked {
    fn has_unasked(&mut self) -> bool;
}

impl HasUnasked for Queue {
    fn has_unasked(&mut self) -> bool {
        let unasked = self.take_unasked();
        if unasked {
            self.ask_again();
        }
        unasked
    }
}
