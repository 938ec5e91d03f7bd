// SPDX-License-Identifier: GPL-2.0

//! Our device on a port: what parport lets own the port, preempts, wakes up and interrupts.

use super::{
    gate::Gate,
    irq_guard::IrqGuard,
    statistics,
    Counts,
    Parport,
    Registers, //
};
use crate::{
    arbiter::Preemption,
    bindings, //
};
use core::{
    marker::PhantomData,
    ptr::{
        addr_of_mut,
        NonNull, //
    },
};
use kernel::{
    container_of,
    prelude::*,
    sync::{
        aref::ARef,
        atomic::{
            Acquire,
            Atomic,
            Full,
            Release, //
        },
        rcu,
        Arc,
        ArcBorrow, //
    },
};

/// What parport asks of a device. See the head of [`crate::parport`] for what it holds meanwhile.
pub(crate) trait Callbacks: Send + Sync + Sized + 'static {
    /// Somebody else claims the port that this device has.
    fn preempt(&self) -> Preemption;

    /// The port was released. It can come before [`Device::register`] has returned, twice in one
    /// release, and, until [`Device::unregister`] has returned, at any time.
    fn wakeup(this: ArcBorrow<'_, Self>);

    /// The port's interrupt came while this device has the port.
    fn interrupt(&self);

    /// The machine was suspended and is coming back, and this device has the port. Tasks do not run
    /// yet.
    fn resume(&self);

    /// What is in the device's files in sysfs.
    fn counts(&self) -> Counts;
}

/// A device that can be registered with parport once.
///
/// # Invariants
///
/// `raw` is null, or a device registered with parport on `port` whose `private` is a [`Gate<T>`].
pub(crate) struct Device<T: Callbacks> {
    port: ARef<Parport>,
    raw: Atomic<*mut bindings::pardevice>,
    _callbacks: PhantomData<Arc<T>>,
}

impl<T: Callbacks> Device<T> {
    /// Makes a device for a port, not registered yet.
    pub(crate) fn new(port: ARef<Parport>) -> Self {
        // INVARIANT: `raw` is null.
        Self {
            port,
            raw: Atomic::new(core::ptr::null_mut()),
            _callbacks: PhantomData,
        }
    }

    /// The port that the device is for.
    pub(crate) fn port(&self) -> &ARef<Parport> {
        &self.port
    }

    /// Registers the device. It is to be called once.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// `EBUSY` if a device has the port exclusively; `ENOMEM` if there is no memory or the port's
    /// low-level driver is going away (parport does not tell which).
    pub(crate) fn register(&self, name: &CStr, callbacks: Arc<T>) -> Result {
        if self.port.is_exclusive() {
            return Err(EBUSY);
        }
        let gate = Gate::new(callbacks)?;

        // Without `irq_func`: with one, parport would switch the interrupt on with every claim,
        // wanted or not. It is set below.
        let callbacks = bindings::pardev_cb {
            preempt: Some(preempt_callback::<T>),
            wakeup: Some(wakeup_callback::<T>),
            private: gate.as_ptr().cast(),
            ..Default::default()
        };
        // SAFETY: The port is there, the name is a C string that parport copies, and `callbacks`
        // is copied too.
        let raw = unsafe {
            bindings::parport_register_dev_model(
                self.port.as_raw(),
                name.as_char_ptr(),
                &callbacks,
                self.port.number(),
            )
        };
        if raw.is_null() {
            // SAFETY: The device was not registered, so nobody else has the gate.
            drop(unsafe { Gate::discard(gate) });
            return Err(if self.port.is_exclusive() {
                EBUSY
            } else {
                ENOMEM
            });
        }
        // SAFETY: The device is registered. Nobody reads this field but with `cad_lock` held and
        // the device as owner, which it becomes only by a claim that follows.
        unsafe { (*raw).irq_func = Some(interrupt_callback::<T>) };

        // SAFETY: The device is registered, with the gate as `private`.
        unsafe { statistics::create::<T>(raw) };

        // INVARIANT: The device is registered, with the gate as `private`.
        self.raw.store(raw, Release);
        Ok(())
    }

    /// Is the device registered, as far as this module knows? parport can know it earlier.
    pub(crate) fn is_registered(&self) -> bool {
        !self.raw.load(Acquire).is_null()
    }

    /// Claims the port for the device, with the port's interrupt kept away, and calls `noted` with
    /// the device as owner and nobody able to preempt it. Returns what that returned, or nothing
    /// if the claim failed or the device was preempted at once.
    ///
    /// The interrupt stays away until `noted` is through, for routines not to find the port ours but
    /// not yet free. Only one that was on its way already, on another CPU, can.
    ///
    /// # Context
    ///
    /// Process context, or wakeup. One claim at a time, between registration and unregistration.
    pub(crate) fn claim<R>(&self, noted: impl FnOnce() -> R) -> Option<R> {
        let raw = self.raw.load(Acquire);
        if raw.is_null() {
            return None;
        }
        let _guard = IrqGuard::new(self.port.irq());

        // SAFETY: The device is registered.
        if unsafe { bindings::parport_claim(raw) } != 0 {
            return None;
        }
        self.port.with_owner(|owner| (owner == raw).then(noted))
    }

    /// Releases the port, which the device must own, with the port's interrupt kept away, also while
    /// `leave` does what is to be done before. parport hands the port to whoever waits, and after
    /// this it interrupts and preempts the device no more.
    ///
    /// Nobody who waits is unregistered meanwhile, or has begun to be. `parport_release()` still
    /// wakes up whom it has given the port, who may have seen that without being woken, and be
    /// through with the port.
    ///
    /// # Context
    ///
    /// Process context.
    pub(crate) fn release(&self, leave: impl FnOnce()) {
        let raw = self.raw.load(Acquire);
        if raw.is_null() {
            return;
        }
        let _guard = IrqGuard::new(self.port.irq());

        leave();
        // SAFETY: The port is there. The lock is given back below.
        unsafe { bindings::pta_device_list_lock(self.port.as_raw()) };
        // SAFETY: The device is registered. If it does not own the port, parport says so and does
        // nothing. It takes `cad_lock` in there, as it never does the other way round.
        unsafe { bindings::parport_release(raw) };
        // SAFETY: The lock was taken above.
        unsafe { bindings::pta_device_list_unlock(self.port.as_raw()) };
    }

    /// Does any device but this one wait for the port? A hint, for use in wakeup.
    pub(crate) fn others_wait(&self) -> bool {
        let raw = self.raw.load(Acquire);
        let first = self.port.first_waiter();

        if first.is_null() || raw.is_null() {
            return false;
        }
        // SAFETY: `raw` is registered, and parport too reads the list without a lock.
        first != raw || !unsafe { core::ptr::addr_of!((*raw).waitnext).read_volatile() }.is_null()
    }

    /// Does a device wait for the port that sleeps, so that parport claims for it?
    ///
    /// # Context
    ///
    /// Any in which a port may be claimed.
    pub(crate) fn sleepers_wait(&self) -> bool {
        // SAFETY: The port is there.
        unsafe { bindings::pta_sleepers_wait(self.port.as_raw()) }
    }

    /// Does the device stand on the port's wait list, so that parport will wake it up?
    pub(crate) fn is_listed(&self) -> bool {
        let raw = self.raw.load(Acquire);

        // SAFETY: `raw` is registered, if it is not null. parport too reads the bits without a lock.
        !raw.is_null() && unsafe { addr_of_mut!((*raw).waiting).read_volatile() } & 1 != 0
    }

    /// The registers of the port, as long as the device is registered.
    pub(crate) fn registers(&self) -> Option<Registers<'_>> {
        let guard = rcu::read_lock();

        if !self.is_registered() {
            return None;
        }
        // SAFETY: The device is unregistered before the port's `detach()` returns, and before
        // `unregister()` returns it waits for a grace period, which began after it had said that
        // the device is no more.
        unsafe { Registers::new(&self.port, guard) }
    }

    /// Calls the device's resume callback if the device has the port.
    fn resume(raw: *mut bindings::pardevice) {
        // SAFETY: The driver core calls this for a registered device, which names its port.
        let port = unsafe { Parport::from_raw((*raw).port) };
        port.with_owner(|owner| {
            if owner == raw {
                // SAFETY: The device is registered, so its gate is there.
                let gate = unsafe { (*raw).private }.cast::<Gate<T>>();
                // SAFETY: As above.
                let _ = unsafe { Gate::enter(gate, |this| this.resume()) };
            }
        });
    }

    /// Unregisters the device, which must not own the port. When this returned, no callback is
    /// running or will be called. The second time it does nothing.
    ///
    /// # Context
    ///
    /// Process context. May sleep. No claim is in flight or will be made.
    pub(crate) fn unregister(&self) {
        // INVARIANT: `raw` is null.
        let raw = self.raw.xchg(core::ptr::null_mut(), Full);
        if raw.is_null() {
            return;
        }
        // SAFETY: By the type invariant the device was registered, and its `private` is a gate. The
        // reference that is taken keeps its memory, which a walk of parport's may still be reading.
        let gate = unsafe {
            bindings::get_device(addr_of_mut!((*raw).dev));
            let gate = (*raw).private.cast::<Gate<T>>();
            bindings::parport_unregister_device(raw);
            gate
        };
        let Some(gate) = NonNull::new(gate) else {
            return;
        };
        // SAFETY: Nobody retired the gate yet.
        drop(unsafe { gate.as_ref() }.close());
        // SAFETY: The device was unregistered above, and the reference to it was taken there.
        unsafe { Gate::retire(gate, raw) };
    }
}

/// # Safety
///
/// To be called by parport only, as `preempt` of a [`Device`].
unsafe extern "C" fn preempt_callback<T: Callbacks>(private: *mut c_void) -> c_int {
    // SAFETY: `private` is the gate of the device, which has the port and is not unregistered before
    // it has released it: that waits for the lock which is held here.
    let preemption = unsafe { Gate::<T>::enter_held(private.cast(), |this| this.preempt()) };

    match preemption {
        Some(Preemption::Given) | None => 0,
        Some(Preemption::Refused) => 1,
    }
}

/// # Safety
///
/// To be called by parport only, as `wakeup` of a [`Device`].
unsafe extern "C" fn wakeup_callback<T: Callbacks>(private: *mut c_void) {
    // SAFETY: `private` is the gate of the device, which outlives every walk that found the device.
    let _ = unsafe { Gate::enter(private.cast(), T::wakeup) };
}

/// # Safety
///
/// To be called by parport only, as `irq_func` of a [`Device`].
unsafe extern "C" fn interrupt_callback<T: Callbacks>(private: *mut c_void) {
    // SAFETY: As in `preempt_callback()`.
    let _ = unsafe { Gate::<T>::enter_held(private.cast(), |this| this.interrupt()) };
}

/// # Safety
///
/// To be called by the driver core only, as `resume` of the driver of a [`Device`].
unsafe extern "C" fn resume_callback<T: Callbacks>(dev: *mut bindings::device) -> c_int {
    // SAFETY: By the contract of this function it is part of a device of parport's.
    Device::<T>::resume(unsafe { container_of!(dev, bindings::pardevice, dev) });
    0
}

/// What the driver core is to call around a suspend, for the devices of a driver.
pub(super) const fn power_operations<T: Callbacks>() -> bindings::dev_pm_ops {
    // SAFETY: All zero is a `struct dev_pm_ops` without any operation.
    let mut operations: bindings::dev_pm_ops = unsafe { core::mem::zeroed() };

    operations.resume = Some(resume_callback::<T>);
    operations.restore = Some(resume_callback::<T>);
    operations.thaw = Some(resume_callback::<T>);
    operations
}
