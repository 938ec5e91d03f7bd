// SPDX-License-Identifier: GPL-2.0

//! Transfers by IEEE 1284, for the port's owner.

use super::Port;
use crate::{
    arbiter::Owner,
    parport::Transfer, //
};
use kernel::{
    prelude::*,
    sync::atomic::Relaxed, //
};

impl Port {
    /// Calls `transfer` with the right to transfer, if `me` owns the port. The end of the port waits
    /// for it.
    ///
    /// The interrupts of its bytes are no storm: they are counted afresh after each part. If they are
    /// too many all the same, as those of a line that is stuck, they are off until the next part.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// `EPERM` if `me` does not own the port, `ENODEV` if the port is gone, and those of `transfer`.
    ///
    /// # Safety
    ///
    /// The client does not free the port, nor is it closed, before this returned.
    pub(crate) unsafe fn transfer<R>(
        &self,
        me: Owner,
        transfer: impl FnOnce(&Transfer<'_>) -> Result<R>,
    ) -> Result<R> {
        let _transferring = self.transferring.lock();

        if self.arbiter.owner() != Some(me) {
            return Err(if self.is_dead() { ENODEV } else { EPERM });
        }
        // A storm that is just being masked is over when this returns.
        self.calm(|| self.in_transfer.store(true, Relaxed));
        let part_done = || self.calm(|| ());
        // SAFETY: A client owns the port, so our device does, and no Linux driver can take it. By
        // the contract of this function the client goes on owning it, and `shut_down()` waits for
        // the lock.
        let result = transfer(&unsafe { Transfer::new(self.parport(), &self.ending, &part_done) });

        self.calm(|| {
            // Sending, parport switches the interrupt on.
            if let Some(registers) = self.device.registers() {
                registers.correct_interrupt_enable(self.interrupt_on.load(Relaxed));
            }
            self.in_transfer.store(false, Relaxed);
        });
        result
    }

    /// Calls a function under the interrupt lock, and lets the interrupts in again after a storm. What
    /// comes late counts afresh.
    fn calm(&self, function: impl FnOnce()) {
        self.chain.calm(|| {
            function();
            self.line.on(self.parport());
        });
    }
}
