// SPDX-License-Identifier: GPL-2.0

//! The world of an arbiter: one open port, its clients, and the Linux drivers on it.
//!
//! The thread that makes a [`World`] becomes the worker; every actor is a thread of its own.

mod parport;
mod port;
mod sleep;

use super::arbiter::{
    Owner,
    Refusal, //
};
use crate::{
    checker::{
        atomic::AtomicBool,
        thread, //
    },
    witness::{
        self,
        Dev, //
    },
};
use std::{
    num::NonZeroU16,
    sync::{
        atomic::{
            AtomicUsize,
            Ordering::Relaxed, //
        },
        Arc, //
    },
};

pub(crate) use self::{
    parport::{
        Callbacks,
        Manners, //
    },
    port::{
        Error,
        Port,
        Timeout, //
    },
};

/// What is wrong with the glue between arbiter and parport, in tests that want it found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    None,

    /// `Device::claim()` does not hold `cad_lock` while it notes the claim.
    NotesWithoutLock,

    /// `wakeup()` takes the port from under the eyes of others who wait.
    NeverDeclines,

    /// `reclaim()` does not look again after a claim that failed.
    ClaimsOnce,

    /// `claim()` does not care who waits when the port was given to whoever is woken up first.
    TakesFromUnderTheWalk,

    /// `claim()` does not care about requests that came while it went on.
    ForgetsToAsk,

    /// `claim()` does not care about requests that wait.
    ForgetsTheLine,

    /// `shut_down()` does not wait for the claim in flight.
    DiesWithoutWaiting,

    /// `shut_down()` waits for the first claim that ends.
    WaitsForOneClaim,
}

/// One execution of a scenario.
pub(crate) struct World {
    pub(crate) port: Arc<Port>,

    /// How many actors there are left. Looking at it is no step.
    acting: Arc<AtomicUsize>,
}

impl World {
    /// An open port with so many requests to use, and these Linux drivers, counted from 1.
    pub(crate) fn new(flaw: Flaw, drivers: &[Manners], requests: usize) -> Self {
        let world = Self::closed(flaw, drivers, requests);
        world.port.open();
        world
    }

    /// The same, not open yet.
    pub(crate) fn closed(flaw: Flaw, drivers: &[Manners], requests: usize) -> Self {
        witness::forget();
        Self {
            port: Port::new(flaw, drivers, requests),
            acting: Arc::default(),
        }
    }

    /// Client number `slot`.
    pub(crate) fn client(&self, slot: u16) -> Arc<Client> {
        Arc::new(Client {
            port: self.port.clone(),
            me: Owner::new(NonZeroU16::new(slot).unwrap()),
            closing: AtomicBool::new(false),
        })
    }

    /// Somebody does something, while others do other things.
    pub(crate) fn actor(&mut self, act: impl FnOnce(&Port) + Send + 'static) {
        let port = self.port.clone();
        let acting = self.acting.clone();

        acting.fetch_add(1, Relaxed);
        thread::spawn(move || {
            act(&port);
            if acting.fetch_sub(1, Relaxed) == 1 {
                port.worker.look();
            }
        });
    }

    /// A client does something, while others do other things.
    pub(crate) fn client_does(&mut self, slot: u16, act: impl FnOnce(&Client) + Send + 'static) {
        let client = self.client(slot);
        self.actor(move |_| act(&client));
    }

    /// A Linux driver waits for the port, uses it and gives it back.
    pub(crate) fn linux_visits(&mut self, dev: Dev) {
        self.actor(move |port| {
            port.parport.wait_for(dev);
            port.parport.give_back(dev);
        });
    }

    /// A Linux driver uses the port and gives it back, if it can have it now.
    pub(crate) fn linux_tries(&mut self, dev: Dev) {
        self.actor(move |port| {
            if port.parport.take(dev) {
                port.parport.give_back(dev);
            }
        });
    }

    /// Lets the worker run, while nobody else acts.
    pub(crate) fn settle(&self) {
        self.port.worker.serve(|| self.port.run(), || false);
    }

    /// Runs to the end, where everybody has given back what they had and the port is idle.
    pub(crate) fn run(self) {
        self.end(true);
    }

    /// Runs to the end, at which the port is dead.
    pub(crate) fn run_to_death(self) {
        self.end(false);
    }

    fn end(self, alive: bool) {
        self.port
            .worker
            .serve(|| self.port.run(), || self.acting.load(Relaxed) != 0);
        witness::at_rest(alive);
    }
}

/// `rust/client.rs`: an open handle.
pub(crate) struct Client {
    pub(crate) port: Arc<Port>,
    me: Owner,
    closing: AtomicBool,
}

impl Client {
    /// Takes the port if it is free, and tells whether it did.
    pub(crate) fn take(&self) -> bool {
        let taken = self.port.try_allocate(self.me);

        if taken {
            self.begin();
        }
        taken
    }

    /// Uses the port and gives it back, if it is free.
    pub(crate) fn try_once(&self) {
        if self.take() {
            self.give_back();
        }
    }

    fn begin(&self) {
        self.port.parport.client_begins(self.me.slot().get());
    }

    /// Is the owner for a moment, if the port is free, but does not use it: for a port that may die.
    pub(crate) fn flash(&self) {
        if self.port.try_allocate(self.me) {
            let _ = self.free();
        }
    }

    /// Gives the port back, that was taken.
    pub(crate) fn give_back(&self) {
        self.port.parport.client_ends(self.me.slot().get());
        assert!(self.free() == Ok(()));
    }

    /// `Client::free()`
    pub(crate) fn free(&self) -> Result<(), Refusal> {
        if self.port.free_quietly(self.me) {
            return Ok(());
        }
        self.port.free(self.me)
    }

    /// Waits for the port, uses it and gives it back.
    pub(crate) fn visit(&self, request: usize) {
        assert!(self.allocate(request, Timeout::Never) == Ok(()));
        self.give_back();
    }

    /// `Client::allocate()`, and takes the port if it got it.
    pub(crate) fn allocate(&self, request: usize, timeout: Timeout) -> Result<(), Error> {
        let request = &self.port.requests[request];
        let result = self.port.allocate(self.me, request, timeout);

        if result.is_ok() {
            self.begin();
        }
        result
    }

    /// `Client::queue()`
    pub(crate) fn queue(&self, request: usize) -> Result<(), Error> {
        let request = &self.port.requests[request];
        self.port.queue(self.me, request)?;

        if self.closing.load(Relaxed) && self.port.withdraw(self.me, request) {
            return Err(Error::Closing);
        }
        Ok(())
    }

    /// Waits for the answer to a request that was queued, and takes the port if it got it.
    pub(crate) fn answer(&self, request: usize) -> Result<(), Error> {
        let request = &self.port.requests[request];
        let result = self.port.sleep(self.me, request, Timeout::Never);

        if result.is_ok() {
            self.begin();
        }
        result
    }

    /// The same for a port that may die: is the owner for a moment.
    pub(crate) fn answer_and_free(&self, request: usize) -> Result<(), Error> {
        let request = &self.port.requests[request];
        let result = self.port.sleep(self.me, request, Timeout::Never);

        if result.is_ok() {
            let _ = self.free();
        }
        result
    }

    /// `Client::cancel()`
    pub(crate) fn cancel(&self, request: usize) -> bool {
        self.port.cancel(self.me, &self.port.requests[request])
    }

    /// `Client::drop()`, by a client that uses the registers no more.
    pub(crate) fn close(&self) {
        self.closing.store(true, Relaxed);
        self.port.cancel_all(self.me);
        let _ = self.free();
    }
}
