// SPDX-License-Identifier: GPL-2.0

//! What of a port's numbers is in sysfs, in the directory of our device on the port: the two counters
//! that Windows has, read-only.
//!
//! C header: [`include/linux/device.h`](srctree/include/linux/device.h)

use super::{
    gate::Gate,
    Callbacks, //
};
use crate::bindings;
use core::ptr::addr_of_mut;
use kernel::{
    container_of,
    prelude::*, //
};

/// The files, of a device whose `private` is a [`Gate<T>`].
struct Files<T>(core::marker::PhantomData<T>);

impl<T: Callbacks> Files<T> {
    const ALLOCATES: &'static bindings::device_attribute =
        &attribute(c"port_allocates", show::<T, true>);
    const FREES: &'static bindings::device_attribute = &attribute(c"port_frees", show::<T, false>);
}

/// How many times the port was allocated and freed.
pub(crate) struct Counts {
    pub(crate) allocates: usize,
    pub(crate) frees: usize,
}

/// Makes the files of a device. They go with it. Without memory there are none.
///
/// # Safety
///
/// `raw` is a registered device whose `private` is a [`Gate<T>`].
pub(super) unsafe fn create<T: Callbacks>(raw: *mut bindings::pardevice) {
    for file in [Files::<T>::ALLOCATES, Files::<T>::FREES] {
        // SAFETY: By the contract of this function; the attribute is a constant.
        let err = unsafe { bindings::device_create_file(addr_of_mut!((*raw).dev), file) };
        if err != 0 {
            pr_warn!("no files for a port's counters: error {}\n", err);
        }
    }
}

type Show = unsafe extern "C" fn(
    *mut bindings::device,
    *mut bindings::device_attribute,
    *mut c_char,
) -> isize;

const fn attribute(name: &'static CStr, show: Show) -> bindings::device_attribute {
    // SAFETY: All zero is an attribute without name and operations.
    let mut attribute: bindings::device_attribute = unsafe { core::mem::zeroed() };

    attribute.attr.name = name.to_bytes_with_nul().as_ptr();
    attribute.attr.mode = 0o444;
    attribute.__bindgen_anon_1.show = Some(show);
    attribute
}

/// # Safety
///
/// To be called by the driver core only, for a file that [`create`] made.
unsafe extern "C" fn show<T: Callbacks, const ALLOCATES: bool>(
    dev: *mut bindings::device,
    _attribute: *mut bindings::device_attribute,
    text: *mut c_char,
) -> isize {
    // SAFETY: By the contract of this function. The device is not unregistered before this returned.
    let gate = unsafe { (*container_of!(dev, bindings::pardevice, dev)).private };
    // SAFETY: As above, so the gate is there.
    let counts = unsafe { Gate::<T>::enter(gate.cast(), |this| this.counts()) };
    let Some(counts) = counts else {
        return ENODEV.to_errno() as isize;
    };
    let count = if ALLOCATES {
        counts.allocates
    } else {
        counts.frees
    };
    // SAFETY: By the contract of this function the text may be a page long.
    unsafe { bindings::sysfs_emit(text, c"%zu\n".as_char_ptr(), count) as isize }
}
