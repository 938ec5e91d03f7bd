// SPDX-License-Identifier: GPL-2.0

//! What `rust/workqueue.rs` is in the kernel.

use kernel::{
    sync::Arc,
    workqueue::Work, //
};

pub(crate) fn flush<T: ?Sized, const ID: u64>(work: &Work<T, ID>) {
    work.flush();
}

pub(crate) fn cancel_delayed<T, const ID: u64>(_: &Arc<T>) {}
