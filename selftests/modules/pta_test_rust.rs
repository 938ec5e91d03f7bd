// SPDX-License-Identifier: GPL-2.0

//! Test module of the Rust interface: calls what the sample has no use for, and compares. It does
//! not load if something is not as it should be, and the log says what.

use kernel::{
    prelude::*,
    sync::atomic::{
        Atomic,
        Relaxed, //
    },
};

#[path = "../../include/rust/parport_try_alloc.rs"]
mod parport_try_alloc;

use parport_try_alloc::{
    Client,
    Handler,
    Interrupted,
    IrqReturn,
    Registration, //
};

module! {
    type: TestModule,
    name: "pta_test_rust",
    description: "Test of the Rust interface of parport_try_alloc",
    license: "GPL",
    imports_ns: ["PARPORT_TRY_ALLOC"],
}

/// As the control register has it: nAutoFd.
const AUTOFD: u8 = 0x02;

/// Fails, and says where, if it is not so.
macro_rules! expect {
    ($so:expr) => {
        if !$so {
            pr_err!("not so: {}\n", stringify!($so));
            return Err(EINVAL);
        }
    };
}

/// Everything that can be called outside a routine.
fn call_everything(client: &Client) -> Result {
    let port = client.allocate(10)?;
    expect!(client.try_allocate().is_none());
    expect!(client.allocate(0).is_err_and(|error| error == ETIMEDOUT));
    expect!(client.allocate(2).is_err_and(|error| error == ETIMEDOUT));
    expect!(client.waiters() == 0);

    for byte in [0x5a, 0xa5] {
        port.write_data(byte)?;
        expect!(port.read_data()? == byte);
    }
    let control = port.read_control()?;
    expect!(control & AUTOFD == 0);
    port.write_control(control | AUTOFD)?;
    expect!(port.read_control()? == control | AUTOFD);
    let _ = client.read_status()?;
    drop(port);

    // Freed, and the register with it
    let port = client.allocate(10)?;
    expect!(port.read_control()? == control);
    drop(port);

    let mut called = 0;
    let result = client.synchronize(|| {
        called += 1;
        "result"
    })?;
    expect!(result == "result");
    expect!(called == 1);
    Ok(())
}

/// Looks at the time of each interrupt.
struct Clock {
    /// The last one.
    time: Atomic<i64>,

    interrupts: Atomic<u32>,

    /// Those that were not later than the one before.
    wrong: Atomic<u32>,
}

impl Handler for Clock {
    const TIMESTAMP: bool = true;

    fn interrupt(&self, client: Interrupted<'_>) -> IrqReturn {
        let _ = client.read_status();

        self.interrupts.fetch_add(1, Relaxed);
        if client.time() <= self.time.xchg(client.time(), Relaxed) {
            self.wrong.fetch_add(1, Relaxed);
        }
        IrqReturn::None
    }
}

/// The loaded module. It hears interrupts until it is unloaded.
#[pin_data(PinnedDrop)]
struct TestModule {
    #[pin]
    registration: Registration<Clock>,
}

impl kernel::InPlaceModule for TestModule {
    fn init(_module: &'static ThisModule) -> impl PinInit<Self, Error> {
        let clock = Clock {
            time: Atomic::new(0),
            interrupts: Atomic::new(0),
            wrong: Atomic::new(0),
        };

        try_pin_init!(Self {
            registration <- Registration::new(0, c"pta_test_rust", Ok(clock)),
            _: {
                call_everything(registration.client())?;
            },
        })
    }
}

#[pinned_drop]
impl PinnedDrop for TestModule {
    fn drop(self: Pin<&mut Self>) {
        let clock = self.registration.handler();
        let last = clock.time.load(Relaxed);

        if self.registration.client().interrupt_time() != last {
            clock.wrong.fetch_add(1, Relaxed);
        }
        pr_info!(
            "{} interrupt(s), the time of {} was wrong\n",
            clock.interrupts.load(Relaxed),
            clock.wrong.load(Relaxed),
        );
    }
}
