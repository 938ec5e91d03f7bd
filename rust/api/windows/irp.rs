// SPDX-License-Identifier: GPL-2.0

//! A request of Windows, an IRP, as it comes to a device of ours.

use super::{
    bindings,
    status::{
        Answer,
        Status, //
    },
};
use core::{
    mem::{
        align_of,
        size_of,
        MaybeUninit, //
    },
    ptr::{
        addr_of,
        addr_of_mut,
        NonNull, //
    },
};

/// What an IRP is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Create,
    Cleanup,
    Close,

    /// A code of `<ntddpar.h>`.
    Control(u32),

    /// A code of `<parallel.h>`.
    InternalControl(u32),

    Unknown,
}

/// An IRP that is this module's to complete.
///
/// # Invariants
///
/// The IRP is there, with a device of ours in its current stack location, and if it is about a control
/// code, its system buffer is as long as the longer of its lengths says.
pub(super) struct Irp(NonNull<bindings::IRP>);

// SAFETY: An IRP may be completed on any thread.
unsafe impl Send for Irp {}

impl Irp {
    /// Takes over an IRP.
    ///
    /// # Safety
    ///
    /// It was sent to a device of ours, or came from [`Irp::into_raw`], and nobody else completes it.
    pub(super) unsafe fn new(irp: NonNull<bindings::IRP>) -> Self {
        // INVARIANT: By the contract of this function. That buffers are as long as they are said to
        // be is a matter of the class driver.
        Self(irp)
    }

    /// Gives the IRP to something that will complete it.
    pub(super) fn into_raw(self) -> NonNull<bindings::IRP> {
        self.0
    }

    /// The IRP, for whoever is to complete it when this is given to it by [`Irp::into_raw`].
    pub(super) fn raw(&self) -> NonNull<bindings::IRP> {
        self.0
    }

    /// What is it about?
    pub(super) fn function(&self) -> Function {
        let code = self.control().IoControlCode;

        // SAFETY: By the type invariant.
        match u32::from(unsafe { (*self.location()).MajorFunction }) {
            bindings::IRP_MJ_CREATE => Function::Create,
            bindings::IRP_MJ_CLEANUP => Function::Cleanup,
            bindings::IRP_MJ_CLOSE => Function::Close,
            bindings::IRP_MJ_DEVICE_CONTROL => Function::Control(code),
            bindings::IRP_MJ_INTERNAL_DEVICE_CONTROL => Function::InternalControl(code),
            _ => Function::Unknown,
        }
    }

    /// The structure that came with the request.
    ///
    /// # Errors
    ///
    /// `BUFFER_TOO_SMALL` if less came.
    pub(super) fn input<T: Structure>(&self) -> Answer<T> {
        let buffer = self.buffer::<T>(self.control().InputBufferLength)?;

        // SAFETY: The buffer holds a whole structure, of a type for which all bytes are good.
        Ok(unsafe { buffer.read_unaligned() })
    }

    /// Looks whether there is room for the answer, before anything is done for it.
    ///
    /// # Errors
    ///
    /// `BUFFER_TOO_SMALL` if not.
    pub(super) fn check_output<T: Structure>(&self) -> Answer<()> {
        self.buffer::<T>(self.control().OutputBufferLength)?;
        Ok(())
    }

    /// Writes the structure that is the answer: zeroes, and what `fill_in` writes.
    ///
    /// # Errors
    ///
    /// `BUFFER_TOO_SMALL` if there is no room for it.
    pub(super) fn output<T: Structure>(&self, fill_in: impl FnOnce(&mut T)) -> Answer {
        let buffer = self.buffer::<T>(self.control().OutputBufferLength)?;

        // SAFETY: The buffer has room for a whole structure, of which zeroes are a good one.
        unsafe {
            buffer.cast::<u8>().write_bytes(0, size_of::<T>());
            change(buffer, fill_in);
        }
        Ok(size_of::<T>())
    }

    /// Changes the structure that came with the request where it is.
    pub(super) fn change_input<T: Structure>(&self, how: impl FnOnce(&mut T)) {
        if let Ok(buffer) = self.buffer::<T>(self.control().InputBufferLength) {
            // SAFETY: The buffer holds a whole structure.
            unsafe { change(buffer, how) };
        }
    }

    /// Was the IRP cancelled before it came?
    pub(super) fn is_cancelled(&self) -> bool {
        // SAFETY: By the type invariant. The flag may be set while we look.
        unsafe { addr_of!((*self.0.as_ptr()).Cancel).read_volatile() != 0 }
    }

    /// Has `routine` called if the IRP is cancelled. Tells whether it was not cancelled before.
    ///
    /// # Context
    ///
    /// `DISPATCH_LEVEL` at most. Takes the cancel lock.
    ///
    /// # Safety
    ///
    /// `routine` may be called with the IRP, with the cancel lock held, until [`Irp::clear_cancel`] has
    /// returned true.
    pub(super) unsafe fn set_cancel(
        &self,
        routine: unsafe extern "C" fn(*mut bindings::DEVICE_OBJECT, *mut bindings::IRP),
    ) -> bool {
        // SAFETY: By the type invariant and the contract of this function.
        unsafe { bindings::pta_win_set_cancel(self.0.as_ptr(), Some(routine)) != 0 }
    }

    /// Takes the cancel routine back. Tells whether it was there; otherwise it is being called.
    pub(super) fn clear_cancel(&self) -> bool {
        // SAFETY: By the type invariant.
        unsafe { bindings::pta_win_clear_cancel(self.0.as_ptr()) != 0 }
    }

    /// The answer will come later.
    pub(super) fn mark_pending(&self) {
        // SAFETY: By the type invariant.
        unsafe { (*self.location()).Control |= bindings::SL_PENDING_RETURNED as u8 };
    }

    /// The memory in the IRP that is this module's.
    pub(super) fn reserved<T>(&self) -> NonNull<T> {
        const { assert!(size_of::<T>() <= size_of::<[usize; 16]>()) };
        const { assert!(align_of::<T>() <= align_of::<usize>()) };

        // SAFETY: By the type invariant the IRP is there, so its field is not null.
        unsafe { NonNull::new_unchecked(addr_of_mut!((*self.0.as_ptr()).PtaReserved)) }.cast()
    }

    /// Answers the request. The IRP may be gone after this.
    ///
    /// # Context
    ///
    /// `DISPATCH_LEVEL` at most, with no lock held: class drivers are called.
    pub(super) fn complete(self, answer: Answer) -> Status {
        let (status, information) = match answer {
            Ok(information) => (Status::SUCCESS, information),
            Err(status) => (status, 0),
        };
        // SAFETY: By the type invariant it is this module's to complete, and it is not used any more.
        unsafe {
            bindings::pta_win_complete(
                self.0.as_ptr(),
                status.as_raw(),
                information as bindings::ULONG_PTR,
            );
        }
        status
    }

    fn location(&self) -> *mut bindings::IO_STACK_LOCATION {
        // SAFETY: By the type invariant.
        unsafe { (*self.0.as_ptr()).Tail.Overlay.CurrentStackLocation }
    }

    fn control(&self) -> Control {
        // SAFETY: By the type invariant. If the request is about something else, this is not looked
        // at.
        unsafe { (*self.location()).Parameters.DeviceIoControl }
    }

    /// The system buffer, if so much of it is there as a structure needs.
    fn buffer<T: Structure>(&self, length: bindings::ULONG) -> Answer<*mut T> {
        // SAFETY: By the type invariant.
        let buffer = unsafe { (*self.0.as_ptr()).AssociatedIrp.SystemBuffer };

        if buffer.is_null() || (length as usize) < size_of::<T>() {
            return Err(Status::BUFFER_TOO_SMALL);
        }
        Ok(buffer.cast())
    }
}

/// Changes a structure that need not be aligned. It is copied as bytes: as a value it would not keep what
/// is between its fields, and the driver would be shown bytes of the kernel's stack there.
///
/// # Safety
///
/// `structure` points to a whole one, which nobody else uses.
unsafe fn change<T: Structure>(structure: *mut T, how: impl FnOnce(&mut T)) {
    let bytes = structure.cast::<u8>();
    let mut copy = MaybeUninit::<T>::uninit();
    let copied = copy.as_mut_ptr().cast::<u8>();

    // SAFETY: Both are as large as the type, for which all bytes are good.
    unsafe {
        copied.copy_from_nonoverlapping(bytes, size_of::<T>());
        how(&mut *copied.cast());
        bytes.copy_from_nonoverlapping(copied, size_of::<T>());
    }
}

/// What a stack location says about a control code.
type Control = bindings::_IO_STACK_LOCATION__bindgen_ty_1__bindgen_ty_4;

/// What can be in a buffer.
///
/// # Safety
///
/// Any bytes are a value of the type.
pub(super) unsafe trait Structure: Copy {}

macro_rules! structures {
    ($($type:ty),* $(,)?) => {
        $(
            // SAFETY: A C structure of numbers, pointers and pointers to functions that may be null.
            unsafe impl Structure for $type {}
        )*
    };
}

structures! {
    bindings::PARALLEL_PORT_INFORMATION,
    bindings::MORE_PARALLEL_PORT_INFORMATION,
    bindings::PARALLEL_PNP_INFORMATION,
    bindings::PARALLEL_CHIP_MODE,
    bindings::PARALLEL_1284_COMMAND,
    bindings::PARALLEL_INTERRUPT_SERVICE_ROUTINE,
    bindings::PARALLEL_INTERRUPT_INFORMATION,
    bindings::PARCLASS_INFORMATION,
    bindings::BOOLEAN,
    bindings::PDEVICE_OBJECT,
}
