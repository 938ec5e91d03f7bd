// SPDX-License-Identifier: GPL-2.0

//! What the files of `rust/` use of C.

#![allow(non_camel_case_types, non_upper_case_globals)]

use core::{
    cell::UnsafeCell,
    ffi::c_int, //
};

/// As in `include/linux/parport_try_alloc.h`.
#[repr(C)]
pub(crate) struct pta_request {
    pub(crate) done: Option<unsafe extern "C" fn(request: *mut pta_request, status: c_int)>,
    private: UnsafeCell<[usize; 7]>,
}

impl pta_request {
    pub(crate) const fn new(done: unsafe extern "C" fn(*mut pta_request, c_int)) -> Self {
        Self {
            done: Some(done),
            private: UnsafeCell::new([0; 7]),
        }
    }
}

/// No time passes.
pub(crate) static jiffies: usize = 0;

pub(crate) unsafe fn jiffies64_to_msecs(ticks: u64) -> u64 {
    ticks
}

pub(crate) unsafe fn ktime_get() -> i64 {
    0
}
