// SPDX-License-Identifier: GPL-2.0

//! What `rust/atomic.rs` is in the kernel: the whole of what the arbiter needs of its surroundings.
//!
//! The orders are those which the comments there ask for, and no stronger: a full barrier counts as
//! acquire and release, and an exchange that did not happen orders nothing.

use crate::witness;
use kernel::checker::atomic::{
    AtomicU32,
    Ordering::{
        self,
        AcqRel,
        Acquire,
        Relaxed, //
    },
};

pub(crate) struct AtomicWord(AtomicU32);

impl AtomicWord {
    pub(crate) fn new(value: u32) -> Self {
        Self(AtomicU32::new(value))
    }

    pub(crate) fn load(&self) -> u32 {
        self.0.load(Acquire)
    }

    pub(crate) fn change(&self, old: u32, new: u32) -> Result<(), u32> {
        self.exchange(old, new, AcqRel)
    }

    pub(crate) fn change_acquire(&self, old: u32, new: u32) -> bool {
        self.exchange(old, new, Acquire).is_ok()
    }

    pub(crate) fn change_full(&self, old: u32, new: u32) -> bool {
        self.change(old, new).is_ok()
    }

    /// An order that is too weak, for mutants.
    pub(crate) fn change_relaxed(&self, old: u32, new: u32) -> bool {
        self.exchange(old, new, Relaxed).is_ok()
    }

    #[cfg(not(feature = "shuttle"))]
    fn exchange(&self, old: u32, new: u32, order: Ordering) -> Result<(), u32> {
        self.0.compare_exchange(old, new, order, Relaxed)?;
        witness::word_changed(new);
        Ok(())
    }

    /// shuttle lets others run after an exchange too, but here the witness comes first.
    #[cfg(feature = "shuttle")]
    fn exchange(&self, old: u32, new: u32, order: Ordering) -> Result<(), u32> {
        let exchange = |seen| {
            (seen == old).then(|| {
                witness::word_changed(new);
                new
            })
        };
        self.0.fetch_update(order, Relaxed, exchange).map(|_| ())
    }
}
