// SPDX-License-Identifier: GPL-2.0

//! Who owns a port: one atomic word, and every transition is one compare-and-exchange.
//!
//! This is logic only. It knows no parport, no lock and no I/O, and of its surroundings it needs
//! nothing but [`crate::atomic`]. What a transition obliges its caller to do is in the value it
//! returns.
//!
//! # The life of a port
//!
//! ```text
//!                  begin_claim           claimed
//!         AWAY ------------------> CLAIM ---------> HELD <--------------------+
//!          ^  ^ <------------------ |              | |  ^ |                   |
//!          |  |    claim_failed                    | |  | | try_allocate      |
//!          |  +------------------------------------+ |  | v                   |
//!          |       preempt: given to a Linux driver  | HELD + owner           |
//!          |                                    want |  | free, with somebody |
//!          |                                         v  v   waiting           |
//!          +------------------------------- HELD + HANDOFF -------------------+
//!                released: a refused Linux     the worker's     end_handoff: nobody
//!                driver has the port now                        wants it any more
//! ```
//!
//! `free` with nobody waiting goes from "HELD + owner" straight back to HELD. `kill` can come at
//! any time, and after it nothing but the end of what was begun does.
//!
//! # Why there is no bit for "preempted while claiming"
//!
//! Between a successful `parport_claim()` and [`Arbiter::claimed`] a Linux driver can preempt us.
//! The caller of [`Arbiter::claimed`] therefore holds `port->cad_lock` for reading, under which
//! preemption cannot come, and has looked at `port->cad` there. Claims are single-flight, so if our
//! device is the owner then, it is so because of this very claim.

mod queue;
mod word;

use crate::atomic::AtomicWord;

use self::word::Word;
pub(crate) use self::{
    queue::{
        Ending,
        Entry,
        Grant,
        Queue, //
    },
    word::Owner, //
};

/// What a free did.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Freed {
    /// The port is free.
    Idle,

    /// Somebody waits: the port is the worker's, which must be called.
    Handoff,
}

/// Why a free was refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The port is not the caller's.
    NotOwner,

    /// The port is gone.
    Dead,
}

/// What becomes of a Linux driver that wants the port which we hold.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Preemption {
    /// It gets the port.
    Given,

    /// It must wait.
    Refused,
}

/// What the worker must do with the port that was handed to it.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Handoff {
    /// Nothing: the port is free.
    Idle,

    /// Look again: somebody asked for the worker meanwhile.
    Again,

    /// Release it to the Linux driver that was refused, then call [`Arbiter::released`].
    Release,
}

/// What a port's death found.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(crate) struct Death {
    /// A claim was in flight; its end, [`Arbiter::claimed`] or [`Arbiter::claim_failed`], is still
    /// to come.
    pub(crate) claim_in_flight: bool,
}

/// The ownership of one port.
pub(crate) struct Arbiter {
    word: AtomicWord,
}

impl Arbiter {
    /// A port that is not ours to give yet.
    pub(crate) fn new() -> Self {
        Self {
            word: AtomicWord::new(Word::AWAY.bits()),
        }
    }

    /// Makes `me` the owner if the port is free, and tells whether it did.
    ///
    /// One compare-and-exchange: it succeeds only from "held, and nothing else".
    ///
    /// # Context
    ///
    /// Any, NMI included.
    #[inline]
    pub(crate) fn try_allocate(&self, me: Owner) -> bool {
        self.word
            .change_acquire(Word::HELD.bits(), Word::owned_by(me).bits())
    }

    /// Ends the ownership of `me` if nobody wants the port, and tells whether it did. What else it
    /// may be, [`Arbiter::free`] finds out.
    ///
    /// One compare-and-exchange.
    ///
    /// # Context
    ///
    /// Any.
    #[inline]
    pub(crate) fn free_quietly(&self, me: Owner) -> bool {
        self.word
            .change_full(Word::owned_by(me).bits(), Word::HELD.bits())
    }

    /// Ends the ownership of `me`.
    ///
    /// # Context
    ///
    /// Any. The loop turns again only when another CPU changed the word: somebody began to want the
    /// port, or it died.
    ///
    /// # Errors
    ///
    /// Nothing changes if `me` does not own the port.
    pub(crate) fn free(&self, me: Owner) -> Result<Freed, Refusal> {
        self.update(|word| {
            if word.has(Word::DEAD) {
                return Err(Refusal::Dead);
            }
            if word.owner() != Some(me) {
                return Err(Refusal::NotOwner);
            }
            let idle = word.without_owner();
            if idle == Word::HELD {
                return Ok((idle, Freed::Idle));
            }
            Ok((idle.with(Word::HANDOFF), Freed::Handoff))
        })
    }

    /// A Linux driver wants the port that our device has.
    ///
    /// # Context
    ///
    /// Any; called under `port->cad_lock`.
    pub(crate) fn preempt(&self) -> Preemption {
        self.update(|word| {
            if word.owner().is_some() || word.has(Word::HANDOFF) {
                return Ok::<_, ()>((word.with(Word::REFUSED), Preemption::Refused));
            }
            // With `CLAIM` instead of `HELD` the claim was done but not noted yet, and whoever is
            // about to note it will see that the port is not ours any more.
            Ok((word.without(Word::HELD), Preemption::Given))
        })
        .unwrap_or(Preemption::Given)
    }

    /// Starts a claim, and tells whether the caller is the one to do it.
    ///
    /// If so, the caller must end it by [`Arbiter::claimed`] or [`Arbiter::claim_failed`]. If not,
    /// no claim is needed: the port is ours, or dead, or somebody else's claim is in flight, who
    /// will look once more after it.
    pub(crate) fn begin_claim(&self) -> bool {
        const NO: Word = Word::HELD.with(Word::CLAIM).with(Word::DEAD);

        self.update(|word| {
            if word.without(NO) != word {
                return Err(());
            }
            Ok((word.with(Word::CLAIM), ()))
        })
        .is_ok()
    }

    /// Ends a claim: our device is `port->cad`. Tells whether the worker must be called.
    ///
    /// With `others_wait`, Linux drivers that wait count as refused: they get the port after the
    /// worker had it once.
    ///
    /// # Context
    ///
    /// With `port->cad_lock` held for reading, see the head of this file.
    #[must_use]
    pub(crate) fn claimed(&self, others_wait: bool) -> bool {
        self.update(|word| {
            let mut held = word.without(Word::CLAIM).with(Word::HELD);
            if others_wait {
                held = held.with(Word::REFUSED);
            }
            if word.has(Word::DEAD) {
                // Whoever killed the port waits for the end of this claim and releases the port.
                return Ok::<_, ()>((held.with(Word::HANDOFF), false));
            }
            if word.has(Word::WANT) || others_wait {
                return Ok((held.with(Word::HANDOFF), true));
            }
            Ok((held, false))
        })
        .unwrap_or(false)
    }

    /// Ends a claim: our device is not `port->cad`.
    pub(crate) fn claim_failed(&self) {
        let _ = self.update(|word| Ok::<_, ()>((word.without(Word::CLAIM), ())));
    }

    /// Asks for the worker to have the port before it is free the next time. Tells whether it must
    /// be called now; otherwise whoever frees or claims the port will call it.
    #[must_use]
    pub(crate) fn want(&self) -> bool {
        self.update(|word| {
            if word.has(Word::DEAD) {
                return Err(());
            }
            if word.is_idle() {
                return Ok((word.with(Word::WANT).with(Word::HANDOFF), true));
            }
            Ok((word.with(Word::WANT), false))
        })
        .unwrap_or(false)
    }

    /// Tells the worker whether the port is its own, and forgets that it was wanted.
    ///
    /// If so, the worker does what was wanted and then calls [`Arbiter::end_handoff`].
    #[must_use]
    pub(crate) fn begin_handoff(&self) -> bool {
        self.update(|word| {
            if word.has(Word::DEAD) || !word.has(Word::HANDOFF) {
                return Err(());
            }
            Ok((word.without(Word::WANT), ()))
        })
        .is_ok()
    }

    /// Makes a client whose request was granted the owner. With `more`, others wait behind it.
    ///
    /// # Context
    ///
    /// The worker, after [`Arbiter::begin_handoff`]; it and [`Arbiter::kill`] exclude each other.
    pub(crate) fn grant(&self, client: Owner, more: bool) {
        let _ = self.update(|word| {
            let owned = word.without(Word::HANDOFF).with_owner(client);
            Ok::<_, ()>((if more { owned.with(Word::WANT) } else { owned }, ()))
        });
    }

    /// Makes the port free, if nobody came to want it.
    pub(crate) fn end_handoff(&self) -> Handoff {
        self.update(|word| {
            if word.has(Word::REFUSED) {
                return Err(Handoff::Release);
            }
            if word.has(Word::WANT) {
                return Err(Handoff::Again);
            }
            Ok((word.without(Word::HANDOFF), Handoff::Idle))
        })
        .unwrap_or_else(|handoff| handoff)
    }

    /// The worker released the port, so whoever was refused has been told by parport.
    pub(crate) fn released(&self) {
        const RELEASED: Word = Word::HELD.with(Word::HANDOFF).with(Word::REFUSED);

        let _ = self.update(|word| Ok::<_, ()>((word.without(RELEASED), ())));
    }

    /// The port is going away: no ownership is left and none will be given.
    ///
    /// If the port is held, it is handed to the caller, as to the worker: no Linux driver gets it
    /// until the caller released it.
    pub(crate) fn kill(&self) -> Death {
        self.update(|word| {
            let mut dead = word.without_owner().without(Word::WANT).with(Word::DEAD);
            if dead.has(Word::HELD) {
                dead = dead.with(Word::HANDOFF);
            }
            let claim_in_flight = word.has(Word::CLAIM);
            Ok((dead, Death { claim_in_flight }))
        })
        .unwrap_or_else(|death| death)
    }

    /// Is the port ours on the Linux side?
    pub(crate) fn is_held(&self) -> bool {
        self.now().has(Word::HELD)
    }

    /// Is the port gone?
    #[inline]
    pub(crate) fn is_dead(&self) -> bool {
        self.now().has(Word::DEAD)
    }

    /// Is the port free, for anybody to take?
    pub(crate) fn is_free(&self) -> bool {
        self.now() == Word::HELD
    }

    /// Which client owns the port?
    pub(crate) fn owner(&self) -> Option<Owner> {
        self.now().owner()
    }

    /// Was a Linux driver refused, who waits now?
    pub(crate) fn has_refused(&self) -> bool {
        self.now().has(Word::REFUSED)
    }

    #[inline]
    fn now(&self) -> Word {
        Word::from_bits(self.word.load())
    }

    /// Changes the word as `next` says: from the word that is there to a word and a result, or to
    /// no change and a result.
    fn update<R, E>(&self, next: impl Fn(Word) -> Result<(Word, R), E>) -> Result<R, E> {
        let mut old = self.word.load();
        loop {
            let (new, result) = next(Word::from_bits(old))?;
            match self.word.change(old, new.bits()) {
                Ok(()) => return Ok(result),
                Err(seen) => old = seen,
            }
        }
    }
}
