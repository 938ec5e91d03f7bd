// SPDX-License-Identifier: GPL-2.0

//! The extended control register (ECR) of chips that have one, and the direction of the data lines.
//!
//! parport has no accessor for the ECR, but its low-level drivers save and restore it with the
//! control register when the port changes hands. All that have an ECR keep the two in the same
//! place.

use super::Registers;
use crate::bindings;
use kernel::prelude::*;

/// The buffer of the ECP mode.
#[derive(Default)]
pub(crate) struct Fifo {
    /// How many words it has.
    pub(crate) depth: c_uint,

    /// How many bytes a word has.
    pub(crate) width: c_uint,
}

impl Registers<'_> {
    /// Reads the ECR; 0 if there is none.
    pub(crate) fn extended_control(&self) -> u8 {
        let state = self.state();

        // SAFETY: All zero is a value of every field.
        unsafe { state.u.pc.ecr as u8 }
    }

    /// Writes the ECR, if there is one. The control register stays what it is in hardware.
    pub(crate) fn set_extended_control(&self, value: u8) {
        let mut state = self.state();
        // SAFETY: By the type invariant the registers may be read.
        let control = unsafe { bindings::pta_hardware_control(self.port().as_raw()) };

        // Somebody may have written the control register past parport's copy of it.
        if let Ok(control) = c_uint::try_from(control) {
            state.u.pc.ctr = control;
        }
        state.u.pc.ecr = value.into();
        if let Some(restore) = self.operations().restore_state {
            // SAFETY: By the type invariant the port's operations may be called on it.
            unsafe { restore(self.port().as_raw(), &mut state) };
        }
    }

    /// The buffer of the ECP mode, all zero if it is not known.
    pub(crate) fn fifo(&self) -> Fifo {
        let mut fifo = Fifo::default();

        // SAFETY: By the type invariant the port's operations are there.
        unsafe {
            bindings::pta_fifo(self.port().as_raw(), &mut fifo.depth, &mut fifo.width);
        }
        fifo
    }

    /// Is the port on a PCI card?
    pub(crate) fn is_pci(&self) -> bool {
        // SAFETY: By the type invariant the low-level driver still has the port.
        unsafe { bindings::pta_is_pci(self.port().as_raw()) }
    }

    /// Turns the data lines round, for the device to drive them or for the port.
    pub(crate) fn set_reverse(&self, reverse: bool) {
        let ops = self.operations();
        let turn = if reverse {
            ops.data_reverse
        } else {
            ops.data_forward
        };
        if let Some(turn) = turn {
            // SAFETY: By the type invariant the port's operations may be called on it.
            unsafe { turn(self.port().as_raw()) };
        }
    }

    fn state(&self) -> bindings::parport_state {
        // SAFETY: All zero is a `struct parport_state`.
        let mut state: bindings::parport_state = unsafe { core::mem::zeroed() };

        if let Some(save) = self.operations().save_state {
            // SAFETY: By the type invariant the port's operations may be called on it.
            unsafe { save(self.port().as_raw(), &mut state) };
        }
        state
    }
}
