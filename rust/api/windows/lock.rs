// SPDX-License-Identifier: GPL-2.0

//! A spin lock of Windows, for what a request shares with its cancellation: [`Lock`] with the
//! runtime's `KSPIN_LOCK`. The runtime's own cancel lock, which has bottom halves off as this one has,
//! is taken inside of it.

use super::bindings;
use kernel::{
    bindings::lock_class_key,
    prelude::*,
    sync::lock::{
        Backend,
        Lock, //
    },
};

/// Makes an initialiser for a [`SpinLock`].
macro_rules! new_spin_lock {
    ($inner:expr, $name:literal $(,)?) => {
        ::kernel::sync::lock::Lock::<_, $crate::api::windows::lock::SpinLockBackend>::new(
            $inner,
            ::kernel::optional_name!($name),
            ::kernel::static_lock_class!(),
        )
    };
}
pub(super) use new_spin_lock;

/// A lock for data of requests. It is taken at `DISPATCH_LEVEL` at most.
pub(super) type SpinLock<T> = Lock<T, SpinLockBackend>;

/// A `KSPIN_LOCK`.
pub(crate) struct SpinLockBackend;

// SAFETY: The lock excludes all other CPUs between `lock` and `unlock`, and, as bottom halves are off,
// softirqs on this one; it is not taken above that. `relock` is the default one, which calls `lock`.
unsafe impl Backend for SpinLockBackend {
    type State = bindings::KSPIN_LOCK;
    type GuardState = bindings::KIRQL;

    unsafe fn init(ptr: *mut Self::State, _name: *const c_char, key: *mut lock_class_key) {
        // SAFETY: By the contract of this function `ptr` can be written, and `key` lives for ever.
        unsafe { bindings::pta_win_init_lock(ptr, key.cast()) }
    }

    unsafe fn lock(ptr: *mut Self::State) -> Self::GuardState {
        // SAFETY: By the contract of this function the lock is initialised.
        unsafe { bindings::pta_win_lock(ptr) }
    }

    unsafe fn try_lock(_ptr: *mut Self::State) -> Option<Self::GuardState> {
        None
    }

    unsafe fn unlock(ptr: *mut Self::State, irql: &Self::GuardState) {
        // SAFETY: By the contract of this function the caller owns the lock, and `irql` is what
        // taking it returned.
        unsafe { bindings::pta_win_unlock(ptr, *irql) }
    }

    unsafe fn assert_is_held(_ptr: *mut Self::State) {}
}
