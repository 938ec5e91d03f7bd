// SPDX-License-Identifier: GPL-2.0

//! IEEE 1284 transfers of a class device that has locked the port: its callbacks, by parport's own
//! functions.
//!
//! One callback of a device runs at a time, and the port is unlocked with none running: that is what the
//! [`Use`] of the line is for. A second one is refused, as it is its caller's mistake.

use super::{
    bindings,
    device::{
        is_passive,
        Device, //
    },
    status::{
        Answer,
        Status, //
    },
};
use crate::{
    bindings as linux,
    parport::{
        Mode,
        Transfer, //
    },
};
use kernel::prelude::*;

/// Modes in Windows' masks, the fastest first, and what the port has to have for them.
const FORWARD: &[(u32, Mode, u32)] = &[
    (bindings::EPP_HW, Mode::EPP, linux::PARPORT_MODE_EPP),
    (ECP_HW, Mode::ECP, linux::PARPORT_MODE_ECP),
    (bindings::EPP_SW, Mode::EPP_SOFTWARE, 0),
    (bindings::ECP_SW, Mode::ECP_SOFTWARE, 0),
    (bindings::IEEE_COMPATIBILITY, Mode::COMPATIBILITY, 0),
    (bindings::CENTRONICS, Mode::COMPATIBILITY, 0),
];
const REVERSE: &[(u32, Mode, u32)] = &[
    (bindings::EPP_HW, Mode::EPP, linux::PARPORT_MODE_EPP),
    (ECP_HW, Mode::ECP, linux::PARPORT_MODE_ECP),
    (bindings::EPP_SW, Mode::EPP_SOFTWARE, 0),
    (bindings::ECP_SW, Mode::ECP_SOFTWARE, 0),
    (
        bindings::BYTE_BIDIR,
        Mode::BYTE,
        linux::PARPORT_MODE_TRISTATE,
    ),
    (bindings::NIBBLE, Mode::NIBBLE, 0),
];
const ECP_HW: u32 = bindings::ECP_HW_NOIRQ | bindings::ECP_HW_IRQ;

/// A mode for each direction.
#[derive(Clone, Copy)]
struct Modes {
    forward: Mode,
    reverse: Mode,
    is_forward: bool,
}

/// What is known of the transfers of a device.
pub(super) struct Line {
    /// Is a callback at it?
    busy: bool,

    /// Was there one since the port was locked?
    touched: bool,

    /// What was negotiated.
    modes: Option<Modes>,

    /// Is the port to be freed after that, as nobody has the device any more?
    abandoned: bool,
}

impl Line {
    pub(super) const fn new() -> Self {
        Self {
            busy: false,
            touched: false,
            modes: None,
            abandoned: false,
        }
    }
}

/// The line of a device, for one user at a time.
///
/// # Invariants
///
/// The line is busy with this user, so nobody else frees the port that the device has.
pub(super) struct Use<'a>(&'a Device);

impl<'a> Use<'a> {
    /// Takes the line of a device.
    ///
    /// # Context
    ///
    /// `DISPATCH_LEVEL` at most.
    ///
    /// # Errors
    ///
    /// `DEVICE_BUSY` if it is in use.
    pub(super) fn new(device: &'a Device) -> Answer<Self> {
        let mut line = device.line.lock();

        if line.busy {
            return Err(Status::DEVICE_BUSY);
        }
        // INVARIANT: Nobody was at it.
        line.busy = true;
        Ok(Self(device))
    }

    /// Takes the line of a device that has locked the port, for transfers.
    ///
    /// # Errors
    ///
    /// `INVALID_DEVICE_REQUEST` above `PASSIVE_LEVEL`, `INVALID_DEVICE_STATE` if it has not, and those of
    /// [`Use::new`].
    fn locked(device: &'a Device) -> Answer<Self> {
        if !is_passive() {
            return Err(Status::INVALID_DEVICE_REQUEST);
        }
        let this = Self::new(device)?;
        if !device.client().is_owner() {
            return Err(Status::INVALID_DEVICE_STATE);
        }
        device.line.lock().touched = true;
        Ok(this)
    }

    /// Lets the port go: at once, or, if a callback is at it, when that is through.
    ///
    /// # Context
    ///
    /// `DISPATCH_LEVEL` at most.
    pub(super) fn abandon(device: &'a Device) {
        let mut line = device.line.lock();
        line.abandoned = true;
        if !line.busy {
            // INVARIANT: Nobody was at it.
            line.busy = true;
            drop(line);
            drop(Self(device));
        }
    }

    fn transfer<R>(&self, transfer: impl FnOnce(&Transfer<'_>) -> Result<R>) -> Answer<R> {
        // SAFETY: By the type invariant nobody frees the port, and the device is there.
        unsafe { self.0.client().transfer(transfer) }.map_err(|error| self.0.status_of(error))
    }

    fn modes(&self) -> Option<Modes> {
        self.0.line.lock().modes
    }

    fn set_modes(&self, modes: Option<Modes>) {
        self.0.line.lock().modes = modes;
    }

    /// Goes back to the compatibility mode, if the line was used.
    ///
    /// # Context
    ///
    /// `DISPATCH_LEVEL` at most.
    ///
    /// # Errors
    ///
    /// `INVALID_DEVICE_REQUEST` above `PASSIVE_LEVEL` if there is something to do.
    pub(super) fn terminate(&self) -> Answer {
        if self.0.line.lock().touched {
            if !is_passive() {
                return Err(Status::INVALID_DEVICE_REQUEST);
            }
            // It may be that the port is gone, and then there is no mode.
            let _ = self.transfer(|transfer| transfer.negotiate(Mode::COMPATIBILITY));
            let mut line = self.0.line.lock();
            line.touched = false;
            line.modes = None;
        }
        Ok(0)
    }

    /// The first mode of a table that is in the mask, that the port has, and that the device agrees to
    /// if it is `wanted` now.
    fn choose(&self, table: &[(u32, Mode, u32)], mask: u32, wanted: bool) -> Option<Mode> {
        let has = self.0.client().facts().modes();

        table
            .iter()
            .filter(|(bits, _, needs)| mask & bits != 0 && has & needs == *needs)
            .map(|(_, mode, _)| *mode)
            .find(|mode| !wanted || self.transfer(|transfer| transfer.negotiate(*mode)).is_ok())
    }

    fn negotiate(&self, forward: u32, reverse: u32, is_forward: bool) -> Answer {
        if self.modes().is_some() {
            return Err(Status::DEVICE_PROTOCOL_ERROR);
        }
        let modes = (
            self.choose(FORWARD, forward, is_forward),
            self.choose(REVERSE, reverse, !is_forward),
        );
        let modes = match (modes, is_forward) {
            ((None, _), true) | ((_, None), false) => return Err(Status::UNSUCCESSFUL),
            ((forward, reverse), is_forward) => Modes {
                forward: forward.unwrap_or(Mode::COMPATIBILITY),
                reverse: reverse.unwrap_or(Mode::NIBBLE),
                is_forward,
            },
        };
        self.set_modes(Some(modes));
        Ok(0)
    }

    /// Turns round.
    fn turn(&self, is_forward: bool) -> Answer {
        let mut modes = self.modes().ok_or(Status::DEVICE_PROTOCOL_ERROR)?;

        if modes.is_forward != is_forward {
            let mode = if is_forward {
                modes.forward
            } else {
                modes.reverse
            };
            self.transfer(|transfer| transfer.negotiate(mode))?;
            modes.is_forward = is_forward;
            self.set_modes(Some(modes));
        }
        Ok(0)
    }

    /// What the device agrees to.
    fn determine(&self) -> u32 {
        if self.modes().is_some() {
            return 0;
        }
        let found = [FORWARD, REVERSE]
            .into_iter()
            .flat_map(|table| table.iter().map(move |(bits, _, _)| (table, *bits)))
            .filter(|(table, bits)| self.choose(table, *bits, true).is_some())
            .fold(0, |found, (_, bits)| found | bits);
        let _ = self.terminate();
        found
    }
}

impl Drop for Use<'_> {
    fn drop(&mut self) {
        let mut line = self.0.line.lock();
        let abandoned = core::mem::take(&mut line.abandoned);

        if abandoned {
            drop(line);
            // Where it cannot be terminated it stays, for the next Linux driver to do so.
            let _ = self.terminate();
            self.0.client().let_go();
            line = self.0.line.lock();
        }
        line.busy = false;
        if abandoned {
            // Under the lock, so that whoever opens the device again finds its line free.
            self.0.was_let_go();
        }
    }
}

/// Calls `callback` with the line of the device whose context this is.
///
/// # Safety
///
/// `context` is that of a structure that a device handed out which is there.
unsafe fn with_line(
    context: bindings::PVOID,
    callback: impl FnOnce(&Use<'_>) -> Answer,
) -> bindings::NTSTATUS {
    // SAFETY: By the contract of this function.
    Use::locked(unsafe { Device::from_object(context.cast()) })
        .and_then(|line| callback(&line))
        .map_or_else(|status| status, |_| Status::SUCCESS)
        .as_raw()
}

/// Moves `length` bytes by `transfer`, and says in `done` how many there were.
///
/// # Safety
///
/// As [`with_line`]; and `done` is null or may be written.
unsafe fn move_bytes(
    context: bindings::PVOID,
    length: bindings::ULONG,
    done: bindings::PULONG,
    transfer: impl FnOnce(&Transfer<'_>) -> Result<usize>,
) -> bindings::NTSTATUS {
    let mut moved = 0;
    // SAFETY: By the contract of this function.
    let status = unsafe {
        with_line(context, |line| {
            moved = line.transfer(transfer)?;
            if moved == 0 && length != 0 {
                return Err(Status::IO_TIMEOUT);
            }
            Ok(0)
        })
    };
    // SAFETY: By the contract of this function.
    if let Some(done) = unsafe { done.as_mut() } {
        *done = bindings::ULONG::try_from(moved).unwrap_or(length);
    }
    status
}

/// `DetermineIeeeModes`.
///
/// # Safety
///
/// As [`with_line`].
pub(super) unsafe extern "C" fn determine_modes(context: bindings::PVOID) -> bindings::USHORT {
    // SAFETY: By the contract of this function.
    let line = Use::locked(unsafe { Device::from_object(context.cast()) });
    line.map_or(0, |line| line.determine() as bindings::USHORT)
}

/// `NegotiateIeeeMode`.
///
/// # Safety
///
/// As [`with_line`].
pub(super) unsafe extern "C" fn negotiate_mode(
    context: bindings::PVOID,
    forward: bindings::USHORT,
    reverse: bindings::USHORT,
    safety: bindings::PARALLEL_SAFETY,
    is_forward: bindings::BOOLEAN,
) -> bindings::NTSTATUS {
    if safety != bindings::PARALLEL_SAFETY_SAFE_MODE {
        return Status::UNSUCCESSFUL.as_raw();
    }
    // SAFETY: By the contract of this function.
    unsafe {
        with_line(context, |line| {
            line.negotiate(forward.into(), reverse.into(), is_forward != 0)
        })
    }
}

/// `TerminateIeeeMode`.
///
/// # Safety
///
/// As [`with_line`].
pub(super) unsafe extern "C" fn terminate_mode(context: bindings::PVOID) -> bindings::NTSTATUS {
    // SAFETY: By the contract of this function.
    unsafe { with_line(context, |line| line.terminate()) }
}

/// `IeeeFwdToRevMode`.
///
/// # Safety
///
/// As [`with_line`].
pub(super) unsafe extern "C" fn forward_to_reverse(context: bindings::PVOID) -> bindings::NTSTATUS {
    // SAFETY: By the contract of this function.
    unsafe { with_line(context, |line| line.turn(false)) }
}

/// `IeeeRevToFwdMode`.
///
/// # Safety
///
/// As [`with_line`].
pub(super) unsafe extern "C" fn reverse_to_forward(context: bindings::PVOID) -> bindings::NTSTATUS {
    // SAFETY: By the contract of this function.
    unsafe { with_line(context, |line| line.turn(true)) }
}

/// `ParallelRead`.
///
/// # Safety
///
/// As [`with_line`]; and `buffer` is null or has room for `length` bytes.
pub(super) unsafe extern "C" fn read(
    context: bindings::PVOID,
    buffer: bindings::PVOID,
    length: bindings::ULONG,
    done: bindings::PULONG,
    _channel: bindings::UCHAR,
) -> bindings::NTSTATUS {
    // SAFETY: By the contract of this function.
    unsafe {
        move_bytes(context, length, done, |transfer| {
            if buffer.is_null() {
                return Err(EINVAL);
            }
            let bytes = core::slice::from_raw_parts_mut(buffer.cast(), length as usize);
            transfer.read(bytes)
        })
    }
}

/// `ParallelWrite`.
///
/// # Safety
///
/// As [`with_line`]; and `buffer` is null or holds `length` bytes.
pub(super) unsafe extern "C" fn write(
    context: bindings::PVOID,
    buffer: bindings::PVOID,
    length: bindings::ULONG,
    done: bindings::PULONG,
    _channel: bindings::UCHAR,
) -> bindings::NTSTATUS {
    // SAFETY: By the contract of this function.
    unsafe {
        move_bytes(context, length, done, |transfer| {
            if buffer.is_null() {
                return Err(EINVAL);
            }
            let bytes = core::slice::from_raw_parts(buffer.cast_const().cast(), length as usize);
            transfer.write(bytes)
        })
    }
}
