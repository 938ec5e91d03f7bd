// SPDX-License-Identifier: GPL-2.0

//! Device objects: what `IoGetDeviceObjectPointer()` returns. Each is a client of its port, with a file
//! object beside it, and both have one count of references between them: a class driver gives back the
//! one to the file object and goes on using the device object until then.

use super::{
    bindings,
    interrupt::Connections,
    lock::{
        new_spin_lock,
        SpinLock, //
    },
    name::{
        self,
        Kind, //
    },
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
    workqueue, //
};
use crate::{
    client::Client,
    completion::Completion,
    workqueue::cancel_delayed, //
};
use core::{
    mem::size_of,
    ptr::NonNull, //
};
use kernel::{
    container_of, impl_has_delayed_work, new_mutex,
    prelude::*,
    str::CString,
    sync::{
        atomic::{
            Atomic,
            Full,
            Relaxed, //
        },
        Arc,
        ArcBorrow,
        Mutex, //
    },
    types::Opaque,
    workqueue::{
        impl_has_work,
        new_delayed_work,
        new_work,
        DelayedWork,
        Work,
        WorkItem, //
    },
};

/// What Windows writes into the first field of an object.
const DEVICE_TYPE: bindings::CSHORT = 3;
const FILE_TYPE: bindings::CSHORT = 5;

/// `FILE_DEVICE_PARALLEL_PORT`.
const DEVICE_KIND: bindings::ULONG = bindings::FILE_DEVICE_PARALLEL_PORT;

/// The id of the work item that is [`Device::close`].
const CLOSE: u64 = 0;

/// A device object.
///
/// # Invariants
///
/// It is in an [`Arc`], of which the references of class drivers together hold one.
#[repr(C)]
#[pin_data]
pub(super) struct Device {
    device: Opaque<bindings::DEVICE_OBJECT>,
    file: Opaque<bindings::FILE_OBJECT>,
    pub(super) kind: Kind,

    /// How many references class drivers have.
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
    pub(super) port: Option<Reference>,

    /// "LPTn", as Windows strings are.
    port_name: [u16; 16],

    #[pin]
    close: Work<Device, CLOSE>,

    #[pin]
    expiry: DelayedWork<Device, EXPIRY>,
}

// SAFETY: The C objects are only read and written by the runtime and by class drivers, which keep
// Windows' rules; everything else may be used on any thread.
unsafe impl Send for Device {}

// SAFETY: As for `Send`.
unsafe impl Sync for Device {}

impl_has_work! {
    impl HasWork<Self, 0> for Device { self.close }
}

impl_has_delayed_work! {
    impl HasDelayedWork<Self, 1> for Device { self.expiry }
}

/// A reference of ours to a device, as class drivers have them.
pub(super) struct Reference(NonNull<Device>);

impl Reference {
    /// The device object.
    pub(super) fn object(&self) -> bindings::PDEVICE_OBJECT {
        self.0.as_ptr().cast()
    }
}

impl Reference {
    /// Gives the reference to a class driver.
    pub(super) fn into_raw(self) -> *const Device {
        core::mem::ManuallyDrop::new(self).0.as_ptr()
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        // SAFETY: The reference keeps the device, and is given up.
        unsafe { Device::dereference(self.0.as_ptr()) };
    }
}

impl Device {
    /// Opens the device of a name, for a client of another name.
    ///
    /// # Context
    ///
    /// `PASSIVE_LEVEL`.
    pub(super) fn open(name: &[u16], client: &CStr) -> Answer<Reference> {
        let (kind, number) = name::parse(name).ok_or(Status::OBJECT_NAME_NOT_FOUND)?;

        if !is_passive() {
            return Err(Status::INVALID_DEVICE_REQUEST);
        }
        Self::open_kind(kind, number, client)
    }

    fn open_kind(kind: Kind, number: u32, client: &CStr) -> Answer<Reference> {
        let client_box = Client::open(number, client).map_err(|error| match error {
            ENODEV => Status::OBJECT_NAME_NOT_FOUND,
            error => error.into(),
        })?;
        let port = match kind {
            Kind::Port => None,
            Kind::Class => Some(Self::open_kind(Kind::Port, number, client)?),
        };
        client_box.know_devices();

        let port_name = port_name(number)?;
        // INVARIANT: It is in an `Arc`, which is made raw for the references of class drivers.
        let device = Arc::pin_init(
            pin_init!(Self {
                device: Opaque::zeroed(),
                file: Opaque::zeroed(),
                kind,
                references: Atomic::new(1),
                client: client_box,
                connections <- new_mutex!(Connections::new(), "Device::connections"),
                pending <- new_spin_lock!(Waiting::new(), "Device::pending"),
                requests: Atomic::new(1),
                all_answered <- Completion::new(),
                line <- new_spin_lock!(Line::new(), "Device::line"),
                port,
                port_name,
                close <- new_work!("Device::close"),
                expiry <- new_delayed_work!("Device::expiry"),
            }),
            GFP_KERNEL,
        )
        .map_err(Status::from)?;
        device.fill_in();

        let raw = device.into_raw().cast_mut();
        // SAFETY: An `Arc` does not point to null.
        Ok(Reference(unsafe { NonNull::new_unchecked(raw) }))
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

    /// Takes one more reference.
    pub(super) fn reference(&self) {
        self.references.add(1, Relaxed);
    }

    /// Gives a reference back. With the last one the device is closed: at once where one may sleep, or
    /// by a work item, if this is called above `PASSIVE_LEVEL` or by an answer to a request of the port.
    ///
    /// # Context
    ///
    /// `DISPATCH_LEVEL` at most.
    ///
    /// # Safety
    ///
    /// `this` is a device, and the caller has a reference to it, which it gives up.
    pub(super) unsafe fn dereference(this: *const Self) {
        // SAFETY: By the contract of this function.
        if unsafe { &*this }.references.fetch_sub(1, Full) != 1 {
            return;
        }
        // SAFETY: By the type invariant the references had one `Arc`, and none is left.
        let this = unsafe { Arc::from_raw(this) };

        if is_passive() && !this.client.is_answering() {
            this.end();
        } else {
            workqueue::enqueue::<_, CLOSE>(this);
        }
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

    /// Closes the device: its requests are cancelled, what it has connected is disconnected, and the
    /// port is freed if it is its own.
    ///
    /// # Context
    ///
    /// Process context, not from an answer to a request of the port. May sleep.
    fn end(self: Arc<Self>) {
        self.client.stop_queueing();
        cancel_delayed::<Self, EXPIRY>(&self);
        self.end_request();
        self.all_answered.wait();
        if let Ok(line) = Use::new(&self) {
            let _ = line.terminate();
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
    /// `INVALID_DEVICE_REQUEST` above `PASSIVE_LEVEL`, or from an answer to a request of the port.
    pub(super) fn cancel_requests(&self) -> Answer<()> {
        if !is_passive() || self.client.is_answering() {
            return Err(Status::INVALID_DEVICE_REQUEST);
        }
        self.client.cancel_all();
        Ok(())
    }
}

impl WorkItem<CLOSE> for Device {
    type Pointer = Arc<Self>;

    fn run(this: Arc<Self>) {
        this.end();
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
