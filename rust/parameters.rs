// SPDX-License-Identifier: GPL-2.0

//! The module parameters, which are declared in `rust/parameters.c`.

use crate::bindings;
use core::ptr::addr_of_mut;
use kernel::sync::atomic::{
    Atomic,
    Relaxed, //
};

/// Has the administrator allowed class drivers to connect interrupt service routines?
///
/// It is read at every call, so a change takes effect at once.
pub(crate) fn enable_connect_interrupt() -> bool {
    // SAFETY: The variable is a C `bool` that lives as long as the module. sysfs writes it whole.
    unsafe { Atomic::from_ptr(addr_of_mut!(bindings::pta_enable_connect_interrupt)) }.load(Relaxed)
}

/// For how many milliseconds may an owner keep the port before it is named in the log? 0 for ever.
pub(crate) fn hold_warning_ms() -> u32 {
    // SAFETY: The variable is a C `unsigned int` that lives as long as the module. sysfs writes it
    // whole.
    unsafe { Atomic::from_ptr(addr_of_mut!(bindings::pta_hold_warning_ms)) }.load(Relaxed)
}

/// How many unhandled interrupts of a port in 100 ms are a storm? 0 for any number being none.
pub(crate) fn storm_limit() -> u32 {
    // SAFETY: The variable is a C `unsigned int` that lives as long as the module. sysfs writes it
    // whole.
    unsafe { Atomic::from_ptr(addr_of_mut!(bindings::pta_storm_limit)) }.load(Relaxed)
}

/// For how many milliseconds does a device of Windows' kind wait for the port that it is to lock?
pub(crate) fn lock_timeout_ms() -> u32 {
    // SAFETY: The variable is a C `unsigned int` that lives as long as the module. sysfs writes it
    // whole.
    unsafe { Atomic::from_ptr(addr_of_mut!(bindings::pta_lock_timeout_ms)) }.load(Relaxed)
}
