// SPDX-License-Identifier: GPL-2.0

//! What bindgen made of `rust/api/windows/bindings_helper.h`: the Windows-named headers.

#![allow(
    clippy::all,
    clippy::undocumented_unsafe_blocks,
    clippy::ptr_as_ptr,
    clippy::ref_as_ptr,
    clippy::cast_lossless,
    dead_code,
    improper_ctypes,
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    unreachable_pub,
    unused_imports,
    unsafe_op_in_unsafe_fn
)]

include!(concat!(
    env!("PTA_OBJ"),
    "/rust/api/windows/bindings_generated.rs"
));
