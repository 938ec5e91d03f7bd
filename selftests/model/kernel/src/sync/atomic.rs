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
use std::cell::Cell;

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
pub trait Value: Copy {
    /// What it is in there.
    type Place;

    fn place(self) -> Self::Place;
    fn load(place: &Self::Place, order: Ordering) -> Self;
    fn store(self, place: &Self::Place, order: Ordering);
    fn exchange(self, place: &Self::Place, order: Ordering) -> Self;
    fn exchange_if(self, old: Self, place: &Self::Place, order: Ordering) -> Result<Self, Self>;
}

impl Value for bool {
    type Place = AtomicBool;

    fn place(self) -> AtomicBool {
        AtomicBool::new(self)
    }

    fn load(place: &AtomicBool, order: Ordering) -> Self {
        place.load(order)
    }

    fn store(self, place: &AtomicBool, order: Ordering) {
        place.store(self, order);
    }

    fn exchange(self, place: &AtomicBool, order: Ordering) -> Self {
        place.swap(self, order)
    }

    fn exchange_if(self, old: Self, place: &AtomicBool, order: Ordering) -> Result<Self, Self> {
        place.compare_exchange(old, self, order, Ordering::Relaxed)
    }
}

macro_rules! host_values {
    ($($value:ty $(, of $of:ident)?;)*) => { $(
        impl $(<$of>)? Value for $value {
            type Place = Cell<Self>;

            fn place(self) -> Cell<Self> {
                Cell::new(self)
            }

            fn load(place: &Cell<Self>, _: Ordering) -> Self {
                place.get()
            }

            fn store(self, place: &Cell<Self>, _: Ordering) {
                place.set(self);
            }

            fn exchange(self, place: &Cell<Self>, _: Ordering) -> Self {
                place.replace(self)
            }

            fn exchange_if(
                self,
                old: Self,
                place: &Cell<Self>,
                _: Ordering,
            ) -> Result<Self, Self> {
                let seen = place.get();
                if seen != old {
                    return Err(seen);
                }
                place.set(self);
                Ok(old)
            }
        }
    )* };
}

host_values! {
    i32;
    i64;
    u32;
    usize;
    *mut T, of T;
}

pub struct Atomic<T: Value>(T::Place);

// SAFETY: The checker runs one thread at a time.
unsafe impl<T: Value> Send for Atomic<T> {}
// SAFETY: As above.
unsafe impl<T: Value> Sync for Atomic<T> {}

impl<T: Value> Atomic<T> {
    pub fn new(value: T) -> Self {
        Self(value.place())
    }

    pub fn load<O: Order>(&self, _: O) -> T {
        T::load(&self.0, O::LOAD)
    }

    pub fn store<O: Order>(&self, value: T, _: O) {
        value.store(&self.0, O::STORE);
    }

    pub fn xchg<O: Order>(&self, value: T, _: O) -> T {
        value.exchange(&self.0, O::EXCHANGE)
    }

    pub fn cmpxchg<O: Order>(&self, old: T, new: T, _: O) -> Result<T, T> {
        new.exchange_if(old, &self.0, O::EXCHANGE)
    }
}
