// SPDX-License-Identifier: GPL-2.0

//! `IoGetDeviceObjectPointer()`, `ObReferenceObject()` and `ObDereferenceObject()`, and how many
//! ports there are to be opened.

use super::{
    bindings,
    device::Device,
    devices,
    status::{
        Answer,
        Status, //
    },
};
use crate::registry;
use kernel::{
    prelude::*,
    sync::Arc, //
};

/// The most units that a name is looked at.
const LONGEST: usize = 64;

/// The number up to which there are ports.
#[no_mangle]
extern "C" fn pta_win_port_numbers() -> bindings::ULONG {
    registry::numbers()
}

/// Opens a device. `length` is in bytes.
///
/// # Safety
///
/// `name` is null or so long, `client` is null or a C string, and the others may be written.
#[no_mangle]
unsafe extern "C" fn pta_win_open(
    name: *const bindings::WCHAR,
    length: bindings::USHORT,
    client: *const c_char,
    file: *mut bindings::PFILE_OBJECT,
    device: *mut bindings::PDEVICE_OBJECT,
) -> bindings::NTSTATUS {
    // SAFETY: By the contract of this function.
    let opened = unsafe { open(name, length.into(), client) };

    match opened {
        Ok(opened) => {
            // SAFETY: By the contract of this function. The reference is the caller's now.
            unsafe {
                file.write(opened.file());
                device.write(opened.object());
            }
            Status::SUCCESS
        }
        Err(status) => status,
    }
    .as_raw()
}

/// # Safety
///
/// That of [`pta_win_open`].
unsafe fn open(
    name: *const bindings::WCHAR,
    length: usize,
    client: *const c_char,
) -> Answer<Arc<Device>> {
    let units = length / 2;

    if name.is_null() || length % 2 != 0 || units > LONGEST {
        return Err(Status::OBJECT_NAME_INVALID);
    }
    if client.is_null() {
        return Err(Status::INVALID_PARAMETER);
    }
    // SAFETY: By the contract of this function.
    let (name, client) = unsafe {
        (
            core::slice::from_raw_parts(name, units),
            CStr::from_char_ptr(client),
        )
    };
    devices::open(name, client)
}

/// Takes one more reference to an object. Of an object that is not ours nothing is known.
///
/// # Safety
///
/// `object` is a device object or a file object that is there.
#[no_mangle]
unsafe extern "C" fn pta_win_reference(object: bindings::PVOID) {
    // SAFETY: By the contract of this function.
    if let Some(device) = unsafe { Device::of(object).as_ref() } {
        device.reference();
    }
}

/// Gives a reference to an object back.
///
/// # Safety
///
/// As [`pta_win_reference`], and the caller has a reference.
#[no_mangle]
unsafe extern "C" fn pta_win_dereference(object: bindings::PVOID) {
    // SAFETY: By the contract of this function.
    if let Some(device) = unsafe { Device::of(object).as_ref() } {
        device.dereference();
    }
}
