// SPDX-License-Identifier: GPL-2.0

//! What `rust/parameters.rs` is in the kernel.

pub(crate) fn enable_connect_interrupt() -> bool {
    true
}

pub(crate) fn hold_warning_ms() -> u32 {
    0
}

pub(crate) fn storm_limit() -> u32 {
    0
}
