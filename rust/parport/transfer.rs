// SPDX-License-Identifier: GPL-2.0

//! Transfers by IEEE 1284, as parport does them.
//!
//! C source: [`drivers/parport/ieee1284.c`](srctree/drivers/parport/ieee1284.c)

use super::Parport;
use crate::{
    bindings,
    time::Jiffies, //
};
use core::ptr::{
    addr_of,
    addr_of_mut, //
};
use kernel::{
    error::to_result,
    prelude::*,
    sync::atomic::{
        Atomic,
        Relaxed, //
    },
    time::{
        delay::fsleep,
        Delta, //
    },
};

/// Between two looks at a device that is not ready, at first and at most, in microseconds.
const PAUSE_US: (i64, i64) = (500, 10_000);

/// How many bytes are sent at once, at most: less than have so many interrupts, one for each, as are
/// taken for a storm (`storm_limit` by default).
const PART: usize = 1024;

/// What the status register says of a device that takes bytes, sooner or later: it is selected, has
/// paper, and there is no error.
const WELL: u32 = bindings::PARPORT_STATUS_SELECT | bindings::PARPORT_STATUS_ERROR;

/// The same of one that takes a byte now.
const READY: u32 = bindings::PARPORT_STATUS_BUSY | bindings::PARPORT_STATUS_ERROR;

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
pub(crate) struct Transfer<'a> {
    port: &'a Parport,

    /// Is somebody waiting for the transfer to end?
    ending: &'a Atomic<bool>,

    /// Called after each part of a transfer.
    part_done: &'a dyn Fn(),
}

impl<'a> Transfer<'a> {
    /// Makes transfers on a port possible, which end soon when `ending` is set. Of one that is done in
    /// parts, `part_done` is called after each.
    ///
    /// # Safety
    ///
    /// Our device owns the port and does not lose it before the value is gone, and neither is the
    /// port taken away before.
    pub(crate) unsafe fn new(
        port: &'a Parport,
        ending: &'a Atomic<bool>,
        part_done: &'a dyn Fn(),
    ) -> Self {
        // INVARIANT: By the contract of this function.
        Self {
            port,
            ending,
            part_done,
        }
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
        match unsafe { bindings::parport_negotiate(self.port.as_raw(), mode.0) } {
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
            | bindings::IEEE1284_MODE_BYTE
                if self.port.is_safe_in_interrupt() =>
            {
                self.without_timeout(|patience| self.write_compatible(bytes, patience))
            }
            _ => self.write_parts(bytes),
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
            | bindings::IEEE1284_MODE_ECPSWE
                if self.port.is_safe_in_interrupt() =>
            {
                self.without_timeout(|patience| self.read_ecp(bytes, patience))
            }
            _ => self.receive(bytes),
        }
    }

    /// Calls `transfer` with the device's timeout, while parport knows of none.
    ///
    /// parport's own functions for some modes release the port while they wait, for others to have
    /// it meanwhile. They would give away the port that a client of ours owns. They do so only until
    /// the timeout is over, and without one they wait for 35 ms and return. (Those of drivers whose
    /// registers are not accessed in interrupt context do not do it.)
    fn without_timeout<R>(&self, transfer: impl FnOnce(Jiffies) -> R) -> R {
        let timeout = self.replace_timeout(0);
        let result = transfer(Jiffies::from_ticks(c_ulong::try_from(timeout).unwrap_or(0)));
        self.replace_timeout(timeout);
        result
    }

    /// Writes in modes in which parport does not release the port.
    fn write_parts(&self, bytes: &[u8]) -> Result<usize> {
        let mut sent: usize = 0;

        for part in bytes.chunks(PART) {
            match self.send_part(part) {
                Ok(taken) => {
                    sent = sent.saturating_add(taken);
                    if taken < part.len() || self.must_end() {
                        break;
                    }
                }
                Err(error) if sent == 0 => return Err(error),
                Err(_) => break,
            }
        }
        Ok(sent)
    }

    /// Writes in compatibility mode, and waits for the device between one part and the next.
    fn write_compatible(&self, bytes: &[u8], patience: Jiffies) -> Result<usize> {
        let mut since = Jiffies::now();
        let mut sent: usize = 0;
        let mut part = bytes.len();

        while let Some(rest) = bytes.get(sent..).filter(|rest| !rest.is_empty()) {
            part = part.clamp(1, rest.len().min(PART));
            match self.send_part(rest.get(..part).unwrap_or(rest)) {
                Ok(0) if Jiffies::now().since(since) >= patience => break,
                Ok(taken) => {
                    if taken > 0 {
                        since = Jiffies::now();
                    }
                    if taken < part {
                        // parport has spun for 35 ms. It does not spin if the device is known to be
                        // ready, and has to take one byte.
                        part = 1;
                    }
                    sent = sent.saturating_add(taken);
                }
                Err(error) if sent == 0 => return Err(error),
                Err(_) => break,
            }
            if sent >= bytes.len() || self.must_end() {
                break;
            }
            let is_ready = |status| status & READY == READY;
            let is_unwell = |status| status & (WELL | bindings::PARPORT_STATUS_PAPEROUT) != WELL;
            match self.await_status(patience, |status| is_ready(status) || is_unwell(status)) {
                Some((status, _)) if is_unwell(status) => break,
                Some((_, true)) => part = part.saturating_mul(2),
                Some((_, false)) => {}
                None => break,
            }
        }
        Ok(sent)
    }

    /// Reads in ECP mode, and waits for the first byte. A run of bytes that the device sends as one
    /// is one byte if the device then waits for longer than 35 ms before it says which.
    fn read_ecp(&self, bytes: &mut [u8], patience: Jiffies) -> Result<usize> {
        let received = self.receive(bytes)?;

        if received != 0
            || bytes.is_empty()
            || self.phase() != bindings::ieee1284_phase_IEEE1284_PH_REV_IDLE
        {
            return Ok(received);
        }
        // In the other phase parport's interrupt handler acknowledges what the device has to say.
        self.set_phase(bindings::ieee1284_phase_IEEE1284_PH_REV_DATA);
        let has_data = |status| status & bindings::PARPORT_STATUS_ACK == 0;
        let came = self.await_status(patience, has_data);
        self.set_phase(bindings::ieee1284_phase_IEEE1284_PH_REV_IDLE);

        // Nothing at all now is not silence: the device does not send data.
        match came {
            Some(_) => self.receive(bytes),
            None => Ok(0),
        }
    }

    /// Waits until the status register is as wanted. Returns what it is, and whether it was at once;
    /// nothing if a signal comes, or the end of the port, or if it takes too long.
    fn await_status(
        &self,
        patience: Jiffies,
        is_wanted: impl Fn(u32) -> bool,
    ) -> Option<(u32, bool)> {
        let since = Jiffies::now();
        let (mut pause, longest) = PAUSE_US;
        let mut at_once = true;

        loop {
            let status = self.status();
            if is_wanted(status) {
                return Some((status, at_once));
            }
            if Jiffies::now().since(since) >= patience || self.must_end() {
                return None;
            }
            // Nothing is sent now that would let the interrupts in again.
            (self.part_done)();
            fsleep(Delta::from_micros(pause));
            pause = pause.saturating_mul(2).min(longest);
            at_once = false;
        }
    }

    /// Is it not to go on, because of a signal, or the end of the port?
    fn must_end(&self) -> bool {
        current!().signal_pending() || self.ending.load(Relaxed)
    }

    fn send_part(&self, bytes: &[u8]) -> Result<usize> {
        let taken = self.send(bytes);

        (self.part_done)();
        taken
    }

    fn send(&self, bytes: &[u8]) -> Result<usize> {
        // SAFETY: By the type invariant, and the bytes may be read.
        count(unsafe {
            bindings::parport_write(self.port.as_raw(), bytes.as_ptr().cast(), bytes.len())
        })
    }

    fn receive(&self, bytes: &mut [u8]) -> Result<usize> {
        // SAFETY: By the type invariant, and the bytes may be written.
        count(unsafe {
            bindings::parport_read(self.port.as_raw(), bytes.as_mut_ptr().cast(), bytes.len())
        })
    }

    fn status(&self) -> u32 {
        // SAFETY: By the type invariant the port's operations may be called on it.
        unsafe {
            (*(*self.port.as_raw()).ops)
                .read_status
                .map_or(0, |read| read(self.port.as_raw()))
        }
        .into()
    }

    /// The mode that port and device are in.
    fn mode(&self) -> u32 {
        // SAFETY: The port is there, and only its owner, who we are, changes the mode.
        let mode = unsafe { addr_of!((*self.port.as_raw()).ieee1284.mode).read() };
        mode as u32 & !(bindings::IEEE1284_DEVICEID | bindings::IEEE1284_ADDR)
    }

    fn phase(&self) -> bindings::ieee1284_phase {
        // SAFETY: The port is there. parport's interrupt handler changes the phase, too.
        unsafe { addr_of!((*self.port.as_raw()).ieee1284.phase).read_volatile() }
    }

    fn set_phase(&self, phase: bindings::ieee1284_phase) {
        // SAFETY: As above.
        unsafe { addr_of_mut!((*self.port.as_raw()).ieee1284.phase).write_volatile(phase) };
    }

    /// Sets for how many ticks parport waits for the device, and returns what it was.
    fn replace_timeout(&self, ticks: c_long) -> c_long {
        // SAFETY: By the type invariant `cad` is our device, whose time only its owner's transfers
        // look at.
        unsafe { core::mem::replace(&mut (*(*self.port.as_raw()).cad).timeout, ticks) }
    }
}

/// What parport's read and write return: a count, or an error number.
fn count(result: isize) -> Result<usize> {
    usize::try_from(result).or_else(|_| {
        to_result(c_int::try_from(result).unwrap_or(EIO.to_errno()))?;
        Ok(0)
    })
}
