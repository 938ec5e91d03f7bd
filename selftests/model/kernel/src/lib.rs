// SPDX-License-Identifier: GPL-2.0

//! What `rust/` uses of the kernel crate, on a model checker: under the same names, and no more of
//! it. Locks, atomics and work items are the checker's; the rest does as little as it can.

#[cfg(not(any(feature = "loom", feature = "shuttle")))]
compile_error!("no checker: one of the features loom and shuttle is needed");

#[cfg(not(feature = "shuttle"))]
pub use loom;
#[cfg(feature = "shuttle")]
pub use shuttle;

pub mod alloc;
pub mod checker;
pub mod error;
pub mod pinning;
pub mod sync;
pub mod task;
pub mod text;
pub mod workqueue;

pub use self::text::{
    debugfs,
    fmt,
    str, //
};

/// C types and functions.
pub mod bindings {
    #[allow(non_camel_case_types)]
    pub struct task_struct;
}

/// The kernel's time, in which nothing takes any.
pub mod time {
    pub fn msecs_to_jiffies(ms: u32) -> usize {
        ms as usize
    }

    pub struct Delta;

    impl Delta {
        pub fn from_micros(_: i64) -> Self {
            Self
        }
    }

    pub mod delay {
        /// Others go on.
        pub fn fsleep(_: super::Delta) {
            crate::checker::thread::yield_now();
        }
    }
}

pub mod prelude {
    pub use crate::{
        alloc::{
            KBox,
            KVec,
            GFP_KERNEL, //
        },
        error::{
            code::*,
            Error,
            Result, //
        },
        pin_init,
        pinning::PinInit,
        pr_warn,
    };
    pub use core::ffi::{
        c_char,
        c_int,
        c_uint,
        c_void,
        CStr, //
    };
    pub use kernel_macros::pin_data;

    /// A register, as in the kernel.
    #[allow(non_camel_case_types)]
    pub type c_ulong = usize;
}

/// The log, which nobody reads.
#[macro_export]
macro_rules! pr_warn {
    ($format:literal $(, $value:expr)* $(,)?) => {{
        $(let _ = &$value;)*
    }};
}

#[macro_export]
macro_rules! static_assert {
    ($condition:expr) => {
        const _: () = assert!($condition);
    };
}

#[macro_export]
macro_rules! container_of {
    ($field_ptr:expr, $container:ty, $field:ident) => {
        $field_ptr
            .cast::<u8>()
            .sub(core::mem::offset_of!($container, $field))
            .cast::<$container>()
    };
}
