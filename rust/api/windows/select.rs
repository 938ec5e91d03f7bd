// SPDX-License-Identifier: GPL-2.0

//! Devices of a daisy chain: select one, with the port that it is on, and let it go.

use super::{
    bindings,
    device::{
        is_passive,
        Device, //
    },
    irp::Irp,
    pending,
    status::{
        Answer,
        Status, //
    },
};
use crate::client::Client;

/// Whom a command is for.
enum Target {
    /// The device at a place in the chain.
    Device(u8),

    /// What comes after the chain. It is connected while no device is selected, so nothing is sent.
    EndOfChain,
}

/// A command that makes sense.
struct Command {
    target: Target,

    /// Does the client own the port already, and want to go on doing so?
    keep: bool,
}

impl Command {
    fn parse(client: &Client, command: bindings::PARALLEL_1284_COMMAND) -> Answer<Self> {
        let flags = command.CommandFlags;
        let id: u32 = command.ID.into();
        let devices = client.daisy_devices();

        if flags & bindings::PAR_LEGACY_ZIP_DRIVE != 0 {
            return Err(Status::NOT_SUPPORTED);
        }
        let is_end = flags & bindings::PAR_END_OF_CHAIN_DEVICE != 0
            || id == bindings::DOT3_END_OF_CHAIN_ID
            || id == devices;
        let target = if is_end {
            Target::EndOfChain
        } else if id == bindings::DOT3_LEGACY_ZIP_ID {
            return Err(Status::NOT_SUPPORTED);
        } else if id > devices {
            return Err(Status::INVALID_PARAMETER);
        } else {
            Target::Device(command.ID)
        };
        Ok(Self {
            target,
            keep: flags & bindings::PAR_HAVE_PORT_KEEP_PORT != 0,
        })
    }

    /// Selects, for the owner of the port. If it fails, the port is freed unless it is to be kept.
    fn select(&self, client: &Client) -> Answer {
        if !client.is_owner() {
            return Err(not_owner(client));
        }
        let Target::Device(place) = self.target else {
            return Ok(0);
        };
        let selected = client.select_device(place);
        if selected.is_err() && !self.keep {
            let _ = client.free();
        }
        selected?;
        Ok(0)
    }

    /// Deselects, for the owner of the port, which is freed unless it is to be kept or there is no
    /// answer.
    fn deselect(&self, client: &Client) -> Answer {
        if !client.is_owner() {
            return Err(not_owner(client));
        }
        if let Target::Device(_) = self.target {
            client.deselect_devices()?;
        }
        if !self.keep {
            client.free()?;
        }
        Ok(0)
    }
}

fn not_owner(client: &Client) -> Status {
    if client.is_dead() {
        Status::DELETE_PENDING
    } else {
        Status::ACCESS_DENIED
    }
}

/// `IOCTL_INTERNAL_SELECT_DEVICE`.
pub(super) fn select(device: &Device, irp: Irp) -> Status {
    let command = irp.input::<bindings::PARALLEL_1284_COMMAND>();

    if command.is_ok() && irp.is_cancelled() {
        return irp.complete(Err(Status::CANCELLED));
    }
    match command.and_then(|command| Command::parse(device.client(), command)) {
        Err(status) => irp.complete(Err(status)),
        Ok(command) if command.keep => {
            let answer = command.select(device.client());
            irp.complete(answer)
        }
        Ok(_) => pending::allocate(device, irp, select_granted, None),
    }
}

/// What is done when the port is there. As in Windows, if it was waited for, the command in the buffer
/// says then that it is.
fn select_granted(device: &Device, irp: &Irp, waited: bool) -> Answer {
    let client = device.client();
    let input = irp.input::<bindings::PARALLEL_1284_COMMAND>()?;
    let command = Command::parse(client, input).inspect_err(|_| {
        let _ = client.free();
    })?;

    let answer = command.select(client)?;
    if waited {
        irp.change_input(|input: &mut bindings::PARALLEL_1284_COMMAND| {
            input.CommandFlags |= bindings::PAR_HAVE_PORT_KEEP_PORT;
        });
    }
    Ok(answer)
}

/// `IOCTL_INTERNAL_DESELECT_DEVICE`.
pub(super) fn deselect(device: &Device, irp: &Irp) -> Answer {
    let command = irp.input::<bindings::PARALLEL_1284_COMMAND>()?;

    Command::parse(device.client(), command)?.deselect(device.client())
}

/// `IOCTL_INTERNAL_INIT_1284_3_BUS`. Without the port, it is the port's worker that counts.
pub(super) fn count_devices(device: &Device) -> Answer {
    if !is_passive() {
        return Err(Status::INVALID_DEVICE_REQUEST);
    }
    device.client().count_devices();
    Ok(0)
}

/// The command that a callback is given.
///
/// # Safety
///
/// `command` is null or points to a `PARALLEL_1284_COMMAND`.
unsafe fn read(command: bindings::PVOID) -> Answer<bindings::PARALLEL_1284_COMMAND> {
    // SAFETY: By the contract of this function.
    unsafe { command.cast::<bindings::PARALLEL_1284_COMMAND>().as_ref() }
        .copied()
        .ok_or(Status::INVALID_PARAMETER)
}

fn try_select(client: &Client, command: bindings::PARALLEL_1284_COMMAND) -> Answer {
    let command = Command::parse(client, command)?;

    // As it says in Windows' documentation: pending means busy, and nothing is queued.
    if !command.keep && !client.try_allocate() {
        return Err(if client.is_dead() {
            Status::DELETE_PENDING
        } else {
            Status::PENDING
        });
    }
    command.select(client)
}

/// `TrySelectDevice`.
///
/// # Safety
///
/// `context` is that of a structure that a device handed out which is there, and `command` is as
/// [`read`] asks for.
pub(super) unsafe extern "C" fn try_select_device(
    context: bindings::PVOID,
    command: bindings::PVOID,
) -> bindings::NTSTATUS {
    // SAFETY: By the contract of this function.
    let (device, command) = unsafe { (Device::from_object(context.cast()), read(command)) };

    command
        .and_then(|command| try_select(device.client(), command))
        .map_or_else(|status| status, |_| Status::SUCCESS)
        .as_raw()
}

/// `DeselectDevice`.
///
/// # Safety
///
/// As [`try_select_device`].
pub(super) unsafe extern "C" fn deselect_device(
    context: bindings::PVOID,
    command: bindings::PVOID,
) -> bindings::NTSTATUS {
    // SAFETY: By the contract of this function.
    let (device, command) = unsafe { (Device::from_object(context.cast()), read(command)) };

    command
        .and_then(|command| Command::parse(device.client(), command))
        .and_then(|command| command.deselect(device.client()))
        .map_or_else(|status| status, |_| Status::SUCCESS)
        .as_raw()
}
