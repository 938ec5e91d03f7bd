// SPDX-License-Identifier: GPL-2.0

//! The heart of parport_try_alloc under a model checker. See `Documentation/model.rst`.
//!
//! The files of `rust/` that decide who has a port and when are compiled here as they are. What is
//! beneath them is the checker's, or a model:
//!
//! - the crate `kernel` is what they use of the kernel crate,
//! - [`atomic`] to [`workqueue`] are what they use of the rest of `rust/`, which is wrappers,
//! - `instance/` is parport and the Linux drivers on a port, the clients, and what they all do,
//! - [`witness`] sees that the promises are kept,
//! - `tests/` says what is checked, and how thoroughly.
//!
//! `build.rs` names the files of `rust/`. It also makes a copy of them for each mutant, which is a
//! module with all that depends on them.

#![cfg(test)]
#![feature(arbitrary_self_types)]

extern crate kernel as pin_init;

mod atomic;
mod bindings;
mod completion;
mod explore;
mod parameters;
mod raw_spinlock;
mod tally;
mod tests;
mod witness;
mod workqueue;

include!(concat!(env!("OUT_DIR"), "/instances.rs"));
