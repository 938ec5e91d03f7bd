// SPDX-License-Identifier: GPL-2.0

//! The atomic word that the arbiter is built on.
//!
//! This is the whole of what [`crate::arbiter`] needs from its surroundings, and it is a file of
//! its own so that the arbiter can be compiled, unchanged, against a model checker's atomics.
//!
//! # Why there is assembly here
//!
//! The kernel's atomics are to be used instead of Rust's, for their memory model. In a kernel
//! without `CONFIG_RUST_INLINE_HELPERS` each of their operations is a call of a C function, which
//! doubles the cost of the two operations that this module exists for. On x86-64 they are done in
//! place, by the instruction that the kernel's own `arch_cmpxchg()` is made of: with a `lock`
//! prefix it is a full barrier, stronger than what is asked for, and as the assembly is not said to
//! leave memory alone it is a barrier for the compiler too. Everywhere else, and in kernels that
//! want to see every access, the kernel's atomics do it.

use kernel::sync::atomic::{
    Acquire,
    Atomic,
    Full, //
};

/// A 32-bit word that is changed by compare-and-exchange only.
pub(crate) struct AtomicWord(Atomic<u32>);

impl AtomicWord {
    /// Makes a word.
    pub(crate) const fn new(value: u32) -> Self {
        Self(Atomic::new(value))
    }

    /// Reads the word; what was written before it was set is visible afterwards.
    #[inline]
    pub(crate) fn load(&self) -> u32 {
        self.0.load(Acquire)
    }

    /// Changes the word from `old` to `new`, or returns what it was instead. A change that happened
    /// is a full barrier.
    #[inline]
    pub(crate) fn change(&self, old: u32, new: u32) -> Result<(), u32> {
        self.0.cmpxchg(old, new, Full).map(|_| ())
    }
}

#[cfg(not(pta_inline_atomics))]
impl AtomicWord {
    /// Changes the word from `old` to `new` and tells whether it did. Reads and writes that follow
    /// in the program are not done before a change that happened.
    #[inline]
    pub(crate) fn change_acquire(&self, old: u32, new: u32) -> bool {
        self.0.cmpxchg(old, new, Acquire).is_ok()
    }

    /// Changes the word from `old` to `new` and tells whether it did. A change that happened is a
    /// full barrier.
    #[inline]
    pub(crate) fn change_full(&self, old: u32, new: u32) -> bool {
        self.change(old, new).is_ok()
    }
}

#[cfg(pta_inline_atomics)]
impl AtomicWord {
    /// Changes the word from `old` to `new` and tells whether it did. Reads and writes that follow
    /// in the program are not done before a change that happened.
    #[inline(always)]
    pub(crate) fn change_acquire(&self, old: u32, new: u32) -> bool {
        self.change_here(old, new)
    }

    /// Changes the word from `old` to `new` and tells whether it did. A change that happened is a
    /// full barrier.
    #[inline(always)]
    pub(crate) fn change_full(&self, old: u32, new: u32) -> bool {
        self.change_here(old, new)
    }

    #[inline(always)]
    fn change_here(&self, old: u32, new: u32) -> bool {
        let seen: u32;

        // SAFETY: The pointer is to the word, which is valid and aligned, and which everybody
        // changes atomically.
        unsafe {
            core::arch::asm!(
                "lock cmpxchg dword ptr [{word}], {new:e}",
                word = in(reg) self.0.as_ptr(),
                new = in(reg) new,
                inout("eax") old => seen,
                options(nostack),
            );
        }
        seen == old
    }
}
