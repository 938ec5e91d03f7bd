// SPDX-License-Identifier: GPL-2.0

//! The Windows-named interface: a Windows class driver's requests (IRPs) to a parallel port.
//!
//! A class driver opens a device and sends it requests; a request is looked up (`dispatch.rs`), its
//! buffers are looked at (`irp.rs`), and what it asks for is asked of the [`Client`](crate::client::Client)
//! that the device is. What Windows has around that, IRPs, events, spin locks and so on, is in C beside
//! these files, and does not know ports; `windows.h` is what the two know of each other.
//!
//! C headers: [`include/windows/parallel.h`](../../../include/windows/parallel.h),
//! [`include/windows/wdm.h`](../../../include/windows/wdm.h)

mod bindings;
mod chip_mode;
mod class;
mod device;
mod devices;
mod dispatch;
mod interrupt;
mod irp;
mod lock;
mod name;
mod open;
mod pending;
mod port;
mod select;
mod status;
mod transfer;

pub(crate) use self::devices::{
    module_goes,
    Ready, //
};
