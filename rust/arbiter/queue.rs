// SPDX-License-Identifier: GPL-2.0

//! The requests that wait for a port: one line, first come first served.
//!
//! A request is an object of its caller's, and it is in one place at a time:
//!
//! ```text
//!    Out --push--> Waiting --grant--> Out                            (the owner now)
//!     ^               |
//!     |               +--withdraw--> Out                             (nobody is told)
//!     |               |
//!     |               +--cancel, cancel_client, close--> Ended
//!     +------------------------ next_ended ---------------+          (told, once)
//! ```
//!
//! The methods take `&mut self`: whoever calls them holds the lock that the queue is under. That
//! lock is what decides a race between a grant and a cancel: one of them finds the request waiting.

use super::Owner;
use core::{
    cell::Cell,
    ptr::NonNull, //
};

/// Why a request ended without a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It, or its client, was cancelled.
    Cancelled,

    /// The port is gone.
    Dead,
}

/// Where a request is.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Place {
    /// With its caller.
    Out = 0,

    /// In the line.
    Waiting,

    /// Cancelled, and its caller has yet to be told.
    Cancelled,

    /// Out of line because the port is gone, and its caller has yet to be told.
    Dead,
}

/// What the queue keeps in a request. One that is all zero is in no queue.
///
/// # Invariants
///
/// If `place` is not [`Place::Out`], the entry is in the list of its queue that `place` names, and
/// `queue` is that queue. The cells are used with the queue's lock held only.
#[repr(C)]
pub(crate) struct Entry {
    next: Cell<Option<NonNull<Entry>>>,
    prev: Cell<Option<NonNull<Entry>>>,
    queue: Cell<*const Queue>,
    client: Cell<Option<Owner>>,
    place: Cell<Place>,
}

impl Entry {
    /// An entry that is in no queue.
    pub(crate) const fn new() -> Self {
        // INVARIANT: The place is `Out`.
        Self {
            next: Cell::new(None),
            prev: Cell::new(None),
            queue: Cell::new(core::ptr::null()),
            client: Cell::new(None),
            place: Cell::new(Place::Out),
        }
    }
}

/// A doubly linked list of entries.
///
/// # Invariants
///
/// Every entry in the list is valid until it is taken out, which is what [`Queue::push`] asks for.
struct List {
    first: Option<NonNull<Entry>>,
    last: Option<NonNull<Entry>>,
    len: u32,
}

impl List {
    const fn new() -> Self {
        Self {
            first: None,
            last: None,
            len: 0,
        }
    }

    /// Appends an entry, which is in no list.
    fn push(&mut self, entry: NonNull<Entry>) {
        // SAFETY: The callers in this file hand in valid entries.
        let this = unsafe { entry.as_ref() };
        this.next.set(None);
        this.prev.set(self.last);
        match self.last {
            // SAFETY: By the type invariant.
            Some(last) => unsafe { last.as_ref() }.next.set(Some(entry)),
            None => self.first = Some(entry),
        }
        self.last = Some(entry);
        self.len = self.len.wrapping_add(1);
    }

    /// Takes an entry out, which is in this list.
    fn remove(&mut self, entry: NonNull<Entry>) {
        // SAFETY: By the type invariant.
        let this = unsafe { entry.as_ref() };
        let (prev, next) = (this.prev.take(), this.next.take());
        match prev {
            // SAFETY: By the type invariant.
            Some(prev) => unsafe { prev.as_ref() }.next.set(next),
            None => self.first = next,
        }
        match next {
            // SAFETY: By the type invariant.
            Some(next) => unsafe { next.as_ref() }.prev.set(prev),
            None => self.last = prev,
        }
        self.len = self.len.wrapping_sub(1);
    }

    /// The entry after this one, or the first.
    fn after(&self, entry: Option<NonNull<Entry>>) -> Option<NonNull<Entry>> {
        match entry {
            // SAFETY: By the type invariant.
            Some(entry) => unsafe { entry.as_ref() }.next.get(),
            None => self.first,
        }
    }
}

/// A request that was granted.
pub(crate) struct Grant {
    /// The client that owns the port by it.
    pub(crate) client: Owner,

    /// The request, with its caller again.
    pub(crate) entry: NonNull<Entry>,

    /// Do others still wait?
    pub(crate) more: bool,
}

/// The requests of one port.
pub(crate) struct Queue {
    waiting: List,
    ended: List,
    closed: bool,

    /// Has a request come since a Linux driver was last asked to give way?
    unasked: bool,
}

// SAFETY: Whoever pushes an entry allows it to be used on any CPU, under the queue's lock.
unsafe impl Send for Queue {}

impl Queue {
    /// An empty queue.
    pub(crate) const fn new() -> Self {
        Self {
            waiting: List::new(),
            ended: List::new(),
            closed: false,
            unasked: false,
        }
    }

    /// Puts a request at the end of the line. Tells whether it did: not if the port is gone, and
    /// not if the request is in a queue already.
    ///
    /// # Safety
    ///
    /// `entry` points to an entry that stays valid and where it is until it is out again. The queue
    /// does not move while it has entries.
    pub(crate) unsafe fn push(&mut self, entry: NonNull<Entry>, client: Owner) -> bool {
        // SAFETY: By the contract of this function.
        let this = unsafe { entry.as_ref() };

        if self.closed || this.place.get() != Place::Out {
            return false;
        }
        this.queue.set(self);
        this.client.set(Some(client));
        this.place.set(Place::Waiting);
        self.waiting.push(entry);
        self.unasked = true;
        true
    }

    /// Takes the first request out of the line.
    pub(crate) fn grant(&mut self) -> Option<Grant> {
        let entry = self.waiting.first?;
        self.waiting.remove(entry);

        // SAFETY: It was in the list until now.
        let this = unsafe { entry.as_ref() };
        this.place.set(Place::Out);
        Some(Grant {
            client: this.client.get()?,
            entry,
            more: self.waiting.first.is_some(),
        })
    }

    /// Takes a request out of the line, and nobody is told. Tells whether it was in it.
    pub(crate) fn withdraw(&mut self, entry: &Entry, client: Owner) -> bool {
        if !self.has_waiting(entry, client) {
            return false;
        }
        self.waiting.remove(entry.into());
        entry.place.set(Place::Out);
        true
    }

    /// Ends a request that waits. Tells whether it did.
    pub(crate) fn cancel(&mut self, entry: &Entry, client: Owner) -> bool {
        if !self.has_waiting(entry, client) {
            return false;
        }
        self.end(entry.into(), Ending::Cancelled);
        true
    }

    /// Ends all requests of a client that wait.
    pub(crate) fn cancel_client(&mut self, client: Owner) {
        let mut next = self.waiting.first;

        while let Some(entry) = next {
            next = self.waiting.after(Some(entry));
            // SAFETY: It is in the list.
            if unsafe { entry.as_ref() }.client.get() == Some(client) {
                self.end(entry, Ending::Cancelled);
            }
        }
    }

    /// Ends all requests, and lets none in any more: the port is gone.
    pub(crate) fn close(&mut self) {
        self.closed = true;
        while let Some(entry) = self.waiting.first {
            self.end(entry, Ending::Dead);
        }
    }

    /// Takes out one request that has ended and whose caller must be told so.
    pub(crate) fn next_ended(&mut self) -> Option<(NonNull<Entry>, Ending)> {
        let entry = self.ended.first?;
        self.ended.remove(entry);

        // SAFETY: It was in the list until now.
        match unsafe { entry.as_ref() }.place.replace(Place::Out) {
            Place::Cancelled => Some((entry, Ending::Cancelled)),
            Place::Dead => Some((entry, Ending::Dead)),
            Place::Out | Place::Waiting => None,
        }
    }

    /// How many wait?
    pub(crate) fn len(&self) -> u32 {
        self.waiting.len
    }

    /// Does nobody wait?
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.first.is_none()
    }

    /// Is there anybody for whom no Linux driver was asked yet to give way?
    pub(crate) fn has_unasked(&self) -> bool {
        self.unasked && !self.is_empty()
    }

    /// A Linux driver that has the port is about to be asked, for all who wait by now.
    pub(crate) fn ask(&mut self) {
        self.unasked = false;
    }

    /// Those that wait still want Linux drivers to be asked to give way.
    pub(crate) fn ask_again(&mut self) {
        self.unasked = true;
    }

    /// Is it waiting here, for this client?
    fn has_waiting(&self, entry: &Entry, client: Owner) -> bool {
        core::ptr::eq(entry.queue.get(), self)
            && entry.place.get() == Place::Waiting
            && entry.client.get() == Some(client)
    }

    fn end(&mut self, entry: NonNull<Entry>, ending: Ending) {
        self.waiting.remove(entry);
        // SAFETY: It was in the list until now.
        unsafe { entry.as_ref() }.place.set(match ending {
            Ending::Cancelled => Place::Cancelled,
            Ending::Dead => Place::Dead,
        });
        self.ended.push(entry);
    }
}
