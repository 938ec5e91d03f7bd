// SPDX-License-Identifier: GPL-2.0

//! In place of `rust/port/chip.rs`: a port whose chip has one mode.

use super::Port;
use crate::{
    arbiter::Owner,
    parport::Registers, //
};

pub(crate) enum ModeRefusal {
    Missing,
}

pub(super) struct Chip;

impl Chip {
    pub(super) const fn new() -> Self {
        Self
    }
}

impl Port {
    pub(crate) fn set_chip_mode(&self, _: Owner, _: u8) -> Result<(), ModeRefusal> {
        Err(ModeRefusal::Missing)
    }

    pub(crate) fn clear_chip_mode(&self, _: Owner, _: u8) -> Result<(), ModeRefusal> {
        Err(ModeRefusal::Missing)
    }

    pub(crate) fn chip_mode(&self) -> u8 {
        0
    }

    pub(super) fn leave_chip_mode(&self, _: &Registers<'_>) {}

    pub(super) fn enter_chip_mode(&self, _: &Registers<'_>) {}
}
