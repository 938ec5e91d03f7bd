// SPDX-License-Identifier: GPL-2.0

//! What the model checker has in place of the standard library.

#[cfg(not(feature = "shuttle"))]
pub use loom::{
    sync::{
        atomic,
        Mutex,
        MutexGuard, //
    },
    thread,
};

#[cfg(feature = "shuttle")]
pub use shuttle::{
    sync::{
        atomic,
        Mutex,
        MutexGuard, //
    },
    thread,
};

/// Memory that its users keep each other from, somehow. loom complains about two accesses of which
/// neither is known to come before the other.
pub struct Memory {
    #[cfg(not(feature = "shuttle"))]
    cell: loom::cell::UnsafeCell<u32>,
}

// SAFETY: The checker runs one thread at a time, and loom finds accesses that are not in order.
unsafe impl Sync for Memory {}

impl Memory {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self {
            #[cfg(not(feature = "shuttle"))]
            cell: loom::cell::UnsafeCell::new(0),
        }
    }

    pub fn write(&self) {
        #[cfg(not(feature = "shuttle"))]
        self.cell.with_mut(|value| {
            // SAFETY: loom runs one thread at a time.
            unsafe { *value = (*value).wrapping_add(1) }
        });
    }
}

/// Those who sleep until something is as they want it.
pub struct Sleepers {
    /// Looking at this is no step.
    asleep: std::sync::Mutex<Vec<thread::Thread>>,
}

impl Sleepers {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self {
            asleep: std::sync::Mutex::new(Vec::new()),
        }
    }

    /// Sleeps until it is so, and looks after each [`Sleepers::wake`].
    pub fn sleep_until(&self, mut is_so: impl FnMut() -> bool) {
        let me = thread::current();
        loop {
            // Before the look, so that a wake after it is not missed.
            self.asleep.lock().unwrap().push(me.clone());
            if is_so() {
                break;
            }
            thread::park();
        }
        self.asleep.lock().unwrap().retain(|it| it.id() != me.id());
    }

    pub fn wake(&self) {
        // Others can run while one is woken up.
        let asleep = std::mem::take(&mut *self.asleep.lock().unwrap());
        for sleeper in asleep {
            sleeper.unpark();
        }
    }
}
