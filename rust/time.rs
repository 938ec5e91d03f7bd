// SPDX-License-Identifier: GPL-2.0

//! Time as it is cheapest to have: the timer tick's count.

use crate::bindings;
use core::ptr::addr_of;
use kernel::prelude::*;

/// A count of timer ticks, or a difference of two.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Jiffies(usize);

impl Jiffies {
    /// No ticks.
    pub(crate) const ZERO: Self = Self(0);

    /// Now. It wraps.
    ///
    /// # Context
    ///
    /// Any, NMI included.
    #[inline]
    pub(crate) fn now() -> Self {
        // SAFETY: The kernel's tick count, which is read whole.
        Self(unsafe { addr_of!(bindings::jiffies).read_volatile() })
    }

    /// The ticks of so many milliseconds, at least one.
    pub(crate) fn from_ms(ms: u32) -> Self {
        Self(kernel::time::msecs_to_jiffies(ms).max(1))
    }

    /// The ticks since `earlier`.
    #[inline]
    pub(crate) const fn since(self, earlier: Self) -> Self {
        Self(self.0.wrapping_sub(earlier.0))
    }

    /// So many milliseconds, rounded down.
    pub(crate) fn as_ms(self) -> u64 {
        // SAFETY: No requirement.
        unsafe { bindings::jiffies64_to_msecs(self.0 as u64) }
    }

    /// The bare number.
    #[inline]
    pub(crate) const fn ticks(self) -> c_ulong {
        self.0
    }

    /// From a bare number.
    #[inline]
    pub(crate) const fn from_ticks(ticks: c_ulong) -> Self {
        Self(ticks)
    }
}

/// The monotonic time in nanoseconds.
///
/// # Context
///
/// Any but NMI.
#[inline]
pub(crate) fn monotonic_ns() -> i64 {
    // SAFETY: No requirement.
    unsafe { bindings::ktime_get() }
}
