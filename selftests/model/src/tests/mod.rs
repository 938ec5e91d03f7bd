// SPDX-License-Identifier: GPL-2.0

//! What is checked.

#[cfg(feature = "loom")]
mod every_order;

#[cfg(feature = "loom")]
mod mutants;

#[cfg(feature = "loom")]
mod litmus;

#[cfg(feature = "shuttle")]
mod random_order;
