// SPDX-License-Identifier: GPL-2.0

//! One open handle on one port.

use crate::{
    arbiter::{
        Owner,
        Refusal, //
    },
    interrupt::Service,
    log,
    parameters,
    parport::Parport,
    port::Port,
    registry, //
};
use kernel::{
    prelude::*,
    str::CString,
    sync::{
        atomic::{
            Atomic,
            Relaxed, //
        },
        Arc, //
    },
};

/// A client of a port. Dropping it closes the port.
pub(crate) struct Client {
    port: Arc<Port>,
    me: Owner,
    name: CString,
    refused_frees: Atomic<u32>,
}

impl Client {
    /// Opens port `number` under a name.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// `EINVAL` if the name is empty, and those of [`registry::open`].
    pub(crate) fn open(number: u32, name: &CStr) -> Result<KBox<Self>> {
        if name.is_empty() {
            return Err(EINVAL);
        }
        let name = CString::try_from(name)?;
        let client = KBox::<Self>::new_uninit(GFP_KERNEL)?;
        let (port, me) = registry::open(number)?;

        Ok(KBox::write(
            client,
            Self {
                port,
                me,
                name,
                refused_frees: Atomic::new(0),
            },
        ))
    }

    /// Takes the port if it is free, and tells whether it did.
    ///
    /// # Context
    ///
    /// Any, NMI included.
    #[inline]
    pub(crate) fn try_allocate(&self) -> bool {
        self.port.try_allocate(self.me)
    }

    /// Gives the port back.
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// `EPERM` if the client does not own the port, `ENODEV` if the port is gone.
    #[inline]
    pub(crate) fn free(&self) -> Result {
        Port::free(&self.port, self.me).map_err(|refusal| self.refused_free(refusal))
    }

    #[cold]
    fn refused_free(&self, refusal: Refusal) -> Error {
        match refusal {
            Refusal::Dead => ENODEV,
            Refusal::NotOwner => {
                // The number wraps, as atomics do.
                let before = self.refused_frees.fetch_add(1, Relaxed);
                log::refused_free(self.parport().name(), &self.name, before.wrapping_add(1));
                EPERM
            }
        }
    }

    /// Connects a routine to the port's interrupt.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// `EACCES` while the administrator has not allowed it, and those of [`Port::connect`].
    pub(crate) fn connect(&self, service: Service) -> Result {
        Self::may_connect()?;
        Port::connect(&self.port, self.me, service)
    }

    /// Tells whether the administrator allows connecting. The doors ask before they look at the
    /// arguments of a connect.
    ///
    /// # Errors
    ///
    /// `EACCES` if not.
    pub(crate) fn may_connect() -> Result {
        if parameters::enable_connect_interrupt() {
            Ok(())
        } else {
            Err(EACCES)
        }
    }

    /// Undoes one [`Client::connect`].
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// Those of [`Port::disconnect`].
    pub(crate) fn disconnect(&self, service: Service) -> Result {
        Port::disconnect(&self.port, self.me, service)
    }

    /// How many wait for the port?
    ///
    /// # Context
    ///
    /// Any, NMI included.
    pub(crate) fn waiters(&self) -> u32 {
        self.port.waiters()
    }

    /// Is the port gone?
    pub(crate) fn is_dead(&self) -> bool {
        self.port.is_dead()
    }

    /// The port as parport knows it.
    pub(crate) fn parport(&self) -> &Parport {
        self.port.parport()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        Port::disconnect_all(&self.port, self.me);

        // A client may close without owning the port, and that is no mistake.
        let _ = Port::free(&self.port, self.me);

        registry::close(&self.port, self.me);
    }
}
