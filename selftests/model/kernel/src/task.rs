// SPDX-License-Identifier: GPL-2.0

//! The current task, which is a thread of the checker's.

use crate::{
    bindings::task_struct,
    checker::thread, //
};
use std::hash::{
    DefaultHasher,
    Hash,
    Hasher, //
};

pub struct Task;

impl Task {
    /// Only good to recognise oneself.
    pub fn current_raw() -> *mut task_struct {
        let mut hasher = DefaultHasher::new();

        thread::current().id().hash(&mut hasher);
        std::ptr::without_provenance_mut(hasher.finish() as usize | 1)
    }
}
