// SPDX-License-Identifier: GPL-2.0

//! Giving the port to Linux drivers and taking it back.

use super::{
    Port,
    DEVICE_NAME, //
};
use crate::{
    arbiter::Preemption,
    parport::{
        Callbacks,
        Counts, //
    },
};
use kernel::{
    prelude::*,
    sync::{
        atomic::{
            Full,
            Relaxed, //
        },
        Arc,
        ArcBorrow, //
    },
};

impl Callbacks for Port {
    fn preempt(&self) -> Preemption {
        let preemption = self.arbiter.preempt();

        match preemption {
            Preemption::Given => {
                self.account.preempts_given.add(1);
                self.leave_registers();
            }
            Preemption::Refused => self.account.preempts_refused.add(1),
        }
        preemption
    }

    fn wakeup(this: ArcBorrow<'_, Self>) {
        // `open()` looks for itself once the device is registered.
        if this.is_dead() || !this.device.is_registered() {
            return;
        }
        if !this.device.others_wait() {
            this.reclaim(false);
            return;
        }
        // Whoever is woken first and claims ends parport's walk of the wait list, and those behind
        // sleep on. So they come first, and the worker looks afterwards; but not twice in a row
        // while clients of ours wait too. In that case they count as refused.
        let ours = !this.queue.lock().is_empty();
        if ours && this.declined.xchg(false, Relaxed) {
            this.reclaim(true);
        } else {
            this.declined.store(true, Relaxed);
            Arc::from(this).call_worker();
        }
    }

    #[inline]
    fn interrupt(&self) {
        self.chain.interrupt(|| self.mask_storm());
    }

    fn resume(&self) {
        // A client that owns the port finds its own bits again. Should it be at the registers just
        // now, in an interrupt, it does not expect to find them.
        if let Some(registers) = self.device.registers() {
            registers.rewrite_control();
            self.enter_chip_mode(&registers);
        }
    }

    fn counts(&self) -> Counts {
        Self::counts(self)
    }
}

impl Port {
    /// Takes the port back if no Linux driver has it. With `others_wait`, it is taken from under
    /// the eyes of Linux drivers that wait, see [`crate::arbiter::Arbiter::claimed`].
    ///
    /// Whoever releases the port while a claim is in flight leaves it to the claimer, and is seen by
    /// the next turn of this loop.
    pub(super) fn reclaim(self: ArcBorrow<'_, Self>, others_wait: bool) {
        while self.parport().is_unowned() && self.claim(others_wait) {}
    }

    /// Claims the port, which asks a Linux driver that has it to give way. Tells whether this was
    /// the one to claim it and did not get it.
    pub(super) fn claim(self: ArcBorrow<'_, Self>, others_wait: bool) -> bool {
        let port: &Self = &self;

        if !port.arbiter.begin_claim() {
            return false;
        }
        port.queue.lock().ask();
        // parport walks its wait list until it finds the port taken. If that is by us, in the middle
        // of the walk, those behind us count as refused: nobody else will wake them up.
        let listed = port.device.is_listed();
        let noted = port.device.claim(|| {
            // parport may have restored what another driver had in the register: it saves a
            // device's state after it let go of the port.
            if let Some(registers) = port.device.registers() {
                registers.tidy(false);
                port.enter_chip_mode(&registers);
            }
            port.declined.store(false, Relaxed);
            port.sync_interrupt_enable();
            port.count_lent_interrupts();

            // The worker, or a release, may have forgotten those in line.
            if !port.queue.lock().is_empty() {
                let _ = port.arbiter.want();
            }
            // It also ends at one that is woken up and does not want the port any more, if the port
            // was taken meanwhile, by us.
            port.arbiter.claimed(
                others_wait || port.device.sleepers_wait() || listed && port.device.others_wait(),
            )
        });
        if noted.is_none() {
            // If our device does not stand on the wait list, nobody was asked: somebody took the port
            // from us at once.
            if !port.device.is_listed() {
                port.queue.lock().ask_again();
            }
            port.arbiter.claim_failed();
        }

        if port.is_dead() {
            port.last_claim.complete();
            return false;
        }
        if let Some(worker_wanted) = noted {
            // The port was freed, if not by a client.
            if port.chain.wants_check() {
                port.check_due.store(true, Relaxed);
            }
            if worker_wanted || port.chain.wants_check() {
                Arc::from(self).call_worker();
            }
            return false;
        }
        // A request that came meanwhile found a claim in flight, and left it to this one.
        if port.queue.lock().has_unasked() {
            Arc::from(self).call_worker();
        }
        true
    }

    /// Releases the port, which must be held and in nobody's hands but the caller's.
    pub(super) fn release(&self) {
        self.device.release(|| self.leave_registers());
        self.arbiter.released();
    }

    /// Leaves the registers to the next driver as a free port has them.
    fn leave_registers(&self) {
        self.interrupt_on.store(false, Relaxed);
        if let Some(registers) = self.device.registers() {
            self.leave_bus(&registers);
            self.leave_chip_mode(&registers);
            registers.neutralise(false);
        }
        self.lent_at.store(self.parport().interrupts(), Relaxed);
    }

    /// Counts the interrupts that came while the port was lent. A driver that waits for interrupts
    /// takes some of them from parport's count, so it is the least there were.
    fn count_lent_interrupts(&self) {
        let missed = self
            .parport()
            .interrupts()
            .saturating_sub(self.lent_at.load(Relaxed));
        self.account.lent_interrupts.add(missed as usize);
    }

    /// Brings the port's interrupt enable in line with the chain. The register is written only if
    /// that changes it: there are devices that take a write for a signal.
    ///
    /// # Context
    ///
    /// With the port ours and no client at its registers.
    pub(super) fn sync_interrupt_enable(&self) {
        loop {
            // A connect or disconnect that this look does not see yet finds, after it, what is
            // written here, or it is seen by the next look: both sides have a full barrier.
            let on = self.chain.wants_interrupt();
            if self.interrupt_on.xchg(on, Full) == on {
                return;
            }
            if let Some(registers) = self.device.registers() {
                registers.set_interrupt_enable(on);
            }
        }
    }

    /// The chain has changed: has the worker bring the interrupt enable in line with it. If no client
    /// owns the port, whose control register it is, that is done when this returns, and the port is
    /// as free as it was.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    pub(super) fn chain_changed(self: &Arc<Self>) {
        let on = self.chain.wants_interrupt();

        if self.interrupt_on.cmpxchg(on, on, Full).is_err() && self.want_worker() {
            if self.is_answering() {
                self.call_worker();
            } else {
                self.run_worker();
            }
        }
    }

    /// Switches the port's interrupt off until the next connect.
    ///
    /// A client may own the port, and its next write to the control register may switch the
    /// interrupt on again. Then the storm goes on and is masked again.
    ///
    /// In a transfer, each byte that parport sends may have its interrupt, which is nobody's. If they
    /// come so fast that this is taken for a storm, they are kept away for a while, see
    /// [`Port::transfer`], without touching the register that parport is writing.
    #[cold]
    fn mask_storm(&self) {
        if self.in_transfer.load(Relaxed) {
            self.line.off(self.parport());
            return;
        }
        self.chain.mask();
        self.interrupt_on.store(false, Relaxed);
        if let Some(registers) = self.device.registers() {
            registers.set_interrupt_enable(false);
        }
        if !self.storm_logged.xchg(true, Relaxed) {
            pr_warn!(
                "parport{}: {}: nobody handles the port's interrupt: it is off until the next connect\n",
                self.parport().number(),
                DEVICE_NAME,
            );
        }
    }
}
