// SPDX-License-Identifier: GPL-2.0

//! Interrupt service routines with Windows' signature, and deferred port checks.

use super::{
    bindings,
    device::Device,
    irp::Irp,
    port::{
        free_port,
        try_allocate_port, //
    },
    status::{
        Answer,
        Status, //
    },
};
use crate::interrupt::{
    Check,
    Routines,
    Service, //
};
use kernel::prelude::*;

/// What a client of Windows' kind connected: the context of the routines that the port calls.
struct Connection {
    isr: unsafe extern "C" fn(bindings::PKINTERRUPT, bindings::PVOID) -> bindings::BOOLEAN,
    context: bindings::PVOID,
    interrupt: bindings::PKINTERRUPT,
    check: bindings::PPARALLEL_DEFERRED_ROUTINE,
    check_context: bindings::PVOID,
}

/// The connections of a device, in the order in which they were made. The lock is held while the port's
/// worker is waited for, so an answer to a request of the port does not take it.
pub(super) struct Connections(KVec<KBox<Connection>>);

// SAFETY: The routines are called on whatever CPU takes the interrupt, as class drivers know.
unsafe impl Send for Connection {}

impl Connections {
    pub(super) const fn new() -> Self {
        Self(KVec::new())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Connection {
    /// What the port is to call for this connection.
    ///
    /// # Safety
    ///
    /// The connection outlives the value and its copies.
    unsafe fn service(&self) -> Service {
        // SAFETY: By the contract of this function; that the class driver's routine may be called is
        // what connecting it means.
        unsafe { Service::new(isr, core::ptr::from_ref(self).cast_mut().cast()) }
    }

    /// What the port is to call after a free, if there is something.
    ///
    /// # Safety
    ///
    /// As [`Connection::service`].
    unsafe fn check(&self) -> Option<Check> {
        self.check?;
        // SAFETY: By the contract of this function.
        Some(unsafe { Check::new(check, core::ptr::from_ref(self).cast_mut().cast()) })
    }
}

/// `IOCTL_INTERNAL_PARALLEL_CONNECT_INTERRUPT`.
pub(super) fn connect(device: &Device, irp: &Irp) -> Answer {
    // As in Windows, a switched off connect says so, whatever it was called with.
    device
        .client()
        .may_connect()
        .map_err(|_| Status::UNSUCCESSFUL)?;
    let what = irp.input::<bindings::PARALLEL_INTERRUPT_SERVICE_ROUTINE>()?;
    irp.check_output::<bindings::PARALLEL_INTERRUPT_INFORMATION>()?;
    device.check_may_wait()?;
    let interrupt = device.object().cast();
    let connection = KBox::new(
        Connection {
            isr: what
                .InterruptServiceRoutine
                .ok_or(Status::INVALID_PARAMETER)?,
            context: what.InterruptServiceContext,
            interrupt,
            check: what.DeferredPortCheckRoutine,
            check_context: what.DeferredPortCheckContext,
        },
        GFP_KERNEL,
    )?;

    let mut connections = device.connections.lock();
    connections.0.reserve(1, GFP_KERNEL)?;
    // SAFETY: The connection is freed after it was disconnected, here or with the client.
    let routines = unsafe {
        Routines {
            service: connection.service(),
            check: connection.check(),
            timestamp: false,
            // CAST: An address fits.
            code: connection.isr as usize,
        }
    };
    device.client().connect(routines)?;
    connections
        .0
        .push_within_capacity(connection)
        .map_err(|_| Status::INSUFFICIENT_RESOURCES)?;
    drop(connections);

    irp.output(|answer: &mut bindings::PARALLEL_INTERRUPT_INFORMATION| {
        answer.InterruptObject = interrupt;
        answer.TryAllocatePortAtInterruptLevel = Some(try_allocate_port);
        answer.FreePortFromInterruptLevel = Some(free_port);
        answer.Context = device.object().cast();
    })
}

/// `IOCTL_INTERNAL_PARALLEL_DISCONNECT_INTERRUPT`. It works after the port is gone, too.
pub(super) fn disconnect(device: &Device, irp: &Irp) -> Answer {
    let what = irp.input::<bindings::PARALLEL_INTERRUPT_SERVICE_ROUTINE>()?;
    device.check_may_wait()?;
    let isr = what
        .InterruptServiceRoutine
        .ok_or(Status::INVALID_PARAMETER)?;

    let mut connections = device.connections.lock();
    let position = connections
        .0
        .iter()
        .position(|connection| {
            core::ptr::fn_addr_eq(connection.isr, isr)
                && connection.context == what.InterruptServiceContext
        })
        .ok_or(Status::INVALID_PARAMETER)?;
    // SAFETY: The value is used only to find the connection.
    let service = unsafe { connections.0[position].service() };
    device.client().disconnect(service)?;
    let _ = connections.0.remove(position);
    Ok(0)
}

/// # Safety
///
/// To be called by the port only, with a connection that is connected.
unsafe extern "C" fn isr(context: *mut c_void) -> bool {
    // SAFETY: By the contract of this function.
    let connection = unsafe { &*context.cast::<Connection>() };
    // SAFETY: The class driver connected the routine to be called so.
    unsafe { (connection.isr)(connection.interrupt, connection.context) != 0 }
}

/// # Safety
///
/// As [`isr`].
unsafe extern "C" fn check(context: *mut c_void) {
    // SAFETY: By the contract of this function.
    let connection = unsafe { &*context.cast::<Connection>() };
    if let Some(check) = connection.check {
        // SAFETY: The class driver connected the routine to be called so.
        unsafe { check(connection.check_context) };
    }
}

/// `KeSynchronizeExecution()`. It returns what the routine did; false also if it is called from a routine
/// of the same port, which it would wait for.
///
/// # Safety
///
/// `interrupt` is an interrupt object that a device handed out which is there, and `routine` may be
/// called with `context` and interrupts off.
#[no_mangle]
unsafe extern "C" fn pta_win_synchronize(
    interrupt: bindings::PKINTERRUPT,
    routine: bindings::PKSYNCHRONIZE_ROUTINE,
    context: bindings::PVOID,
) -> bindings::BOOLEAN {
    let Some(routine) = routine else {
        return 0;
    };
    // SAFETY: By the contract of this function.
    let device = unsafe { Device::from_object(interrupt.cast()) };

    device
        .client()
        // SAFETY: By the contract of this function.
        .synchronize_always(|| unsafe { routine(context) })
        .unwrap_or(0)
}
