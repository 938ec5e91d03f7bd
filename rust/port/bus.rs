// SPDX-License-Identifier: GPL-2.0

//! The port's daisy chain: how many devices there are, and which of them is selected.

use super::Port;
use crate::{
    arbiter::Owner,
    parport::{
        Register,
        Registers, //
    },
};
use kernel::{
    prelude::*,
    sync::{
        atomic::{
            Atomic,
            Relaxed, //
        },
        Arc, //
    },
};

/// How often a command is sent before it is given up.
const TRIES: u32 = 5;

/// How often the devices are counted, in pairs, for a pair to agree.
const PAIRS: u32 = 3;

/// What is known of the chain.
pub(super) struct Bus {
    /// How many devices were found.
    devices: Atomic<u32>,

    /// Was the chain looked at since the port was opened, or is the worker to do so?
    counted: Atomic<bool>,
    count_wanted: Atomic<bool>,

    /// Is a device selected, as far as we know?
    selected: Atomic<bool>,
}

impl Bus {
    pub(super) const fn new() -> Self {
        Self {
            devices: Atomic::new(0),
            counted: Atomic::new(false),
            count_wanted: Atomic::new(false),
            selected: Atomic::new(false),
        }
    }
}

impl Port {
    /// How many devices the chain has.
    pub(crate) fn daisy_devices(&self) -> u32 {
        self.bus.devices.load(Relaxed)
    }

    /// Selects the device at a place in the chain, for `me` who owns the port.
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// `EIO` if it does not answer, and those of [`Port::read`].
    pub(crate) fn select_device(&self, me: Owner, place: u8) -> Result {
        let registers = self.registers(me, Register::Control)?;

        if !(0..TRIES).any(|_| registers.select_device(place)) {
            return Err(EIO);
        }
        self.bus.selected.store(true, Relaxed);
        Ok(())
    }

    /// Deselects all devices, for `me` who owns the port.
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// `EIO` if there is no answer, and those of [`Port::read`].
    pub(crate) fn deselect_devices(&self, me: Owner) -> Result {
        let registers = self.registers(me, Register::Control)?;

        if !(0..TRIES).any(|_| registers.deselect_devices()) {
            return Err(EIO);
        }
        self.bus.selected.store(false, Relaxed);
        Ok(())
    }

    /// Counts the devices, at once if `me` owns the port. Otherwise it is done when this returns if
    /// nobody owns it, and before it is free the next time if somebody does.
    ///
    /// # Context
    ///
    /// Process context, not from an answer to a request of this port. May sleep.
    pub(crate) fn count_devices(self: &Arc<Self>, me: Owner) {
        if let Ok(registers) = self.registers(me, Register::Control) {
            self.count(&registers);
            return;
        }
        self.bus.count_wanted.store(true, Relaxed);
        let worker_wanted = self.want_worker();
        if !self.is_answering() {
            self.run_worker();
        } else if worker_wanted {
            self.call_worker();
        }
    }

    /// Counts the devices as [`Port::count_devices`] does, unless that was done before.
    ///
    /// # Context
    ///
    /// Process context, not from an answer to a request of this port. May sleep.
    pub(crate) fn know_devices(self: &Arc<Self>, me: Owner) {
        if !self.bus.counted.load(Relaxed) {
            self.count_devices(me);
        }
    }

    /// Does what [`Port::count_devices`] left to the worker, which has the port.
    pub(super) fn count_wanted_devices(&self) {
        if self.bus.count_wanted.xchg(false, Relaxed) {
            if let Some(registers) = self.device.registers() {
                self.count(&registers);
            }
        }
    }

    fn count(&self, registers: &Registers<'_>) {
        let mut devices = 0;

        for _ in 0..PAIRS {
            devices = registers.assign_places();
            if registers.assign_places() == devices {
                break;
            }
        }
        self.bus.devices.store(devices.into(), Relaxed);
        self.bus.counted.store(true, Relaxed);
    }

    /// A Linux driver is about to have the port.
    pub(super) fn leave_bus(&self, registers: &Registers<'_>) {
        if self.bus.selected.xchg(false, Relaxed) {
            registers.deselect_devices();
        }
    }
}
