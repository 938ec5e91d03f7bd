// SPDX-License-Identifier: GPL-2.0

//! Work items. One that is delayed is so for ever.

use crate::{
    checker::{
        atomic::{
            AtomicBool,
            AtomicU32,
            Ordering::{
                AcqRel,
                Release, //
            }, //
        },
        Sleepers, //
    },
    sync::Arc,
};
use std::{
    marker::PhantomData,
    sync::atomic::Ordering::Relaxed, //
};

pub trait WorkItem<const ID: u64 = 0> {
    type Pointer;

    fn run(this: Self::Pointer);
}

pub trait HasWork<const ID: u64 = 0> {
    fn work(&self) -> &Work<Self, ID>;
}

/// A work item, and the workqueue that runs it.
pub struct Work<T: ?Sized, const ID: u64 = 0> {
    pending: AtomicBool,
    worker: Sleepers,

    /// How often it was called, which is known to those only who called it.
    called: std::sync::atomic::AtomicU32,

    /// How often it has run.
    run: AtomicU32,
    flushers: Sleepers,

    /// Is there nothing to be run any more? Looking at this is no step.
    over: std::sync::atomic::AtomicBool,
    of: PhantomData<fn(&T)>,
}

impl<T: ?Sized, const ID: u64> Work<T, ID> {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self {
            pending: AtomicBool::new(false),
            worker: Sleepers::new(),
            called: 0.into(),
            run: AtomicU32::new(0),
            flushers: Sleepers::new(),
            over: false.into(),
            of: PhantomData,
        }
    }

    fn call(&self, run: impl FnOnce()) -> bool {
        let called = !self.pending.swap(true, AcqRel);

        if called && self.over.load(Relaxed) {
            run();
            self.pending.store(false, Release);
        } else if called {
            self.called.fetch_add(1, Relaxed);
            self.worker.wake();
        }
        called
    }

    /// Waits until it has run for everybody who called it before.
    pub fn flush(&self) {
        if self.over.load(Relaxed) {
            return;
        }
        let called = self.called.load(Relaxed);
        self.flushers
            .sleep_until(|| self.run.fetch_add(0, AcqRel) >= called);
    }

    /// Runs the work item whenever it is called, until it was not and nobody is left to call it.
    pub fn serve(&self, run: impl Fn(), is_anybody_left: impl Fn() -> bool) {
        loop {
            let mut called = false;
            self.worker.sleep_until(|| {
                let is_over = !is_anybody_left();
                called = self.pending.swap(false, AcqRel);
                called || is_over
            });
            if !called {
                return;
            }
            run();
            self.run.fetch_add(1, AcqRel);
            self.flushers.wake();
        }
    }

    /// From now on, whoever calls runs it at once: nobody else runs any more.
    pub fn end(&self) {
        self.over.store(true, Relaxed);
    }

    /// Somebody has left who could have called the work item.
    pub fn look(&self) {
        self.worker.wake();
    }
}

pub struct DelayedWork<T: ?Sized, const ID: u64 = 0>(PhantomData<fn(&T)>);

impl<T: ?Sized, const ID: u64> DelayedWork<T, ID> {
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

pub struct Queue;

pub fn system_highpri() -> Queue {
    Queue
}

pub fn system_power_efficient() -> Queue {
    Queue
}

impl Queue {
    pub fn enqueue<P: Enqueue<ID>, const ID: u64>(&self, pointer: P) -> bool {
        pointer.enqueue()
    }

    pub fn enqueue_delayed<P, const ID: u64>(&self, _: P, _: usize) -> bool {
        true
    }
}

pub trait Enqueue<const ID: u64> {
    /// Tells whether it was not called already.
    fn enqueue(self) -> bool;
}

impl<T, const ID: u64> Enqueue<ID> for Arc<T>
where
    T: HasWork<ID> + WorkItem<ID, Pointer = Self>,
{
    fn enqueue(self) -> bool {
        self.work().call(|| T::run(self.clone()))
    }
}

#[macro_export]
macro_rules! impl_has_work {
    (impl HasWork<Self, $id:literal> for $type:ty { self.$field:ident }) => {
        impl $crate::workqueue::HasWork<$id> for $type {
            fn work(&self) -> &$crate::workqueue::Work<Self, $id> {
                &self.$field
            }
        }
    };
}
pub use impl_has_work;

#[macro_export]
macro_rules! impl_has_delayed_work {
    ($($implementation:tt)*) => {};
}

#[macro_export]
macro_rules! new_work {
    ($name:literal) => {
        $crate::workqueue::Work::new()
    };
}
pub use new_work;

#[macro_export]
macro_rules! new_delayed_work {
    ($name:literal) => {
        $crate::workqueue::DelayedWork::new()
    };
}
pub use new_delayed_work;
