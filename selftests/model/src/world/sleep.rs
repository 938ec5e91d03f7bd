// SPDX-License-Identifier: GPL-2.0

//! What sleeps: tasks, and what the kernel has for them to wait for each other.

use crate::checker::{
    atomic::{
        AtomicBool,
        AtomicU32,
        Ordering::AcqRel, //
    },
    thread, //
};
use std::sync::Mutex;

/// Those who sleep until something is as they want it. What that is, is to be read and changed by
/// operations of the checker's of which each sees the one before.
pub(crate) struct Sleepers {
    /// Looking at this is no step: nobody else runs between a look that fails and the sleep.
    asleep: Mutex<Vec<thread::Thread>>,
}

impl Sleepers {
    pub(crate) fn new() -> Self {
        Self {
            asleep: Mutex::new(Vec::new()),
        }
    }

    /// Sleeps until it is so, and looks after each [`Sleepers::wake`].
    pub(crate) fn sleep_until(&self, mut is_so: impl FnMut() -> bool) {
        while !is_so() {
            self.asleep.lock().unwrap().push(thread::current());
            thread::park();
        }
    }

    pub(crate) fn wake(&self) {
        for sleeper in std::mem::take(&mut *self.asleep.lock().unwrap()) {
            sleeper.unpark();
        }
    }
}

/// A `struct completion`.
pub(crate) struct Completion {
    done: AtomicU32,
    sleepers: Sleepers,
}

impl Completion {
    pub(crate) fn new() -> Self {
        Self {
            done: AtomicU32::new(0),
            sleepers: Sleepers::new(),
        }
    }

    pub(crate) fn complete(&self) {
        self.done.fetch_add(1, AcqRel);
        self.sleepers.wake();
    }

    pub(crate) fn wait(&self) {
        self.sleepers.sleep_until(|| self.done.swap(0, AcqRel) != 0);
    }
}

/// A work item, and the workqueue that runs it.
pub(crate) struct Work {
    pending: AtomicBool,
    worker: Sleepers,

    /// How often it was called, and how often it has run. The former is known to those only who
    /// called it.
    called: std::sync::atomic::AtomicU32,
    run: AtomicU32,
    flushers: Sleepers,
}

impl Work {
    pub(crate) fn new() -> Self {
        Self {
            pending: AtomicBool::new(false),
            worker: Sleepers::new(),
            called: std::sync::atomic::AtomicU32::new(0),
            run: AtomicU32::new(0),
            flushers: Sleepers::new(),
        }
    }

    /// queue_work()
    pub(crate) fn call(&self) {
        if !self.pending.swap(true, AcqRel) {
            self.called
                .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            self.worker.wake();
        }
    }

    /// flush_work(), by somebody who called the work item just now.
    pub(crate) fn flush(&self) {
        let called = self.called.load(std::sync::atomic::Ordering::Relaxed);
        self.flushers
            .sleep_until(|| self.run.fetch_add(0, AcqRel) >= called);
    }

    /// Runs the work item whenever it is called, until it was not and nobody is left to call it.
    pub(crate) fn serve(&self, run: impl Fn(), is_anybody_left: impl Fn() -> bool) {
        loop {
            let mut called = false;
            self.worker.sleep_until(|| {
                called = self.pending.swap(false, AcqRel);
                called || !is_anybody_left()
            });
            if !called {
                return;
            }
            run();
            self.run.fetch_add(1, AcqRel);
            self.flushers.wake();
        }
    }

    /// Somebody has left who could have called the work item.
    pub(crate) fn look(&self) {
        self.worker.wake();
    }
}
