// SPDX-License-Identifier: GPL-2.0

//! Somebody who sees everything at once, and says so when a promise is broken.
//!
//! What is kept here is no part of the model: looking at it is no step of any thread, and orders
//! nothing. All threads of an execution run in turn on one thread of the host.

use kernel::checker::thread;
use std::cell::RefCell;

/// A device on the port. [`OURS`] is that of parport_try_alloc, the others are Linux drivers'.
pub(crate) type Dev = usize;

pub(crate) const OURS: Dev = 0;

/// Who uses the port's registers for longer than a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum User {
    Client(usize),
    Linux(Dev),
}

// The bits of the ownership word, written down a second time: the first is under test.
const HELD: u32 = 1 << 0;
const CLAIM: u32 = 1 << 1;
const HANDOFF: u32 = 1 << 2;
const WANT: u32 = 1 << 3;
const REFUSED: u32 = 1 << 4;
const DEAD: u32 = 1 << 5;
const OWNER: u32 = 0xffff << 16;

#[derive(Default)]
struct Witness {
    word: u32,
    cad: Option<Dev>,
    registered: bool,
    claims: u32,
    user: Option<User>,

    /// The stays of requests in the line. The number of one is its name.
    stays: Vec<Stay>,
}

/// The stay of a request in the line.
#[derive(Clone, Copy)]
struct Stay {
    /// Has the call that queued it returned, so that nobody may overtake it?
    stands: bool,

    /// Is it to be answered?
    answered: bool,
}

thread_local! {
    static WITNESS: RefCell<Witness> = RefCell::default();

    /// What happened in this execution.
    static LOG: RefCell<Vec<String>> = RefCell::default();
}

/// Something happened.
pub(crate) fn note(what: impl FnOnce() -> String) {
    LOG.with_borrow_mut(|log| log.push(format!("{:?}: {}", thread::current().id(), what())));
}

/// What happened in this execution so far.
pub(crate) fn story() -> String {
    LOG.with_borrow(|log| log.join("\n"))
}

fn with<R>(see: impl FnOnce(&mut Witness) -> R) -> R {
    WITNESS.with_borrow_mut(see)
}

/// A new execution begins.
pub(crate) fn forget() {
    with(|seen| *seen = Witness::default());
    LOG.with_borrow_mut(Vec::clear);
}

/// The ownership word was changed.
pub(crate) fn word_changed(new: u32) {
    note(|| format!("word {new:#x}"));
    with(|seen| {
        let owned = new & OWNER != 0;
        let has = |bits| new & bits == bits;

        assert!(!owned || has(HELD), "owned but not held: {new:#x}");
        assert!(
            !has(HANDOFF) || has(HELD),
            "handed over but not held: {new:#x}"
        );
        assert!(!owned || !has(HANDOFF), "owned and handed over: {new:#x}");
        assert!(!has(HELD | CLAIM), "held and claimed: {new:#x}");
        assert!(
            !has(REFUSED) || owned || has(HANDOFF),
            "refused while idle: {new:#x}"
        );
        assert!(
            !has(HELD | WANT) || owned || has(HANDOFF),
            "idle and wanted: {new:#x}"
        );
        if seen.word & DEAD != 0 {
            assert!(has(DEAD), "came back from the dead: {new:#x}");
            assert!(!owned, "owned after death: {new:#x}");
            assert!(
                !has(CLAIM) || seen.word & CLAIM != 0,
                "claimed after death: {new:#x}"
            );
        }
        seen.word = new;
        seen.compare();
    });
}

pub(crate) fn is_dead() -> bool {
    with(|seen| seen.word & DEAD != 0)
}

/// parport has another owner.
pub(crate) fn cad_changed(cad: Option<Dev>) {
    note(|| format!("cad {cad:?}"));
    with(|seen| {
        seen.cad = cad;
        seen.compare();
    });
}

impl Witness {
    /// What the word says and what parport says agree, unless the worker is just releasing.
    fn compare(&self) {
        let held = self.word & HELD != 0 && self.word & HANDOFF == 0;

        assert!(
            !held || self.cad == Some(OURS),
            "held but not ours: {:#x}",
            self.word
        );
    }
}

/// Our device is known to parport from now on, or not any more.
pub(crate) fn registered(now: bool) {
    with(|seen| {
        seen.registered = now;
        assert!(
            now || seen.cad != Some(OURS),
            "unregistered while it has the port"
        );
        assert!(
            now || seen.claims == 0,
            "unregistered while it is being claimed for"
        );
    });
}

/// Our device is used in a call of parport's.
pub(crate) fn device_used(dev: Dev) {
    with(|seen| assert!(dev != OURS || seen.registered, "used unregistered"));
}

/// A claim of ours begins.
pub(crate) fn claim_begins() {
    with(|seen| {
        assert!(seen.claims == 0, "two claims in flight");
        seen.claims += 1;
    });
}

/// A claim of ours has ended, or was noted.
pub(crate) fn claim_ends() {
    with(|seen| seen.claims -= 1);
}

/// Somebody starts to use the registers.
pub(crate) fn use_begins(user: User) {
    with(|seen| {
        assert!(seen.user.is_none(), "{user:?} beside {:?}", seen.user);
        let dev = match user {
            User::Client(_) => OURS,
            User::Linux(dev) => dev,
        };
        assert!(
            seen.cad == Some(dev),
            "{user:?} with the port {:?}'s",
            seen.cad
        );
        seen.user = Some(user);
    });
}

/// Somebody has used the registers.
pub(crate) fn use_ends(user: User) {
    with(|seen| assert!(seen.user.take() == Some(user), "{user:?} was disturbed"));
}

/// Somebody uses the registers for a moment.
pub(crate) fn used() {
    with(|seen| {
        assert!(
            seen.user.is_none(),
            "at the registers beside {:?}",
            seen.user
        )
    });
}

/// Somebody sleeps for the answer to a request that was queued. Returns the name of its stay.
pub(crate) fn stands_in_line() -> usize {
    with(|seen| {
        seen.stays.push(Stay {
            stands: true,
            answered: true,
        });
        seen.stays.len() - 1
    })
}

/// A request is about to be queued. Returns the name of its stay.
pub(crate) fn queued() -> usize {
    with(|seen| {
        seen.stays.push(Stay {
            stands: false,
            answered: false,
        });
        seen.stays.len() - 1
    })
}

/// The call that queued a request is over. It may have been answered meanwhile.
pub(crate) fn queue_returned(stay: usize) {
    with(|seen| {
        let it = &mut seen.stays[stay];
        it.stands = !it.answered;
    });
}

/// A request may have left the line from now on, because somebody wants it to.
pub(crate) fn leaves_the_line(stay: usize) {
    with(|seen| seen.stays[stay].stands = false);
}

/// A request was answered, or was not taken.
pub(crate) fn answered(stay: Option<usize>) {
    note(|| "answered".into());
    with(|seen| {
        let stay = stay.expect("answered without having been queued");
        let it = &mut seen.stays[stay];
        assert!(!it.answered, "a request was answered twice");
        *it = Stay {
            stands: false,
            answered: true,
        };
    });
}

/// The stays in the line that a try which begins now may not overtake.
pub(crate) fn line() -> Vec<usize> {
    with(|seen| {
        let stays = seen.stays.iter().enumerate();
        stays
            .filter(|(_, it)| it.stands)
            .map(|(stay, _)| stay)
            .collect()
    })
}

/// A try was successful that began when `line` was the line.
pub(crate) fn not_overtaken(line: &[usize]) {
    with(|seen| {
        for &stay in line {
            assert!(!seen.stays[stay].stands, "a try overtook a request");
        }
    });
}

/// Everybody has done what they do and given back what they had. With `alive`, so is the port.
pub(crate) fn at_rest(alive: bool) {
    with(|seen| {
        assert!(seen.user.is_none(), "left in use by {:?}", seen.user);
        assert!(seen.claims == 0, "a claim never ended");
        for it in &seen.stays {
            assert!(!it.stands && it.answered, "a request was never answered");
        }
        if alive {
            assert!(
                seen.word == HELD,
                "the port did not come to rest: {:#x}",
                seen.word
            );
        } else {
            assert!(seen.word == DEAD, "the port did not die: {:#x}", seen.word);
            assert!(!seen.registered && seen.cad.is_none());
        }
    });
}
