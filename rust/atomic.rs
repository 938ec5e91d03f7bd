// SPDX-License-Identifier: GPL-2.0

//! The atomic word that the arbiter is built on.
//!
//! This is the whole of what [`crate::arbiter`] needs from its surroundings, and it is a file of
//! its own so that the arbiter can be compiled, unchanged, against a model checker's atomics.

use kernel::sync::atomic::{
    Acquire,
    Atomic,
    Full,
    Release, //
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

    /// Changes the word from `old` to `new` and tells whether it did. Reads and writes that follow
    /// in the program are not done before a change that happened.
    #[inline]
    pub(crate) fn change_acquire(&self, old: u32, new: u32) -> bool {
        self.0.cmpxchg(old, new, Acquire).is_ok()
    }

    /// Changes the word from `old` to `new` and tells whether it did. Reads and writes that precede
    /// in the program are done before a change that happened.
    #[inline]
    pub(crate) fn change_release(&self, old: u32, new: u32) -> bool {
        self.0.cmpxchg(old, new, Release).is_ok()
    }

    /// Changes the word from `old` to `new`, or returns what it was instead. A change that happened
    /// is a full barrier.
    #[inline]
    pub(crate) fn change(&self, old: u32, new: u32) -> Result<(), u32> {
        self.0.cmpxchg(old, new, Full).map(|_| ())
    }
}
