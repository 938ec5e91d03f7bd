// SPDX-License-Identifier: GPL-2.0

//! The interrupt service routines and deferred port checks that clients have connected to a port.

mod chain;
mod service;
mod storm;

pub(crate) use self::{
    chain::Chain,
    service::{
        Check,
        Routines,
        Service, //
    },
};
