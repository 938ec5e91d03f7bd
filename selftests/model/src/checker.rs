// SPDX-License-Identifier: GPL-2.0

//! The model checker: what it gives in place of the standard library, and how it is started.

#[cfg(feature = "loom")]
pub(crate) use loom::{
    sync::{
        atomic,
        Mutex, //
    },
    thread,
};

#[cfg(feature = "shuttle")]
pub(crate) use shuttle::{
    sync::{
        atomic,
        Mutex, //
    },
    thread,
};

/// Memory that its users keep each other from, somehow. loom complains about two accesses of which
/// neither is known to come before the other.
pub(crate) struct Memory {
    #[cfg(feature = "loom")]
    cell: loom::cell::UnsafeCell<u32>,
}

impl Memory {
    pub(crate) fn new() -> Self {
        Self {
            #[cfg(feature = "loom")]
            cell: loom::cell::UnsafeCell::new(0),
        }
    }

    pub(crate) fn write(&self) {
        #[cfg(feature = "loom")]
        self.cell.with_mut(|value| {
            // SAFETY: loom runs one thread at a time.
            unsafe { *value = (*value).wrapping_add(1) }
        });
    }
}

// SAFETY: loom runs one thread at a time, and finds accesses that are not in order.
unsafe impl Sync for Memory {}

/// Runs a scenario in every possible order. With `preemptions`, in those only in which no more
/// threads than that are interrupted where they could have gone on.
#[cfg(all(test, feature = "loom"))]
pub(crate) fn explore(preemptions: Option<usize>, scenario: fn()) {
    let mut builder = loom::model::Builder::new();

    builder.preemption_bound = preemptions.or(builder.preemption_bound);
    builder.max_branches = 10_000;
    let t = std::time::Instant::now();
    let n = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let m = n.clone();
    let result = std::panic::catch_unwind(move || {
        builder.check(move || {
            m.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            scenario()
        })
    });
    if let Err(e) = result {
        eprintln!("{}", crate::witness::story());
        std::panic::resume_unwind(e);
    }
    eprintln!(
        "{} executions, {:?}",
        n.load(std::sync::atomic::Ordering::Relaxed),
        t.elapsed()
    );
}

/// The thread that runs.
pub(crate) fn me() -> String {
    format!("{:?}", thread::current().id())
}
