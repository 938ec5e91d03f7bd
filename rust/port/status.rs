// SPDX-License-Identifier: GPL-2.0

//! Who owns it? What a port's file in debugfs says: one `name: value` a line.

use super::Port;
use kernel::{
    debugfs,
    fmt,
    sync::Arc, //
};

/// The text of a port's file in debugfs.
pub(crate) struct Status(Arc<Port>);

impl Status {
    /// The status of a port.
    pub(crate) fn new(port: Arc<Port>) -> Self {
        Self(port)
    }
}

impl debugfs::Writer for Status {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let port = &self.0;
        let account = &port.account;

        let clients = port.clients.lock();
        let owner = port.arbiter.owner();
        match owner.and_then(|owner| clients.name(owner)) {
            Some(name) => {
                writeln!(f, "owner: {}", fmt::Adapter(name))?;
                writeln!(f, "held_ms: {}", account.held_for().as_ms())?;
            }
            None => writeln!(f, "owner: none")?,
        }
        drop(clients);

        match port.parport().linux_owner() {
            Some(name) if !port.arbiter.is_held() => writeln!(f, "lent_to: {}", name.as_str())?,
            _ => writeln!(f, "lent_to: none")?,
        }
        writeln!(f, "waiters: {}", port.waiters())?;
        let counts = port.counts();
        writeln!(f, "allocates: {}", counts.allocates)?;
        writeln!(f, "frees: {}", counts.frees)?;
        writeln!(f, "refused_tries: {}", account.refused_tries.read())?;
        writeln!(f, "refused_frees: {}", account.refused_frees.read())?;
        let (interrupts, unhandled) = port.chain.interrupts();
        writeln!(f, "interrupts: {}", interrupts)?;
        writeln!(f, "unhandled: {}", unhandled)?;
        writeln!(f, "lent_interrupts: {}", account.lent_interrupts.read())?;
        writeln!(f, "preempts_given: {}", account.preempts_given.read())?;
        writeln!(f, "preempts_refused: {}", account.preempts_refused.read())?;
        writeln!(f, "handovers: {}", account.handovers.read())
    }
}
