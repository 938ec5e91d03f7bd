// SPDX-License-Identifier: GPL-2.0

//! The doors: what other modules may call. They check arguments, translate, and call a client.

mod native;
mod windows;

pub(crate) use self::windows::{
    module_goes as windows_module_goes,
    Ready as Windows, //
};
