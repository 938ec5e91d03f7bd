// SPDX-License-Identifier: GPL-2.0

//! In place of `rust/port/transfer.rs`: nothing is transferred.

use super::Port;
use crate::{
    arbiter::Owner,
    parport::Transfer, //
};
use kernel::prelude::*;

impl Port {
    /// # Safety
    ///
    /// None.
    pub(crate) unsafe fn transfer<R>(
        &self,
        _: Owner,
        _: impl FnOnce(&Transfer<'_>) -> Result<R>,
    ) -> Result<R> {
        Err(EOPNOTSUPP)
    }
}
