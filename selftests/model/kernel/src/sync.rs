// SPDX-License-Identifier: GPL-2.0

//! Locks and reference counts.

pub mod atomic;

use crate::{
    alloc::Flags,
    checker,
    error::Result,
    pinning::PinInit, //
};
use std::ops::Deref;

/// A mutex of the kernel's, or a spinlock: interrupts are threads here.
pub struct Mutex<T>(checker::Mutex<T>);

impl<T> Mutex<T> {
    pub fn new(value: T) -> Self {
        Self(checker::Mutex::new(value))
    }

    pub fn lock(&self) -> checker::MutexGuard<'_, T> {
        self.0.lock().unwrap()
    }
}

#[macro_export]
macro_rules! new_mutex {
    ($value:expr, $name:literal $(,)?) => {
        $crate::sync::Mutex::new($value)
    };
}

pub mod aref {
    pub type ARef<T> = std::sync::Arc<T>;
}

pub struct Arc<T>(std::sync::Arc<T>);

impl<T> Arc<T> {
    pub fn pin_init(init: impl PinInit<T>, _: Flags) -> Result<Self> {
        Ok(Self(std::sync::Arc::new(init.make())))
    }

    pub fn as_arc_borrow(&self) -> ArcBorrow<'_, T> {
        ArcBorrow(self)
    }

    /// A reference that does not keep it.
    pub fn downgrade(this: &Self) -> std::sync::Weak<T> {
        std::sync::Arc::downgrade(&this.0)
    }

    pub fn upgrade(weak: &std::sync::Weak<T>) -> Option<Self> {
        weak.upgrade().map(Self)
    }
}

impl<T> Deref for Arc<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Clone for Arc<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> From<ArcBorrow<'_, T>> for Arc<T> {
    fn from(borrow: ArcBorrow<'_, T>) -> Self {
        borrow.0.clone()
    }
}

pub struct ArcBorrow<'a, T>(&'a Arc<T>);

impl<T> Deref for ArcBorrow<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0
    }
}

impl<T> Clone for ArcBorrow<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ArcBorrow<'_, T> {}
