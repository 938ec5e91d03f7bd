// SPDX-License-Identifier: GPL-2.0

//! The kernel's atomics.
//!
//! A flag is the checker's, with the order that the code asks for: a full barrier counts as acquire
//! and release, which is less. Numbers and pointers are what `rust/` counts and recognises by;
//! nobody's turn depends on them, so they are the host's, and using one is no step.

use crate::checker::atomic::{
    AtomicBool,
    Ordering, //
};
use std::{
    cell::{
        Cell,
        OnceCell, //
    },
    ops::Add,
};

/// An order.
pub trait Order {
    const EXCHANGE: Ordering;
    const LOAD: Ordering;
    const STORE: Ordering;
}

macro_rules! orders {
    ($($name:ident: $exchange:ident, $load:ident, $store:ident;)*) => { $(
        pub struct $name;

        impl Order for $name {
            const EXCHANGE: Ordering = Ordering::$exchange;
            const LOAD: Ordering = Ordering::$load;
            const STORE: Ordering = Ordering::$store;
        }
    )* };
}

orders! {
    Relaxed: Relaxed, Relaxed, Relaxed;
    Acquire: Acquire, Acquire, Relaxed;
    Release: Release, Relaxed, Release;
    Full: AcqRel, Acquire, Release;
}

/// What can be in an [`Atomic`].
pub trait Value: Copy + PartialEq {
    /// The value as a flag of the checker's, if it is one.
    fn flag(self) -> Option<bool> {
        None
    }

    /// The value of a flag.
    fn of_flag(_: bool) -> Option<Self> {
        None
    }
}

impl Value for bool {
    fn flag(self) -> Option<bool> {
        Some(self)
    }

    fn of_flag(flag: bool) -> Option<Self> {
        Some(flag)
    }
}

impl Value for i32 {}
impl Value for i64 {}
impl Value for u32 {}
impl Value for usize {}
impl<T> Value for *mut T {}

pub struct Atomic<T> {
    value: Cell<T>,

    /// Made when it is used first: the checker's are not made by constants.
    flag: OnceCell<AtomicBool>,
}

// SAFETY: The checker runs one thread at a time.
unsafe impl<T> Send for Atomic<T> {}
// SAFETY: As above.
unsafe impl<T> Sync for Atomic<T> {}

impl<T: Value> Atomic<T> {
    pub const fn new(value: T) -> Self {
        Self {
            value: Cell::new(value),
            flag: OnceCell::new(),
        }
    }

    fn flag(&self) -> Option<&AtomicBool> {
        let initial = self.value.get().flag()?;
        Some(self.flag.get_or_init(|| AtomicBool::new(initial)))
    }

    pub fn load<O: Order>(&self, _: O) -> T {
        self.flag()
            .and_then(|flag| T::of_flag(flag.load(O::LOAD)))
            .unwrap_or(self.value.get())
    }

    pub fn store<O: Order>(&self, value: T, _: O) {
        match (self.flag(), value.flag()) {
            (Some(flag), Some(value)) => flag.store(value, O::STORE),
            _ => self.value.set(value),
        }
    }

    pub fn xchg<O: Order>(&self, value: T, _: O) -> T {
        match (self.flag(), value.flag()) {
            (Some(flag), Some(to)) => {
                T::of_flag(flag.swap(to, O::EXCHANGE)).unwrap_or(value)
            }
            _ => self.value.replace(value),
        }
    }

    pub fn cmpxchg<O: Order>(&self, old: T, new: T, _: O) -> Result<T, T> {
        if let (Some(flag), Some(from), Some(to)) = (self.flag(), old.flag(), new.flag()) {
            return flag
                .compare_exchange(from, to, O::EXCHANGE, Ordering::Relaxed)
                .map(|_| old)
                .map_err(|seen| T::of_flag(seen).unwrap_or(old));
        }
        let seen = self.value.get();
        if seen != old {
            return Err(seen);
        }
        self.value.set(new);
        Ok(old)
    }

    pub fn fetch_add<O: Order>(&self, more: T, _: O) -> T
    where
        T: Add<Output = T>,
    {
        self.value.replace(self.value.get() + more)
    }

    pub fn add<O: Order>(&self, more: T, order: O)
    where
        T: Add<Output = T>,
    {
        self.fetch_add(more, order);
    }
}
