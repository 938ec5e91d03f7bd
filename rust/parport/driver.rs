// SPDX-License-Identifier: GPL-2.0

//! Registration with parport: being told which ports come and go.

use super::{
    device::power_operations,
    gate::wait_for_retired,
    Callbacks,
    Parport, //
};
use crate::bindings;
use core::marker::PhantomData;
use kernel::{
    error::to_result,
    prelude::*,
    types::Opaque, //
};

/// What a parport driver is told.
///
/// parport gives these callbacks no pointer of the driver's, so they have no `self`.
pub(crate) trait Driver {
    /// The name of the driver, and of its devices on the ports.
    const NAME: &'static CStr;

    /// What the driver's devices want called.
    type Callbacks: Callbacks;

    /// What the driver core calls around a suspend, kept where it lives as long as the module.
    const POWER: &'static bindings::dev_pm_ops = &power_operations::<Self::Callbacks>();

    /// A port is there. It may be told twice of the same port.
    ///
    /// # Context
    ///
    /// Process context, under parport's `registration_lock`.
    fn match_port(port: &Parport);

    /// A port is going away. It may be told of a port it never heard of, and twice.
    ///
    /// # Context
    ///
    /// Process context, under parport's `registration_lock`. The low-level driver's
    /// operations are there until this returned, and not after.
    fn detach(port: &Parport);
}

/// A registered parport driver.
///
/// # Invariants
///
/// `driver` is registered with parport.
#[pin_data(PinnedDrop)]
pub(crate) struct Registration<T: Driver> {
    #[pin]
    driver: Opaque<bindings::parport_driver>,
    _driver: PhantomData<T>,
}

// SAFETY: The C structure is parport's from registration to unregistration, and nothing of it can
// be reached through this type.
unsafe impl<T: Driver> Sync for Registration<T> {}

// SAFETY: Unregistering is possible from any thread.
unsafe impl<T: Driver> Send for Registration<T> {}

impl<T: Driver> Registration<T> {
    /// Registers the driver; its callbacks come before this returns.
    ///
    /// # Context
    ///
    /// Process context. May sleep, and may load a low-level driver if no port is known.
    pub(crate) fn new(module: &'static ThisModule) -> impl PinInit<Self, Error> {
        // INVARIANT: If this succeeds, the driver is registered.
        try_pin_init!(Self {
            driver <- Opaque::try_ffi_init(|slot: *mut bindings::parport_driver| {
                let mut driver = bindings::parport_driver {
                    name: T::NAME.as_char_ptr(),
                    match_port: Some(match_port_callback::<T>),
                    detach: Some(detach_callback::<T>),
                    ..Default::default()
                };
                driver.driver.pm = T::POWER;
                // SAFETY: `slot` may be written, and the driver stays there, pinned, until
                // `PinnedDrop` unregisters it.
                to_result(unsafe {
                    slot.write(driver);
                    bindings::__parport_register_driver(
                        slot,
                        module.as_ptr(),
                        T::NAME.as_char_ptr(),
                    )
                })
            }),
            _driver: PhantomData,
        })
    }
}

#[pinned_drop]
impl<T: Driver> PinnedDrop for Registration<T> {
    fn drop(self: Pin<&mut Self>) {
        // SAFETY: By the type invariant the driver is registered. parport calls `detach` for every
        // port and then nothing more.
        unsafe { bindings::parport_unregister_driver(self.driver.get()) };
        wait_for_retired();
    }
}

/// # Safety
///
/// To be called by parport only, as `match_port` of a driver.
unsafe extern "C" fn match_port_callback<T: Driver>(port: *mut bindings::parport) {
    // SAFETY: parport holds a reference while it calls.
    T::match_port(unsafe { Parport::from_raw(port) });
}

/// # Safety
///
/// To be called by parport only, as `detach` of a driver.
unsafe extern "C" fn detach_callback<T: Driver>(port: *mut bindings::parport) {
    // SAFETY: parport holds a reference while it calls.
    T::detach(unsafe { Parport::from_raw(port) });
}
