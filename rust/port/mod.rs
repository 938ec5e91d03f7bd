// SPDX-License-Identifier: GPL-2.0

//! One managed port: who owns it on our side ([`Arbiter`]) and who waits for it ([`Queue`]), our
//! device on the Linux side ([`Device`]) and the routines connected to its interrupt ([`Chain`]),
//! made to agree.
//!
//! A managed port exists from the first open of a port to its last close, or until the port goes
//! away. While it does, our one device *owns* the port whenever no Linux driver does, also when no
//! client of ours does: parport delivers interrupts to the owner only. As soon as a Linux driver
//! wants an idle port it gets it, and when it releases it we take it back (`linux.rs`).
//!
//! Everything that parport does not allow in hard interrupt context is done by one work item, the
//! *worker* (`worker.rs`). It has the port to itself while the word says `HANDOFF`.
//!
//! # Lock order
//!
//! The registry's, then [`Port::turn`] or [`Port::clients`], then [`Port::transferring`], then what
//! [`crate::parport`] says, then the interrupt lock of [`Chain`], then [`Port::queue`] or
//! [`Port::chip`].

mod account;
mod bus;
mod chip;
mod clients;
mod forgotten;
mod line;
mod linux;
mod registers;
mod status;
mod transfer;
mod watch;
mod worker;

use self::{
    account::Account,
    bus::Bus,
    chip::Chip,
    clients::Clients,
    worker::Turn, //
};
use crate::{
    arbiter::{
        Arbiter,
        Freed,
        Owner,
        Queue,
        Refusal, //
    },
    completion::Completion,
    interrupt::{
        Chain,
        Routines,
        Service, //
    },
    parport::{
        Counts,
        Device,
        IrqSwitch,
        Parport, //
    },
    raw_spinlock::{
        new_raw_spinlock,
        RawSpinLock, //
    },
    tally::Counter,
    workqueue::{
        cancel_delayed,
        flush, //
    },
};
use kernel::{
    bindings::task_struct,
    impl_has_delayed_work, new_mutex,
    prelude::*,
    str::CString,
    sync::{
        aref::ARef,
        atomic::{
            Acquire,
            Atomic,
            Relaxed, //
        },
        Arc,
        Mutex, //
    },
    time::{
        delay::fsleep,
        Delta, //
    },
    workqueue::{
        self,
        impl_has_work,
        new_delayed_work,
        new_work,
        DelayedWork,
        Work, //
    },
};

pub(crate) use self::{
    chip::ModeRefusal,
    status::Status, //
};

/// The name of our device on every port, as the Linux side shows it.
pub(crate) const DEVICE_NAME: &CStr = c"parport_try_alloc";

/// The id of the work item that is [`Port::worker`].
const WORKER: u64 = 0;

/// The id of the work item that is [`Port::watch`].
const WATCH: u64 = 1;

/// A port that clients have open.
#[pin_data]
pub(crate) struct Port {
    arbiter: Arbiter,
    account: Account,

    #[pin]
    queue: RawSpinLock<Queue>,

    #[pin]
    chain: Chain,

    device: Device<Port>,

    /// The mode of the port's chip. Taken inside of `port->cad_lock`.
    #[pin]
    chip: RawSpinLock<Chip>,

    bus: Bus,

    #[pin]
    clients: Mutex<Clients>,

    /// Held while a client transfers. The end of the port waits for that.
    #[pin]
    transferring: Mutex<()>,

    /// Does a client transfer? For those that cannot take the lock.
    in_transfer: Atomic<bool>,

    /// Off after a storm in a transfer.
    line: IrqSwitch,

    /// Does the end of the port wait for a transfer?
    ending: Atomic<bool>,

    /// Held while the worker or the end of the port is at it, so that they are not at it together.
    /// No callback of parport's takes it.
    #[pin]
    turn: Mutex<Turn>,

    /// Was the port freed since the deferred port checks were called?
    check_due: Atomic<bool>,

    /// How many tries had been refused when the worker was last wanted without a free.
    refused_before: Atomic<usize>,

    /// Is the port's interrupt switched on in hardware, as far as we know?
    interrupt_on: Atomic<bool>,

    /// parport's count of interrupts when the port was last given away.
    lent_at: Atomic<u32>,

    /// Was a storm named in the log since the last connect?
    storm_logged: Atomic<bool>,

    /// The number of the allocation whose holder was named in the log.
    warned_of: Atomic<usize>,

    /// Did the last wakeup leave the port to others who waited?
    declined: Atomic<bool>,

    /// The task in which requests are being answered, or null. Only good to recognise oneself.
    answerer: Atomic<*mut task_struct>,

    /// Done for each claim whose end found the port dead.
    #[pin]
    last_claim: Completion,

    #[pin]
    worker: Work<Port, WORKER>,

    /// How often somebody called the worker who waits for it, and how many of these calls were
    /// there when the worker began what it has done last.
    worker_calls: Counter,
    worker_answered: Atomic<usize>,

    #[pin]
    watch: DelayedWork<Port, WATCH>,
}

impl_has_work! {
    impl HasWork<Self, 0> for Port { self.worker }
}

impl_has_delayed_work! {
    impl HasDelayedWork<Self, 1> for Port { self.watch }
}

impl Port {
    /// Registers with parport on a port, and takes it if no Linux driver has it.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// Those of [`Device::register`], and `ENOMEM`.
    pub(crate) fn open(parport: ARef<Parport>) -> Result<Arc<Self>> {
        let interrupts = parport.interrupts();
        let port = Arc::pin_init(
            pin_init!(Self {
                arbiter: Arbiter::new(),
                account: Account::new(),
                queue <- new_raw_spinlock!(Queue::new(), "Port::queue"),
                chain <- Chain::new(),
                device: Device::new(parport),
                chip <- new_raw_spinlock!(Chip::new(), "Port::chip"),
                bus: Bus::new(),
                clients <- new_mutex!(Clients::new(), "Port::clients"),
                transferring <- new_mutex!((), "Port::transferring"),
                in_transfer: Atomic::new(false),
                line: IrqSwitch::new(),
                ending: Atomic::new(false),
                turn <- new_mutex!(Turn::new(), "Port::turn"),
                check_due: Atomic::new(false),
                refused_before: Atomic::new(0),
                interrupt_on: Atomic::new(false),
                lent_at: Atomic::new(interrupts),
                storm_logged: Atomic::new(false),
                warned_of: Atomic::new(0),
                declined: Atomic::new(false),
                answerer: Atomic::new(core::ptr::null_mut()),
                last_claim <- Completion::new(),
                worker <- new_work!("Port::worker"),
                worker_calls: Counter::new(),
                worker_answered: Atomic::new(0),
                watch <- new_delayed_work!("Port::watch"),
            }),
            GFP_KERNEL,
        )?;

        let mut turn = port.turn.lock();
        port.device.register(DEVICE_NAME, port.clone())?;
        turn.begin();
        drop(turn);

        port.as_arc_borrow().reclaim(false);
        port.start_watch();
        Ok(port)
    }

    /// Ends the port: nothing is owned, queued or allocated after this, its registers are not
    /// accessed, and parport knows us no more. The second time it does nothing.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    pub(crate) fn shut_down(this: &Arc<Self>) {
        let mut turn = this.turn.lock();
        if !turn.end() {
            return;
        }
        this.ending.store(true, Relaxed);
        let transferring = this.transferring.lock();

        // A claim that ended before this may say so only now, while another is in flight.
        while this.arbiter.kill().claim_in_flight {
            this.last_claim.wait();
        }
        // A preemption that was given the port before that is through after this look.
        let _ = this.parport().is_unowned();
        // Synchronised functions see the port alive to their end.
        let _ = this.chain.synchronize(|| ());
        if this.arbiter.is_held() {
            this.release();
        }
        this.device.unregister();
        drop(turn);
        // Whoever begins a transfer now owns nothing. It may be an answer that the worker gives.
        drop(transferring);

        this.queue.lock().close();
        cancel_delayed::<Port, WATCH>(this);
        this.run_worker();
    }

    /// Waits until the worker, if it was called, is through. To be called last by whoever could
    /// have called it.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    pub(crate) fn flush(&self) {
        flush(&self.worker);
    }

    /// The port as parport knows it.
    #[inline]
    pub(crate) fn parport(&self) -> &Parport {
        self.device.port()
    }

    /// Is the port gone?
    #[inline]
    pub(crate) fn is_dead(&self) -> bool {
        self.arbiter.is_dead()
    }

    /// Does this client own the port?
    pub(crate) fn is_owner(&self, client: Owner) -> bool {
        self.arbiter.owner() == Some(client)
    }

    /// Lets a client in.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// `EBUSY` if there are as many as there can be, `ENOMEM` without memory.
    pub(crate) fn enter(&self, name: CString) -> Result<Owner> {
        self.clients.lock().enter(name)
    }

    /// Lets a client go, which owns, waits for and has connected nothing. Tells whether it was the
    /// last one.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    pub(crate) fn leave(&self, client: Owner) -> bool {
        self.clients.lock().leave(client)
    }

    /// Makes `me` the owner if the port is free, and tells whether it did.
    ///
    /// # Context
    ///
    /// Any, NMI included.
    #[inline]
    pub(crate) fn try_allocate(&self, me: Owner) -> bool {
        if self.arbiter.try_allocate(me) {
            self.account.allocated();
            return true;
        }
        self.account.refused_tries.add(1);
        false
    }

    /// Ends the ownership of `me` if nobody waits, and tells whether it did. What else it may be,
    /// [`Port::free`] finds out.
    ///
    /// # Context
    ///
    /// Any but NMI.
    #[inline]
    pub(crate) fn free_quietly(this: &Arc<Self>, me: Owner) -> bool {
        if !this.arbiter.free_quietly(me) {
            return false;
        }
        if this.chain.has_checks() {
            this.freed();
        }
        true
    }

    /// Ends the ownership of `me`.
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// Nothing changes if `me` does not own the port.
    pub(crate) fn free(this: &Arc<Self>, me: Owner) -> Result<(), Refusal> {
        if this.arbiter.free(me)? == Freed::Handoff || this.chain.has_checks() {
            this.freed();
        }
        Ok(())
    }

    /// What is left to do after a free that others may care about.
    #[cold]
    fn freed(self: &Arc<Self>) {
        if self.chain.wants_check() {
            self.check_due.store(true, Relaxed);
        }
        self.call_worker();
    }

    /// How often the port was allocated and freed. While that goes on, one of them may be missing: an
    /// owner counts after it became one.
    pub(crate) fn counts(&self) -> Counts {
        let allocates = self.account.allocates();
        let owned: usize = self.arbiter.owner().is_some().into();

        Counts {
            allocates,
            frees: allocates.saturating_sub(owned),
        }
    }

    /// How many wait for the port?
    ///
    /// # Context
    ///
    /// Any but NMI.
    pub(crate) fn waiters(&self) -> u32 {
        let refused: u32 = self.arbiter.has_refused().into();
        self.queue.lock().len().saturating_add(refused)
    }

    /// Connects routines to the port's interrupt.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// `EOPNOTSUPP` without a usable interrupt, `ENODEV` if the port is gone, and those of
    /// [`Chain::connect`].
    pub(crate) fn connect(this: &Arc<Self>, client: Owner, routines: Routines) -> Result {
        if this.is_dead() {
            return Err(ENODEV);
        }
        if !this.parport().can_interrupt() {
            return Err(EOPNOTSUPP);
        }
        this.chain.connect(client, routines)?;
        this.storm_logged.store(false, Relaxed);
        this.chain_changed();
        Ok(())
    }

    /// Undoes one [`Port::connect`], with the promise of [`Chain::disconnect`].
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// Those of [`Chain::disconnect`].
    pub(crate) fn disconnect(this: &Arc<Self>, client: Owner, service: Service) -> Result {
        this.chain.disconnect(client, service)?;
        this.chain_changed();
        Ok(())
    }

    /// Undoes every [`Port::connect`] of a client, with the promise of [`Chain::disconnect`].
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    pub(crate) fn disconnect_all(this: &Arc<Self>, client: Owner) {
        this.chain.disconnect_all(client);
        this.chain_changed();
    }

    /// Calls a function in step with the routines of the port, see [`Chain::synchronize`].
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// `ENODEV` if the port is gone, and those of [`Chain::synchronize`].
    pub(crate) fn synchronize<R>(&self, function: impl FnOnce() -> R) -> Result<R> {
        self.chain
            .synchronize(|| (!self.is_dead()).then(function))?
            .ok_or(ENODEV)
    }

    /// [`Port::synchronize`], also after the port is gone.
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// Those of [`Chain::synchronize`].
    pub(crate) fn synchronize_always<R>(&self, function: impl FnOnce() -> R) -> Result<R> {
        self.chain.synchronize(function)
    }

    /// Is this code called by a routine of the port?
    pub(crate) fn is_in_routine(&self) -> bool {
        self.chain.is_walker()
    }

    /// When the port's last interrupt came, see [`Chain::time`].
    pub(crate) fn interrupt_time(&self) -> i64 {
        self.chain.time()
    }

    /// Counts a free that was refused.
    pub(crate) fn count_refused_free(&self) {
        self.account.refused_frees.add(1);
    }

    /// Wants the worker to have the port, see [`Arbiter::want`]. A try that is refused because of
    /// that is noticed: the deferred port checks are called afterwards.
    #[must_use]
    fn want_worker(&self) -> bool {
        self.refused_before
            .store(self.account.refused_tries.read(), Relaxed);
        self.arbiter.want()
    }

    /// Calls the worker. If it is called already, it will see what is new.
    ///
    /// # Context
    ///
    /// Any but NMI. This reference to the port is not the last one: the caller has one too.
    #[cold]
    fn call_worker(self: &Arc<Self>) {
        let _ = workqueue::system_highpri().enqueue::<_, WORKER>(self.clone());
    }

    /// Calls the worker, and waits until it has done what there was to do before this call.
    ///
    /// # Context
    ///
    /// Process context, not from the worker. May sleep.
    fn run_worker(self: &Arc<Self>) {
        let call = self.worker_calls.count();

        self.call_worker();
        self.flush();
        // The work item is marked as queued a moment before it is. If another CPU is in between, it
        // was not queued here, and there was nothing yet to flush.
        while self.worker_answered.load(Acquire).wrapping_sub(call) > usize::MAX / 2 {
            fsleep(Delta::from_micros(100));
            self.flush();
        }
    }
}
