// SPDX-License-Identifier: GPL-2.0

//! What parport has of us: a pointer that stays good although parport may use it for ever so long.
//!
//! `parport_release()` walks the devices of a port without a lock or a reference, so a device that
//! was unregistered can still be in its hands, and be woken up. All that is known of that walk is
//! that it does not sleep of its own will, which is what a tasks-RCU grace period waits for, and
//! that takes a tenth of a second. So what parport has is a *gate* of its own: closing it is quick,
//! and lets nobody through to what was behind it. The gate and the device's memory are left to
//! tasks-RCU.

use crate::bindings;
use core::ptr::{
    addr_of_mut,
    NonNull, //
};
use kernel::{
    prelude::*,
    sync::{
        atomic::{
            Acquire,
            Atomic,
            Full,
            Release, //
        },
        rcu,
        Arc,
        ArcBorrow, //
    },
    types::Opaque, //
};

/// The way from parport to a `T`.
///
/// # Invariants
///
/// - `target` is null, or an [`Arc<T>`] that was made raw.
/// - What is reached through `target` is used in an RCU read-side critical section only, or while
///   something else keeps the gate from being closed.
#[repr(C)]
pub(super) struct Gate<T: 'static> {
    rcu: Opaque<bindings::callback_head>,
    target: Atomic<*mut T>,
    device: *mut bindings::pardevice,
}

impl<T: Send + Sync + 'static> Gate<T> {
    /// Makes a gate to `target`. It is left to tasks-RCU by [`Gate::retire`].
    pub(super) fn new(target: Arc<T>) -> Result<NonNull<Self>> {
        let gate = KBox::new_uninit(GFP_KERNEL)?;

        // INVARIANT: The target is a raw `Arc`.
        let gate = KBox::write(
            gate,
            Self {
                rcu: Opaque::uninit(),
                target: Atomic::new(target.into_raw().cast_mut()),
                device: core::ptr::null_mut(),
            },
        );
        NonNull::new(KBox::into_raw(gate)).ok_or(ENOMEM)
    }

    /// Calls `enter` with what is behind the gate, if it is open.
    ///
    /// # Safety
    ///
    /// `gate` points to a gate that was not retired a tasks-RCU grace period ago.
    pub(super) unsafe fn enter<R>(
        gate: *const Self,
        enter: impl FnOnce(ArcBorrow<'_, T>) -> R,
    ) -> Option<R> {
        let _guard = rcu::read_lock();

        // SAFETY: By the contract of this function. A `Gate::close()` waits for the end of this
        // critical section.
        unsafe { Self::pass((*gate).target.load(Acquire), enter) }
    }

    /// [`Gate::enter`] without a critical section of its own.
    ///
    /// # Safety
    ///
    /// As [`Gate::enter`]; and something else keeps [`Gate::close`] from being called meanwhile.
    #[inline]
    pub(super) unsafe fn enter_held<R>(
        gate: *const Self,
        enter: impl FnOnce(ArcBorrow<'_, T>) -> R,
    ) -> Option<R> {
        // The interrupt comes this way, and the kernel crate's loads are calls.
        // SAFETY: By the contract of this function, and nobody writes the target but
        // `Gate::close()`.
        unsafe { Self::pass(*(*gate).target.as_ptr(), enter) }
    }

    /// Calls `enter` with what is behind a gate, if anything is.
    ///
    /// # Safety
    ///
    /// `target` is that of a gate that is not closed before this returned.
    #[inline]
    unsafe fn pass<R>(target: *mut T, enter: impl FnOnce(ArcBorrow<'_, T>) -> R) -> Option<R> {
        if target.is_null() {
            return None;
        }
        // SAFETY: By the type invariants it is a raw `Arc`, which is there as long as the gate is
        // not closed.
        Some(enter(unsafe { ArcBorrow::from_raw(target) }))
    }

    /// Closes the gate and waits until everybody who went through it is back. Returns what was
    /// behind it.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    pub(super) fn close(&self) -> Option<Arc<T>> {
        // INVARIANT: The target is null.
        let target = self.target.xchg(core::ptr::null_mut(), Full);

        // SAFETY: No requirement.
        unsafe { bindings::synchronize_rcu_expedited() };
        if target.is_null() {
            return None;
        }
        // SAFETY: By the type invariants it was a raw `Arc`, and nobody else has it any more.
        Some(unsafe { Arc::from_raw(target) })
    }

    /// Opens a gate that nobody was given, for its target to be dropped.
    ///
    /// # Safety
    ///
    /// `gate` came from [`Gate::new`], and nobody else has it.
    pub(super) unsafe fn discard(gate: NonNull<Self>) -> Option<Arc<T>> {
        // SAFETY: By the contract of this function.
        let gate = unsafe { KBox::from_raw(gate.as_ptr()) };
        let target = gate.target.xchg(core::ptr::null_mut(), Release);

        // SAFETY: By the type invariants it is a raw `Arc`, unless it is null.
        (!target.is_null()).then(|| unsafe { Arc::from_raw(target) })
    }

    /// Leaves a closed gate, and the memory of the unregistered device that had it, to tasks-RCU.
    ///
    /// # Safety
    ///
    /// `gate` came from [`Gate::new`] and is not retired twice. `device` is unregistered, and the
    /// caller gives up a reference to it.
    pub(super) unsafe fn retire(gate: NonNull<Self>, device: *mut bindings::pardevice) {
        // SAFETY: By the contract of this function the gate is there, and ours. The callback frees
        // it, and is given the first field of it.
        unsafe {
            (*gate.as_ptr()).device = device;
            bindings::pta_call_rcu_tasks(gate.cast().as_ptr(), Some(free_callback::<T>));
        }
    }
}

/// Waits until all gates that were retired are freed.
///
/// # Context
///
/// Process context. May sleep.
pub(super) fn wait_for_retired() {
    // SAFETY: No requirement.
    unsafe { bindings::pta_rcu_barrier_tasks() };
}

/// # Safety
///
/// To be called by tasks-RCU only, with the first field of a gate that was retired.
unsafe extern "C" fn free_callback<T: 'static>(rcu: *mut bindings::callback_head) {
    // SAFETY: By the contract of this function. Nobody has the gate any more.
    let gate = unsafe { KBox::from_raw(rcu.cast::<Gate<T>>()) };
    let device = gate.device;

    // SAFETY: `Gate::retire()` was given a reference to the device.
    unsafe { bindings::put_device(addr_of_mut!((*device).dev)) };
}
