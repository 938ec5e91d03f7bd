// SPDX-License-Identifier: GPL-2.0

//! Transfers by IEEE 1284, as parport does them.
//!
//! C source: [`drivers/parport/ieee1284.c`](srctree/drivers/parport/ieee1284.c)

use super::Parport;
use crate::{
    bindings,
    time::Jiffies, //
};
use core::ptr::addr_of;
use kernel::{
    error::to_result,
    prelude::*,
    time::{
        delay::fsleep,
        Delta, //
    },
};

/// Between two tries to go on with a transfer, at first and at most, in milliseconds.
const PAUSE_MS: (i64, i64) = (10, 320);

/// What the status register says of a device that can take bytes, sooner or later: it is selected,
/// has paper, and there is no error.
const WELL: u32 = bindings::PARPORT_STATUS_SELECT | bindings::PARPORT_STATUS_ERROR;

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

    /// Sends bytes in the mode that was negotiated. Returns how many were taken, which are less than
    /// all if the device takes no more for the time that parport waits for one (five seconds), has
    /// an error, or a signal comes.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// Those of the low-level driver.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<usize> {
        match self.mode() {
            bindings::IEEE1284_MODE_COMPAT
            | bindings::IEEE1284_MODE_NIBBLE
            | bindings::IEEE1284_MODE_BYTE => {
                self.keeping_the_port(|sent| self.send(bytes.get(sent..)?), || self.is_unwell())
            }
            _ => self.send(bytes).unwrap_or(Ok(0)),
        }
    }

    /// Receives bytes. Returns how many came, which are less than asked for if the device has no
    /// more.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// Those of the low-level driver.
    pub(crate) fn read(&self, bytes: &mut [u8]) -> Result<usize> {
        match self.mode() {
            bindings::IEEE1284_MODE_ECP
            | bindings::IEEE1284_MODE_ECPRLE
            | bindings::IEEE1284_MODE_ECPSWE => {
                let part = |received| (received == 0).then(|| self.receive(bytes));
                self.keeping_the_port(part, || false)
            }
            _ => self.receive(bytes),
        }
    }

    /// The mode that port and device are in.
    fn mode(&self) -> u32 {
        // SAFETY: The port is there, and only its owner, who we are, changes the mode.
        unsafe { addr_of!((*self.0.as_raw()).ieee1284.mode).read() as u32 }
    }

    /// Sends what there is, if there is anything.
    fn send(&self, bytes: &[u8]) -> Option<Result<usize>> {
        (!bytes.is_empty()).then(|| {
            // SAFETY: By the type invariant, and the bytes may be read.
            count(unsafe {
                bindings::parport_write(self.0.as_raw(), bytes.as_ptr().cast(), bytes.len())
            })
        })
    }

    fn receive(&self, bytes: &mut [u8]) -> Result<usize> {
        // SAFETY: By the type invariant, and the bytes may be written.
        count(unsafe {
            bindings::parport_read(self.0.as_raw(), bytes.as_mut_ptr().cast(), bytes.len())
        })
    }

    /// Goes on with a transfer until it is through, with the number of bytes that went before, or
    /// until it is hopeless, and does the waiting itself.
    ///
    /// parport's own functions for some modes release the port while they wait, for others to have
    /// it meanwhile. They would give away the port that a client of ours owns. They do so only while
    /// the device's time is not up, so it is given none.
    fn keeping_the_port(
        &self,
        mut part: impl FnMut(usize) -> Option<Result<usize>>,
        is_hopeless: impl Fn() -> bool,
    ) -> Result<usize> {
        let timeout = self.replace_timeout(0);
        let patience = Jiffies::from_ticks(c_ulong::try_from(timeout).unwrap_or(0));
        let mut since = Jiffies::now();
        let (mut pause, longest) = PAUSE_MS;
        let mut moved: usize = 0;

        let result = loop {
            match part(moved) {
                None => break Ok(moved),
                Some(Err(error)) if moved == 0 => break Err(error),
                Some(Err(_)) => break Ok(moved),
                Some(Ok(0)) => {
                    if Jiffies::now().since(since) >= patience
                        || current!().signal_pending()
                        || is_hopeless()
                    {
                        break Ok(moved);
                    }
                    fsleep(Delta::from_millis(pause));
                    pause = pause.saturating_mul(2).min(longest);
                }
                Some(Ok(more)) => {
                    moved = moved.saturating_add(more);
                    since = Jiffies::now();
                    pause = PAUSE_MS.0;
                }
            }
        };
        self.replace_timeout(timeout);
        result
    }

    /// Sets for how many ticks parport waits for the device, and returns what it was.
    fn replace_timeout(&self, ticks: c_long) -> c_long {
        // SAFETY: By the type invariant `cad` is our device, whose time only its owner's transfers
        // look at.
        unsafe { core::mem::replace(&mut (*(*self.0.as_raw()).cad).timeout, ticks) }
    }

    /// Does the device say that it has an error, or is off or out of paper?
    fn is_unwell(&self) -> bool {
        // SAFETY: By the type invariant the port's operations may be called on it.
        let status = unsafe {
            (*(*self.0.as_raw()).ops)
                .read_status
                .map_or(0, |read| read(self.0.as_raw()))
        };
        u32::from(status) & (WELL | bindings::PARPORT_STATUS_PAPEROUT) != WELL
    }
}

/// What parport's read and write return: a count, or an error number.
fn count(result: isize) -> Result<usize> {
    usize::try_from(result).or_else(|_| {
        to_result(c_int::try_from(result).unwrap_or(EIO.to_errno()))?;
        Ok(0)
    })
}
