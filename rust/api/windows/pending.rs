// SPDX-License-Identifier: GPL-2.0

//! Requests that wait for the port: an IRP in the port's line.
//!
//! The IRP's reserved memory is where the line has its request, and what is said here about it. It is
//! answered by the port's worker, or, if the worker finds that the IRP is just being cancelled, by the
//! cancel routine: whichever of the two comes second. So the IRP is there as long as one of them may
//! look at it.

use super::{
    bindings,
    device::Device,
    irp::Irp,
    status::{
        Answer,
        Status, //
    },
};
use crate::{
    bindings::pta_request,
    request::Request,
    time::Jiffies,
    workqueue::start_delayed, //
};
use core::ptr::NonNull;
use kernel::{
    prelude::*,
    sync::Arc,
    workqueue::WorkItem, //
};

/// The id of the work item that is called when a time limit is over.
pub(super) const EXPIRY: u64 = 1;

/// What is done with the port when it is there, before the request is answered. The flag says whether
/// it was waited for.
pub(super) type Then = fn(&Device, &Irp, bool) -> Answer;

/// What is in the reserved memory of an IRP that waits.
///
/// # Invariants
///
/// `device` is there until [`Device::end_request`] is called for this request, and `irp` is the IRP
/// that this is part of. What stands behind `then` is used under [`Device::pending`] only.
#[repr(C)]
struct Pending {
    request: Request,
    device: *const Device,
    irp: NonNull<bindings::IRP>,
    then: Then,

    /// Has the cancel routine been here?
    cancelled: bool,

    /// Is the time limit over?
    expired: bool,

    /// The answer that the cancel routine is to give, if the worker left it to it.
    left: Option<Answer>,
}

/// The request of a device that waits with a time limit. There is one at most.
pub(super) struct Waiting(Option<Limited>);

struct Limited {
    pending: NonNull<Pending>,
    since: Jiffies,
    limit: Jiffies,
}

// SAFETY: The pointer is used under the lock of the device only, with the request in line.
unsafe impl Send for Limited {}

impl Waiting {
    pub(super) const fn new() -> Self {
        Self(None)
    }

    /// Forgets a request.
    fn forget(&mut self, pending: *mut Pending) {
        if matches!(&self.0, Some(limited) if limited.pending.as_ptr() == pending) {
            self.0 = None;
        }
    }
}

/// Takes the port for a request if it is free, and waits in line for it if not, with a time limit or
/// without.
///
/// # Context
///
/// `DISPATCH_LEVEL` at most.
pub(super) fn allocate(device: &Device, irp: Irp, then: Then, limit: Option<Jiffies>) -> Status {
    if irp.is_cancelled() {
        return irp.complete(Err(Status::CANCELLED));
    }
    if device.client().try_allocate() {
        let answer = then(device, &irp, false);
        return irp.complete(answer);
    }
    match queue(device, &irp, then, limit) {
        Ok(()) => {
            // The IRP may be gone already.
            let _ = irp.into_raw();
            Status::PENDING
        }
        Err(status) => irp.complete(Err(status)),
    }
}

/// Queues a request. If this succeeds the IRP is not to be touched.
fn queue(device: &Device, irp: &Irp, then: Then, limit: Option<Jiffies>) -> Answer<()> {
    let pending = irp.reserved::<Pending>();
    // SAFETY: The memory is this module's while the IRP is, and the callback is for this request.
    let request = unsafe {
        pending.write(Pending {
            request: Request::new(answered),
            device,
            irp: irp.raw(),
            then,
            cancelled: false,
            expired: false,
            left: None,
        });
        &pending.as_ref().request
    };

    // Neither worker nor cancel routine gets past the lock before this is through.
    let mut waiting = device.pending().lock();
    if limit.is_some() && waiting.0.is_some() {
        return Err(Status::DEVICE_BUSY);
    }
    // SAFETY: The routine is for IRPs of this kind, which this one is from here on.
    if !unsafe { irp.set_cancel(cancel_routine) } {
        return Err(Status::CANCELLED);
    }
    device.begin_request();
    // SAFETY: The request stays where it is until the IRP is completed, after its answer.
    if let Err(error) = unsafe { device.client().queue(request) } {
        if irp.clear_cancel() {
            drop(waiting);
            device.end_request();
            return Err(device.status_of(error));
        }
        // It is being cancelled at this very moment.
        // SAFETY: The lock is held.
        unsafe { (*pending.as_ptr()).left = Some(Err(device.status_of(error))) };
    } else if let Some(limit) = limit {
        waiting.0 = Some(Limited {
            pending,
            since: Jiffies::now(),
            limit,
        });
        start_expiry(device.arc(), limit);
    }
    irp.mark_pending();
    Ok(())
}

/// # Safety
///
/// To be called by the port's line only, for the request of a [`Pending`].
unsafe extern "C" fn answered(request: *mut pta_request, status: c_int) {
    let pending = request.cast::<Pending>();
    // SAFETY: By the contract of this function; the request is the first field, and the IRP and the
    // device are there until the request is answered. Nobody writes these fields.
    let (device, irp, then) = unsafe {
        (
            &*(*pending).device,
            Irp::new((*pending).irp),
            (*pending).then,
        )
    };
    let granted = (status == 0).then(|| then(device, &irp, true));

    let mut waiting = device.pending().lock();
    waiting.forget(pending);
    // SAFETY: The lock is held.
    let (cancelled, expired) = unsafe { ((*pending).cancelled, (*pending).expired) };
    // Surprise removal cancels, too, says Windows.
    let answer = granted.unwrap_or(Err(if expired {
        Status::DEVICE_BUSY
    } else {
        Status::CANCELLED
    }));

    if cancelled || irp.clear_cancel() {
        drop(waiting);
        irp.complete(answer);
        device.end_request();
    } else {
        // SAFETY: The lock is held, and the cancel routine is yet to look.
        unsafe { (*pending).left = Some(answer) };
        let _ = irp.into_raw();
    }
}

/// # Safety
///
/// To be called by the runtime only, as the cancel routine of an IRP with a [`Pending`].
unsafe extern "C" fn cancel_routine(_: *mut bindings::DEVICE_OBJECT, irp: *mut bindings::IRP) {
    // SAFETY: By the contract of this function the cancel lock is held, and the IRP is there: whoever
    // answers it finds that this is being called, and leaves it to it.
    unsafe { bindings::pta_win_release_cancel_lock((*irp).CancelIrql) };
    let Some(irp) = NonNull::new(irp) else {
        return;
    };
    // SAFETY: As above.
    let irp = unsafe { Irp::new(irp) };
    let pending = irp.reserved::<Pending>().as_ptr();
    // SAFETY: As above; the device is there as long as the request is.
    let device = unsafe { &*(*pending).device };

    let waiting = device.pending().lock();
    // SAFETY: The lock is held.
    if let Some(answer) = unsafe { (*pending).left.take() } {
        drop(waiting);
        irp.complete(answer);
        device.end_request();
        return;
    }
    // SAFETY: The lock is held. The request is in line, or its answer is on the way; either is
    // followed by `answered()`, which waits for the lock.
    unsafe {
        (*pending).cancelled = true;
        let _ = device.client().cancel(&(*pending).request);
    }
    let _ = irp.into_raw();
}

/// To be called under [`Device::pending`]. If it is queued already, for a request that was there before,
/// that does not matter any more.
fn start_expiry(device: Arc<Device>, after: Jiffies) {
    start_delayed::<_, EXPIRY>(device, after.ticks());
}

impl WorkItem<EXPIRY> for Device {
    type Pointer = Arc<Self>;

    fn run(this: Arc<Self>) {
        let waiting = this.pending().lock();
        let Some(limited) = &waiting.0 else {
            return;
        };
        let waited = Jiffies::now().since(limited.since);
        if waited < limited.limit {
            start_expiry(this.clone(), limited.limit.since(waited));
            return;
        }
        // SAFETY: The lock is held, so the request is in line, or its answer waits for the lock.
        unsafe {
            let pending = limited.pending.as_ptr();
            (*pending).expired = true;
            let _ = this.client().cancel(&(*pending).request);
        }
    }
}
