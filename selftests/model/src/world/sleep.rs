// SPDX-License-Identifier: GPL-2.0

//! What sleeps: completions, and the workqueue.

use crate::checker::{
    Condvar,
    Mutex, //
};

/// A `struct completion`.
pub(crate) struct Completion {
    done: Mutex<u32>,
    happened: Condvar,
}

impl Completion {
    pub(crate) fn new() -> Self {
        Self {
            done: Mutex::new(0),
            happened: Condvar::new(),
        }
    }

    pub(crate) fn complete(&self) {
        *self.done.lock().unwrap() += 1;
        self.happened.notify_all();
    }

    pub(crate) fn wait(&self) {
        let mut done = self.done.lock().unwrap();
        while *done == 0 {
            done = self.happened.wait(done).unwrap();
        }
        *done -= 1;
    }

    pub(crate) fn has_happened(&self) -> bool {
        *self.done.lock().unwrap() != 0
    }
}

/// A work item, and the workqueue that runs it.
pub(crate) struct Work {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    pending: bool,
    called: u32,
    done: u32,
    stopped: bool,
}

impl Work {
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                pending: false,
                called: 0,
                done: 0,
                stopped: false,
            }),
            changed: Condvar::new(),
        }
    }

    /// queue_work()
    pub(crate) fn call(&self) {
        let mut state = self.state.lock().unwrap();
        if !state.pending {
            state.pending = true;
            state.called += 1;
            self.changed.notify_all();
        }
    }

    /// flush_work()
    pub(crate) fn flush(&self) {
        let mut state = self.state.lock().unwrap();
        let called = state.called;
        while state.done < called {
            state = self.changed.wait(state).unwrap();
        }
    }

    /// Runs the work item whenever it is called, until it is stopped and nothing is left to do.
    pub(crate) fn serve(&self, run: impl Fn()) {
        let mut state = self.state.lock().unwrap();
        loop {
            if state.pending {
                state.pending = false;
                let called = state.called;
                drop(state);
                run();
                state = self.state.lock().unwrap();
                state.done = called;
                self.changed.notify_all();
            } else if state.stopped {
                return;
            } else {
                state = self.changed.wait(state).unwrap();
            }
        }
    }

    /// Nobody is left who could call the work item.
    pub(crate) fn stop(&self) {
        self.state.lock().unwrap().stopped = true;
        self.changed.notify_all();
    }
}
