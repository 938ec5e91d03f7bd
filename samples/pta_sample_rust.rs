// SPDX-License-Identifier: GPL-2.0

//! A class driver in Rust to copy from: the driver of a thing on parallel port 0 that raises an
//! interrupt when it wants attention.
//!
//! In its interrupt service routine it tries to allocate the port, which never waits. If that
//! works, it does its work there, which is short, and the port is free again when the routine
//! returns. If not, its deferred port check tries again as soon as the port is free. There is no
//! `unsafe` in a class driver.

use kernel::{
    prelude::*,
    sync::atomic::{
        Atomic,
        Relaxed, //
    },
};

#[path = "../include/rust/parport_try_alloc.rs"]
mod parport_try_alloc;

use parport_try_alloc::{
    Handler,
    Interrupted,
    IrqReturn,
    Registration, //
};

module! {
    type: SampleModule,
    name: "pta_sample_rust",
    description: "Sample class driver in Rust for parport_try_alloc",
    license: "GPL",
    imports_ns: ["PARPORT_TRY_ALLOC"],
}

/// The device.
struct Sample {
    /// Interrupts whose work is not done yet.
    pending: Atomic<u32>,

    /// Interrupts whose work is done.
    done: Atomic<u32>,

    /// Interrupts that found the port taken.
    missed: Atomic<u32>,
}

impl Sample {
    fn new() -> Self {
        Self {
            pending: Atomic::new(0),
            done: Atomic::new(0),
            missed: Atomic::new(0),
        }
    }

    /// Does the work that is pending, if the port can be had. Tells whether it could.
    fn serve(&self, client: Interrupted<'_>) -> bool {
        let Some(port) = client.try_allocate() else {
            return false;
        };
        let served = self.pending.xchg(0, Relaxed);

        // A real device would be served here; this one is only told a number. If the port is gone
        // by now there is nobody to tell.
        let _ = port.write_data(served.to_le_bytes()[0]);
        self.done.fetch_add(served, Relaxed);
        true
        // The port is free here.
    }
}

impl Handler for Sample {
    fn interrupt(&self, client: Interrupted<'_>) -> IrqReturn {
        // Quieten the device first, or it interrupts for ever. On this one a look at the status
        // does it.
        let _ = client.read_status();

        self.pending.fetch_add(1, Relaxed);
        if !self.serve(client) {
            self.missed.fetch_add(1, Relaxed);
        }
        IrqReturn::Handled
    }

    fn port_check(&self, client: Interrupted<'_>) {
        if self.pending.load(Relaxed) > 0 {
            self.serve(client);
        }
    }
}

/// The loaded module. Unloading it disconnects the handler and closes the port.
#[pin_data(PinnedDrop)]
struct SampleModule {
    #[pin]
    registration: Registration<Sample>,
}

impl kernel::InPlaceModule for SampleModule {
    fn init(_module: &'static ThisModule) -> impl PinInit<Self, Error> {
        try_pin_init!(Self {
            registration <- Registration::new(0, c"pta_sample_rust", Ok(Sample::new())),
        })
    }
}

#[pinned_drop]
impl PinnedDrop for SampleModule {
    fn drop(self: Pin<&mut Self>) {
        let sample = self.registration.handler();

        pr_info!(
            "{} interrupt(s) served, {} pending, {} found the port taken\n",
            sample.done.load(Relaxed),
            sample.pending.load(Relaxed),
            sample.missed.load(Relaxed),
        );
    }
}
