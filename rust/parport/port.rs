// SPDX-License-Identifier: GPL-2.0

//! A parallel port as parport knows it.

use crate::bindings;
use core::ptr::NonNull;
use kernel::{
    prelude::*,
    sync::aref::AlwaysRefCounted,
    types::Opaque, //
};

/// A `struct parport`.
///
/// # Invariants
///
/// A reference to this type is a reference to a `struct parport` with a reference count above zero.
#[repr(transparent)]
pub(crate) struct Parport(Opaque<bindings::parport>);

// SAFETY: A port may be used and put on any thread.
unsafe impl Send for Parport {}

// SAFETY: The fields that are read here do not change after the port was announced, but for those
// that the functions which read them speak of.
unsafe impl Sync for Parport {}

// SAFETY: `parport_get_port()` and `parport_put_port()` count references to the port's device.
unsafe impl AlwaysRefCounted for Parport {
    fn inc_ref(&self) {
        // SAFETY: By the type invariant the port is there.
        unsafe { bindings::parport_get_port(self.as_raw()) };
    }

    unsafe fn dec_ref(obj: NonNull<Self>) {
        // SAFETY: By the contract of this function the caller gives up its reference.
        unsafe { bindings::parport_put_port(obj.cast().as_ptr()) };
    }
}

impl Parport {
    /// Makes a reference of a pointer.
    ///
    /// # Safety
    ///
    /// `ptr` points to a port that has a reference count above zero for all of `'a`.
    pub(super) unsafe fn from_raw<'a>(ptr: *mut bindings::parport) -> &'a Self {
        // SAFETY: By the contract of this function, and the layout is the same.
        unsafe { &*ptr.cast() }
    }

    /// The port, for C.
    pub(crate) fn as_raw(&self) -> *mut bindings::parport {
        self.0.get()
    }

    /// N of parportN.
    pub(crate) fn number(&self) -> i32 {
        // SAFETY: By the type invariant the port is there; see the `Sync` of this type.
        unsafe { (*self.as_raw()).number }
    }

    /// The name, for example "parport0".
    pub(crate) fn name(&self) -> &CStr {
        // SAFETY: The name is that of the port's device: it is there, a C string, and not changed,
        // as long as the port is.
        unsafe { CStr::from_char_ptr((*self.as_raw()).name) }
    }

    /// The I/O address of the data register, or 0.
    pub(crate) fn base(&self) -> c_ulong {
        // SAFETY: As in `Parport::number()`.
        unsafe { (*self.as_raw()).base }
    }

    /// The I/O address of the ECP registers, or 0.
    pub(crate) fn base_hi(&self) -> c_ulong {
        // SAFETY: As in `Parport::number()`.
        unsafe { (*self.as_raw()).base_hi }
    }

    /// How many I/O addresses there are from [`Parport::base`] on.
    pub(crate) fn span(&self) -> u32 {
        // SAFETY: As in `Parport::number()`.
        unsafe { (*self.as_raw()).size }
    }

    /// `PARPORT_MODE_*` bits.
    pub(crate) fn modes(&self) -> u32 {
        // SAFETY: As in `Parport::number()`.
        unsafe { (*self.as_raw()).modes }
    }

    /// The interrupt line, or `PARPORT_IRQ_NONE`.
    pub(crate) fn raw_irq(&self) -> i32 {
        // SAFETY: As in `Parport::number()`.
        unsafe { (*self.as_raw()).irq }
    }

    /// The interrupt line, if the port has one.
    pub(super) fn irq(&self) -> Option<c_uint> {
        c_uint::try_from(self.raw_irq()).ok()
    }

    /// May the registers be accessed with interrupts off? Not, for example, those of a port behind
    /// USB, where each access is a transfer.
    pub(crate) fn is_safe_in_interrupt(&self) -> bool {
        self.modes() & bindings::PARPORT_MODE_SAFEININT != 0
    }

    /// Can a client have a routine called on this port's interrupts?
    pub(crate) fn can_interrupt(&self) -> bool {
        self.irq().is_some() && self.is_safe_in_interrupt()
    }

    /// Is this a port of its own, not a branch of a multiplexer on another port?
    pub(crate) fn is_physical(&self) -> bool {
        // SAFETY: As in `Parport::number()`.
        unsafe { (*self.as_raw()).physport == self.as_raw() }
    }

    /// Does a Linux driver use the port with nobody else allowed? A snapshot.
    pub(crate) fn is_exclusive(&self) -> bool {
        // SAFETY: By the type invariant the port is there. The flag changes with other bits of the
        // word while we look; parport itself looks without a lock.
        let flags = unsafe { core::ptr::addr_of!((*self.as_raw()).flags).read_volatile() };
        flags & bindings::PARPORT_FLAG_EXCL != 0
    }

    /// Calls `look` with the device that owns the port, or null, while no device takes or loses
    /// the port.
    ///
    /// # Context
    ///
    /// Any in which a port may be claimed; not in a callback but wakeup.
    pub(super) fn with_owner<R>(&self, look: impl FnOnce(*mut bindings::pardevice) -> R) -> R {
        // SAFETY: By the type invariant the port is there. The lock is given back below.
        let flags = unsafe { bindings::pta_cad_read_lock(self.as_raw()) };
        // SAFETY: As above, and `cad` does not change with the lock held.
        let result = look(unsafe { (*self.as_raw()).cad });
        // SAFETY: The lock was taken above, with these flags.
        unsafe { bindings::pta_cad_read_unlock(self.as_raw(), flags) };
        result
    }

    /// Has no device got the port?
    ///
    /// If there is one, its release will see every device that was registered before this call.
    ///
    /// # Context
    ///
    /// As [`Parport::with_owner`].
    pub(crate) fn is_unowned(&self) -> bool {
        self.with_owner(|owner| owner.is_null())
    }

    /// The name of the device that has got the port, of its first 63 bytes what is ASCII.
    ///
    /// # Context
    ///
    /// As [`Parport::with_owner`].
    pub(crate) fn linux_owner(&self) -> Option<OwnerName> {
        self.with_owner(|owner| {
            if owner.is_null() {
                return None;
            }
            // SAFETY: A device that has the port stays registered until it released it, which it
            // cannot with the lock held. Its name is a C string.
            let name = unsafe { CStr::from_char_ptr((*owner).name) };
            let mut copy = OwnerName {
                bytes: [0; 63],
                len: 0,
            };
            for (to, from) in copy.bytes.iter_mut().zip(name.to_bytes()) {
                *to = if from.is_ascii() { *from } else { b'?' };
                copy.len += 1;
            }
            Some(copy)
        })
    }

    /// The device that waits longest for the port, or null. A hint: it is not to be dereferenced
    /// unless it is known to be there.
    pub(super) fn first_waiter(&self) -> *mut bindings::pardevice {
        // SAFETY: By the type invariant the port is there. parport reads this without a lock too.
        unsafe { core::ptr::addr_of!((*self.as_raw()).waithead).read_volatile() }
    }

    /// How many interrupts parport has counted that nobody waited for. It counts every one, whoever
    /// owns the port; waiting for one takes it back.
    pub(crate) fn interrupts(&self) -> u32 {
        // SAFETY: By the type invariant the port is there. The count changes while we look.
        unsafe { core::ptr::addr_of!((*self.as_raw()).ieee1284.irq.count).read_volatile() }
    }
}

/// A copy of a device's name.
pub(crate) struct OwnerName {
    bytes: [u8; 63],
    len: usize,
}

impl OwnerName {
    /// The name.
    pub(crate) fn as_str(&self) -> &str {
        self.bytes
            .get(..self.len)
            .and_then(|bytes| core::str::from_utf8(bytes).ok())
            .unwrap_or("?")
    }
}
