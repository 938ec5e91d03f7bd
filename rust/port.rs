// SPDX-License-Identifier: GPL-2.0

//! One managed port: who owns it on our side ([`Arbiter`]), our device on the Linux side
//! ([`Device`]) and the routines connected to its interrupt ([`Chain`]), made to agree.
//!
//! A managed port exists from the first open of a port to its last close, or until the port goes
//! away. While it does, our one device *owns* the port whenever no Linux driver does, also when no
//! client of ours does: parport delivers interrupts to the owner only. As soon as a Linux driver
//! wants an idle port it gets it ([`Callbacks::preempt`]), and when it releases it we take it back
//! ([`Callbacks::wakeup`]).
//!
//! Everything that parport does not allow in hard interrupt context is done by one work item, the
//! *worker*. It has the port to itself while the word says `HANDOFF`.

use crate::{
    arbiter::{
        Arbiter,
        Freed,
        Handoff,
        Owner,
        Preemption,
        Refusal, //
    },
    interrupt::{
        Chain,
        Service, //
    },
    parport::{
        Callbacks,
        Device,
        Parport,
        Unregistered, //
    },
    workqueue::flush,
};
use kernel::{
    new_mutex,
    prelude::*,
    sync::{
        aref::ARef,
        Arc,
        ArcBorrow,
        Completion,
        Mutex, //
    },
    workqueue::{
        self,
        impl_has_work,
        new_work,
        Work,
        WorkItem, //
    },
};

/// The name of our device on every port, as the Linux side shows it.
pub(crate) const DEVICE_NAME: &CStr = c"parport_try_alloc";

/// A port that clients have open.
#[pin_data]
pub(crate) struct Port {
    arbiter: Arbiter,

    #[pin]
    chain: Chain,

    device: Device<Port>,

    /// Is the device registered? Held while the worker or the end of the port is at it, so that
    /// they are not at it together. No callback takes it.
    #[pin]
    registered: Mutex<bool>,

    /// Done when the claim that was in flight as the port died has ended.
    #[pin]
    last_claim: Completion,

    #[pin]
    worker: Work<Port>,
}

impl_has_work! {
    impl HasWork<Self> for Port { self.worker }
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
        let port = Arc::pin_init(
            pin_init!(Self {
                arbiter: Arbiter::new(),
                chain <- Chain::new(),
                device: Device::new(parport),
                registered <- new_mutex!(false, "Port::registered"),
                last_claim <- Completion::new(),
                worker <- new_work!("Port::worker"),
            }),
            GFP_KERNEL,
        )?;

        let mut registered = port.registered.lock();
        port.device.register(DEVICE_NAME, port.clone())?;
        *registered = true;
        drop(registered);

        port.as_arc_borrow().reclaim();
        Ok(port)
    }

    /// Ends the port: nothing is owned or allocated after this, and parport knows us no more. The
    /// second time it does nothing. What is returned must be dropped with no lock held.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    pub(crate) fn shut_down(&self) -> Option<Unregistered<Port>> {
        let mut registered = self.registered.lock();
        if !*registered {
            return None;
        }
        *registered = false;

        self.device.stop_wakeups();
        if self.arbiter.kill().claim_in_flight {
            self.last_claim.wait_for_completion();
        }
        if self.arbiter.is_held() {
            self.release();
        }
        self.device.unregister()
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

    /// Makes `me` the owner if the port is free, and tells whether it did.
    ///
    /// # Context
    ///
    /// Any, NMI included.
    #[inline]
    pub(crate) fn try_allocate(&self, me: Owner) -> bool {
        self.arbiter.try_allocate(me)
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
    #[inline]
    pub(crate) fn free(this: &Arc<Self>, me: Owner) -> Result<(), Refusal> {
        match this.arbiter.free(me)? {
            Freed::Idle => {}
            Freed::Handoff => this.call_worker(),
        }
        Ok(())
    }

    /// How many wait for the port?
    ///
    /// # Context
    ///
    /// Any, NMI included.
    pub(crate) fn waiters(&self) -> u32 {
        self.arbiter.has_refused().into()
    }

    /// Connects a routine to the port's interrupt.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// `EOPNOTSUPP` without a usable interrupt, `ENODEV` if the port is gone, and those of
    /// [`Chain::connect`].
    pub(crate) fn connect(this: &Arc<Self>, client: Owner, service: Service) -> Result {
        if this.is_dead() {
            return Err(ENODEV);
        }
        if !this.parport().can_interrupt() {
            return Err(EOPNOTSUPP);
        }
        if this.chain.connect(client, service)? {
            this.want_worker();
        }
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
        if this.chain.disconnect(client, service)? {
            this.want_worker();
        }
        Ok(())
    }

    /// Undoes every [`Port::connect`] of a client, with the promise of [`Chain::disconnect`].
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    pub(crate) fn disconnect_all(this: &Arc<Self>, client: Owner) {
        if this.chain.disconnect_all(client) {
            this.want_worker();
        }
    }

    /// Has the worker bring the interrupt enable in line with the chain, as soon as no client owns
    /// the port: its control register is the owner's.
    fn want_worker(self: &Arc<Self>) {
        if self.arbiter.want() {
            self.call_worker();
        }
    }

    /// Calls the worker. If it is called already, it will see what is new.
    ///
    /// # Context
    ///
    /// Any but NMI. This reference to the port is not the last one: the caller has one too.
    #[cold]
    fn call_worker(self: &Arc<Self>) {
        let _ = workqueue::system_highpri().enqueue(self.clone());
    }

    /// Takes the port back if no Linux driver has it.
    ///
    /// The look at the owner comes after the claim was announced, so whoever releases the port
    /// from then on either finds it taken or is seen by the next turn of this loop.
    fn reclaim(self: ArcBorrow<'_, Self>) {
        let port: &Self = &self;

        while port.parport().is_unowned() && port.arbiter.begin_claim() {
            let noted = port.device.claim(|| {
                port.parport().set_interrupt_enable(port.chain.is_in_use());
                port.arbiter.claimed()
            });
            if noted.is_none() {
                port.arbiter.claim_failed();
            }
            if port.is_dead() {
                port.last_claim.complete_all();
            } else if noted == Some(true) {
                Arc::from(self).call_worker();
            }
        }
    }

    /// Releases the port, which must be held and in nobody's hands but the caller's.
    fn release(&self) {
        self.parport().neutralise();
        self.device.release();
        self.arbiter.released();
    }

    /// Does with the port what was wanted of it, and makes it free or passes it on.
    fn hand_over(&self) {
        while self.arbiter.begin_handoff() {
            self.parport().set_interrupt_enable(self.chain.is_in_use());
            match self.arbiter.end_handoff() {
                Handoff::Idle => return,
                Handoff::Again => {}
                Handoff::Release => self.release(),
            }
        }
    }
}

impl WorkItem for Port {
    type Pointer = Arc<Port>;

    fn run(this: Arc<Port>) {
        let registered = this.registered.lock();

        if *registered {
            this.hand_over();
            this.as_arc_borrow().reclaim();
        }
    }
}

impl Callbacks for Port {
    fn preempt(&self) -> Preemption {
        let preemption = self.arbiter.preempt();

        if preemption == Preemption::Given {
            self.parport().neutralise();
        }
        preemption
    }

    fn wakeup(this: ArcBorrow<'_, Self>) {
        // `open()` looks for itself once the device is registered.
        if this.is_dead() || !this.device.is_registered() {
            return;
        }
        if this.device.others_wait() {
            // Whoever is woken first and claims ends parport's walk of the wait list, and those
            // behind sleep on. So they come first, and the worker looks afterwards.
            Arc::from(this).call_worker();
            return;
        }
        this.reclaim();
    }

    fn interrupt(&self) {
        self.chain.walk();
    }
}
