// SPDX-License-Identifier: GPL-2.0

//! Messages that may come often: rate-limited, which the kernel crate's macros are not.

use crate::bindings;
use kernel::prelude::*;

/// Says that a free was refused.
///
/// # Context
///
/// Any but NMI.
pub(crate) fn refused_free(port: &CStr, client: &CStr, refused: u32) {
    // SAFETY: Both are C strings, which are not kept.
    unsafe { bindings::pta_warn_refused_free(port.as_char_ptr(), client.as_char_ptr(), refused) };
}
