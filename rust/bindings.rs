// SPDX-License-Identifier: GPL-2.0

//! What bindgen made of `rust/bindings_helper.h`: parport, this module's public header and its C
//! helpers. Every other C type is the kernel crate's own.

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
    unsafe_op_in_unsafe_fn
)]

include!(concat!(env!("PTA_OBJ"), "/rust/bindings_generated.rs"));
