// SPDX-License-Identifier: GPL-2.0

//! The registers of a port.

use super::Parport;
use crate::bindings;
use kernel::{
    prelude::*,
    sync::rcu, //
};

/// The control register with nothing switched on: nInit and nSelectIn as after a reset, no
/// interrupt, no reverse direction. It is what parport itself starts a device with.
const NEUTRAL_CONTROL: u8 =
    (bindings::PARPORT_CONTROL_SELECT | bindings::PARPORT_CONTROL_INIT) as u8;

/// The bit of the control register that lets the port's interrupt through.
const INTERRUPT_ENABLE: u8 = 0x10;

/// A register of a port.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Register {
    /// What is on the data lines.
    Data,

    /// What the device says. Read only.
    Status,

    /// What is said to the device.
    Control,
}

/// The right to access the registers of a port that is there. Whose turn it is to do so is another
/// question, which the arbiter answers.
///
/// # Invariants
///
/// The low-level driver keeps the port's operations, and its I/O region, until the RCU read-side
/// critical section is over; and accesses may be made in interrupt context.
pub(crate) struct Registers<'a> {
    port: &'a Parport,
    _guard: rcu::Guard,
}

impl<'a> Registers<'a> {
    /// Makes the registers of a port accessible, if they can be accessed in interrupt context. Not
    /// those, for example, of a port behind USB, where each access is a transfer.
    ///
    /// # Safety
    ///
    /// The end of the port, `detach()`, waits for the end of the critical section of `guard`.
    pub(super) unsafe fn new(port: &'a Parport, guard: rcu::Guard) -> Option<Self> {
        // INVARIANT: By the contract of this function, and as it is looked here.
        port.is_safe_in_interrupt().then_some(Self {
            port,
            _guard: guard,
        })
    }

    /// Reads a register; of the control register what was written last.
    pub(crate) fn read(&self, register: Register) -> u8 {
        let ops = self.operations();
        let read = match register {
            Register::Data => ops.read_data,
            Register::Status => ops.read_status,
            Register::Control => ops.read_control,
        };
        // SAFETY: By the type invariant the port's operations may be called on it.
        read.map_or(0, |read| unsafe { read(self.port.as_raw()) })
    }

    /// Writes a register. The status register cannot be written, and of the control register the
    /// bits of the interrupt and the direction are left as they are.
    pub(crate) fn write(&self, register: Register, value: u8) {
        let ops = self.operations();
        let write = match register {
            Register::Data => ops.write_data,
            Register::Status => None,
            Register::Control => ops.write_control,
        };
        if let Some(write) = write {
            // SAFETY: By the type invariant the port's operations may be called on it.
            unsafe { write(self.port.as_raw(), value) };
        }
    }

    /// Switches the port's interrupt on or off, if it has one. There are ports that keep their line
    /// up until somebody reads the status; whoever was to do that may be gone when it is off, and
    /// when it comes on nobody sees the edge of a line that is up already.
    pub(crate) fn set_interrupt_enable(&self, on: bool) {
        if !self.port.can_interrupt() {
            return;
        }
        if on {
            self.read(Register::Status);
        }
        let ops = self.operations();
        let set = if on { ops.enable_irq } else { ops.disable_irq };
        if let Some(set) = set {
            // SAFETY: By the type invariant the port's operations may be called on it.
            unsafe { set(self.port.as_raw()) };
        }
        if !on {
            self.read(Register::Status);
        }
    }

    /// Switches the port's interrupt on or off, unless it is known to be so.
    pub(crate) fn correct_interrupt_enable(&self, on: bool) {
        // SAFETY: By the type invariant the registers may be read.
        let control = unsafe { bindings::pta_hardware_control(self.port.as_raw()) };

        if control < 0 || (control & c_int::from(INTERRUPT_ENABLE) != 0) != on {
            self.set_interrupt_enable(on);
        }
    }

    /// Leaves the control register as a free port has it, with the interrupt on or off, after
    /// somebody at the registers who may have left it otherwise, or who wrote to it past parport's
    /// copy of it. One read of the register if there is nothing to do.
    pub(crate) fn tidy(&self, interrupt: bool) {
        let expected = if interrupt {
            NEUTRAL_CONTROL | INTERRUPT_ENABLE
        } else {
            NEUTRAL_CONTROL
        };
        // SAFETY: By the type invariant the registers may be read.
        if unsafe { bindings::pta_hardware_control(self.port.as_raw()) } != c_int::from(expected) {
            self.neutralise(interrupt);
        }
    }

    /// Writes the control register as a free port has it. The interrupt comes last: an edge that
    /// comes meanwhile, on a port that keeps it on, is not lost.
    pub(crate) fn neutralise(&self, interrupt: bool) {
        if let Some(forward) = self.operations().data_forward {
            // SAFETY: By the type invariant the port's operations may be called on it.
            unsafe { forward(self.port.as_raw()) };
        }
        self.write(Register::Control, NEUTRAL_CONTROL);
        self.set_interrupt_enable(interrupt);
    }

    /// Writes parport's copy of the control register to the hardware, which may have lost it.
    pub(crate) fn rewrite_control(&self) {
        self.frob_control(0, 0);
    }

    /// Changes the bits of `mask` in the control register, but not those of the interrupt and the
    /// direction.
    pub(super) fn frob_control(&self, mask: u8, value: u8) {
        if let Some(frob) = self.operations().frob_control {
            // SAFETY: By the type invariant the port's operations may be called on it.
            unsafe { frob(self.port.as_raw(), mask, value) };
        }
    }

    /// The port whose registers these are.
    pub(super) fn port(&self) -> &Parport {
        self.port
    }

    pub(super) fn operations(&self) -> &bindings::parport_operations {
        // SAFETY: By the type invariant.
        unsafe { &*(*self.port.as_raw()).ops }
    }
}
