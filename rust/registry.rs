// SPDX-License-Identifier: GPL-2.0

//! The ports that are there, and which of them are open.

use crate::{
    arbiter::Owner,
    parport::{
        Driver,
        Parport, //
    },
    port::{
        Port,
        DEVICE_NAME, //
    },
};
use core::num::NonZeroU16;
use kernel::{
    prelude::*,
    sync::{
        aref::ARef,
        global_lock,
        Arc, //
    },
};

global_lock! {
    // SAFETY: `init()` is called in the module's initialiser, before anything uses the lock.
    /// The ports that parport has announced.
    unsafe(uninit) static PORTS: Mutex<KVec<Announced>> = KVec::new();
}

/// A port that is there.
struct Announced {
    parport: ARef<Parport>,
    open: Option<Open>,
}

/// A port that is open.
struct Open {
    port: Arc<Port>,

    /// Which slots are taken; slot n of the ownership word is number n - 1 here.
    slots: KVec<bool>,
}

impl Open {
    /// Takes the first free slot.
    fn take_slot(&mut self) -> Result<Owner> {
        let index = match self.slots.iter().position(|taken| !taken) {
            Some(index) => index,
            None => {
                self.slots.push(false, GFP_KERNEL)?;
                self.slots.len() - 1
            }
        };
        let owner = u16::try_from(index + 1)
            .ok()
            .and_then(NonZeroU16::new)
            .ok_or(EBUSY)?;
        self.slots[index] = true;
        Ok(Owner::new(owner))
    }

    /// Gives a slot back, and tells whether it was the last one.
    fn put_slot(&mut self, owner: Owner) -> bool {
        let index = usize::from(owner.slot().get()) - 1;
        if let Some(taken) = self.slots.get_mut(index) {
            *taken = false;
        }
        self.slots.iter().all(|taken| !taken)
    }
}

/// Makes the registry ready.
///
/// # Safety
///
/// To be called once, before anything else of this file.
pub(crate) unsafe fn init() {
    // SAFETY: By the contract of this function.
    unsafe { PORTS.init() };
}

/// Opens a port, registering with parport if it is the first to do so.
///
/// # Context
///
/// Process context. May sleep.
///
/// # Errors
///
/// `ENODEV` if there is no such port, `EBUSY` if the port has all the clients it can have, and
/// those of [`Port::open`].
pub(crate) fn open(number: u32) -> Result<(Arc<Port>, Owner)> {
    let mut ports = PORTS.lock();
    let announced = ports
        .iter_mut()
        .find(|announced| u32::try_from(announced.parport.number()) == Ok(number))
        .ok_or(ENODEV)?;

    if let Some(open) = &mut announced.open {
        let owner = open.take_slot()?;
        return Ok((open.port.clone(), owner));
    }

    // Make the slot before the port: nothing fails once the port is open.
    let mut slots = KVec::with_capacity(1, GFP_KERNEL)?;
    slots.push(false, GFP_KERNEL)?;
    let port = Port::open(announced.parport.clone())?;
    let open = announced.open.insert(Open {
        port: port.clone(),
        slots,
    });
    let owner = open.take_slot()?;
    Ok((port, owner))
}

/// Undoes one [`open`], unregistering from parport if it was the last one.
///
/// # Context
///
/// Process context. May sleep.
pub(crate) fn close(port: &Arc<Port>, owner: Owner) {
    let mut ports = PORTS.lock();
    let unregistered = ports
        .iter_mut()
        .find(|announced| is_open_as(announced, port))
        .and_then(|announced| {
            let last = announced.open.as_mut()?.put_slot(owner);
            if !last {
                return None;
            }
            announced.open = None;
            port.shut_down()
        });
    drop(ports);

    // First the callbacks that can still call the worker, then the worker.
    drop(unregistered);
    port.flush();
}

/// Is it this port that is open there?
fn is_open_as(announced: &Announced, port: &Arc<Port>) -> bool {
    announced
        .open
        .as_ref()
        .is_some_and(|open| Arc::ptr_eq(&open.port, port))
}

/// How the module hears of ports.
pub(crate) struct PortDriver;

impl Driver for PortDriver {
    const NAME: &'static CStr = DEVICE_NAME;

    fn match_port(parport: &Parport) {
        // A branch of a multiplexer has its owner, its lock and its interrupt at the physical port.
        if !parport.is_physical() {
            return;
        }
        let mut ports = PORTS.lock();
        if ports.iter().any(|announced| announced.is(parport)) {
            return;
        }
        let announced = Announced {
            parport: ARef::from(parport),
            open: None,
        };
        if ports.push(announced, GFP_KERNEL).is_err() {
            drop(ports);
            pr_err!("{}: no memory to manage the port\n", parport.number());
        }
    }

    fn detach(parport: &Parport) {
        let mut ports = PORTS.lock();
        let Some(index) = ports.iter().position(|announced| announced.is(parport)) else {
            return;
        };
        let gone = ports.remove(index);
        drop(ports);

        // Clients that are still open keep their port, and find it dead.
        if let Ok(Announced {
            open: Some(Open { port, .. }),
            ..
        }) = gone
        {
            drop(port.shut_down());
            port.flush();
        }
    }
}

impl Announced {
    /// Is it this port?
    fn is(&self, parport: &Parport) -> bool {
        core::ptr::eq(&*self.parport, parport)
    }
}
