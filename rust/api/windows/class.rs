// SPDX-License-Identifier: GPL-2.0

//! The device at the end of a port's chain: locking the port for it, and IEEE 1284 transfers while it
//! is locked. The lock is the ownership of the port, and nothing but the unlock, or the end of the
//! device, takes it away.

use super::{
    bindings,
    device::Device,
    irp::Irp,
    pending,
    port::capabilities,
    status::{
        Answer,
        Status, //
    },
    transfer::{
        self,
        Use, //
    },
};
use crate::{
    parameters,
    time::Jiffies, //
};

/// `IOCTL_INTERNAL_LOCK_PORT`, and the one without a select, which is the same: at the end of a chain
/// there is nothing to be selected.
pub(super) fn lock(device: &Device, irp: Irp) -> Status {
    if device.client().is_owner() && !irp.is_cancelled() {
        return irp.complete(Ok(0));
    }
    let limit = Jiffies::from_ms(parameters::lock_timeout_ms());
    pending::allocate(device, irp, |_, _, _| Ok(0), Some(limit))
}

/// `IOCTL_INTERNAL_UNLOCK_PORT`, and the one without a deselect. A mode that was negotiated is
/// terminated.
pub(super) fn unlock(device: &Device) -> Answer {
    if !device.client().is_owner() {
        return Ok(0);
    }
    let line = Use::new(device)?;
    line.terminate()?;
    let freed = device.client().free();
    freed.map_err(|error| device.status_of(error))?;
    Ok(0)
}

/// `IOCTL_INTERNAL_DISCONNECT_IDLE`.
pub(super) fn disconnect_idle(device: &Device) -> Answer {
    Use::new(device)?.terminate()
}

/// `IOCTL_INTERNAL_GET_PARPORT_FDO`.
pub(super) fn port_device(device: &Device, irp: &Irp) -> Answer {
    let port = device.port.as_ref().ok_or(Status::INVALID_PARAMETER)?;

    irp.output(|object: &mut bindings::PDEVICE_OBJECT| *object = port.object())
}

/// `IOCTL_INTERNAL_PARCLASS_CONNECT`.
pub(super) fn information(device: &Device, irp: &Irp) -> Answer {
    irp.check_output::<bindings::PARCLASS_INFORMATION>()?;

    // From here on the client knows where the registers are.
    let client = device.client();
    let parport = client.parport();
    let fifo = client.fifo();
    irp.output(|class: &mut bindings::PARCLASS_INFORMATION| {
        class.Controller = parport.base() as bindings::PUCHAR;
        class.EcrController = parport.base_hi() as bindings::PUCHAR;
        class.SpanOfController = parport.span();
        class.DetermineIeeeModes = Some(transfer::determine_modes);
        class.NegotiateIeeeMode = Some(transfer::negotiate_mode);
        class.TerminateIeeeMode = Some(transfer::terminate_mode);
        class.IeeeFwdToRevMode = Some(transfer::forward_to_reverse);
        class.IeeeRevToFwdMode = Some(transfer::reverse_to_forward);
        class.ParallelRead = Some(transfer::read);
        class.ParallelWrite = Some(transfer::write);
        class.ParclassContext = device.object().cast();
        class.HardwareCapabilities = capabilities(device);
        class.FifoDepth = fifo.depth;
        class.FifoWidth = fifo.width;
    })
}

/// `IOCTL_PAR_IS_PORT_FREE`. It takes the port and frees it, as in Windows, so it is counted. The device
/// of the port does that: what this device owns is a lock, which others would find then.
pub(super) fn is_port_free(device: &Device, irp: &Irp) -> Answer {
    irp.check_output::<bindings::BOOLEAN>()?;
    let port = device.port.as_ref().ok_or(Status::INVALID_PARAMETER)?;
    let client = port.client();
    let is_free = client.try_allocate();

    if is_free {
        client.free().map_err(|error| device.status_of(error))?;
    }
    irp.output(|answer: &mut bindings::BOOLEAN| *answer = is_free.into())
}
