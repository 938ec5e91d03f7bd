// SPDX-License-Identifier: GPL-2.0

//! Being told of modules that are unloaded, for a class driver may have forgotten to close.
//!
//! A client does not pin its class driver: it is the unloading that closes it. So all that can be
//! done is to look after the module's own exit what it has left, while its code is still there.
//!
//! C side: `rust/unload.c`

use crate::{
    api,
    bindings,
    registry, //
};
use kernel::{
    error::to_result,
    prelude::*, //
};

/// As long as this exists, it is looked.
pub(crate) struct Watch(());

impl Watch {
    /// Begins to look.
    pub(crate) fn new() -> Result<Self> {
        // SAFETY: What it calls may be called until the watch is dropped, or never.
        to_result(unsafe { bindings::pta_watch_modules() })?;
        Ok(Self(()))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // SAFETY: This undoes what `Watch::new()` did.
        unsafe { bindings::pta_unwatch_modules() };
    }
}

/// A module is through with its exit, or with an initialisation that failed. A driver of Windows' kind
/// is known by the module's name, and need not have closed; of the others it is a mistake.
///
/// # Safety
///
/// To be called by the C side only, with a module whose memory is still there, and its name, a C
/// string.
#[no_mangle]
unsafe extern "C" fn pta_module_goes(module: *const bindings::module, name: *const c_char) {
    // SAFETY: By the contract of this function.
    api::windows_module_goes(unsafe { CStr::from_char_ptr(name) });
    // SAFETY: By the contract of this function.
    registry::forget(|code| unsafe { bindings::pta_is_in_module(module, code) });
}
