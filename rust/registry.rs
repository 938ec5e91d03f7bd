// SPDX-License-Identifier: GPL-2.0

//! The ports that are there, and which of them are open.

use crate::{
    arbiter::Owner,
    parport::{
        Driver,
        Parport, //
    },
    port::{
        Port,
        Status,
        DEVICE_NAME, //
    },
};
use kernel::{
    debugfs,
    prelude::*,
    str::CString,
    sync::{
        aref::ARef,
        global_lock,
        Arc, //
    },
};

global_lock! {
    // SAFETY: `Ready::new()` is called in the module's initialiser, before anything uses the lock.
    /// The ports that parport has announced.
    unsafe(uninit) static PORTS: Mutex<Ports> = Ports {
        announced: KVec::new(),
        directory: None,
    };
}

/// What is known about ports.
struct Ports {
    announced: KVec<Announced>,

    /// The module's directory in debugfs, while the module is loaded.
    directory: Option<debugfs::Dir>,
}

/// A port that is there.
struct Announced {
    parport: ARef<Parport>,
    open: Option<Open>,
}

/// A port that is open.
struct Open {
    /// The port's file in debugfs. It goes before the port.
    _status: Option<Pin<KBox<debugfs::File<Status>>>>,
    port: Arc<Port>,
}

/// The registry in use, as long as the module is loaded.
pub(crate) struct Ready(());

impl Ready {
    /// Makes the registry ready.
    ///
    /// # Safety
    ///
    /// To be called once, before anything else of this file.
    pub(crate) unsafe fn new() -> Self {
        // SAFETY: By the contract of this function.
        unsafe { PORTS.init() };
        PORTS.lock().directory = Some(debugfs::Dir::new(DEVICE_NAME));
        Self(())
    }
}

impl Drop for Ready {
    fn drop(&mut self) {
        // A static is never dropped.
        let mut ports = PORTS.lock();
        ports.announced = KVec::new();
        ports.directory = None;
    }
}

/// The highest number of a port, plus 1; 0 if there is none.
///
/// # Context
///
/// Process context. May sleep.
pub(crate) fn numbers() -> u32 {
    PORTS
        .lock()
        .announced
        .iter()
        .filter_map(|announced| u32::try_from(announced.parport.number()).ok())
        .max()
        .map_or(0, |highest| highest + 1)
}

/// Opens a port, registering with parport if it is the first to do so.
///
/// # Context
///
/// Process context. May sleep.
///
/// # Errors
///
/// `ENODEV` if there is no such port, `EBUSY` if the port has all the clients it can have, and
/// those of [`Port::open`].
pub(crate) fn open(number: u32, name: CString) -> Result<(Arc<Port>, Owner)> {
    let mut ports = PORTS.lock();
    let Ports {
        announced,
        directory,
    } = &mut *ports;
    let announced = announced
        .iter_mut()
        .find(|announced| u32::try_from(announced.parport.number()) == Ok(number))
        .ok_or(ENODEV)?;

    if let Some(open) = &announced.open {
        return Ok((open.port.clone(), open.port.enter(name)?));
    }
    let port = Port::open(announced.parport.clone())?;
    let entered = announced.enter_first(&port, name, directory.as_ref());
    if entered.is_err() {
        Port::shut_down(&port);
    }
    entered.map(|owner| (port, owner))
}

/// Undoes one [`open`], unregistering from parport if it was the last one.
///
/// # Context
///
/// Process context. May sleep.
pub(crate) fn close(port: &Arc<Port>, owner: Owner) {
    let mut ports = PORTS.lock();
    let last = port.leave(owner);

    if let Some(announced) = ports
        .announced
        .iter_mut()
        .find(|announced| last && is_open_as(announced, port))
    {
        announced.open = None;
        Port::shut_down(port);
    }
    drop(ports);

    // This client may have called the worker of a port that was ended before.
    port.flush();
}

/// Lets go the clients that a module has forgotten to close which `is_gone`, see [`Port::forget`].
///
/// # Context
///
/// Process context. May sleep.
pub(crate) fn forget(is_gone: impl Fn(usize) -> bool) {
    // Not with the lock held: it waits for answers, in which a client may open or close.
    while let Some(port) = port_to_forget(&is_gone) {
        Port::forget(&port, &is_gone);
    }
}

/// A port with such a client.
fn port_to_forget(is_gone: impl Fn(usize) -> bool) -> Option<Arc<Port>> {
    PORTS
        .lock()
        .announced
        .iter()
        .filter_map(|announced| announced.open.as_ref())
        .find(|open| open.port.has_forgotten(&is_gone))
        .map(|open| open.port.clone())
}

/// Is it this port that is open there?
fn is_open_as(announced: &Announced, port: &Arc<Port>) -> bool {
    announced
        .open
        .as_ref()
        .is_some_and(|open| Arc::ptr_eq(&open.port, port))
}

/// How the module hears of ports.
pub(crate) struct PortDriver;

impl Driver for PortDriver {
    const NAME: &'static CStr = DEVICE_NAME;

    type Callbacks = Port;

    fn match_port(parport: &Parport) {
        // A branch of a multiplexer has its owner, its lock and its interrupt at the physical port.
        if !parport.is_physical() {
            return;
        }
        let mut ports = PORTS.lock();
        if ports
            .announced
            .iter()
            .any(|announced| announced.is(parport))
        {
            return;
        }
        let announced = Announced {
            parport: ARef::from(parport),
            open: None,
        };
        if ports.announced.push(announced, GFP_KERNEL).is_err() {
            drop(ports);
            pr_err!(
                "parport{}: no memory to manage the port\n",
                parport.number()
            );
        }
    }

    fn detach(parport: &Parport) {
        let mut ports = PORTS.lock();
        let announced = &mut ports.announced;
        let Some(index) = announced.iter().position(|announced| announced.is(parport)) else {
            return;
        };
        let gone = announced.remove(index);
        drop(ports);

        // Clients that are still open keep their port, and find it dead.
        if let Ok(Announced {
            open: Some(Open { port, .. }),
            ..
        }) = gone
        {
            Port::shut_down(&port);
        }
    }
}

impl Announced {
    /// Opens the port for its first client.
    fn enter_first(
        &mut self,
        port: &Arc<Port>,
        name: CString,
        directory: Option<&debugfs::Dir>,
    ) -> Result<Owner> {
        let owner = port.enter(name)?;
        let status = directory
            .map(|directory| {
                let file = directory.read_only_file(self.parport.name(), Status::new(port.clone()));
                KBox::pin_init(file, GFP_KERNEL)
            })
            .transpose()?;

        self.open = Some(Open {
            _status: status,
            port: port.clone(),
        });
        Ok(owner)
    }

    /// Is it this port?
    fn is(&self, parport: &Parport) -> bool {
        core::ptr::eq(&*self.parport, parport)
    }
}
