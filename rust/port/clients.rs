// SPDX-License-Identifier: GPL-2.0

//! The clients of a port: which slot of the ownership word is whose.

use crate::arbiter::Owner;
use core::num::NonZeroU16;
use kernel::{
    prelude::*,
    str::CString, //
};

/// The names of the clients; slot n of the ownership word is number n - 1 here.
pub(super) struct Clients {
    names: KVec<Option<CString>>,
}

impl Clients {
    pub(super) const fn new() -> Self {
        Self { names: KVec::new() }
    }

    /// Takes the first free slot.
    ///
    /// # Errors
    ///
    /// `EBUSY` if there is none, `ENOMEM` without memory.
    pub(super) fn enter(&mut self, name: CString) -> Result<Owner> {
        let free = self.names.iter().position(Option::is_none);
        let index = free.unwrap_or(self.names.len());
        let slot = u16::try_from(index + 1).map_err(|_| EBUSY)?;
        let owner = NonZeroU16::new(slot).map(Owner::new).ok_or(EBUSY)?;

        match self.names.get_mut(index) {
            Some(place) => *place = Some(name),
            None => self.names.push(Some(name), GFP_KERNEL)?,
        }
        Ok(owner)
    }

    /// Gives a slot back, and tells whether it was the last one.
    pub(super) fn leave(&mut self, client: Owner) -> bool {
        if let Some(place) = self.names.get_mut(Self::index(client)) {
            *place = None;
        }
        self.names.iter().all(Option::is_none)
    }

    /// The name of a client.
    pub(super) fn name(&self, client: Owner) -> Option<&CStr> {
        self.names.get(Self::index(client))?.as_deref()
    }

    fn index(client: Owner) -> usize {
        usize::from(client.slot().get()) - 1
    }
}
