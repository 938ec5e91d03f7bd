// SPDX-License-Identifier: GPL-2.0

//! Naming a holder that keeps the port for long.
//!
//! The hot path leaves nothing but the number and the time of the last allocation. While the port
//! is open, this work item looks at them now and then.

use super::{
    Port,
    WATCH, //
};
use crate::{
    parameters,
    time::Jiffies, //
};
use kernel::{
    prelude::*,
    sync::{
        atomic::Relaxed,
        Arc, //
    },
    workqueue::{
        self,
        WorkItem, //
    },
};

/// How often it is looked while the warning is off, in ms: for somebody to switch it on.
const IDLE_MS: u32 = 5000;

impl WorkItem<WATCH> for Port {
    type Pointer = Arc<Port>;

    fn run(this: Arc<Port>) {
        let limit = parameters::hold_warning_ms();

        if limit != 0 {
            this.warn_of_holder(limit);
        }
        this.start_watch();
    }
}

impl Port {
    /// Has the work item run again in a while, unless the port is gone.
    pub(super) fn start_watch(self: &Arc<Self>) {
        // Twice in the limit, so that nobody exceeds it by more than half unnoticed.
        let again = match parameters::hold_warning_ms() {
            0 => IDLE_MS,
            limit => limit.div_ceil(2).min(IDLE_MS),
        };
        if !self.is_dead() {
            let _ = workqueue::system_power_efficient()
                .enqueue_delayed::<_, WATCH>(self.clone(), Jiffies::from_ms(again).ticks());
        }
    }

    /// Names the owner if it has had the port for longer than `limit` ms, once in that time.
    fn warn_of_holder(&self, limit: u32) {
        let allocation = self.account.allocates();
        let held_for = self.account.held_for();

        let Some(owner) = self.arbiter.owner() else {
            return;
        };
        // The same allocation before and after the look at its owner: the owner is its, but for one
        // that became it just now and has not written that down.
        if held_for < Jiffies::from_ms(limit)
            || self.account.allocates() != allocation
            || self.warned_of.xchg(allocation, Relaxed) == allocation
        {
            return;
        }
        let clients = self.clients.lock();
        if let Some(name) = clients.name(owner) {
            pr_warn!(
                "parport{}: {} has had the port for {} ms, {} waiting\n",
                self.parport().number(),
                name,
                held_for.as_ms(),
                self.waiters(),
            );
        }
    }
}
