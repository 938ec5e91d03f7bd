// SPDX-License-Identifier: GPL-2.0

//! The port: allocate, free, and what is known about it.

use super::{
    bindings,
    chip_mode::{
        clear_chip_mode,
        try_set_chip_mode, //
    },
    device::Device,
    irp::Irp,
    select::{
        deselect_device,
        try_select_device, //
    },
    status::Answer, //
};
use crate::bindings as linux;
use kernel::prelude::*;

/// How many registers a port has at least, and how many the ECP block.
const SPAN: u32 = 3;

/// `IOCTL_INTERNAL_PARALLEL_PORT_FREE`.
pub(super) fn free(device: &Device) -> Answer {
    device.client().free()?;
    Ok(0)
}

/// `IOCTL_INTERNAL_GET_PARALLEL_PORT_INFO`.
pub(super) fn information(device: &Device, irp: &Irp) -> Answer {
    irp.check_output::<bindings::PARALLEL_PORT_INFORMATION>()?;

    // From here on the client knows where the registers are.
    let parport = device.client().parport();
    irp.output(|port: &mut bindings::PARALLEL_PORT_INFORMATION| {
        port.OriginalController = address(parport.base());
        port.Controller = parport.base() as bindings::PUCHAR;
        port.SpanOfController = parport.span().max(SPAN);
        port.TryAllocatePort = Some(try_allocate_port);
        port.FreePort = Some(free_port);
        port.QueryNumWaiters = Some(query_waiters);
        port.Context = device.object().cast();
    })
}

/// `IOCTL_INTERNAL_GET_MORE_PARALLEL_PORT_INFO`.
pub(super) fn more_information(device: &Device, irp: &Irp) -> Answer {
    let client = device.client();
    let parport = client.facts();

    irp.output(|more: &mut bindings::MORE_PARALLEL_PORT_INFORMATION| {
        more.InterfaceType = if client.is_pci() {
            bindings::_INTERFACE_TYPE_PCIBus
        } else {
            bindings::_INTERFACE_TYPE_Isa
        };
        if parport.can_interrupt() {
            let irq = bindings::ULONG::try_from(parport.raw_irq()).unwrap_or(0);
            more.InterruptLevel = irq;
            more.InterruptVector = irq;
            more.InterruptAffinity = bindings::KAFFINITY::MAX;
            more.InterruptMode = if client.is_pci() {
                bindings::_KINTERRUPT_MODE_LevelSensitive
            } else {
                bindings::_KINTERRUPT_MODE_Latched
            };
        }
    })
}

/// `IOCTL_INTERNAL_GET_PARALLEL_PNP_INFO`.
pub(super) fn pnp_information(device: &Device, irp: &Irp) -> Answer {
    let client = device.client();
    let parport = client.facts();
    let fifo = client.fifo();

    irp.output(|pnp: &mut bindings::PARALLEL_PNP_INFORMATION| {
        pnp.OriginalEcpController = address(parport.base_hi());
        pnp.EcpController = parport.base_hi() as bindings::PUCHAR;
        if parport.base_hi() != 0 {
            pnp.SpanOfEcpController = SPAN;
        }
        pnp.PortNumber = u32::try_from(parport.number()).unwrap_or(0);
        pnp.HardwareCapabilities = capabilities(device);
        pnp.TrySetChipMode = Some(try_set_chip_mode);
        pnp.ClearChipMode = Some(clear_chip_mode);
        pnp.FifoDepth = fifo.depth;
        pnp.FifoWidth = fifo.width;
        pnp.Ieee1284_3DeviceCount = client.daisy_devices();
        pnp.TrySelectDevice = Some(try_select_device);
        pnp.DeselectDevice = Some(deselect_device);
        pnp.Context = device.object().cast();
        pnp.CurrentMode = client.chip_mode().into();
        pnp.PortName = device.port_name();
    })
}

/// What the port's hardware can do.
pub(super) fn capabilities(device: &Device) -> u32 {
    const OF_MODE: [(u32, u32); 3] = [
        (linux::PARPORT_MODE_ECP, bindings::PPT_ECP_PRESENT),
        (linux::PARPORT_MODE_EPP, bindings::PPT_EPP_PRESENT),
        (linux::PARPORT_MODE_TRISTATE, bindings::PPT_BYTE_PRESENT),
    ];
    let modes = device.client().facts().modes();
    let mut capabilities = bindings::PPT_NO_HARDWARE_PRESENT;

    for (mode, capability) in OF_MODE {
        if modes & mode != 0 {
            capabilities |= capability;
        }
    }
    if device.client().daisy_devices() != 0 {
        capabilities |= bindings::PPT_1284_3_PRESENT;
    }
    capabilities
}

fn address(port: c_ulong) -> bindings::PHYSICAL_ADDRESS {
    let mut address = bindings::PHYSICAL_ADDRESS::default();
    address.QuadPart = port as bindings::LONGLONG;
    address
}

/// `TryAllocatePort`, and `TryAllocatePortAtInterruptLevel`, which does the same.
///
/// # Safety
///
/// `context` is that of a structure that a device handed out which is there.
pub(super) unsafe extern "C" fn try_allocate_port(context: bindings::PVOID) -> bindings::BOOLEAN {
    // SAFETY: By the contract of this function.
    unsafe { Device::from_object(context.cast()) }
        .client()
        .try_allocate()
        .into()
}

/// `FreePort`, and `FreePortFromInterruptLevel`, which does the same. It has no result: a refusal is in
/// the log.
///
/// # Safety
///
/// As [`try_allocate_port`].
pub(super) unsafe extern "C" fn free_port(context: bindings::PVOID) {
    // SAFETY: By the contract of this function.
    let _ = unsafe { Device::from_object(context.cast()) }
        .client()
        .free();
}

/// `QueryNumWaiters`.
///
/// # Safety
///
/// As [`try_allocate_port`].
unsafe extern "C" fn query_waiters(context: bindings::PVOID) -> bindings::ULONG {
    // SAFETY: By the contract of this function.
    unsafe { Device::from_object(context.cast()) }
        .client()
        .waiters()
}
