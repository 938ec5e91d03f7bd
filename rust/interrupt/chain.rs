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
    Routines,
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
    routines: Routines,
}

/// What is under the interrupt lock.
struct Connections {
    /// In the order in which they were connected.
    list: KVec<Connection>,
    storm: Storm,
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
    connections: RawSpinLock<Connections>,

    /// The task in whose context a walk goes on, or null. Only good to recognise oneself.
    walker: Gauge<*mut task_struct>,

    /// When the interrupt came that is being walked, or the last one, in ns.
    time: Atomic<i64>,

    /// Does anybody want to know? A copy of what the connections say.
    wants_time: Gauge<bool>,

    /// How many interrupts there were, and how many of them no routine handled. Written under the
    /// interrupt lock.
    interrupts: Gauge<usize>,
    unhandled: Gauge<usize>,

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
            connections <- new_raw_spinlock!(
                Connections {
                    list: KVec::new(),
                    storm: Storm::new(),
                },
                "Chain::connections",
            ),
            walker: Gauge::new(core::ptr::null_mut()),
            time: Atomic::new(0),
            wants_time: Gauge::new(false),
            interrupts: Gauge::new(0),
            unhandled: Gauge::new(0),
            checking: Atomic::new(false),
            in_use: Atomic::new(false),
            has_checks: Gauge::new(false),
            masked: Atomic::new(false),
        })
    }

    /// Calls the interrupt service routines in the order in which they were connected, until one
    /// says that the interrupt was its own. If none does, and that happens too often, `storm` is
    /// called, under the interrupt lock, to switch the port's interrupt off.
    ///
    /// # Context
    ///
    /// The port's interrupt: hard, or the interrupt thread.
    #[inline]
    pub(crate) fn interrupt(&self, storm: impl FnOnce()) {
        if self.wants_time.read() {
            self.time.store(time::monotonic_ns(), Relaxed);
        }
        self.walk(|connections| {
            self.interrupts.add_one();
            if !connections
                .list
                .iter()
                .any(|connection| connection.routines.service.call())
            {
                self.unhandled(&mut connections.storm, storm);
            }
        });
    }

    #[cold]
    fn unhandled(&self, count: &mut Storm, storm: impl FnOnce()) {
        self.unhandled.add_one();
        if count.unhandled() {
            storm();
        }
    }

    /// Has the port's interrupt off until the next connect, which waits for the interrupt lock that
    /// is held when there is a storm.
    pub(crate) fn mask(&self) {
        self.masked.store(true, Relaxed);
    }

    /// Calls a function with the interrupt lock held, and forgets what looked like a storm before.
    ///
    /// # Context
    ///
    /// Process context.
    pub(crate) fn calm(&self, function: impl FnOnce()) {
        let mut connections = self.connections.lock();

        function();
        connections.storm = Storm::new();
    }

    /// How many interrupts there were, and how many of them no routine handled. They wrap.
    pub(crate) fn interrupts(&self) -> (usize, usize) {
        (self.interrupts.read(), self.unhandled.read())
    }

    /// Calls the deferred port checks in the order in which they were connected, if `is_free` says
    /// that the port is free. All of them: one that takes the port does not keep it from the next
    /// to find that out.
    ///
    /// # Context
    ///
    /// Any but NMI and a routine of this chain.
    pub(crate) fn check(&self, is_free: impl FnOnce() -> bool) {
        self.walk(|connections| {
            if !is_free() {
                return;
            }
            self.checking.store(true, Relaxed);
            for connection in &connections.list {
                if let Some(check) = &connection.routines.check {
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
    #[inline]
    fn walk<R>(&self, walk: impl FnOnce(&mut Connections) -> R) -> R {
        let mut connections = self.connections.lock();

        self.walker.write(Task::current_raw());
        let result = walk(&mut connections);
        self.walker.write(core::ptr::null_mut());
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

    /// Is a deferred port check connected?
    #[inline]
    pub(crate) fn has_checks(&self) -> bool {
        self.has_checks.read()
    }

    /// Must the deferred port checks be called after a free that happens here? Not after one that a
    /// check itself does: the walk goes on to those that may want to know.
    pub(crate) fn wants_check(&self) -> bool {
        self.has_checks() && !(self.checking.load(Relaxed) && self.is_walker())
    }

    /// Is this code called by a routine of this chain?
    pub(crate) fn is_walker(&self) -> bool {
        self.walker.read() == Task::current_raw()
    }

    /// Appends routines to the chain. A storm is forgotten: perhaps the new one ends it.
    ///
    /// # Errors
    ///
    /// `EDEADLK` from inside a routine of this chain, `ENOMEM` without memory.
    pub(crate) fn connect(&self, client: Owner, routines: Routines) -> Result {
        self.refuse_walker()?;
        let _update = self.update.lock();

        // Only an update changes the length, so it stays what it is here.
        let len = self.connections.lock().list.len();
        let mut longer = KVec::with_capacity(len + 1, GFP_KERNEL)?;

        let mut connections = self.connections.lock();
        for connection in &connections.list {
            longer.push_within_capacity(*connection)?;
        }
        longer.push_within_capacity(Connection { client, routines })?;
        core::mem::swap(&mut connections.list, &mut longer);
        connections.storm = Storm::new();
        self.masked.store(false, Relaxed);
        self.note(&connections.list);
        drop(connections);

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
        let mut connections = self.connections.lock();

        let position = connections
            .list
            .iter()
            .position(|connection| {
                connection.client == client && connection.routines.service == service
            })
            .ok_or(EINVAL)?;
        connections.list.remove(position).map_err(|_| EINVAL)?;
        self.note(&connections.list);
        Ok(())
    }

    /// Takes all connections of this client out of the chain, with the promise of
    /// [`Chain::disconnect`].
    pub(crate) fn disconnect_all(&self, client: Owner) {
        let _update = self.update.lock();
        let mut connections = self.connections.lock();

        connections
            .list
            .retain(|connection| connection.client != client);
        self.note(&connections.list);
    }

    /// The first client with a routine at a place that `matches`.
    ///
    /// # Context
    ///
    /// Any but NMI and a routine of this chain.
    pub(crate) fn client_with(&self, matches: impl Fn(usize) -> bool) -> Option<Owner> {
        self.connections
            .lock()
            .list
            .iter()
            .find(|connection| matches(connection.routines.code))
            .map(|connection| connection.client)
    }

    /// Brings the copies in line with the chain.
    fn note(&self, list: &[Connection]) {
        let has_checks = list
            .iter()
            .any(|connection| connection.routines.check.is_some());
        let wants_time = list.iter().any(|connection| connection.routines.timestamp);

        self.in_use.store(!list.is_empty(), Relaxed);
        self.has_checks.write(has_checks);
        self.wants_time.write(wants_time);
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
