// SPDX-License-Identifier: GPL-2.0

//! parport, `drivers/parport/share.c` as far as ownership goes, with the Linux drivers on a port;
//! and our device on it, which is `rust/parport/` in the kernel.
//!
//! Left out: daisy chains, multiplexers, what the registers say, signals, and interrupts. `cad_lock`
//! and `waitlist_lock` are where parport has them. Where it looks at the wait list without a lock,
//! that is one step here.

use crate::arbiter::Preemption;
use crate::witness::{
    self,
    Dev,
    User,
    OURS, //
};
use kernel::{
    checker::{
        Memory,
        Sleepers, //
    },
    prelude::*,
    sync::{
        aref::ARef,
        atomic::{
            Acquire,
            Atomic,
            Full,
            Release, //
        },
        Arc,
        ArcBorrow,
        Mutex, //
    },
};
use std::{
    marker::PhantomData,
    sync::{
        atomic::{
            AtomicBool,
            Ordering::Relaxed, //
        },
        OnceLock, //
    },
};

use crate::completion::Completion;

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
    listed: AtomicBool,

    /// Of one that claims in its `wakeup`: does it want the port? The driver's own lock.
    wants: Mutex<bool>,

    /// The driver sleeps until it has got the port.
    got: Completion,

    /// Somebody asked it for the port.
    asked: Completion,
}

/// What parport has of our device: a gate, as in `rust/parport/gate.rs`.
struct Ours {
    preempt: Box<dyn Fn() -> Preemption + Send + Sync>,
    wakeup: Box<dyn Fn() + Send + Sync>,

    /// Is the gate open, and how many are behind it? This is RCU.
    gate: Mutex<(bool, u32)>,
    left: Sleepers,
}

/// `struct parport`.
pub(crate) struct Parport {
    cad_lock: Mutex<Option<Dev>>,
    waitlist_lock: Mutex<Vec<Dev>>,
    devices: Vec<Pardevice>,
    registers: Memory,

    /// The interrupt enable. Only the owner writes it.
    interrupt: AtomicBool,
    ours: OnceLock<Ours>,

    /// Does our next claim linger, once it is noted, until another begins or the device is
    /// unregistered? Does any?
    lingers: AtomicBool,
    lingering: AtomicBool,
    lingered: Completion,

    /// Is our device in the list of the port's devices?
    known: Atomic<bool>,
}

// parport.

impl Parport {
    pub(crate) fn new(drivers: &[Manners]) -> ARef<Self> {
        let manners = [None].into_iter().chain(drivers.iter().copied().map(Some));
        let device = |manners| Pardevice {
            manners,
            listed: false.into(),
            wants: Mutex::new(false),
            got: Completion::new(),
            asked: Completion::new(),
        };
        ARef::new(Self {
            cad_lock: Mutex::new(None),
            waitlist_lock: Mutex::new(Vec::new()),
            devices: manners.map(device).collect(),
            registers: Memory::new(),
            interrupt: false.into(),
            ours: OnceLock::new(),
            lingers: false.into(),
            lingering: false.into(),
            lingered: Completion::new(),
            known: Atomic::new(false),
        })
    }

    /// parport_claim(). Tells whether it succeeded. If not, and it `waits`, because it has a `wakeup`
    /// or is about to sleep, it stands on the wait list.
    fn parport_claim(&self, dev: Dev, waits: bool) -> bool {
        witness::device_used(dev);
        witness::note(|| format!("{dev} claims"));
        self.claim_with(&mut self.cad_lock.lock(), dev, waits, false)
    }

    fn claim_with(&self, cad: &mut Option<Dev>, dev: Dev, waits: bool, only_listed: bool) -> bool {
        let listed = self.devices[dev].listed.load(Relaxed);
        if only_listed && !listed {
            return false;
        }
        if *cad == Some(dev) {
            return true;
        }
        if cad.is_some_and(|old| self.preempt(old) == Preemption::Refused) {
            if waits && !listed {
                let mut waitlist = self.waitlist_lock.lock();
                self.devices[dev].listed.store(true, Relaxed);
                waitlist.push(dev);
                witness::note(|| format!("{dev} on the wait list"));
            }
            return false;
        }
        if listed {
            let mut waitlist = self.waitlist_lock.lock();
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
        let mut cad = self.cad_lock.lock();
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
        if self.claim_with(&mut self.cad_lock.lock(), dev, true, true) {
            self.devices[dev].got.complete();
        }
    }

    /// The head of the wait list, or `waitnext` of a device, which is null if it was taken out.
    fn waiter_after(&self, dev: Option<Dev>) -> Option<Dev> {
        let waitlist = self.waitlist_lock.lock();
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
            None => return self.ours.get().map_or(Preemption::Given, Ours::preempt),
            Some(Manners::Remembers) => self.devices[dev].asked.complete(),
            Some(Manners::Keeps | Manners::Wakes) => {}
        }
        Preemption::Refused
    }

    /// Wakes a device up. It can come at any time, to ours.
    pub(crate) fn wakeup(&self, dev: Dev) {
        if dev != OURS {
            self.claim_if_wanted(dev, &mut self.devices[dev].wants.lock());
        } else if let Some(ours) = self.ours.get() {
            ours.wakeup();
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
            self.begin(User::Linux(dev));
        }
        taken
    }

    /// A Linux driver takes the port as soon as it can be had.
    pub(crate) fn wait_for(&self, dev: Dev) {
        if self.has_wakeup(dev) {
            let mut wants = self.devices[dev].wants.lock();
            *wants = true;
            self.claim_if_wanted(dev, &mut wants);
            drop(wants);
            self.devices[dev].got.wait();
        } else {
            self.parport_claim_or_block(dev);
        }
        self.begin(User::Linux(dev));
    }

    /// The first half of [`Parport::wait_for`], if the port cannot be had now. One that claims in its
    /// `wakeup` stands in line then, and does not want the port any more.
    pub(crate) fn fall_asleep(&self, dev: Dev) {
        assert!(!self.parport_claim(dev, true));
    }

    /// The second half.
    pub(crate) fn wake_up(&self, dev: Dev) {
        self.devices[dev].got.wait();
        self.begin(User::Linux(dev));
    }

    /// A Linux driver keeps the port until somebody wants it.
    pub(crate) fn keep(&self, dev: Dev) {
        self.devices[dev].asked.wait();
    }

    /// The first half of [`Parport::give_back`]: nobody has been woken up yet, and whoever it is
    /// will be by [`Parport::wakeup`].
    pub(crate) fn let_go(&self, dev: Dev) {
        self.end(User::Linux(dev));
        let mut cad = self.cad_lock.lock();
        *cad = None;
        witness::cad_changed(*cad);
    }

    /// Our next claim is slow to return. Any thread can be at any time, but it takes the checker
    /// long to find out which.
    pub(crate) fn linger(&self) {
        self.lingers.store(true, Relaxed);
        self.lingering.store(true, Relaxed);
    }

    /// A Linux driver gives the port back.
    pub(crate) fn give_back(&self, dev: Dev) {
        self.end(User::Linux(dev));
        self.parport_release(dev);
    }
}

// The registers.

impl Parport {
    /// Somebody begins to use the registers, for longer than a moment.
    pub(crate) fn begin(&self, user: User) {
        witness::use_begins(user);
        self.registers.write();
    }

    /// Somebody has used the registers.
    pub(crate) fn end(&self, user: User) {
        self.registers.write();
        witness::use_ends(user);
    }

    pub(crate) fn is_interrupt_on(&self) -> bool {
        self.interrupt.load(Relaxed)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Register {
    Data,
    Status,
    Control,
}

/// The registers, for a moment.
pub(crate) struct Registers<'a>(&'a Parport);

impl Registers<'_> {
    fn write_control(&self, interrupt: bool) {
        witness::used();
        self.0.registers.write();
        self.0.interrupt.store(interrupt, Relaxed);
    }

    pub(crate) fn read(&self, _: Register) -> u8 {
        0
    }

    pub(crate) fn write(&self, _: Register, _: u8) {}

    pub(crate) fn set_interrupt_enable(&self, on: bool) {
        self.write_control(on);
    }

    pub(crate) fn tidy(&self, interrupt: bool) {
        self.write_control(interrupt);
    }

    pub(crate) fn neutralise(&self, interrupt: bool) {
        self.write_control(interrupt);
    }

    pub(crate) fn rewrite_control(&self) {}

    pub(crate) fn fifo(&self) -> Fifo {
        Fifo
    }

    pub(crate) fn is_pci(&self) -> bool {
        false
    }
}

/// What the model leaves out is named by what it compiles all the same.
#[derive(Default)]
pub(crate) struct Fifo;

pub(crate) struct Transfer<'a>(&'a Parport);

pub(crate) struct IrqSwitch;

impl IrqSwitch {
    pub(crate) fn new() -> Self {
        Self
    }

    pub(crate) fn off(&self, _: &Parport) {}
}

pub(crate) struct Counts {
    pub(crate) allocates: usize,
    pub(crate) frees: usize,
}

// `rust/parport/port.rs`

impl Parport {
    pub(crate) fn number(&self) -> i32 {
        0
    }

    pub(crate) fn can_interrupt(&self) -> bool {
        true
    }

    pub(crate) fn is_safe_in_interrupt(&self) -> bool {
        true
    }

    pub(crate) fn interrupts(&self) -> u32 {
        0
    }

    pub(crate) fn linux_owner(&self) -> Option<String> {
        None
    }

    fn with_owner<R>(&self, look: impl FnOnce(Option<Dev>) -> R) -> R {
        let cad = self.cad_lock.lock();
        look(*cad)
    }

    pub(crate) fn is_unowned(&self) -> bool {
        self.with_owner(|owner| owner.is_none())
    }
}

// `rust/parport/device.rs` and `gate.rs`

pub(crate) trait Callbacks: Send + Sync + Sized + 'static {
    fn preempt(&self) -> Preemption;
    fn wakeup(this: ArcBorrow<'_, Self>);
    fn interrupt(&self);
    fn resume(&self);
    fn counts(&self) -> Counts;
}

impl Ours {
    fn new<T: Callbacks>(callbacks: &Arc<T>) -> Self {
        // Not to keep what has this.
        let (preempts, wakes) = (Arc::downgrade(callbacks), Arc::downgrade(callbacks));
        Self {
            preempt: Box::new(move || Arc::upgrade(&preempts).unwrap().preempt()),
            wakeup: Box::new(move || T::wakeup(Arc::upgrade(&wakes).unwrap().as_arc_borrow())),
            gate: Mutex::new((true, 0)),
            left: Sleepers::new(),
        }
    }

    /// `Gate::enter_held()`: the caller keeps the gate from being closed, by `cad_lock`.
    fn preempt(&self) -> Preemption {
        (self.preempt)()
    }

    /// `Gate::enter()`
    fn wakeup(&self) {
        let mut gate = self.gate.lock();
        if !gate.0 {
            return;
        }
        gate.1 += 1;
        drop(gate);

        witness::note(|| "wakeup".into());
        (self.wakeup)();
        self.gate.lock().1 -= 1;
        self.left.wake();
    }

    /// `Gate::close()`
    fn close(&self) {
        self.gate.lock().0 = false;
        self.left.sleep_until(|| self.gate.lock().1 == 0);
    }
}

pub(crate) struct Device<T: Callbacks> {
    port: ARef<Parport>,

    /// Is it not null?
    raw: Atomic<bool>,
    _callbacks: PhantomData<Arc<T>>,
}

impl<T: Callbacks> Device<T> {
    pub(crate) fn new(port: ARef<Parport>) -> Self {
        Self {
            port,
            raw: Atomic::new(false),
            _callbacks: PhantomData,
        }
    }

    pub(crate) fn port(&self) -> &ARef<Parport> {
        &self.port
    }

    pub(crate) fn register(&self, _: &CStr, callbacks: Arc<T>) -> Result {
        witness::registered(true);
        let _ = self.port.ours.set(Ours::new(&callbacks));
        self.port.known.store(true, Release);
        self.raw.store(true, Release);
        Ok(())
    }

    pub(crate) fn is_registered(&self) -> bool {
        self.raw.load(Acquire)
    }

    pub(crate) fn claim<R>(&self, noted: impl FnOnce() -> R) -> Option<R> {
        if !self.is_registered() {
            return None;
        }
        witness::claim_begins();
        let lingers = self.port.lingers.swap(false, Relaxed);
        if !lingers && self.port.lingering.load(Relaxed) {
            self.port.lingered.complete();
        }
        let claimed = self.port.parport_claim(OURS, true);
        let noted = || {
            witness::claim_ends();
            noted()
        };
        let result = claimed
            .then(|| {
                self.port
                    .with_owner(|owner| (owner == Some(OURS)).then(noted))
            })
            .flatten();
        if result.is_none() {
            witness::claim_ends();
        }
        // If the port died before the claim was noted, its end is waited for.
        if lingers && result.is_some() && !witness::is_dead() {
            self.port.lingered.wait();
        }
        result
    }

    pub(crate) fn release(&self, leave: impl FnOnce()) {
        if self.is_registered() {
            leave();
            self.port.parport_release(OURS);
        }
    }

    pub(crate) fn others_wait(&self) -> bool {
        let waitlist = self.port.waitlist_lock.lock();
        waitlist.iter().any(|&it| it != OURS)
    }

    pub(crate) fn sleepers_wait(&self) -> bool {
        let waitlist = self.port.waitlist_lock.lock();
        waitlist.iter().any(|&it| !self.port.has_wakeup(it))
    }

    pub(crate) fn is_listed(&self) -> bool {
        let _waitlist = self.port.waitlist_lock.lock();
        self.port.devices[OURS].listed.load(Relaxed)
    }

    pub(crate) fn registers(&self) -> Option<Registers<'_>> {
        self.is_registered().then(|| Registers(&self.port))
    }

    pub(crate) fn unregister(&self) {
        if !self.raw.xchg(false, Full) {
            return;
        }
        witness::registered(false);
        self.port.lingered.complete();
        self.port.known.store(false, Release);
        let mut waitlist = self.port.waitlist_lock.lock();
        self.port.devices[OURS].listed.store(false, Relaxed);
        waitlist.retain(|&it| it != OURS);
        drop(waitlist);

        if let Some(ours) = self.port.ours.get() {
            ours.close();
        }
    }
}
