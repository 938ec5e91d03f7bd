// SPDX-License-Identifier: GPL-2.0

//! The interrupt service routines that clients have connected to a port.

mod chain;
mod service;

pub(crate) use self::{
    chain::Chain,
    service::Service, //
};
