// SPDX-License-Identifier: GPL-2.0

//! What a port has seen: the numbers that people look at.

use crate::{
    tally::{
        Counter,
        Gauge, //
    },
    time::Jiffies,
};

/// The counters of a port. They wrap.
///
/// There is no counter of frees: every allocation ends in one, so it is the number of allocations
/// without the one that may be going on.
pub(super) struct Account {
    /// Written by the owner only, just after it became one.
    allocates: Gauge<usize>,

    /// When the last allocation was, in ticks. Written as above.
    since: Gauge<usize>,

    /// Tries that found the port taken.
    pub(super) refused_tries: Counter,

    /// Frees by somebody who did not own the port.
    pub(super) refused_frees: Counter,

    /// Interrupts that came while a Linux driver had the port.
    pub(super) lent_interrupts: Counter,

    /// Linux drivers that wanted the port and got it at once, or had to wait.
    pub(super) preempts_given: Counter,
    pub(super) preempts_refused: Counter,

    /// Times that the port went from an owner to the next, or to a Linux driver that had waited.
    pub(super) handovers: Counter,
}

impl Account {
    pub(super) const fn new() -> Self {
        Self {
            allocates: Gauge::new(0),
            since: Gauge::new(0),
            refused_tries: Counter::new(),
            refused_frees: Counter::new(),
            lent_interrupts: Counter::new(),
            preempts_given: Counter::new(),
            preempts_refused: Counter::new(),
            handovers: Counter::new(),
        }
    }

    /// Counts an allocation.
    ///
    /// # Context
    ///
    /// Any, NMI included: by the new owner, or on its behalf before it is one.
    #[inline]
    pub(super) fn allocated(&self) {
        self.allocates.add_one();
        self.since.write(Jiffies::now().ticks());
    }

    /// How many allocations there were. The number also names the one that goes on.
    pub(super) fn allocates(&self) -> usize {
        self.allocates.read()
    }

    /// How long ago the last allocation was.
    pub(super) fn held_for(&self) -> Jiffies {
        Jiffies::now().since(Jiffies::from_ticks(self.since.read()))
    }
}
