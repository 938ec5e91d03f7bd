// SPDX-License-Identifier: GPL-2.0

//! The device objects that class drivers have, or had.
//!
//! Many class drivers give the file object back as soon as they have the device object, and go on using
//! that: in Windows it is there as long as its own driver. So a device without a reference stays, for
//! its client's module to use or to open again, and is closed when that module goes.

use super::{
    bindings,
    device::{
        is_passive,
        Device, //
    },
    name,
    status::{
        Answer,
        Status, //
    },
};
use kernel::{
    prelude::*,
    str::CString,
    sync::{
        global_lock,
        Arc, //
    },
};

/// Somebody's device.
struct Entry {
    client: CString,
    device: Arc<Device>,

    /// Is it being closed?
    stopped: bool,
}

global_lock! {
    // SAFETY: `Ready::new()` is called in the module's initialiser, before anything uses the lock.
    /// The devices.
    unsafe(uninit) static DEVICES: Mutex<KVec<Entry>> = KVec::new();
}

/// The Windows interface in use, as long as the module is loaded.
pub(crate) struct Ready(());

impl Ready {
    /// Makes the interface ready.
    ///
    /// # Safety
    ///
    /// To be called once, before a class driver can use the module.
    pub(crate) unsafe fn new() -> Self {
        // SAFETY: By the contract of this function.
        unsafe { DEVICES.init() };
        Self(())
    }
}

impl Drop for Ready {
    fn drop(&mut self) {
        // Those of clients that are no modules.
        close(|_| true);
        // The list is empty, but it has memory, and a static is not dropped.
        drop(core::mem::replace(&mut *DEVICES.lock(), KVec::new()));
        // SAFETY: Nobody uses the runtime any more.
        unsafe { bindings::pta_win_stop() };
    }
}

/// Opens the device of a name, for a client of another name.
///
/// # Context
///
/// `PASSIVE_LEVEL`.
pub(super) fn open(name: &[u16], client: &CStr) -> Answer<Arc<Device>> {
    let (kind, number) = name::parse(name).ok_or(Status::OBJECT_NAME_NOT_FOUND)?;

    if !is_passive() {
        return Err(Status::INVALID_DEVICE_REQUEST);
    }
    let mut devices = DEVICES.lock();
    let again = devices.iter().find(|entry| {
        !entry.stopped && *entry.client == *client && entry.device.open_again(kind, number)
    });
    if let Some(entry) = again {
        return Ok(entry.device.clone());
    }

    devices.reserve(1, GFP_KERNEL)?;
    let entry = Entry {
        client: CString::try_from(client)?,
        device: Device::open(kind, number, client)?,
        stopped: false,
    };
    let device = entry.device.clone();
    devices
        .push_within_capacity(entry)
        .map_err(|_| Status::INSUFFICIENT_RESOURCES)?;
    Ok(device)
}

/// Closes the devices of some clients, after their DPCs.
///
/// # Context
///
/// Process context, not from an answer to a request. May sleep.
fn close(whose: impl Fn(&CStr) -> bool) {
    let next_to_stop = || {
        let mut devices = DEVICES.lock();
        let entry = devices
            .iter_mut()
            .find(|entry| !entry.stopped && whose(&entry.client))?;
        entry.stopped = true;
        Some(entry.device.clone())
    };
    let next_to_end = || {
        let mut devices = DEVICES.lock();
        let index = devices.iter().position(|entry| whose(&entry.client))?;
        devices.remove(index).ok()
    };

    while let Some(device) = next_to_stop() {
        device.stop();
    }
    // With the interrupts and the answers of all devices stopped, nobody queues a DPC but a DPC.
    // SAFETY: The runtime was started.
    unsafe { bindings::pta_win_flush_dpcs() };
    while let Some(entry) = next_to_end() {
        Device::end(entry.device);
    }
}

/// The client of this name, a module, has gone. What queues DPCs is stopped, those that are queued are
/// run, as their driver has to go on existing for them, and then its devices are closed.
///
/// # Context
///
/// Process context, not from an answer to a request. May sleep.
pub(crate) fn module_goes(client: &CStr) {
    close(|name| *name == *client);
}
