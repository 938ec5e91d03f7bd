// SPDX-License-Identifier: GPL-2.0

//! parport: `drivers/parport/share.c` as far as ownership goes, and the Linux drivers on a port.
//!
//! Left out: daisy chains, multiplexers, the registers' state, signals, and interrupts. `cad_lock`
//! and `waitlist_lock` are where parport has them, with one step for each look that it takes at
//! `cad` or at the wait list without a lock.

use super::{
    super::arbiter::Preemption,
    sleep::Completion,
    Flaw, //
};
use crate::{
    checker::{
        atomic::{
            AtomicBool,
            Ordering::{
                Acquire,
                Release,
                SeqCst, //
            },
        },
        Memory,
        Mutex, //
    },
    witness::{
        self,
        Dev,
        User,
        OURS, //
    },
};
use std::sync::{
    atomic::Ordering::Relaxed,
    Weak, //
};

/// What parport asks of our device, as in `rust/parport/device.rs`.
pub(crate) trait Callbacks {
    fn preempt(&self) -> Preemption;
    fn wakeup(&self);
}

/// How a Linux driver shares.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manners {
    /// It sleeps in parport_claim_or_block(), and keeps the port to itself, as ppdev.
    Keeps,

    /// The same, but when it is asked for the port it says no and remembers, as lp.
    Remembers,

    /// It sleeps elsewhere, and claims in its `wakeup`, as plip.
    Wakes,
}

/// `struct pardevice`, of all devices.
struct Pardevice {
    /// None for our device.
    manners: Option<Manners>,

    /// Does it stand on the wait list? Changed with `cad_lock` and `waitlist_lock` held, so that
    /// looking at it with either of them is no step.
    listed: std::sync::atomic::AtomicBool,

    /// Of one that claims in its `wakeup`: does it want the port? The driver's own lock.
    wants: Mutex<bool>,

    /// The driver sleeps until it has got the port.
    got: Completion,

    /// Somebody asked it for the port.
    asked: Completion,
}

/// `struct parport`, and what our [`super::port::Port`] keeps of our device.
pub(crate) struct Parport {
    flaw: Flaw,
    cad_lock: Mutex<Option<Dev>>,
    waitlist_lock: Mutex<Vec<Dev>>,
    devices: Vec<Pardevice>,
    registers: Memory,
    ours: Weak<dyn Callbacks + Send + Sync>,

    /// Is our device in the list of the port's devices, as parport sees it?
    known: AtomicBool,

    /// `Device::raw` is not null.
    raw: AtomicBool,
}

// parport.

impl Parport {
    pub(crate) fn new(
        flaw: Flaw,
        drivers: &[Manners],
        ours: Weak<dyn Callbacks + Send + Sync>,
    ) -> Self {
        let manners = [None].into_iter().chain(drivers.iter().copied().map(Some));
        let device = |manners| Pardevice {
            manners,
            listed: false.into(),
            wants: Mutex::new(false),
            got: Completion::new(),
            asked: Completion::new(),
        };
        Self {
            flaw,
            cad_lock: Mutex::new(None),
            waitlist_lock: Mutex::new(Vec::new()),
            devices: manners.map(device).collect(),
            registers: Memory::new(),
            ours,
            known: AtomicBool::new(false),
            raw: AtomicBool::new(false),
        }
    }

    /// parport_claim(). Tells whether it succeeded. If not, and it `waits`, because it has a `wakeup`
    /// or is about to sleep, it stands on the wait list.
    fn parport_claim(&self, dev: Dev, waits: bool) -> bool {
        witness::device_used(dev);
        witness::note(|| format!("{dev} claims"));
        self.claim_with(&mut self.cad_lock.lock().unwrap(), dev, waits, false)
    }

    fn claim_with(&self, cad: &mut Option<Dev>, dev: Dev, waits: bool, only_listed: bool) -> bool {
        if *cad == Some(dev) {
            return true;
        }
        let listed = self.devices[dev].listed.load(Relaxed);
        if only_listed && !listed {
            return false;
        }
        if cad.is_some_and(|old| self.preempt(old) == Preemption::Refused) {
            if waits && !listed {
                let mut waitlist = self.waitlist_lock.lock().unwrap();
                self.devices[dev].listed.store(true, Relaxed);
                waitlist.push(dev);
                witness::note(|| format!("{dev} on the wait list"));
            }
            return false;
        }
        if listed {
            let mut waitlist = self.waitlist_lock.lock().unwrap();
            self.devices[dev].listed.store(false, Relaxed);
            waitlist.retain(|&it| it != dev);
        }
        *cad = Some(dev);
        witness::cad_changed(*cad);
        true
    }

    /// parport_claim_or_block()
    fn parport_claim_or_block(&self, dev: Dev) {
        if !self.parport_claim(dev, true) {
            self.devices[dev].got.wait();
        }
    }

    /// parport_release()
    fn parport_release(&self, dev: Dev) {
        witness::note(|| format!("{dev} releases"));
        witness::device_used(dev);
        let mut cad = self.cad_lock.lock().unwrap();
        assert!(
            *cad == Some(dev),
            "device {dev} released a port that is {cad:?}'s"
        );
        *cad = None;
        witness::cad_changed(*cad);
        drop(cad);

        let mut next = self.waiter_after(None);
        while let Some(it) = next {
            if !self.has_wakeup(it) {
                self.parport_claim_for(it);
                return;
            }
            self.wakeup(it);
            if !self.is_unowned() {
                return;
            }
            next = self.waiter_after(Some(it));
        }
        for it in 0..self.devices.len() {
            if it == dev || !self.has_wakeup(it) {
                continue;
            }
            if !self.is_unowned() {
                return;
            }
            if it != OURS || self.known.load(Acquire) {
                self.wakeup(it);
            }
        }
    }

    /// parport_claim() by parport_release(), for a driver that sleeps.
    ///
    /// If the driver has got the port from somebody else since it was found on the wait list, and
    /// has even given it back, mainline makes it the owner all the same, with nobody who knows.
    /// Nobody can do anything about that, so it is left out here.
    fn parport_claim_for(&self, dev: Dev) {
        if self.claim_with(&mut self.cad_lock.lock().unwrap(), dev, true, true) {
            self.devices[dev].got.complete();
        }
    }

    /// The head of the wait list, or `waitnext` of a device, which is null if it was taken out.
    fn waiter_after(&self, dev: Option<Dev>) -> Option<Dev> {
        let waitlist = self.waitlist_lock.lock().unwrap();
        match dev {
            None => waitlist.first().copied(),
            Some(dev) => waitlist.iter().skip_while(|&&it| it != dev).nth(1).copied(),
        }
    }

    fn has_wakeup(&self, dev: Dev) -> bool {
        matches!(self.devices[dev].manners, None | Some(Manners::Wakes))
    }

    fn preempt(&self, dev: Dev) -> Preemption {
        match self.devices[dev].manners {
            None => return self.ours.upgrade().unwrap().preempt(),
            Some(Manners::Remembers) => self.devices[dev].asked.complete(),
            Some(Manners::Keeps | Manners::Wakes) => {}
        }
        Preemption::Refused
    }

    fn wakeup(&self, dev: Dev) {
        if dev == OURS {
            self.ours.upgrade().unwrap().wakeup();
        } else {
            self.claim_if_wanted(dev, &mut self.devices[dev].wants.lock().unwrap());
        }
    }
}

// The Linux drivers.

impl Parport {
    /// What a driver does that claims in its `wakeup`, with its lock held.
    fn claim_if_wanted(&self, dev: Dev, wants: &mut bool) {
        if *wants && self.parport_claim(dev, true) {
            *wants = false;
            self.devices[dev].got.complete();
        }
    }

    /// A Linux driver takes the port if it can be had, and tells whether it did.
    pub(crate) fn take(&self, dev: Dev) -> bool {
        let taken = self.parport_claim(dev, false);

        if taken {
            self.begin(dev);
        }
        taken
    }

    /// A Linux driver takes the port as soon as it can be had.
    pub(crate) fn wait_for(&self, dev: Dev) {
        if self.has_wakeup(dev) {
            let mut wants = self.devices[dev].wants.lock().unwrap();
            *wants = true;
            self.claim_if_wanted(dev, &mut wants);
            drop(wants);
            self.devices[dev].got.wait();
        } else {
            self.parport_claim_or_block(dev);
        }
        self.begin(dev);
    }

    /// The first half of [`Parport::wait_for`] of one that sleeps, if the port cannot be had now.
    pub(crate) fn fall_asleep(&self, dev: Dev) {
        assert!(!self.parport_claim(dev, true));
    }

    /// The second half.
    pub(crate) fn wake_up(&self, dev: Dev) {
        self.devices[dev].got.wait();
        self.begin(dev);
    }

    fn begin(&self, dev: Dev) {
        witness::use_begins(User::Linux(dev));
        self.registers.write();
    }

    /// A Linux driver keeps the port until somebody wants it.
    pub(crate) fn keep(&self, dev: Dev) {
        self.devices[dev].asked.wait();
    }

    /// Nobody wants the port any more of a Linux driver that keeps it until then.
    pub(crate) fn enough(&self, dev: Dev) {
        self.devices[dev].asked.complete();
    }

    /// A Linux driver gives the port back.
    pub(crate) fn give_back(&self, dev: Dev) {
        self.registers.write();
        witness::use_ends(User::Linux(dev));
        self.parport_release(dev);
    }
}

// Our device, as in `rust/parport/`.

impl Parport {
    /// `Device::register()`
    pub(crate) fn register(&self) {
        witness::registered(true);
        self.known.store(true, Release);
        self.raw.store(true, Release);
    }

    /// `Device::is_registered()`
    pub(crate) fn is_registered(&self) -> bool {
        self.raw.load(Acquire)
    }

    /// `Device::claim()`
    pub(crate) fn claim<R>(&self, noted: impl FnOnce() -> R) -> Option<R> {
        if !self.raw.load(Acquire) {
            return None;
        }
        witness::claim_begins();
        if !self.parport_claim(OURS, true) {
            witness::claim_ends();
            return None;
        }
        let noted = || {
            let noted = noted();
            witness::claim_ends();
            noted
        };
        let result = if self.flaw == Flaw::NotesWithoutLock {
            let ours = self.with_owner(|owner| owner == Some(OURS));
            ours.then(noted)
        } else {
            self.with_owner(|owner| (owner == Some(OURS)).then(noted))
        };
        if result.is_none() {
            witness::claim_ends();
        }
        result
    }

    /// `Device::release()`
    pub(crate) fn release(&self) {
        self.parport_release(OURS);
    }

    /// `Device::others_wait()`
    pub(crate) fn others_wait(&self) -> bool {
        let waitlist = self.waitlist_lock.lock().unwrap();
        waitlist.iter().any(|&it| it != OURS)
    }

    /// `Device::is_listed()`
    pub(crate) fn is_listed(&self) -> bool {
        let _waitlist = self.waitlist_lock.lock().unwrap();
        self.devices[OURS].listed.load(Relaxed)
    }

    /// `Device::unregister()`
    pub(crate) fn unregister(&self) {
        if !self.raw.swap(false, SeqCst) {
            return;
        }
        witness::registered(false);
        self.known.store(false, Release);
        let mut waitlist = self.waitlist_lock.lock().unwrap();
        self.devices[OURS].listed.store(false, Relaxed);
        waitlist.retain(|&it| it != OURS);
    }

    /// `Parport::with_owner()`
    fn with_owner<R>(&self, look: impl FnOnce(Option<Dev>) -> R) -> R {
        let cad = self.cad_lock.lock().unwrap();
        look(*cad)
    }

    /// `Parport::is_unowned()`
    pub(crate) fn is_unowned(&self) -> bool {
        self.with_owner(|owner| owner.is_none())
    }

    /// A moment at the registers, by whoever may.
    pub(crate) fn use_registers(&self) {
        witness::used();
        self.registers.write();
    }

    /// A client begins to use the registers.
    pub(crate) fn client_begins(&self, client: u16) {
        witness::use_begins(User::Client(client));
        self.registers.write();
    }

    /// A client has used the registers.
    pub(crate) fn client_ends(&self, client: u16) {
        self.registers.write();
        witness::use_ends(User::Client(client));
    }
}
