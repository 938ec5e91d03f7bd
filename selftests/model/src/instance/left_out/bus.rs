// SPDX-License-Identifier: GPL-2.0

//! In place of `rust/port/bus.rs`: a port without a daisy chain.

use super::Port;
use crate::{
    arbiter::Owner,
    parport::Registers, //
};
use kernel::{
    prelude::*,
    sync::Arc, //
};

pub(super) struct Bus;

impl Bus {
    pub(super) const fn new() -> Self {
        Self
    }
}

impl Port {
    pub(crate) fn daisy_devices(&self) -> u32 {
        0
    }

    pub(crate) fn select_device(&self, _: Owner, _: u8) -> Result {
        Err(ENODEV)
    }

    pub(crate) fn deselect_devices(&self, _: Owner) -> Result {
        Ok(())
    }

    pub(crate) fn count_devices(self: &Arc<Self>, _: Owner) {}

    pub(crate) fn know_devices(self: &Arc<Self>, _: Owner) {}

    pub(super) fn count_wanted_devices(&self) {}

    pub(super) fn leave_bus(&self, _: &Registers<'_>) {}
}
