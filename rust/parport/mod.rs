// SPDX-License-Identifier: GPL-2.0

//! The Linux side: safe wrappers over `struct parport`, `struct pardevice` and
//! `struct parport_driver`. Everything that is known about parport's locks is here.
//!
//! # What parport holds while it calls us
//!
//! | callback              | held by the C side                      | may not                      |
//! |-----------------------|-----------------------------------------|------------------------------|
//! | [`Callbacks::preempt`]| `port->cad_lock` for writing, irqs off (on, on PREEMPT_RT) | claim, release, log          |
//! | [`Callbacks::wakeup`] | nothing; irqs may be off                | sleep                        |
//! | [`Callbacks::interrupt`] | `port->cad_lock` for reading, irqs off (in the interrupt thread with irqs on, on PREEMPT_RT) | claim, release, sleep |
//! | [`Driver::match_port`], [`Driver::detach`] | `registration_lock` (a mutex) | (un)register a driver |
//!
//! # Lock order
//!
//! `registration_lock`, our own mutexes, `port->cad_lock`, the interrupt lock of
//! [`crate::interrupt::Chain`]. No lock of ours that a callback takes is held across a claim or a
//! release.
//!
//! C header: [`include/linux/parport.h`](srctree/include/linux/parport.h)

mod chip;
mod daisy;
mod device;
mod driver;
mod gate;
mod irq_guard;
mod port;
mod registers;
mod statistics;
mod transfer;

pub(crate) use self::{
    chip::Fifo,
    device::{
        Callbacks,
        Device, //
    },
    driver::{
        Driver,
        Registration, //
    },
    irq_guard::IrqSwitch,
    port::Parport,
    registers::{
        Register,
        Registers, //
    },
    statistics::Counts,
    transfer::{
        Mode,
        Transfer, //
    },
};
