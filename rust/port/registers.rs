// SPDX-License-Identifier: GPL-2.0

//! The registers of a port, for its owner.

use super::Port;
use crate::{
    arbiter::Owner,
    parport::{
        Fifo,
        Register,
        Registers, //
    },
};
use kernel::{
    prelude::*,
    sync::atomic::Relaxed, //
};

impl Port {
    /// Reads a register for `me`. The status may be read by any client, as long as no Linux driver
    /// has the port.
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// `EPERM` if `me` does not own the port, `ENODEV` if the port is gone, `EOPNOTSUPP` if an
    /// access might sleep; the port is not touched then.
    pub(crate) fn read(&self, me: Owner, register: Register) -> Result<u8> {
        Ok(self.registers(me, register)?.read(register))
    }

    /// Writes a register for `me`. There is no writing the status register.
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// Those of [`Port::read`].
    pub(crate) fn write(&self, me: Owner, register: Register, value: u8) -> Result {
        self.registers(me, register)?.write(register, value);
        Ok(())
    }

    /// Leaves the port's registers as a free port has them, if `me` owns it: for clients that may
    /// have changed them, before they free it.
    ///
    /// # Context
    ///
    /// Any but NMI.
    pub(crate) fn tidy(&self, me: Owner) {
        if let Ok(registers) = self.registers(me, Register::Control) {
            registers.tidy(self.interrupt_on.load(Relaxed));
        }
    }

    /// The buffer of the ECP mode, all zero if it is not known.
    pub(crate) fn fifo(&self) -> Fifo {
        self.device
            .registers()
            .map_or_else(Fifo::default, |registers| registers.fifo())
    }

    /// Is the port on a PCI card?
    pub(crate) fn is_pci(&self) -> bool {
        self.device
            .registers()
            .is_some_and(|registers| registers.is_pci())
    }

    /// The registers, if `me` may access this one.
    pub(super) fn registers(&self, me: Owner, register: Register) -> Result<Registers<'_>> {
        if !self.parport().is_safe_in_interrupt() {
            return Err(EOPNOTSUPP);
        }
        // First the registers: the port stays while there are any, and then it is known whose it is.
        let registers = self.device.registers().ok_or(ENODEV)?;
        let allowed = match register {
            Register::Status => self.arbiter.is_held(),
            Register::Data | Register::Control => self.arbiter.owner() == Some(me),
        };

        if allowed {
            Ok(registers)
        } else if self.is_dead() {
            Err(ENODEV)
        } else {
            Err(EPERM)
        }
    }
}
