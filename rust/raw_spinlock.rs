// SPDX-License-Identifier: GPL-2.0

//! A raw spinlock with interrupts off: [`Lock`] with the `raw_spinlock_t` of the C side.
//!
//! The kernel crate has only spinlocks that sleep on PREEMPT_RT. The interrupt chain of a port
//! needs one that does not: its routines may be called in hard interrupt context.
//!
//! C header: [`include/linux/spinlock.h`](srctree/include/linux/spinlock.h)

use crate::bindings;
use kernel::{
    prelude::*,
    sync::lock::{
        Backend,
        Lock, //
    },
};

/// Makes an initialiser for a [`RawSpinLock`].
macro_rules! new_raw_spinlock {
    ($inner:expr $(, $name:literal)? $(,)?) => {
        ::kernel::sync::lock::Lock::<_, $crate::raw_spinlock::RawSpinLockBackend>::new(
            $inner,
            ::kernel::optional_name!($($name)?),
            ::kernel::static_lock_class!(),
        )
    };
}
pub(crate) use new_raw_spinlock;

/// A lock for data of hard interrupt context. Interrupts are off while it is held.
pub(crate) type RawSpinLock<T> = Lock<T, RawSpinLockBackend>;

/// A `raw_spinlock_t` taken with `raw_spin_lock_irqsave()`.
pub(crate) struct RawSpinLockBackend;

// SAFETY: A raw spinlock excludes all other CPUs between `lock` and `unlock`, and, because it is
// taken with interrupts off, everything else on this CPU but NMIs. `relock` is the default one,
// which calls `lock`.
unsafe impl Backend for RawSpinLockBackend {
    type State = bindings::raw_spinlock_t;
    type GuardState = c_ulong;

    unsafe fn init(ptr: *mut Self::State, name: *const c_char, key: *mut bindings::lock_class_key) {
        // SAFETY: By the contract of this function `ptr` can be written, and `name` and `key` live
        // for ever.
        unsafe { bindings::pta_raw_spin_lock_init(ptr, name, key) }
    }

    #[inline]
    unsafe fn lock(ptr: *mut Self::State) -> Self::GuardState {
        // SAFETY: By the contract of this function the lock is initialised.
        unsafe { bindings::pta_raw_spin_lock_irqsave(ptr) }
    }

    #[inline]
    unsafe fn try_lock(ptr: *mut Self::State) -> Option<Self::GuardState> {
        let mut flags = 0;

        // SAFETY: By the contract of this function the lock is initialised, and `flags` is ours.
        unsafe { bindings::pta_raw_spin_trylock_irqsave(ptr, &mut flags) }.then_some(flags)
    }

    #[inline]
    unsafe fn unlock(ptr: *mut Self::State, flags: &Self::GuardState) {
        // SAFETY: By the contract of this function the caller owns the lock, and `flags` is what
        // taking it returned.
        unsafe { bindings::pta_raw_spin_unlock_irqrestore(ptr, *flags) }
    }

    #[inline]
    unsafe fn assert_is_held(ptr: *mut Self::State) {
        // The lock class asks with each lock and unlock, and without lockdep nobody knows.
        if cfg!(CONFIG_LOCKDEP) {
            // SAFETY: By the contract of this function the lock is initialised.
            unsafe { bindings::pta_raw_spin_assert_held(ptr) }
        }
    }
}
