// SPDX-License-Identifier: GPL-2.0

//! Keeps a port's interrupt away while the port is claimed or released.
//!
//! `parport_claim()` switches interrupts on while it holds `port->cad_lock` for writing, whenever
//! the claimer was on the port's wait list (`spin_unlock_irq()` inside `write_lock_irqsave()`,
//! `drivers/parport/share.c`). The port's own interrupt on that CPU then waits for ever for the
//! lock. `parport_release()` claims on behalf of those who wait. So the line is off around both;
//! an edge that comes meanwhile is kept by the interrupt core and delivered afterwards.

use crate::bindings;
use kernel::prelude::*;

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
            // SAFETY: This undoes the disable of `IrqGuard::new()`.
            unsafe { bindings::enable_irq(irq) };
        }
    }
}
