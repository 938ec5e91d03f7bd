// SPDX-License-Identifier: GPL-2.0

//! The mode of the port's chip.

use super::{
    bindings,
    device::Device,
    irp::Irp,
    status::{
        Answer,
        Status, //
    },
};

/// `IOCTL_INTERNAL_PARALLEL_SET_CHIP_MODE`.
pub(super) fn set(device: &Device, irp: &Irp) -> Answer {
    let mode = irp.input::<bindings::PARALLEL_CHIP_MODE>()?;

    device.client().set_chip_mode(mode.ModeFlags)?;
    Ok(0)
}

/// `IOCTL_INTERNAL_PARALLEL_CLEAR_CHIP_MODE`.
pub(super) fn clear(device: &Device, irp: &Irp) -> Answer {
    let mode = irp.input::<bindings::PARALLEL_CHIP_MODE>()?;

    device.client().clear_chip_mode(mode.ModeFlags)?;
    Ok(0)
}

/// `TrySetChipMode`.
///
/// # Safety
///
/// `context` is that of a structure that a device handed out which is there.
pub(super) unsafe extern "C" fn try_set_chip_mode(
    context: bindings::PVOID,
    mode: bindings::UCHAR,
) -> bindings::NTSTATUS {
    // SAFETY: By the contract of this function.
    let client = unsafe { Device::from_object(context.cast()) }.client();

    client
        .set_chip_mode(mode)
        .map_or_else(Status::from, |()| Status::SUCCESS)
        .as_raw()
}

/// `ClearChipMode`.
///
/// # Safety
///
/// As [`try_set_chip_mode`].
pub(super) unsafe extern "C" fn clear_chip_mode(
    context: bindings::PVOID,
    mode: bindings::UCHAR,
) -> bindings::NTSTATUS {
    // SAFETY: By the contract of this function.
    let client = unsafe { Device::from_object(context.cast()) }.client();

    client
        .clear_chip_mode(mode)
        .map_or_else(Status::from, |()| Status::SUCCESS)
        .as_raw()
}
