// SPDX-License-Identifier: GPL-2.0

//! The interrupt chain of a port: which routines are called, in which order, and what a disconnect
//! may rely on.
//!
//! The chain is an array under a raw spinlock, the port's *interrupt lock*. A walk holds the lock
//! from its first to its last routine, so no two routines of a port ever run side by side, and a
//! disconnect that has had the lock knows that its routine is not running. Interrupts, deferred port
//! checks and [`Chain::synchronize`] all walk under it.

use super::{
    storm::Storm,
    Check,
    Service, //
};
use crate::{
    arbiter::Owner,
    raw_spinlock::{
        new_raw_spinlock,
        RawSpinLock, //
    },
    tally::Gauge,
    time,
};
use kernel::{
    bindings::task_struct,
    new_mutex,
    prelude::*,
    sync::{
        atomic::{
            Atomic,
            Relaxed, //
        },
        Mutex, //
    },
    task::Task,
};

/// What a client connected.
#[derive(Clone, Copy)]
struct Connection {
    client: Owner,
    service: Service,
    check: Option<Check>,
}

/// What is under the interrupt lock.
struct Routines {
    /// In the order in which they were connected.
    connections: KVec<Connection>,
    storm: Storm,
}

/// What came of an interrupt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Walk {
    /// A routine said that it was its own.
    Handled,

    /// None did.
    Unhandled,

    /// None did, and that too often: the port's interrupt must be switched off.
    Storm,
}

/// The connected routines of one port.
#[pin_data]
pub(crate) struct Chain {
    /// Serialises connect and disconnect, so that the memory for the array can be made ready
    /// without the interrupt lock. Taken before it.
    #[pin]
    update: Mutex<()>,

    /// The interrupt lock.
    #[pin]
    routines: RawSpinLock<Routines>,

    /// The task in whose context a walk goes on, or null. Only good to recognise oneself.
    walker: Atomic<*mut task_struct>,

    /// When the interrupt came that is being walked, or the last one, in ns.
    time: Atomic<i64>,

    /// Does the walk that goes on call deferred port checks?
    checking: Atomic<bool>,

    /// Is anything connected? A copy for those that must not take the interrupt lock.
    in_use: Atomic<bool>,

    /// Is a deferred port check connected? A copy, as above.
    has_checks: Gauge<bool>,

    /// Was there a storm since the last connect?
    masked: Atomic<bool>,
}

impl Chain {
    /// Makes an empty chain.
    pub(crate) fn new() -> impl PinInit<Self> {
        pin_init!(Self {
            update <- new_mutex!((), "Chain::update"),
            routines <- new_raw_spinlock!(
                Routines {
                    connections: KVec::new(),
                    storm: Storm::new(),
                },
                "Chain::routines",
            ),
            walker: Atomic::new(core::ptr::null_mut()),
            time: Atomic::new(0),
            checking: Atomic::new(false),
            in_use: Atomic::new(false),
            has_checks: Gauge::new(false),
            masked: Atomic::new(false),
        })
    }

    /// Calls the interrupt service routines in the order in which they were connected, until one
    /// says that the interrupt was its own.
    ///
    /// # Context
    ///
    /// The port's interrupt: hard, or the interrupt thread.
    pub(crate) fn interrupt(&self) -> Walk {
        self.time.store(time::monotonic_ns(), Relaxed);

        self.walk(|routines| {
            if routines
                .connections
                .iter()
                .any(|connection| connection.service.call())
            {
                return Walk::Handled;
            }
            if !routines.storm.unhandled() {
                return Walk::Unhandled;
            }
            self.masked.store(true, Relaxed);
            Walk::Storm
        })
    }

    /// Calls the deferred port checks in the order in which they were connected, if `is_free` says
    /// that the port is free. All of them: one that takes the port does not keep it from the next
    /// to find that out.
    ///
    /// # Context
    ///
    /// Any but NMI and a routine of this chain.
    pub(crate) fn check(&self, is_free: impl FnOnce() -> bool) {
        self.walk(|routines| {
            if !is_free() {
                return;
            }
            self.checking.store(true, Relaxed);
            for connection in &routines.connections {
                if let Some(check) = &connection.check {
                    check.call();
                }
            }
            self.checking.store(false, Relaxed);
        });
    }

    /// Calls a function so that nothing else that is walked runs beside it.
    ///
    /// # Context
    ///
    /// Any but NMI. The function runs with interrupts off.
    ///
    /// # Errors
    ///
    /// `EDEADLK` from inside a routine of this chain.
    pub(crate) fn synchronize<R>(&self, function: impl FnOnce() -> R) -> Result<R> {
        self.refuse_walker()?;
        Ok(self.walk(|_| function()))
    }

    /// Has the lock, and the mark that tells a routine that it is inside, while `walk` runs.
    fn walk<R>(&self, walk: impl FnOnce(&mut Routines) -> R) -> R {
        let mut routines = self.routines.lock();

        self.walker.store(Task::current_raw(), Relaxed);
        let result = walk(&mut routines);
        self.walker.store(core::ptr::null_mut(), Relaxed);
        result
    }

    /// When the interrupt came that is being walked, in nanoseconds of the monotonic clock; outside
    /// an interrupt service routine, when the last one came.
    pub(crate) fn time(&self) -> i64 {
        self.time.load(Relaxed)
    }

    /// Should the port's interrupt be on?
    pub(crate) fn wants_interrupt(&self) -> bool {
        self.in_use.load(Relaxed) && !self.masked.load(Relaxed)
    }

    /// Must the deferred port checks be called after a free that happens here? Not after one that a
    /// check itself does: the walk goes on to those that may want to know.
    #[inline]
    pub(crate) fn wants_check(&self) -> bool {
        self.has_checks.read() && !(self.checking.load(Relaxed) && self.is_walker())
    }

    /// Is this code called by a routine of this chain?
    pub(crate) fn is_walker(&self) -> bool {
        self.walker.load(Relaxed) == Task::current_raw()
    }

    /// Appends routines to the chain. A storm is forgotten: perhaps the new one ends it.
    ///
    /// # Errors
    ///
    /// `EDEADLK` from inside a routine of this chain, `ENOMEM` without memory.
    pub(crate) fn connect(&self, client: Owner, service: Service, check: Option<Check>) -> Result {
        self.refuse_walker()?;
        let _update = self.update.lock();

        // Only an update changes the length, so it stays what it is here.
        let len = self.routines.lock().connections.len();
        let mut longer = KVec::with_capacity(len + 1, GFP_KERNEL)?;

        let mut routines = self.routines.lock();
        for connection in &routines.connections {
            longer.push_within_capacity(*connection)?;
        }
        longer.push_within_capacity(Connection {
            client,
            service,
            check,
        })?;
        core::mem::swap(&mut routines.connections, &mut longer);
        routines.storm = Storm::new();
        self.masked.store(false, Relaxed);
        self.note(&routines.connections);
        drop(routines);

        // The array that was replaced is freed here, with the interrupt lock dropped.
        drop(longer);
        Ok(())
    }

    /// Takes the first connection of this client and routine out of the chain. When this returned,
    /// its routines are not running for that connection and will not be called for it.
    ///
    /// # Errors
    ///
    /// `EDEADLK` from inside a routine of this chain, `EINVAL` if there is no such connection.
    pub(crate) fn disconnect(&self, client: Owner, service: Service) -> Result {
        self.refuse_walker()?;
        let _update = self.update.lock();
        let connections = &mut self.routines.lock().connections;

        let position = connections
            .iter()
            .position(|connection| connection.client == client && connection.service == service)
            .ok_or(EINVAL)?;
        connections.remove(position).map_err(|_| EINVAL)?;
        self.note(connections);
        Ok(())
    }

    /// Takes all connections of this client out of the chain, with the promise of
    /// [`Chain::disconnect`].
    pub(crate) fn disconnect_all(&self, client: Owner) {
        let _update = self.update.lock();
        let connections = &mut self.routines.lock().connections;

        connections.retain(|connection| connection.client != client);
        self.note(connections);
    }

    /// Brings the copies in line with the chain.
    fn note(&self, connections: &[Connection]) {
        let has_checks = connections
            .iter()
            .any(|connection| connection.check.is_some());

        self.in_use.store(!connections.is_empty(), Relaxed);
        self.has_checks.write(has_checks);
    }

    /// Fails inside a routine of this chain: it runs under the lock that the caller is about to
    /// take.
    fn refuse_walker(&self) -> Result {
        if self.is_walker() {
            return Err(EDEADLK);
        }
        Ok(())
    }
}
