// SPDX-License-Identifier: GPL-2.0

//! The interrupt chain of a port: which routines are called, in which order, and what a disconnect
//! may rely on.
//!
//! The chain is an array under a raw spinlock, the port's *interrupt lock*. A walk holds the lock
//! from its first to its last routine, so no two routines of a port ever run side by side, and a
//! disconnect that has had the lock knows that its routine is not running.

use super::Service;
use crate::{
    arbiter::Owner,
    raw_spinlock::{
        new_raw_spinlock,
        RawSpinLock, //
    },
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

/// A routine in the chain, and the client that connected it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Connection {
    client: Owner,
    service: Service,
}

/// The connected routines of one port.
#[pin_data]
pub(crate) struct Chain {
    /// Serialises connect and disconnect, so that the memory for the array can be made ready
    /// without the interrupt lock. Taken before it.
    #[pin]
    update: Mutex<()>,

    /// The interrupt lock, and under it the routines in the order in which they were connected.
    #[pin]
    connections: RawSpinLock<KVec<Connection>>,

    /// The task in whose context a walk goes on, or null. Only good to recognise oneself.
    walker: Atomic<*mut task_struct>,

    /// Is anything connected? A copy for those that must not take the interrupt lock.
    in_use: Atomic<bool>,
}

impl Chain {
    /// Makes an empty chain.
    pub(crate) fn new() -> impl PinInit<Self> {
        pin_init!(Self {
            update <- new_mutex!((), "Chain::update"),
            connections <- new_raw_spinlock!(KVec::new(), "Chain::connections"),
            walker: Atomic::new(core::ptr::null_mut()),
            in_use: Atomic::new(false),
        })
    }

    /// Calls the routines in the order in which they were connected, until one says that the
    /// interrupt was its own. Tells whether one did.
    ///
    /// # Context
    ///
    /// The port's interrupt: hard, or the interrupt thread.
    pub(crate) fn walk(&self) -> bool {
        let connections = self.connections.lock();

        self.walker.store(Task::current_raw(), Relaxed);
        let handled = connections
            .iter()
            .any(|connection| connection.service.call());
        self.walker.store(core::ptr::null_mut(), Relaxed);
        handled
    }

    /// Is any routine connected?
    pub(crate) fn is_in_use(&self) -> bool {
        self.in_use.load(Relaxed)
    }

    /// Appends a routine to the chain. Tells whether it is the only one now.
    ///
    /// # Errors
    ///
    /// `EDEADLK` from inside a routine of this chain, `ENOMEM` without memory.
    pub(crate) fn connect(&self, client: Owner, service: Service) -> Result<bool> {
        self.refuse_walker()?;
        let _update = self.update.lock();

        // Only an update changes the length, so it stays what it is here.
        let len = self.connections.lock().len();
        let mut longer = KVec::with_capacity(len + 1, GFP_KERNEL)?;

        let mut connections = self.connections.lock();
        for connection in connections.iter() {
            longer.push_within_capacity(*connection)?;
        }
        longer.push_within_capacity(Connection { client, service })?;
        core::mem::swap(&mut *connections, &mut longer);
        self.in_use.store(true, Relaxed);
        drop(connections);

        // The array that was replaced is freed here, with the interrupt lock dropped.
        drop(longer);
        Ok(len == 0)
    }

    /// Takes the first connection of this client and routine out of the chain. Tells whether it
    /// was the only one. When this returned, the routine is not running for that connection and
    /// will not be called for it.
    ///
    /// # Errors
    ///
    /// `EDEADLK` from inside a routine of this chain, `EINVAL` if there is no such connection.
    pub(crate) fn disconnect(&self, client: Owner, service: Service) -> Result<bool> {
        self.refuse_walker()?;
        let _update = self.update.lock();
        let mut connections = self.connections.lock();

        let wanted = Connection { client, service };
        let position = connections
            .iter()
            .position(|connection| *connection == wanted)
            .ok_or(EINVAL)?;
        connections.remove(position).map_err(|_| EINVAL)?;
        self.in_use.store(!connections.is_empty(), Relaxed);
        Ok(connections.is_empty())
    }

    /// Takes all connections of this client out of the chain, with the promise of
    /// [`Chain::disconnect`]. Tells whether that made the chain empty.
    pub(crate) fn disconnect_all(&self, client: Owner) -> bool {
        let _update = self.update.lock();
        let mut connections = self.connections.lock();

        let len = connections.len();
        connections.retain(|connection| connection.client != client);
        self.in_use.store(!connections.is_empty(), Relaxed);
        len > 0 && connections.is_empty()
    }

    /// Fails inside a routine of this chain: it runs under the lock that the caller is about to
    /// take.
    fn refuse_walker(&self) -> Result {
        if self.walker.load(Relaxed) == Task::current_raw() {
            return Err(EDEADLK);
        }
        Ok(())
    }
}
