// SPDX-License-Identifier: GPL-2.0

//! Strings, and the files in debugfs that nobody reads.

pub mod str {
    use core::{
        convert::Infallible,
        ffi::CStr,
        ops::Deref, //
    };

    pub struct CString(std::ffi::CString);

    impl TryFrom<&CStr> for CString {
        type Error = Infallible;

        fn try_from(text: &CStr) -> Result<Self, Infallible> {
            Ok(Self(text.into()))
        }
    }

    impl Deref for CString {
        type Target = CStr;

        fn deref(&self) -> &CStr {
            &self.0
        }
    }
}

pub mod fmt {
    pub use core::fmt::{
        Formatter,
        Result, //
    };

    pub struct Adapter<T>(pub T);

    impl<T: core::fmt::Debug> core::fmt::Display for Adapter<T> {
        fn fmt(&self, f: &mut Formatter<'_>) -> Result {
            self.0.fmt(f)
        }
    }
}

pub mod debugfs {
    use super::fmt;

    pub trait Writer {
        fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
    }
}
