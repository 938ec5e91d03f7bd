// SPDX-License-Identifier: GPL-2.0

//! What `rust/atomic.rs` is in the kernel: the whole of what the arbiter needs of its surroundings.
//!
//! The orders are those which the comments there ask for, and no stronger. loom takes the order of
//! `change` for an acquire and a release, which is less than the full barrier of the kernel's; so
//! what holds here does not depend on more than that. An exchange that did not happen orders
//! nothing.

use crate::{
    checker::atomic::{
        AtomicU32,
        Ordering::{
            self,
            Acquire,
            Relaxed,
            Release,
            SeqCst, //
        },
    },
    witness,
};
use std::sync::OnceLock;

/// A 32-bit word that is changed by compare-and-exchange only.
pub(crate) struct AtomicWord {
    initial: u32,

    /// Made at the first look, since loom's cannot be made in a `const fn`. That look is to come
    /// from the thread that made the word, before it shows it to others.
    word: OnceLock<AtomicU32>,
}

impl AtomicWord {
    pub(crate) const fn new(initial: u32) -> Self {
        Self {
            initial,
            word: OnceLock::new(),
        }
    }

    pub(crate) fn load(&self) -> u32 {
        self.word().load(Acquire)
    }

    pub(crate) fn change(&self, old: u32, new: u32) -> Result<(), u32> {
        self.exchange(old, new, SeqCst)
    }

    pub(crate) fn change_acquire(&self, old: u32, new: u32) -> bool {
        self.exchange(old, new, Acquire).is_ok()
    }

    pub(crate) fn change_release(&self, old: u32, new: u32) -> bool {
        self.exchange(old, new, Release).is_ok()
    }

    /// An order that is too weak, for mutants.
    pub(crate) fn change_relaxed(&self, old: u32, new: u32) -> bool {
        self.exchange(old, new, Relaxed).is_ok()
    }

    fn exchange(&self, old: u32, new: u32, order: Ordering) -> Result<(), u32> {
        self.word().compare_exchange(old, new, order, Relaxed)?;
        witness::word_changed(new);
        Ok(())
    }

    fn word(&self) -> &AtomicU32 {
        self.word.get_or_init(|| AtomicU32::new(self.initial))
    }
}
