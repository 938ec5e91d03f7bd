// SPDX-License-Identifier: GPL-2.0

//! What a class driver wants called: an interrupt service routine and, if it likes, a deferred port
//! check, each with its context.

use kernel::prelude::*;

/// The type of an interrupt service routine. It returns true if the interrupt was its own.
pub(crate) type Isr = unsafe extern "C" fn(context: *mut c_void) -> bool;

/// The type of a deferred port check.
pub(crate) type PortCheck = unsafe extern "C" fn(context: *mut c_void);

/// An interrupt service routine and the context it is called with. Two are equal if both are.
///
/// # Invariants
///
/// `isr` may be called with `context`, in hard interrupt context, for as long as the value exists.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Service {
    isr: Isr,
    context: *mut c_void,
}

/// A deferred port check and the context it is called with.
///
/// # Invariants
///
/// `check` may be called with `context`, with interrupts off, for as long as the value exists.
#[derive(Clone, Copy)]
pub(crate) struct Check {
    check: PortCheck,
    context: *mut c_void,
}

/// What a client wants called, and how.
#[derive(Clone, Copy)]
pub(crate) struct Routines {
    /// On an interrupt.
    pub(crate) service: Service,

    /// After a free.
    pub(crate) check: Option<Check>,

    /// Is the time of each interrupt to be taken?
    pub(crate) timestamp: bool,

    /// Where the class driver's own routine is. Not to be called, only to know its module.
    pub(crate) code: usize,
}

// SAFETY: The routine is called on whatever CPU takes the interrupt, and whoever made the value
// vouched for that.
unsafe impl Send for Service {}

// SAFETY: As for `Service`.
unsafe impl Send for Check {}

impl Service {
    /// Makes a pair of routine and context.
    ///
    /// # Safety
    ///
    /// `isr` may be called with `context`, on any CPU and in hard interrupt context, until the
    /// value and all its copies are gone.
    pub(crate) unsafe fn new(isr: Isr, context: *mut c_void) -> Self {
        // INVARIANT: By the contract of this function.
        Self { isr, context }
    }

    /// Where the routine is.
    pub(crate) fn code(&self) -> usize {
        // CAST: An address fits.
        self.isr as usize
    }

    /// Calls the routine and returns its answer.
    ///
    /// # Context
    ///
    /// Hard interrupt context, or an interrupt thread with interrupts off.
    #[inline]
    pub(super) fn call(&self) -> bool {
        // SAFETY: By the type invariant.
        unsafe { (self.isr)(self.context) }
    }
}

impl Check {
    /// Makes a pair of check and context.
    ///
    /// # Safety
    ///
    /// `check` may be called with `context`, on any CPU and with interrupts off, until the value
    /// and all its copies are gone.
    pub(crate) unsafe fn new(check: PortCheck, context: *mut c_void) -> Self {
        // INVARIANT: By the contract of this function.
        Self { check, context }
    }

    /// Calls the check.
    ///
    /// # Context
    ///
    /// Interrupts off.
    pub(super) fn call(&self) {
        // SAFETY: By the type invariant.
        unsafe { (self.check)(self.context) }
    }
}
