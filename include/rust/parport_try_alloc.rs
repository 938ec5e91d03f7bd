// SPDX-License-Identifier: GPL-2.0

//! The interface of parport_try_alloc for class drivers in Rust: the C interface, made safe.
//!
//! A class driver takes this file into its own crate, and imports the symbol namespace:
//!
//! ```ignore
//! #[path = "../include/rust/parport_try_alloc.rs"]
//! mod parport_try_alloc;
//!
//! module! {
//!     // ...
//!     imports_ns: ["PARPORT_TRY_ALLOC"],
//! }
//! ```
//!
//! It needs nothing but the `kernel` crate and the exported C symbols, so it does not matter which
//! build of the module it meets. What each function does, and in which context it may be called,
//! stands with the C function of the same name.
//!
//! C header: [`include/linux/parport_try_alloc.h`](../linux/parport_try_alloc.h)

#![allow(dead_code)]

use core::{
    marker::PhantomPinned,
    ptr::NonNull, //
};
use kernel::{
    error::{
        from_err_ptr,
        to_result, //
    },
    prelude::*,
    time::Jiffies,
    types::NotThreadSafe, //
};

/// The C side, as its header has it.
mod ffi {
    use kernel::prelude::*;

    /// `struct pta_client`, which is opaque.
    #[repr(C)]
    pub(super) struct Client {
        _opaque: [u8; 0],
    }

    /// `PTA_INTERRUPT_TIMESTAMP`.
    pub(super) const TIMESTAMP: c_uint = 1;

    /// `struct pta_interrupt_service`.
    #[repr(C)]
    pub(super) struct InterruptService {
        pub(super) isr: Option<unsafe extern "C" fn(*mut c_void) -> bool>,
        pub(super) context: *mut c_void,
        pub(super) port_check: Option<unsafe extern "C" fn(*mut c_void)>,
        pub(super) port_check_context: *mut c_void,
        pub(super) flags: c_uint,
    }

    extern "C" {
        pub(super) fn pta_open(number: c_uint, name: *const c_char) -> *mut Client;
        pub(super) fn pta_close(client: *mut Client);
        pub(super) fn pta_try_allocate(client: *mut Client) -> bool;
        pub(super) fn pta_allocate(client: *mut Client, timeout: c_long) -> c_int;
        pub(super) fn pta_free(client: *mut Client) -> c_int;
        pub(super) fn pta_query_waiters(client: *mut Client) -> c_uint;
        pub(super) fn pta_connect_interrupt(
            client: *mut Client,
            service: *const InterruptService,
        ) -> c_int;
        pub(super) fn pta_disconnect_interrupt(
            client: *mut Client,
            service: *const InterruptService,
        ) -> c_int;
        pub(super) fn pta_synchronize(
            client: *mut Client,
            function: Option<unsafe extern "C" fn(*mut c_void) -> c_int>,
            context: *mut c_void,
        ) -> c_int;
        pub(super) fn pta_interrupt_time(client: *mut Client) -> i64;
        pub(super) fn pta_read_data(client: *mut Client) -> c_int;
        pub(super) fn pta_read_status(client: *mut Client) -> c_int;
        pub(super) fn pta_read_control(client: *mut Client) -> c_int;
        pub(super) fn pta_write_data(client: *mut Client, value: u8) -> c_int;
        pub(super) fn pta_write_control(client: *mut Client, value: u8) -> c_int;
    }
}

/// An open port. Dropping it closes the port.
///
/// # Invariants
///
/// `handle` came from `pta_open()` and was not closed.
pub(crate) struct Client {
    handle: NonNull<ffi::Client>,
}

// SAFETY: A handle may be used and closed on any thread.
unsafe impl Send for Client {}

// SAFETY: All calls may be made on a handle at the same time.
unsafe impl Sync for Client {}

impl Client {
    /// Opens port `number` under a name.
    pub(crate) fn open(number: u32, name: &CStr) -> Result<Self> {
        // SAFETY: The name is a C string, which is copied.
        let handle = from_err_ptr(unsafe { ffi::pta_open(number, name.as_char_ptr()) })?;

        // INVARIANT: The handle is open.
        Ok(Self {
            handle: NonNull::new(handle).ok_or(ENODEV)?,
        })
    }

    /// Takes the port if it is free, without waiting. In any context.
    #[inline]
    pub(crate) fn try_allocate(&self) -> Option<Ownership<'_>> {
        // Not `then_some()`: an `Ownership` that is made in vain frees the port when it is dropped.
        // SAFETY: By the type invariant.
        unsafe { ffi::pta_try_allocate(self.handle.as_ptr()) }.then(|| Ownership(self))
    }

    /// Takes the port, waiting for it for `timeout` jiffies if need be.
    pub(crate) fn allocate(&self, timeout: Jiffies) -> Result<Ownership<'_>> {
        let timeout = c_long::try_from(timeout).map_err(|_| EINVAL)?;

        // SAFETY: By the type invariant.
        to_result(unsafe { ffi::pta_allocate(self.handle.as_ptr(), timeout) })?;
        Ok(Ownership(self))
    }

    /// How many wait for the port?
    pub(crate) fn waiters(&self) -> u32 {
        // SAFETY: By the type invariant.
        unsafe { ffi::pta_query_waiters(self.handle.as_ptr()) }
    }

    /// Reads the status register, which does not need ownership.
    pub(crate) fn read_status(&self) -> Result<u8> {
        // SAFETY: By the type invariant.
        value(unsafe { ffi::pta_read_status(self.handle.as_ptr()) })
    }

    /// When the port's last interrupt came, in nanoseconds of the monotonic clock.
    pub(crate) fn interrupt_time(&self) -> i64 {
        // SAFETY: By the type invariant.
        unsafe { ffi::pta_interrupt_time(self.handle.as_ptr()) }
    }

    /// Runs a function with interrupts off, beside no routine of the port.
    pub(crate) fn synchronize<R>(&self, function: impl FnOnce() -> R) -> Result<R> {
        /// What goes through the C side and back.
        struct Call<F, R> {
            function: Option<F>,
            result: Option<R>,
        }

        /// # Safety
        ///
        /// `call` points to a `Call<F, R>`.
        unsafe extern "C" fn run<F: FnOnce() -> R, R>(call: *mut c_void) -> c_int {
            // SAFETY: By the contract of this function.
            let call = unsafe { &mut *call.cast::<Call<F, R>>() };

            call.result = call.function.take().map(|function| function());
            0
        }

        /// Names the type of the function.
        fn runner<F: FnOnce() -> R, R>(
            _: &Call<F, R>,
        ) -> unsafe extern "C" fn(*mut c_void) -> c_int {
            run::<F, R>
        }

        let mut call = Call {
            function: Some(function),
            result: None,
        };
        let run = runner(&call);
        // SAFETY: By the type invariant; `run` is made for `call`, which outlives the call.
        to_result(unsafe {
            ffi::pta_synchronize(
                self.handle.as_ptr(),
                Some(run),
                core::ptr::from_mut(&mut call).cast(),
            )
        })?;
        call.result.ok_or(EINVAL)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // SAFETY: By the type invariant, and nobody has a reference any more.
        unsafe { ffi::pta_close(self.handle.as_ptr()) };
    }
}

/// What a C function returned that reads a register.
fn value(returned: c_int) -> Result<u8> {
    to_result(returned)?;
    u8::try_from(returned).map_err(|_| EINVAL)
}

/// The port is this client's. Dropping it frees the port.
#[must_use = "the port is freed when this is dropped"]
pub(crate) struct Ownership<'a>(&'a Client);

impl Ownership<'_> {
    /// Reads the data lines.
    pub(crate) fn read_data(&self) -> Result<u8> {
        // SAFETY: The client is open.
        value(unsafe { ffi::pta_read_data(self.0.handle.as_ptr()) })
    }

    /// Reads what was last written to the control register.
    pub(crate) fn read_control(&self) -> Result<u8> {
        // SAFETY: The client is open.
        value(unsafe { ffi::pta_read_control(self.0.handle.as_ptr()) })
    }

    /// Writes the data lines.
    pub(crate) fn write_data(&self, value: u8) -> Result {
        // SAFETY: The client is open.
        to_result(unsafe { ffi::pta_write_data(self.0.handle.as_ptr(), value) })
    }

    /// Writes the low four bits of the control register.
    pub(crate) fn write_control(&self, value: u8) -> Result {
        // SAFETY: The client is open.
        to_result(unsafe { ffi::pta_write_control(self.0.handle.as_ptr(), value) })
    }
}

impl Drop for Ownership<'_> {
    fn drop(&mut self) {
        // A refused free is counted and logged by the other side.
        // SAFETY: The client is open.
        let _ = unsafe { ffi::pta_free(self.0.handle.as_ptr()) };
    }
}

/// What an interrupt service routine answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum IrqReturn {
    /// The interrupt was not its own: the next routine is called.
    None,

    /// The interrupt was its own.
    Handled,
}

/// A class driver that is called on the interrupts of its port.
///
/// A registration that is leaked stays connected, so what it borrows must live for ever.
pub(crate) trait Handler: Sync + 'static {
    /// Is the time of each interrupt to be taken, for [`Interrupted::time`]?
    const TIMESTAMP: bool = false;

    /// The interrupt service routine. `client` is only good for what may be called there.
    ///
    /// # Context
    ///
    /// Hard interrupt context, or the interrupt thread with interrupts off.
    fn interrupt(&self, client: Interrupted<'_>) -> IrqReturn;

    /// The deferred port check: the port was freed.
    ///
    /// # Context
    ///
    /// A kernel worker, with interrupts off.
    fn port_check(&self, _client: Interrupted<'_>) {}
}

/// The client, inside one of its routines.
#[derive(Clone, Copy)]
pub(crate) struct Interrupted<'a> {
    client: &'a Client,
    _in_routine: NotThreadSafe,
}

impl<'a> Interrupted<'a> {
    /// Takes the port if it is free.
    pub(crate) fn try_allocate(self) -> Option<Ownership<'a>> {
        self.client.try_allocate()
    }

    /// Reads the status register, which does not need ownership.
    pub(crate) fn read_status(self) -> Result<u8> {
        self.client.read_status()
    }

    /// When the interrupt came, in nanoseconds of the monotonic clock.
    pub(crate) fn time(self) -> i64 {
        self.client.interrupt_time()
    }
}

/// An open port with a connected [`Handler`].
///
/// # Invariants
///
/// The routines of this type are connected, with a pointer to `Self` as context.
#[pin_data(PinnedDrop)]
pub(crate) struct Registration<T: Handler> {
    client: Client,

    #[pin]
    handler: T,

    #[pin]
    _pin: PhantomPinned,
}

impl<T: Handler> Registration<T> {
    /// Opens port `number` under a name and connects a handler to its interrupt. The handler may be
    /// called before this returns.
    ///
    /// # Errors
    ///
    /// `EACCES` while connecting is switched off, and what else `pta_open()` and
    /// `pta_connect_interrupt()` say.
    pub(crate) fn new<'a>(
        number: u32,
        name: &'a CStr,
        handler: impl PinInit<T, Error> + 'a,
    ) -> impl PinInit<Self, Error> + 'a
    where
        T: 'a,
    {
        try_pin_init!(&this in Self {
            client: Client::open(number, name)?,
            handler <- handler,
            _pin: PhantomPinned,
            _: {
                let service = Self::service(this.as_ptr());
                // INVARIANT: If this succeeds, the routines are connected.
                // SAFETY: The client is open. All fields are initialised, and stay where they are
                // until `PinnedDrop` disconnects the routines.
                to_result(unsafe {
                    ffi::pta_connect_interrupt((*this.as_ptr()).client.handle.as_ptr(), &service)
                })?;
            },
        })
    }

    /// The port.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The handler.
    pub(crate) fn handler(&self) -> &T {
        &self.handler
    }

    fn service(this: *mut Self) -> ffi::InterruptService {
        ffi::InterruptService {
            isr: Some(isr_callback::<T>),
            context: this.cast(),
            port_check: Some(port_check_callback::<T>),
            port_check_context: this.cast(),
            flags: if T::TIMESTAMP { ffi::TIMESTAMP } else { 0 },
        }
    }

    fn interrupted(&self) -> Interrupted<'_> {
        Interrupted {
            client: &self.client,
            _in_routine: NotThreadSafe,
        }
    }
}

#[pinned_drop]
impl<T: Handler> PinnedDrop for Registration<T> {
    fn drop(self: Pin<&mut Self>) {
        // SAFETY: Nothing is moved.
        let this = unsafe { self.get_unchecked_mut() };
        let service = Self::service(this);

        // SAFETY: The client is open, and by the type invariant the routines are connected. When
        // this returned they are not running and will not be called.
        let _ = unsafe { ffi::pta_disconnect_interrupt(this.client.handle.as_ptr(), &service) };
    }
}

/// # Safety
///
/// To be called as the routine that [`Registration::new`] connects.
unsafe extern "C" fn isr_callback<T: Handler>(context: *mut c_void) -> bool {
    // SAFETY: By the contract of this function.
    let this = unsafe { &*context.cast::<Registration<T>>() };

    this.handler.interrupt(this.interrupted()) == IrqReturn::Handled
}

/// # Safety
///
/// To be called as the check that [`Registration::new`] connects.
unsafe extern "C" fn port_check_callback<T: Handler>(context: *mut c_void) {
    // SAFETY: By the contract of this function.
    let this = unsafe { &*context.cast::<Registration<T>>() };

    this.handler.port_check(this.interrupted());
}
