// SPDX-License-Identifier: GPL-2.0

//! Keeps a port's interrupt away: while the port is claimed or released, and after a storm in a
//! transfer.
//!
//! `parport_claim()` switches interrupts on while it holds `port->cad_lock` for writing, whenever
//! the claimer was on the port's wait list (`spin_unlock_irq()` inside `write_lock_irqsave()`,
//! `drivers/parport/share.c`). The port's own interrupt on that CPU then waits for ever for the
//! lock. `parport_release()` claims on behalf of those who wait. So the line is off around both;
//! an edge that comes meanwhile is kept by the interrupt core and delivered afterwards.
//!
//! In a transfer parport is at the control register, and knows nothing of others who write it: what
//! an interrupt changes there may undo what it is just doing. So a storm is ended at the line, too.

use super::Parport;
use crate::bindings;
use kernel::{
    prelude::*,
    sync::atomic::{
        Atomic,
        Relaxed, //
    },
};

/// While this exists, the port's interrupt is not delivered.
pub(super) struct IrqGuard {
    line: Option<c_uint>,
}

impl IrqGuard {
    /// Switches the line off, without waiting for a handler that runs elsewhere. Without a line,
    /// does nothing.
    ///
    /// # Context
    ///
    /// Any in which a port may be claimed.
    pub(super) fn new(line: Option<c_uint>) -> Self {
        if let Some(irq) = line {
            // SAFETY: `irq` is the line of a port whose low-level driver has requested it.
            unsafe { bindings::disable_irq_nosync(irq) };
        }
        Self { line }
    }
}

impl Drop for IrqGuard {
    fn drop(&mut self) {
        if let Some(irq) = self.line {
            // SAFETY: This undoes the disable of `IrqGuard::new()`: the guard's own, or that of the one
            // which `IrqSwitch::off()` forgot and in whose place `IrqSwitch::on()` drops this.
            unsafe { bindings::enable_irq(irq) };
        }
    }
}

/// Keeps a port's interrupt away after a storm until whoever transfers lets it in again. It is used
/// under one lock, so that each disable has its enable.
pub(crate) struct IrqSwitch {
    off: Atomic<bool>,
}

impl IrqSwitch {
    /// The interrupt comes.
    pub(crate) fn new() -> Self {
        Self {
            off: Atomic::new(false),
        }
    }

    /// Switches the line of `port`, always the same, off if that was not done before.
    ///
    /// # Context
    ///
    /// Under the port's interrupt lock.
    pub(crate) fn off(&self, port: &Parport) {
        if !self.off.xchg(true, Relaxed) {
            core::mem::forget(IrqGuard::new(port.irq()));
        }
    }

    /// Undoes [`IrqSwitch::off`], if there is something to undo.
    ///
    /// # Context
    ///
    /// Under the port's interrupt lock.
    pub(crate) fn on(&self, port: &Parport) {
        if self.off.xchg(false, Relaxed) {
            drop(IrqGuard { line: port.irq() });
        }
    }
}
