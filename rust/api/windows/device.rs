// SPDX-License-Identifier: GPL-2.0

//! A device object: what `IoGetDeviceObjectPointer()` returns. It is a client of its port, with a file
//! object beside it, and both have one count of references between them.

use super::{
    bindings,
    interrupt::Connections,
    lock::{
        new_spin_lock,
        SpinLock, //
    },
    name::Kind,
    pending::{
        Waiting,
        EXPIRY, //
    },
    status::{
        Answer,
        Status, //
    },
    transfer::{
        Line,
        Use, //
    },
};
use crate::{
    client::Client,
    completion::Completion,
    workqueue::cancel_delayed, //
};
use core::mem::size_of;
use kernel::{
    container_of, impl_has_delayed_work, new_mutex,
    prelude::*,
    str::CString,
    sync::{
        atomic::{
            Atomic,
            Full,
            Relaxed,
            Release, //
        },
        Arc,
        ArcBorrow,
        Mutex, //
    },
    types::Opaque,
    workqueue::{
        new_delayed_work,
        DelayedWork, //
    },
};

/// What Windows writes into the first field of an object.
const DEVICE_TYPE: bindings::CSHORT = 3;
const FILE_TYPE: bindings::CSHORT = 5;

/// In place of the count of references: the last one was given back, and what was asked for with it is
/// being undone.
const LETTING_GO: usize = usize::MAX;

/// `FILE_DEVICE_PARALLEL_PORT`.
const DEVICE_KIND: bindings::ULONG = bindings::FILE_DEVICE_PARALLEL_PORT;

/// A device object.
///
/// # Invariants
///
/// It is in an [`Arc`].
#[repr(C)]
#[pin_data]
pub(super) struct Device {
    device: Opaque<bindings::DEVICE_OBJECT>,
    file: Opaque<bindings::FILE_OBJECT>,
    pub(super) kind: Kind,
    number: u32,

    /// How many references class drivers have, or [`LETTING_GO`].
    references: Atomic<usize>,

    /// Goes before the connections, which it may call.
    client: KBox<Client>,

    #[pin]
    pub(super) connections: Mutex<Connections>,

    /// Of requests that wait: what a grant shares with a cancel.
    #[pin]
    pending: SpinLock<Waiting>,

    /// How many requests are not answered, and one for the device being open.
    requests: Atomic<usize>,

    #[pin]
    all_answered: Completion,

    /// Of a class device: its transfers, and the device of the port below it.
    #[pin]
    pub(super) line: SpinLock<Line>,
    pub(super) port: Option<Arc<Device>>,

    /// "LPTn", as Windows strings are.
    port_name: [u16; 16],

    #[pin]
    expiry: DelayedWork<Device, EXPIRY>,
}

// SAFETY: The C objects are only read and written by the runtime and by class drivers, which keep
// Windows' rules; everything else may be used on any thread.
unsafe impl Send for Device {}

// SAFETY: As for `Send`.
unsafe impl Sync for Device {}

impl_has_delayed_work! {
    impl HasDelayedWork<Self, 1> for Device { self.expiry }
}

impl Device {
    /// Opens a device, with one reference for the class driver.
    ///
    /// # Context
    ///
    /// `PASSIVE_LEVEL`.
    pub(super) fn open(kind: Kind, number: u32, name: &CStr) -> Answer<Arc<Self>> {
        let client = Client::open(number, name).map_err(|error| match error {
            ENODEV => Status::OBJECT_NAME_NOT_FOUND,
            error => error.into(),
        })?;
        let port = match kind {
            Kind::Port => None,
            Kind::Class => Some(Self::open(Kind::Port, number, name)?),
        };
        client.know_devices();

        let port_name = port_name(number)?;
        // INVARIANT: It is in an `Arc`.
        let device = Arc::pin_init(
            pin_init!(Self {
                device: Opaque::zeroed(),
                file: Opaque::zeroed(),
                kind,
                number,
                references: Atomic::new(1),
                client,
                connections <- new_mutex!(Connections::new(), "Device::connections"),
                pending <- new_spin_lock!(Waiting::new(), "Device::pending"),
                requests: Atomic::new(1),
                all_answered <- Completion::new(),
                line <- new_spin_lock!(Line::new(), "Device::line"),
                port,
                port_name,
                expiry <- new_delayed_work!("Device::expiry"),
            }),
            GFP_KERNEL,
        )
        .map_err(Status::from)?;

        device.fill_in();
        Ok(device)
    }

    /// Takes a reference to the device for a class driver that opens it, if it is the right one, and
    /// nobody has a reference or uses it without one. Tells whether it did.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    pub(super) fn open_again(&self, kind: Kind, number: u32) -> bool {
        self.kind == kind
            && self.number == number
            && !self.client.is_dead()
            && !self.is_in_use()
            && self.references.cmpxchg(0, 1, Full).is_ok()
    }

    /// Does the device have the port, wait for it, or have something connected?
    fn is_in_use(&self) -> bool {
        self.client.is_owner()
            || self.requests.load(Relaxed) > 1
            || !self.connections.lock().is_empty()
            || self.port.as_ref().is_some_and(|port| port.is_in_use())
    }

    /// Writes what class drivers find in the objects.
    fn fill_in(&self) {
        let device = bindings::DEVICE_OBJECT {
            Type: DEVICE_TYPE,
            Size: size_of::<bindings::DEVICE_OBJECT>() as bindings::USHORT,
            ReferenceCount: 1,
            DeviceType: DEVICE_KIND,
            StackSize: 1,
            ..Default::default()
        };
        let file = bindings::FILE_OBJECT {
            Type: FILE_TYPE,
            Size: size_of::<bindings::FILE_OBJECT>() as bindings::CSHORT,
            DeviceObject: self.object(),
            ..Default::default()
        };
        // SAFETY: Nobody else has the objects yet.
        unsafe {
            self.device.get().write(device);
            self.file.get().write(file);
        }
    }

    /// The device of a device object.
    ///
    /// # Safety
    ///
    /// `object` came from [`Device::object`], and the device is there for all of `'a`.
    pub(super) unsafe fn from_object<'a>(object: bindings::PDEVICE_OBJECT) -> &'a Self {
        // SAFETY: By the contract of this function; it is the first field.
        unsafe { &*object.cast::<Self>() }
    }

    /// The device of an object that a class driver has a reference to, or null if it is not ours.
    ///
    /// # Safety
    ///
    /// `object` is a device object or a file object.
    pub(super) unsafe fn of(object: bindings::PVOID) -> *const Self {
        // SAFETY: By the contract of this function; both kinds of objects begin with their type.
        unsafe {
            match object.cast::<bindings::CSHORT>().read() {
                DEVICE_TYPE => {
                    let device = object.cast::<bindings::DEVICE_OBJECT>();
                    // A device of a class driver's own has a driver.
                    if (*device).DriverObject.is_null() {
                        device.cast()
                    } else {
                        core::ptr::null()
                    }
                }
                FILE_TYPE => {
                    container_of!(object.cast::<Opaque<bindings::FILE_OBJECT>>(), Self, file)
                }
                _ => core::ptr::null(),
            }
        }
    }

    /// The device object, for C. It is also the context that callbacks are given.
    pub(super) fn object(&self) -> bindings::PDEVICE_OBJECT {
        self.device.get()
    }

    /// The file object, for C.
    pub(super) fn file(&self) -> bindings::PFILE_OBJECT {
        self.file.get()
    }

    /// The client that the device is.
    #[inline]
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// What a request of the device is told for an error. Of a class device the port is not deleted but
    /// removed.
    pub(super) fn status_of(&self, error: Error) -> Status {
        match (self.kind, Status::from(error)) {
            (Kind::Class, Status::DELETE_PENDING) => Status::DEVICE_REMOVED,
            (_, status) => status,
        }
    }

    /// "LPTn", for C.
    pub(super) fn port_name(&self) -> bindings::PWSTR {
        self.port_name.as_ptr().cast_mut()
    }

    /// What requests that wait share with their cancellation.
    pub(super) fn pending(&self) -> &SpinLock<Waiting> {
        &self.pending
    }

    /// Another owner of the device.
    pub(super) fn arc(&self) -> Arc<Self> {
        // SAFETY: By the type invariant it is in an `Arc`.
        unsafe { ArcBorrow::from_raw(core::ptr::from_ref(self)) }.into()
    }

    /// Takes one more reference. Of a device that is just let go, nobody has one to make more of.
    pub(super) fn reference(&self) {
        let mut references = self.references.load(Relaxed);

        while references != LETTING_GO {
            match self.references.cmpxchg(references, references + 1, Full) {
                Ok(_) => return,
                Err(now) => references = now,
            }
        }
    }

    /// Gives a reference back. With the last one the client's requests are cancelled, and the port is
    /// freed if it is its own; the device stays, see [`super::devices`].
    ///
    /// # Context
    ///
    /// `DISPATCH_LEVEL` at most.
    pub(super) fn dereference(&self) {
        let mut references = self.references.load(Relaxed);

        loop {
            let left = match references {
                // One too many is a mistake of the class driver that changes nothing.
                0 | LETTING_GO => return,
                1 => LETTING_GO,
                more => more - 1,
            };
            match self.references.cmpxchg(references, left, Full) {
                Ok(1) => return Use::abandon(self),
                Ok(_) => return,
                Err(now) => references = now,
            }
        }
    }

    /// The device was let go, and may be opened again.
    pub(super) fn was_let_go(&self) {
        self.references.store(0, Release);
    }

    /// A request is not answered yet.
    pub(super) fn begin_request(&self) {
        self.requests.add(1, Relaxed);
    }

    /// It is. The device may be gone after this.
    pub(super) fn end_request(&self) {
        if self.requests.fetch_sub(1, Full) == 1 {
            self.all_answered.complete();
        }
    }

    /// Begins to close the device: its requests are cancelled, and what it has connected is
    /// disconnected. It is still there for the DPCs that this, or an interrupt before it, has queued.
    ///
    /// # Context
    ///
    /// Process context, not from an answer to a request of the port. May sleep.
    pub(super) fn stop(&self) {
        self.client.stop_queueing();
        self.client.disconnect_all();
        if let Some(port) = &self.port {
            port.stop();
        }
    }

    /// Closes a device that was stopped, and that nobody uses any more. The port is freed if it is its
    /// own.
    ///
    /// # Context
    ///
    /// As [`Device::stop`].
    pub(super) fn end(this: Arc<Self>) {
        this.end_request();
        this.all_answered.wait();
        // No lock waits any more that would start it again.
        cancel_delayed::<Self, EXPIRY>(&this);
        if let Ok(line) = Use::new(&this) {
            let _ = line.terminate();
        }
        if let Some(port) = &this.port {
            Self::end(port.clone());
        }
    }

    /// Cancels the requests of the client that the device is, and waits until they are answered.
    ///
    /// # Context
    ///
    /// `DISPATCH_LEVEL` at most.
    ///
    /// # Errors
    ///
    /// Those of [`Device::check_may_wait`].
    pub(super) fn cancel_requests(&self) -> Answer<()> {
        self.check_may_wait()?;
        self.client.cancel_all();
        Ok(())
    }

    /// May the caller wait for the port's worker?
    ///
    /// # Errors
    ///
    /// `INVALID_DEVICE_REQUEST` above `PASSIVE_LEVEL`, or from an answer to a request of the port.
    pub(super) fn check_may_wait(&self) -> Answer<()> {
        if !is_passive() || self.client.is_answering() {
            return Err(Status::INVALID_DEVICE_REQUEST);
        }
        Ok(())
    }
}

/// May the caller sleep?
pub(super) fn is_passive() -> bool {
    // SAFETY: No requirement.
    u32::from(unsafe { bindings::pta_win_irql() }) == bindings::PASSIVE_LEVEL
}

/// "LPTn" of parportN, with a zero at its end.
fn port_name(number: u32) -> Answer<[u16; 16]> {
    let text = CString::try_from_fmt(fmt!("LPT{}", u64::from(number) + 1))?;
    let mut name = [0; 16];

    for (unit, byte) in name.iter_mut().zip(text.to_bytes()) {
        *unit = (*byte).into();
    }
    Ok(name)
}
