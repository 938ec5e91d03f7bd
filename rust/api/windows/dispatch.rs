// SPDX-License-Identifier: GPL-2.0

//! Which function answers which request.

use super::{
    bindings::{
        self,
        *, //
    },
    chip_mode, class,
    device::Device,
    interrupt,
    irp::{
        Function,
        Irp, //
    },
    name::Kind,
    pending, port, select,
    status::{
        Answer,
        Status, //
    },
};
use core::ptr::NonNull;

/// Answers a request, or queues it.
///
/// # Safety
///
/// `object` came from a device that is there, and `irp` was sent to it.
#[no_mangle]
unsafe extern "C" fn pta_win_dispatch(
    object: bindings::PDEVICE_OBJECT,
    irp: bindings::PIRP,
) -> bindings::NTSTATUS {
    let Some(irp) = NonNull::new(irp) else {
        return Status::INVALID_PARAMETER.as_raw();
    };
    // SAFETY: By the contract of this function.
    let (device, irp) = unsafe { (Device::from_object(object), Irp::new(irp)) };

    match device.kind {
        Kind::Port => to_port(device, irp),
        Kind::Class => to_class(device, irp),
    }
    .as_raw()
}

/// A request for the port. All but a disconnect and what a closing driver sends end at once if the port
/// is gone.
fn to_port(device: &Device, irp: Irp) -> Status {
    let function = irp.function();
    let lasts = matches!(
        function,
        Function::Cleanup
            | Function::Close
            | Function::InternalControl(IOCTL_INTERNAL_PARALLEL_DISCONNECT_INTERRUPT)
    );
    if device.client().is_dead() && !lasts {
        return irp.complete(Err(Status::DELETE_PENDING));
    }

    let answer = match function {
        Function::Create | Function::Close => Ok(0),
        Function::Cleanup => clean_up(device),
        Function::InternalControl(code) => match code {
            IOCTL_INTERNAL_PARALLEL_PORT_ALLOCATE => {
                return pending::allocate(device, irp, |_, _, _| Ok(0), None)
            }
            IOCTL_INTERNAL_SELECT_DEVICE => return select::select(device, irp),
            IOCTL_INTERNAL_DESELECT_DEVICE => select::deselect(device, &irp),
            IOCTL_INTERNAL_PARALLEL_PORT_FREE => port::free(device),
            IOCTL_INTERNAL_GET_PARALLEL_PORT_INFO => port::information(device, &irp),
            IOCTL_INTERNAL_GET_MORE_PARALLEL_PORT_INFO => port::more_information(device, &irp),
            IOCTL_INTERNAL_GET_PARALLEL_PNP_INFO => port::pnp_information(device, &irp),
            IOCTL_INTERNAL_PARALLEL_CONNECT_INTERRUPT => interrupt::connect(device, &irp),
            IOCTL_INTERNAL_PARALLEL_DISCONNECT_INTERRUPT => interrupt::disconnect(device, &irp),
            IOCTL_INTERNAL_PARALLEL_SET_CHIP_MODE => chip_mode::set(device, &irp),
            IOCTL_INTERNAL_PARALLEL_CLEAR_CHIP_MODE => chip_mode::clear(device, &irp),
            IOCTL_INTERNAL_INIT_1284_3_BUS => select::count_devices(device),

            // There is no paging of callbacks and no scan of the bus that is not asked for.
            IOCTL_INTERNAL_RELEASE_PARALLEL_PORT_INFO
            | IOCTL_INTERNAL_DISABLE_END_OF_CHAIN_BUS_RESCAN
            | IOCTL_INTERNAL_ENABLE_END_OF_CHAIN_BUS_RESCAN => Ok(0),
            _ => Err(Status::INVALID_PARAMETER),
        },
        Function::Control(_) | Function::Unknown => Err(Status::INVALID_PARAMETER),
    };
    irp.complete(answer)
}

/// A request for the device at the end of the chain.
fn to_class(device: &Device, irp: Irp) -> Status {
    let function = irp.function();
    if device.client().is_dead() && !matches!(function, Function::Cleanup | Function::Close) {
        return irp.complete(Err(Status::DEVICE_REMOVED));
    }

    let answer = match function {
        Function::Create | Function::Close => Ok(0),
        Function::Cleanup => clean_up(device),
        Function::Control(IOCTL_PAR_IS_PORT_FREE) => class::is_port_free(device, &irp),
        Function::InternalControl(code) => match code {
            IOCTL_INTERNAL_LOCK_PORT | IOCTL_INTERNAL_LOCK_PORT_NO_SELECT => {
                return class::lock(device, irp)
            }
            IOCTL_INTERNAL_UNLOCK_PORT | IOCTL_INTERNAL_UNLOCK_PORT_NO_DESELECT => {
                class::unlock(device)
            }
            IOCTL_INTERNAL_PARCLASS_CONNECT => class::information(device, &irp),
            IOCTL_INTERNAL_PARCLASS_DISCONNECT => Ok(0),
            IOCTL_INTERNAL_DISCONNECT_IDLE => class::disconnect_idle(device),
            IOCTL_INTERNAL_GET_PARPORT_FDO => class::port_device(device, &irp),
            IOCTL_INTERNAL_PARDOT3_CONNECT
            | IOCTL_INTERNAL_PARDOT3_DISCONNECT
            | IOCTL_INTERNAL_PARDOT3_RESET
            | IOCTL_INTERNAL_PARDOT3_SIGNAL => Err(Status::NOT_SUPPORTED),
            _ => Err(Status::INVALID_PARAMETER),
        },
        Function::Control(_) | Function::Unknown => Err(Status::INVALID_PARAMETER),
    };
    irp.complete(answer)
}

/// Cancels the requests of this client, and of no other.
fn clean_up(device: &Device) -> Answer {
    device.cancel_requests()?;
    Ok(0)
}
