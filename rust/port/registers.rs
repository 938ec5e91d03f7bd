// SPDX-License-Identifier: GPL-2.0

//! The registers of a port, for its owner.

use super::Port;
use crate::{
    arbiter::Owner,
    parport::{
        Parport,
        Register, //
    },
};
use kernel::{
    prelude::*,
    sync::rcu, //
};

impl Port {
    /// Reads a register for `me`. The status may be read by any client, as long as no Linux driver
    /// has the port.
    ///
    /// # Context
    ///
    /// Any in which the port's registers may be accessed.
    ///
    /// # Errors
    ///
    /// `EPERM` if `me` does not own the port, `ENODEV` if the port is gone, `EOPNOTSUPP` if an
    /// access might sleep; the port is not touched then.
    pub(crate) fn read(&self, me: Owner, register: Register) -> Result<u8> {
        self.access(me, register, |parport| parport.read(register))
    }

    /// Writes a register for `me`. There is no writing the status register.
    ///
    /// # Context
    ///
    /// As [`Port::read`].
    ///
    /// # Errors
    ///
    /// Those of [`Port::read`].
    pub(crate) fn write(&self, me: Owner, register: Register, value: u8) -> Result {
        self.access(me, register, |parport| parport.write(register, value))
    }

    /// Has the registers accessed if they are `me`'s to access. A port that goes away while that
    /// goes on is there until it is through: its end waits for an RCU grace period.
    fn access<R>(
        &self,
        me: Owner,
        register: Register,
        access: impl FnOnce(&Parport) -> R,
    ) -> Result<R> {
        if !self.parport().is_safe_in_interrupt() {
            return Err(EOPNOTSUPP);
        }
        let _guard = rcu::read_lock();

        if self.is_dead() {
            return Err(ENODEV);
        }
        let allowed = match register {
            Register::Status => self.arbiter.is_held(),
            Register::Data | Register::Control => self.arbiter.owner() == Some(me),
        };
        if !allowed {
            return Err(EPERM);
        }
        Ok(access(self.parport()))
    }
}
