// SPDX-License-Identifier: GPL-2.0

//! What `rust/tally.rs` is in the kernel. Using it is no step.

use std::cell::Cell;

pub(crate) struct Counter(Cell<usize>);

pub(crate) struct Gauge<T>(Cell<T>);

// SAFETY: The checker runs one thread at a time.
unsafe impl Sync for Counter {}
// SAFETY: As above.
unsafe impl<T> Send for Gauge<T> {}
// SAFETY: As above.
unsafe impl<T> Sync for Gauge<T> {}

impl Counter {
    pub(crate) const fn new() -> Self {
        Self(Cell::new(0))
    }

    pub(crate) fn count(&self) -> usize {
        self.add(1);
        self.read()
    }

    pub(crate) fn add(&self, events: usize) {
        self.0.set(self.0.get() + events);
    }

    pub(crate) fn read(&self) -> usize {
        self.0.get()
    }
}

impl<T: Copy> Gauge<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(Cell::new(value))
    }

    pub(crate) fn write(&self, value: T) {
        self.0.set(value);
    }

    pub(crate) fn read(&self) -> T {
        self.0.get()
    }
}

impl Gauge<usize> {
    pub(crate) fn add_one(&self) {
        self.write(self.read() + 1);
    }
}
