// SPDX-License-Identifier: GPL-2.0

//! The mode of the port's chip, as it is named by bits 7 to 5 of its extended control register.
//!
//! The mode is the port's and not its owner's: it stays when the port is freed, as it does in
//! Windows. A Linux driver gets the port as it was before the mode was set, and finds its own way
//! from there; when the port comes back, the mode does.

use super::Port;
use crate::{
    arbiter::Owner,
    bindings,
    parport::{
        Register,
        Registers, //
    },
};
use kernel::prelude::*;

/// The bits of the register that name the mode.
const MODE: u8 = 0xe0;

/// The modes that can be set, and the one that a port starts in.
const INITIAL: u8 = 0x00;
const BYTE: u8 = 0x20;
const ECP: u8 = 0x60;
const EPP: u8 = 0x80;

/// Why a mode was not set or cleared. Nothing was changed.
pub(crate) enum ModeRefusal {
    /// The chip is in another mode.
    OtherMode,

    /// The chip does not have the mode, or there is no such mode.
    Missing,

    /// The data lines cannot be turned round, although the chip should be able to.
    OneWay,

    /// No mode was set that could be cleared.
    NoneSet,

    /// The registers are not the client's to write.
    Registers(Error),
}

impl From<Error> for ModeRefusal {
    fn from(error: Error) -> Self {
        Self::Registers(error)
    }
}

/// What is known of the mode.
pub(super) struct Chip {
    /// What was set, or 0.
    set: u8,

    /// What was in the register before.
    before: u8,
}

impl Chip {
    pub(super) const fn new() -> Self {
        Self { set: 0, before: 0 }
    }

    /// The mode that is set.
    fn mode(&self) -> u8 {
        self.set & MODE
    }

    /// Writes a mode to the register. From one mode to another the way leads over the one that has
    /// no buffer.
    fn enter(&self, registers: &Registers<'_>) {
        registers.set_extended_control(self.before & !MODE | BYTE);
        registers.set_extended_control(self.set);
    }

    /// Writes what was there before.
    fn leave(&self, registers: &Registers<'_>) {
        registers.set_extended_control(self.before & !MODE | BYTE);
        registers.set_extended_control(self.before);
    }
}

impl Port {
    /// Sets a mode, for `me` who owns the port. `value` is that of the register.
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// See [`ModeRefusal`].
    pub(crate) fn set_chip_mode(&self, me: Owner, value: u8) -> Result<(), ModeRefusal> {
        let mut chip = self.chip.lock();
        let registers = self.registers(me, Register::Control)?;

        // From byte mode the way leads to any other: so is the direction of ECP turned round.
        if !matches!(chip.mode(), INITIAL | BYTE) {
            return Err(ModeRefusal::OtherMode);
        }
        let needs = match value & MODE {
            INITIAL => 0,
            BYTE => bindings::PARPORT_MODE_TRISTATE,
            ECP => bindings::PARPORT_MODE_ECP,
            EPP => bindings::PARPORT_MODE_EPP,
            _ => return Err(ModeRefusal::Missing),
        };
        if self.parport().modes() & needs != needs {
            return Err(ModeRefusal::Missing);
        }
        if value & MODE == BYTE && !can_turn(&registers) {
            return Err(ModeRefusal::OneWay);
        }

        if chip.mode() == INITIAL {
            chip.before = registers.extended_control();
        }
        chip.set = value;
        if chip.mode() == INITIAL {
            chip.leave(&registers);
        } else {
            chip.enter(&registers);
        }
        Ok(())
    }

    /// Clears the mode that is set, for `me` who owns the port.
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// See [`ModeRefusal`].
    pub(crate) fn clear_chip_mode(&self, me: Owner, value: u8) -> Result<(), ModeRefusal> {
        let mut chip = self.chip.lock();
        let registers = self.registers(me, Register::Control)?;

        if value & MODE != chip.mode() {
            return Err(ModeRefusal::OtherMode);
        }
        if chip.mode() == INITIAL {
            return Err(ModeRefusal::NoneSet);
        }
        chip.leave(&registers);
        chip.set = 0;
        Ok(())
    }

    /// The mode that is set, or 0.
    ///
    /// # Context
    ///
    /// Any but NMI.
    pub(crate) fn chip_mode(&self) -> u8 {
        self.chip.lock().mode()
    }

    /// A Linux driver is about to have the port.
    pub(super) fn leave_chip_mode(&self, registers: &Registers<'_>) {
        let chip = self.chip.lock();

        if chip.mode() != INITIAL {
            chip.leave(registers);
        }
    }

    /// A Linux driver had the port.
    pub(super) fn enter_chip_mode(&self, registers: &Registers<'_>) {
        let chip = self.chip.lock();

        if chip.mode() != INITIAL {
            chip.enter(registers);
        }
    }
}

/// With the data lines turned round, do they not read as what is written to them? The direction is
/// forward after this.
fn can_turn(registers: &Registers<'_>) -> bool {
    registers.set_reverse(true);
    let can = [0x55, 0xaa].into_iter().any(|byte| {
        registers.write(Register::Data, byte);
        registers.read(Register::Data) != byte
    });
    registers.set_reverse(false);
    can
}
