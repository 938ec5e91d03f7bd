// SPDX-License-Identifier: GPL-2.0

//! What `rust/raw_spinlock.rs` is in the kernel.

macro_rules! new_raw_spinlock {
    ($value:expr, $name:literal $(,)?) => {
        kernel::sync::Mutex::new($value)
    };
}
pub(crate) use new_raw_spinlock;

pub(crate) type RawSpinLock<T> = kernel::sync::Mutex<T>;
