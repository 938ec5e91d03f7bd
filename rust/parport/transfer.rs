// SPDX-License-Identifier: GPL-2.0

//! Transfers by IEEE 1284, as parport does them.
//!
//! C source: [`drivers/parport/ieee1284.c`](srctree/drivers/parport/ieee1284.c)

use super::Parport;
use crate::bindings;
use kernel::{
    error::to_result,
    prelude::*, //
};

/// A transfer mode of IEEE 1284.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mode(c_int);

impl Mode {
    /// Forwards as printers have always done; no mode is negotiated.
    pub(crate) const COMPATIBILITY: Self = Self(bindings::IEEE1284_MODE_COMPAT as c_int);
    pub(crate) const NIBBLE: Self = Self(bindings::IEEE1284_MODE_NIBBLE as c_int);
    pub(crate) const BYTE: Self = Self(bindings::IEEE1284_MODE_BYTE as c_int);
    pub(crate) const EPP: Self = Self(bindings::IEEE1284_MODE_EPP as c_int);
    pub(crate) const EPP_SOFTWARE: Self = Self(bindings::IEEE1284_MODE_EPPSWE as c_int);
    pub(crate) const ECP: Self = Self(bindings::IEEE1284_MODE_ECP as c_int);
    pub(crate) const ECP_SOFTWARE: Self = Self(bindings::IEEE1284_MODE_ECPSWE as c_int);
}

/// The right to transfer on a port.
///
/// # Invariants
///
/// Our device is `port->cad`, and stays so, and the low-level driver keeps the port's operations, as
/// long as the value exists.
pub(crate) struct Transfer<'a>(&'a Parport);

impl<'a> Transfer<'a> {
    /// Makes transfers on a port possible.
    ///
    /// # Safety
    ///
    /// Our device owns the port and does not lose it before the value is gone, and neither is the
    /// port taken away before.
    pub(crate) unsafe fn new(port: &'a Parport) -> Self {
        // INVARIANT: By the contract of this function.
        Self(port)
    }

    /// Brings port and device to a mode, [`Mode::COMPATIBILITY`] always.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// `EPROTO` if the device does not agree.
    pub(crate) fn negotiate(&self, mode: Mode) -> Result {
        // SAFETY: By the type invariant.
        match unsafe { bindings::parport_negotiate(self.0.as_raw(), mode.0) } {
            0 => Ok(()),
            _ => Err(EPROTO),
        }
    }

    /// Sends bytes in the mode that was negotiated. Returns how many were taken.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// Those of the low-level driver.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<usize> {
        // SAFETY: By the type invariant, and the bytes may be read.
        count(unsafe {
            bindings::parport_write(self.0.as_raw(), bytes.as_ptr().cast(), bytes.len())
        })
    }

    /// Receives bytes. Returns how many came.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// Those of the low-level driver.
    pub(crate) fn read(&self, bytes: &mut [u8]) -> Result<usize> {
        // SAFETY: By the type invariant, and the bytes may be written.
        count(unsafe {
            bindings::parport_read(self.0.as_raw(), bytes.as_mut_ptr().cast(), bytes.len())
        })
    }
}

/// What parport's read and write return: a count, or an error number.
fn count(result: isize) -> Result<usize> {
    usize::try_from(result).or_else(|_| {
        to_result(c_int::try_from(result).unwrap_or(EIO.to_errno()))?;
        Ok(0)
    })
}
