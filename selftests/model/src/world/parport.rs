// SPDX-License-Identifier: GPL-2.0

//! parport: `drivers/parport/share.c` as far as ownership goes, and the Linux drivers on a port.
//!
//! Left out: daisy chains, multiplexers, the registers' state, and interrupts. The locks are where
//! parport has them, and nothing is locked where it has none, except that one look at the wait list
//! is one step here.

use super::{
    super::arbiter::Preemption,
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
        Condvar,
        Memory,
        Mutex,
        RwLock, //
    },
    witness::{
        self,
        Dev,
        User,
        OURS, //
    },
};
use std::sync::Weak;

/// What parport asks of our device, as in `rust/parport/device.rs`.
pub(crate) trait Callbacks {
    fn preempt(&self) -> Preemption;
    fn wakeup(&self);
}

/// How a Linux driver shares.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manners {
    /// It has neither `preempt` nor `wakeup`, as ppdev.
    Keeps,

    /// When it is asked for the port it says no and remembers, as lp.
    Remembers,

    /// It sleeps elsewhere than in parport, and claims in its `wakeup`, as plip.
    Wakes,
}

struct Pardevice {
    manners: Manners,

    /// Of one that remembers: was it asked? Of one that wakes: has it got the port by that?
    told: Mutex<bool>,
    tell: Condvar,
}

/// `dev->waiting`: on the wait list, and in parport_claim_or_block().
const LISTED: u8 = 1;
const SLEEPS: u8 = 2;

/// What is under `waitlist_lock`.
struct Waitlist {
    line: Vec<Dev>,
    waiting: Vec<u8>,
}

/// `struct parport`, and what our [`super::port::Port`] keeps of our device.
pub(crate) struct Parport {
    flaw: Flaw,
    cad_lock: Mutex<Option<Dev>>,
    waitlist_lock: Mutex<Waitlist>,
    woken: Condvar,
    drivers: Vec<Pardevice>,
    registers: Memory,

    ours: Weak<dyn Callbacks + Send + Sync>,

    /// Read to go through to `ours`, as by RCU, and written to wait for everybody who did.
    gate: RwLock<bool>,

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
        let pardevice = |&manners| Pardevice {
            manners,
            told: Mutex::new(false),
            tell: Condvar::new(),
        };
        Self {
            flaw,
            cad_lock: Mutex::new(None),
            waitlist_lock: Mutex::new(Waitlist {
                line: Vec::new(),
                waiting: vec![0; 1 + drivers.len()],
            }),
            woken: Condvar::new(),
            drivers: drivers.iter().map(pardevice).collect(),
            registers: Memory::new(),
            ours,
            gate: RwLock::new(false),
            raw: AtomicBool::new(false),
        }
    }

    /// parport_claim(). Tells whether it succeeded.
    fn parport_claim(&self, dev: Dev) -> bool {
        witness::device_used(dev);
        let mut cad = self.cad_lock.lock().unwrap();

        if *cad == Some(dev) {
            return true;
        }
        if cad.is_some_and(|old| self.preempt(old) == Preemption::Refused) {
            let mut waitlist = self.waitlist_lock.lock().unwrap();
            if waitlist.waiting[dev] & SLEEPS != 0 || self.has_wakeup(dev) {
                if waitlist.waiting[dev] & LISTED == 0 {
                    waitlist.waiting[dev] |= LISTED;
                    waitlist.line.push(dev);
                }
            }
            return false;
        }
        let mut waitlist = self.waitlist_lock.lock().unwrap();
        if waitlist.waiting[dev] & LISTED != 0 {
            waitlist.waiting[dev] = 0;
            waitlist.line.retain(|&it| it != dev);
        }
        *cad = Some(dev);
        witness::cad_changed(*cad);
        true
    }

    /// parport_claim_or_block(), with nobody who sends signals.
    fn parport_claim_or_block(&self, dev: Dev) {
        self.waitlist_lock.lock().unwrap().waiting[dev] = SLEEPS;
        let claimed = self.parport_claim(dev);

        let mut waitlist = self.waitlist_lock.lock().unwrap();
        while !claimed && waitlist.waiting[dev] != 0 {
            waitlist = self.woken.wait(waitlist).unwrap();
        }
        waitlist.waiting[dev] = 0;
    }

    /// parport_release().
    fn parport_release(&self, dev: Dev) {
        witness::device_used(dev);
        let mut cad = self.cad_lock.lock().unwrap();
        assert!(*cad == Some(dev), "device {dev} released a port that is {cad:?}'s");
        *cad = None;
        witness::cad_changed(*cad);
        drop(cad);

        let mut next = self.waiter_after(None);
        while let Some((it, waiting)) = next {
            if waiting & SLEEPS != 0 {
                self.parport_claim(it);
                self.woken.notify_all();
                return;
            }
            self.wakeup(it);
            if !self.is_unowned() {
                return;
            }
            next = self.waiter_after(Some(it));
        }
        for it in 0..=self.drivers.len() {
            if it == dev || !self.has_wakeup(it) {
                continue;
            }
            if !self.is_unowned() {
                return;
            }
            self.wakeup(it);
        }
    }

    /// The head of the wait list, or `waitnext` of a device, which is null if it was taken out.
    fn waiter_after(&self, dev: Option<Dev>) -> Option<(Dev, u8)> {
        let waitlist = self.waitlist_lock.lock().unwrap();
        let line = &waitlist.line;
        let next = match dev {
            None => line.first(),
            Some(dev) => line.iter().skip_while(|&&it| it != dev).nth(1),
        };
        next.map(|&next| (next, waitlist.waiting[next]))
    }

    fn has_wakeup(&self, dev: Dev) -> bool {
        dev == OURS || self.driver(dev).manners == Manners::Wakes
    }

    fn preempt(&self, dev: Dev) -> Preemption {
        if dev == OURS {
            return self.ours.upgrade().unwrap().preempt();
        }
        if self.driver(dev).manners == Manners::Remembers {
            self.tell(dev);
        }
        Preemption::Refused
    }

    fn wakeup(&self, dev: Dev) {
        if dev == OURS {
            if *self.gate.read().unwrap() {
                self.ours.upgrade().unwrap().wakeup();
            }
        } else if self.parport_claim(dev) {
            self.tell(dev);
        }
    }
}

// The Linux drivers.

impl Parport {
    fn driver(&self, dev: Dev) -> &Pardevice {
        &self.drivers[dev - 1]
    }

    fn tell(&self, dev: Dev) {
        *self.driver(dev).told.lock().unwrap() = true;
        self.driver(dev).tell.notify_all();
    }

    /// Sleeps until the driver was told what its manners have it wait for.
    fn wait_until_told(&self, dev: Dev) {
        let driver = self.driver(dev);
        let mut told = driver.told.lock().unwrap();

        while !*told {
            told = driver.tell.wait(told).unwrap();
        }
        *told = false;
    }

    /// A Linux driver takes the port if it can be had, and tells whether it did.
    pub(crate) fn take(&self, dev: Dev) -> bool {
        let taken = self.parport_claim(dev);

        if taken {
            self.begin(dev);
        }
        taken
    }

    /// A Linux driver takes the port as soon as it can be had.
    pub(crate) fn wait_for(&self, dev: Dev) {
        if self.driver(dev).manners != Manners::Wakes {
            self.parport_claim_or_block(dev);
        } else if !self.parport_claim(dev) {
            self.wait_until_told(dev);
        }
        self.begin(dev);
    }

    fn begin(&self, dev: Dev) {
        witness::use_begins(User::Linux(dev));
        self.registers.write();
    }

    /// A Linux driver keeps the port until somebody wants it.
    pub(crate) fn keep(&self, dev: Dev) {
        assert!(self.driver(dev).manners == Manners::Remembers);
        self.wait_until_told(dev);
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
    /// `Device::register()`.
    pub(crate) fn register(&self) {
        witness::registered(true);
        *self.gate.write().unwrap() = true;
        self.raw.store(true, Release);
    }

    /// `Device::is_registered()`.
    pub(crate) fn is_registered(&self) -> bool {
        self.raw.load(Acquire)
    }

    /// `Device::claim()`.
    pub(crate) fn claim<R>(&self, noted: impl FnOnce() -> R) -> Option<R> {
        if !self.raw.load(Acquire) {
            return None;
        }
        witness::claiming(true);
        let claimed = self.claim_and_note(noted);
        witness::claiming(false);
        claimed
    }

    fn claim_and_note<R>(&self, noted: impl FnOnce() -> R) -> Option<R> {
        if !self.parport_claim(OURS) {
            return None;
        }
        if self.flaw == Flaw::NotesWithoutLock {
            let ours = *self.cad_lock.lock().unwrap() == Some(OURS);
            return ours.then(noted);
        }
        self.with_owner(|owner| (owner == Some(OURS)).then(noted))
    }

    /// `Device::release()`.
    pub(crate) fn release(&self) {
        self.parport_release(OURS);
    }

    /// `Device::others_wait()`.
    pub(crate) fn others_wait(&self) -> bool {
        let waitlist = self.waitlist_lock.lock().unwrap();
        waitlist.line.iter().any(|&it| it != OURS)
    }

    /// `Device::is_listed()`.
    pub(crate) fn is_listed(&self) -> bool {
        self.waitlist_lock.lock().unwrap().waiting[OURS] & LISTED != 0
    }

    /// `Device::unregister()`.
    pub(crate) fn unregister(&self) {
        if !self.raw.swap(false, SeqCst) {
            return;
        }
        witness::registered(false);
        let mut waitlist = self.waitlist_lock.lock().unwrap();
        waitlist.waiting[OURS] = 0;
        waitlist.line.retain(|&it| it != OURS);
        drop(waitlist);
        *self.gate.write().unwrap() = false;
    }

    /// `Parport::with_owner()`.
    fn with_owner<R>(&self, look: impl FnOnce(Option<Dev>) -> R) -> R {
        let cad = self.cad_lock.lock().unwrap();
        look(*cad)
    }

    /// `Parport::is_unowned()`.
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
