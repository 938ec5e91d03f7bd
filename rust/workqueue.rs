// SPDX-License-Identifier: GPL-2.0

//! What the kernel crate's work items lack.
//!
//! C header: [`include/linux/workqueue.h`](srctree/include/linux/workqueue.h)

use crate::bindings;
use kernel::workqueue::Work;

/// Waits until `work`, if it was queued, has run to its end.
///
/// # Context
///
/// Process context, not from the work item itself. May sleep.
pub(crate) fn flush<T: ?Sized, const ID: u64>(work: &Work<T, ID>) {
    // SAFETY: `work` is a reference, so it is valid; and a `Work` is initialised when it is made.
    unsafe { bindings::flush_work(Work::raw_get(work)) };
}
