// SPDX-License-Identifier: GPL-2.0

//! What `rust/registry.rs` is in the kernel: it knows the one port there is.

use crate::{
    arbiter::Owner,
    port::Port, //
};
use kernel::{
    prelude::*,
    str::CString,
    sync::Arc, //
};
use std::{
    cell::RefCell,
    sync::Weak, //
};

thread_local! {
    static PORT: RefCell<Weak<Port>> = const { RefCell::new(Weak::new()) };
}

/// This is the port from now on.
pub(crate) fn announce(port: &Arc<Port>) {
    PORT.set(Arc::downgrade(port));
}

pub(crate) fn open(_: u32, name: CString) -> Result<(Arc<Port>, Owner)> {
    let port = PORT.with_borrow(Arc::upgrade).ok_or(ENODEV)?;
    let owner = port.enter(name)?;

    Ok((port, owner))
}

/// The port stays, for others.
pub(crate) fn close(port: &Arc<Port>, owner: Owner) {
    port.leave(owner);
    port.flush();
}
