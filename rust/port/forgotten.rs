// SPDX-License-Identifier: GPL-2.0

//! Clients whose class driver is gone, and did not close them.
//!
//! Their routines are about to be no code any more. What else they had is given back too, but they
//! stay clients: whoever still has the handle may yet close it.

use super::Port;
use kernel::{
    prelude::*,
    sync::Arc, //
};

impl Port {
    /// Has a client a routine at a place that `is_gone`?
    ///
    /// # Context
    ///
    /// Any but NMI and a routine of this port.
    pub(crate) fn has_forgotten(&self, is_gone: impl Fn(usize) -> bool) -> bool {
        self.chain.client_with(is_gone).is_some()
    }

    /// Disconnects the clients with a routine at a place that `is_gone`, cancels their requests,
    /// frees the port if it is theirs, and names them in the log.
    ///
    /// # Context
    ///
    /// Process context, not from an answer to a request of this port. May sleep.
    pub(crate) fn forget(this: &Arc<Self>, is_gone: impl Fn(usize) -> bool) {
        while let Some(client) = this.chain.client_with(&is_gone) {
            Self::disconnect_all(this, client);
            Self::cancel_all(this, client);
            this.tidy(client);
            let _ = Self::free(this, client);

            if let Some(name) = this.clients.lock().name(client) {
                pr_warn!(
                    "parport{}: {} was unloaded without closing the port: disconnected\n",
                    this.parport().number(),
                    name,
                );
            }
        }
    }
}
