// SPDX-License-Identifier: GPL-2.0

//! A parallel port as parport knows it.

use crate::bindings;
use core::ptr::NonNull;
use kernel::{
    prelude::*,
    sync::aref::AlwaysRefCounted,
    types::Opaque, //
};

/// The control register with nothing switched on: nInit and nSelectIn as after a reset, no
/// interrupt, no reverse direction. It is what parport itself starts a device with.
const NEUTRAL_CONTROL: u8 =
    (bindings::PARPORT_CONTROL_SELECT | bindings::PARPORT_CONTROL_INIT) as u8;

/// The bit of the control register that lets the port's interrupt through.
const INTERRUPT_ENABLE: u8 = 0x10;

/// A register of a port.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Register {
    /// What is on the data lines.
    Data,

    /// What the device says. Read only.
    Status,

    /// What is said to the device.
    Control,
}

/// A `struct parport`.
///
/// # Invariants
///
/// A reference to this type is a reference to a `struct parport` with a reference count above zero.
#[repr(transparent)]
pub(crate) struct Parport(Opaque<bindings::parport>);

// SAFETY: A port may be used and put on any thread.
unsafe impl Send for Parport {}

// SAFETY: The fields that are read here do not change after the port was announced, but for `ops`
// and `cad`, which are read as the functions say that read them.
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

    /// Switches the port's interrupt on or off, in hardware.
    ///
    /// # Context
    ///
    /// Any; with the port ours, and nobody else at its registers. Does nothing on a port whose
    /// registers cannot be accessed here.
    pub(crate) fn set_interrupt_enable(&self, on: bool) {
        if !self.can_interrupt() {
            return;
        }
        // SAFETY: The port's own operations, which take any port of theirs. Those of a port that
        // is safe in an interrupt do not sleep.
        unsafe {
            let port = self.as_raw();
            let ops = (*port).ops;
            let set = if on {
                (*ops).enable_irq
            } else {
                (*ops).disable_irq
            };
            if let Some(set) = set {
                set(port);
            }
        }
    }

    /// Reads a register; of the control register what was written last.
    ///
    /// # Context
    ///
    /// As [`Parport::set_interrupt_enable`], by who owns the port.
    pub(crate) fn read(&self, register: Register) -> u8 {
        // SAFETY: As in `Parport::set_interrupt_enable()`.
        unsafe {
            let port = self.as_raw();
            let ops = (*port).ops;
            let read = match register {
                Register::Data => (*ops).read_data,
                Register::Status => (*ops).read_status,
                Register::Control => (*ops).read_control,
            };
            read.map_or(0, |read| read(port))
        }
    }

    /// Writes a register. The status register cannot be written, and of the control register the
    /// bits of the interrupt and the direction are left as they are.
    ///
    /// # Context
    ///
    /// As [`Parport::read`].
    pub(crate) fn write(&self, register: Register, value: u8) {
        // SAFETY: As in `Parport::set_interrupt_enable()`.
        unsafe {
            let port = self.as_raw();
            let ops = (*port).ops;
            let write = match register {
                Register::Data => (*ops).write_data,
                Register::Status => None,
                Register::Control => (*ops).write_control,
            };
            if let Some(write) = write {
                write(port, value);
            }
        }
    }

    /// Leaves the control register as a free port has it, after somebody at the registers who may
    /// have left it otherwise, or who wrote to it past parport's copy of it. One read of the
    /// register if there is nothing to do.
    ///
    /// # Context
    ///
    /// As [`Parport::set_interrupt_enable`].
    pub(crate) fn tidy(&self, interrupt: bool) {
        if !self.is_safe_in_interrupt() {
            return;
        }
        let expected = if interrupt {
            NEUTRAL_CONTROL | INTERRUPT_ENABLE
        } else {
            NEUTRAL_CONTROL
        };
        // SAFETY: By the type invariant the port is there, and it is safe in an interrupt.
        if unsafe { bindings::pta_hardware_control(self.as_raw()) } != c_int::from(expected) {
            self.neutralise();
            self.set_interrupt_enable(interrupt);
        }
    }

    /// Writes parport's copy of the control register to the hardware, which may have lost it.
    ///
    /// # Context
    ///
    /// As [`Parport::set_interrupt_enable`].
    pub(crate) fn rewrite_control(&self) {
        if !self.is_safe_in_interrupt() {
            return;
        }
        // SAFETY: As in `Parport::set_interrupt_enable()`. Nothing is changed in the copy.
        unsafe {
            let port = self.as_raw();
            if let Some(frob) = (*(*port).ops).frob_control {
                frob(port, 0, 0);
            }
        }
    }

    /// How many interrupts parport has counted that nobody waited for. It counts every one, whoever
    /// owns the port; waiting for one takes it back.
    pub(crate) fn interrupts(&self) -> u32 {
        // SAFETY: By the type invariant the port is there. The count changes while we look.
        unsafe { core::ptr::addr_of!((*self.as_raw()).ieee1284.irq.count).read_volatile() }
    }

    /// Leaves nothing of ours in the control register for the next owner: mainline hands a
    /// preempted device's register over to the preempter as it is.
    ///
    /// # Context
    ///
    /// As [`Parport::set_interrupt_enable`].
    pub(crate) fn neutralise(&self) {
        if !self.is_safe_in_interrupt() {
            return;
        }
        self.set_interrupt_enable(false);
        // SAFETY: As in `Parport::set_interrupt_enable()`.
        unsafe {
            let port = self.as_raw();
            let ops = (*port).ops;
            if let Some(forward) = (*ops).data_forward {
                forward(port);
            }
            if let Some(write) = (*ops).write_control {
                write(port, NEUTRAL_CONTROL);
            }
        }
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
