// SPDX-License-Identifier: GPL-2.0

//! When is it too much: interrupts that nobody says are his, faster than a device can mean them.
//!
//! parport's interrupt handler says "handled" to every interrupt, so the kernel's own detection of
//! a line that nobody serves never comes to its aid, and a level-triggered line that stays active
//! would keep a CPU for ever.

use crate::{
    parameters,
    time::Jiffies, //
};

/// The time in which they are counted, in milliseconds. The limit's default makes it one every
/// 25 us for the whole of it, which leaves the CPU time for nothing else.
const WINDOW_MS: u32 = 100;

/// Counts the unhandled interrupts of a port.
pub(super) struct Storm {
    since: Jiffies,
    unhandled: u32,
}

impl Storm {
    pub(super) const fn new() -> Self {
        Self {
            since: Jiffies::ZERO,
            unhandled: 0,
        }
    }

    /// Counts an interrupt that nobody handled. Tells whether that makes it a storm.
    pub(super) fn unhandled(&mut self) -> bool {
        let now = Jiffies::now();

        if now.since(self.since) >= Jiffies::from_ms(WINDOW_MS) {
            self.since = now;
            self.unhandled = 0;
        }
        self.unhandled = self.unhandled.saturating_add(1);
        let limit = parameters::storm_limit();
        limit != 0 && self.unhandled >= limit
    }
}
