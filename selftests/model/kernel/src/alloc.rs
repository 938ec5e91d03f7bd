// SPDX-License-Identifier: GPL-2.0

//! Memory, of which there is always enough.

use crate::error::{
    code::EINVAL,
    Error,
    Result, //
};
use std::{
    mem::MaybeUninit,
    ops::{
        Deref,
        DerefMut, //
    },
};

#[derive(Clone, Copy)]
pub struct Flags;

pub const GFP_KERNEL: Flags = Flags;

pub struct KBox<T>(Box<T>);

impl<T> KBox<T> {
    pub fn new_uninit(_: Flags) -> Result<KBox<MaybeUninit<T>>> {
        Ok(KBox(Box::new(MaybeUninit::uninit())))
    }

    pub fn write(_: KBox<MaybeUninit<T>>, value: T) -> Self {
        KBox(Box::new(value))
    }
}

impl<T> Deref for KBox<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

pub struct KVec<T>(Vec<T>);

impl<T> KVec<T> {
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    pub fn with_capacity(capacity: usize, _: Flags) -> Result<Self> {
        Ok(Self(Vec::with_capacity(capacity)))
    }

    pub fn push(&mut self, value: T, _: Flags) -> Result {
        self.0.push(value);
        Ok(())
    }

    pub fn push_within_capacity(&mut self, value: T) -> Result {
        assert!(self.0.len() < self.0.capacity());
        self.0.push(value);
        Ok(())
    }

    pub fn remove(&mut self, index: usize) -> Result<T, Error> {
        if index < self.0.len() {
            Ok(self.0.remove(index))
        } else {
            Err(EINVAL)
        }
    }

    pub fn retain(&mut self, mut keep: impl FnMut(&mut T) -> bool) {
        self.0.retain_mut(|value| keep(value));
    }
}

impl<T> Default for KVec<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Deref for KVec<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> DerefMut for KVec<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<'a, T> IntoIterator for &'a KVec<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
