// SPDX-License-Identifier: GPL-2.0

//! Small values that are cheap to keep: how often something happened, since when, and whether.

use core::cell::UnsafeCell;
use kernel::sync::atomic::{
    Atomic,
    Relaxed, //
};

/// Counts events of any context. It wraps.
pub(crate) struct Counter(Atomic<usize>);

impl Counter {
    /// Starts at zero.
    pub(crate) const fn new() -> Self {
        Self(Atomic::new(0))
    }

    /// Counts one event, and tells the number of it.
    #[inline]
    pub(crate) fn count(&self) -> usize {
        self.0.fetch_add(1, Relaxed).wrapping_add(1)
    }

    /// Counts so many events.
    #[inline(always)]
    #[cfg(not(pta_inline_atomics))]
    pub(crate) fn add(&self, events: usize) {
        self.0.add(events, Relaxed);
    }

    /// Counts so many events. It is done in place for the reasons in [`crate::atomic`].
    #[inline(always)]
    #[cfg(pta_inline_atomics)]
    pub(crate) fn add(&self, events: usize) {
        // SAFETY: The pointer is valid and aligned, and everybody changes the counter atomically.
        unsafe {
            core::arch::asm!(
                "lock add qword ptr [{counter}], {events}",
                counter = in(reg) self.0.as_ptr(),
                events = in(reg) events,
                options(nostack),
            );
        }
    }

    /// How many were counted.
    pub(crate) fn read(&self) -> usize {
        self.0.load(Relaxed)
    }
}

/// A value that one at a time writes and anybody may read meanwhile.
///
/// It costs no more than the load or the store, where an [`Atomic`] of the kernel crate is a call:
/// the C side says `WRITE_ONCE()` and `READ_ONCE()`.
pub(crate) struct Gauge<T: Whole>(UnsafeCell<T>);

/// What a processor reads and writes whole.
///
/// # Safety
///
/// The type is no larger than a register, and a value of it is as good on one CPU as on another.
pub(crate) unsafe trait Whole: Copy {}

// SAFETY: It is a register.
unsafe impl Whole for usize {}

// SAFETY: It is a byte.
unsafe impl Whole for bool {}

// SAFETY: It is a register. Whoever reads it has to know what it may be used for elsewhere.
unsafe impl<T> Whole for *mut T {}

// SAFETY: As for `Sync`.
unsafe impl<T: Whole> Send for Gauge<T> {}

// SAFETY: The value is read and written whole, by volatile accesses, which is what the kernel's
// memory model calls marked ones.
unsafe impl<T: Whole> Sync for Gauge<T> {}

impl<T: Whole> Gauge<T> {
    /// Starts with a value.
    pub(crate) const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// Writes the value. If two write at once, one of them is lost.
    #[inline(always)]
    pub(crate) fn write(&self, value: T) {
        // SAFETY: The pointer is valid and aligned; for the rest see the `Sync` of this type.
        unsafe { self.0.get().write_volatile(value) }
    }

    /// Reads the value.
    #[inline(always)]
    pub(crate) fn read(&self) -> T {
        // SAFETY: As in `Gauge::write()`.
        unsafe { self.0.get().read_volatile() }
    }
}

impl Gauge<usize> {
    /// Adds one, as one [`Gauge::read`] and one [`Gauge::write`]. It wraps.
    #[inline(always)]
    pub(crate) fn add_one(&self) {
        self.write(self.read().wrapping_add(1));
    }
}
