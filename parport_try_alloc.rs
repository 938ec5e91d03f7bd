// SPDX-License-Identifier: GPL-2.0

//! Parallel port arbitration for class drivers: the port is taken in an interrupt service routine,
//! without waiting, in peace with lp, ppdev and every other Linux parport driver.
//!
//! Where things are:
//!
//! - [`arbiter`]: who owns a port. Logic only.
//! - [`parport`]: the Linux side. Wrappers over parport.
//! - [`interrupt`]: the routines connected to a port's interrupt.
//! - [`port`]: one managed port, of these three; [`client`]: one open handle on it.
//! - [`registry`]: which ports there are.
//! - [`api`]: the doors, which other modules come in by.
//!
//! The rest is plumbing. Calls go from `api` to `client` to `registry` and `port`, and from there to
//! the first three, never back.

use kernel::prelude::*;

#[path = "rust/api/mod.rs"]
mod api;
#[path = "rust/arbiter/mod.rs"]
mod arbiter;
#[path = "rust/atomic.rs"]
mod atomic;
#[path = "rust/bindings.rs"]
mod bindings;
#[path = "rust/client.rs"]
mod client;
#[path = "rust/completion.rs"]
mod completion;
#[path = "rust/interrupt/mod.rs"]
mod interrupt;
#[path = "rust/parameters.rs"]
mod parameters;
#[path = "rust/parport/mod.rs"]
mod parport;
#[path = "rust/port/mod.rs"]
mod port;
#[path = "rust/raw_spinlock.rs"]
mod raw_spinlock;
#[path = "rust/registry.rs"]
mod registry;
#[path = "rust/request.rs"]
mod request;
#[path = "rust/tally.rs"]
mod tally;
#[path = "rust/time.rs"]
mod time;
#[path = "rust/unload.rs"]
mod unload;
#[path = "rust/workqueue.rs"]
mod workqueue;

module! {
    type: ParportTryAlloc,
    name: "parport_try_alloc",
    description: "Parallel port arbitration for class drivers, with a try-allocate for interrupt service routines",
    license: "GPL",
}

/// The loaded module.
#[pin_data]
struct ParportTryAlloc {
    /// Dropped first: it asks the registry.
    _watch: unload::Watch,

    /// What was left to do later needs all the rest.
    _windows: api::Windows,

    #[pin]
    _driver: parport::Registration<registry::PortDriver>,

    /// Dropped last: the driver tells the registry of every port that goes.
    _registry: registry::Ready,
}

impl kernel::InPlaceModule for ParportTryAlloc {
    fn init(module: &'static ThisModule) -> impl PinInit<Self, Error> {
        try_pin_init!(Self {
            // SAFETY: This is called once, and nothing of the module runs before it.
            _registry: unsafe { registry::Ready::new() },
            // SAFETY: As above.
            _windows: unsafe { api::Windows::new() },
            _driver <- parport::Registration::new(module),
            _watch: unload::Watch::new()?,
        })
    }
}
