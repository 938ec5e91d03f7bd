// SPDX-License-Identifier: GPL-2.0

/// A text in a file of `rust/`, and what it is replaced by.
pub(crate) struct Replaced {
    file: &'static str,
    text: &'static str,
    by: &'static str,
}

/// A copy of `rust/` with something wrong in it.
pub(crate) struct Mutant {
    name: &'static str,
    replaced: &'static [Replaced],
}

macro_rules! mutants {
    ($($name:ident: $($file:literal $text:literal => $by:literal),+;)*) => {
        /// What can be wrong. Which scenario finds it out is said in `src/tests/mutants.rs`.
        const MUTANTS: &[Mutant] = &[$(Mutant {
            name: stringify!($name),
            replaced: &[$(Replaced { file: $file, text: $text, by: $by }),+],
        }),*];
    };
}

mutants! {
    // The arbiter.

    // Claims are not single-flight.
    claims_twice:
        "arbiter/mod.rs" "Word::HELD.with(Word::CLAIM).with(Word::DEAD)"
            => "Word::HELD.with(Word::DEAD)";
    // A wakeup after death claims.
    claims_when_dead:
        "arbiter/mod.rs" "Word::HELD.with(Word::CLAIM).with(Word::DEAD)"
            => "Word::HELD.with(Word::CLAIM)",
        "port/linux.rs" "if this.is_dead() || !this.device.is_registered()"
            => "if !this.device.is_registered()";
    // A free does not care who the owner is.
    frees_for_anybody:
        "arbiter/mod.rs" "word.owner() != Some(me)" => "word.owner().is_none()";
    // The port is handed over through a moment in which it is free.
    hands_over_through_free:
        "arbiter/mod.rs" "Ok((idle.with(Word::HANDOFF), Freed::Handoff))"
            => "Ok((idle.without(Word::WANT), Freed::Handoff))",
        "arbiter/mod.rs" "if word.has(Word::DEAD) || !word.has(Word::HANDOFF) {"
            => "if word.has(Word::DEAD) || !word.has(Word::HANDOFF) && !word.is_idle() {",
        "arbiter/mod.rs" "Ok((word.without(Word::WANT), ()))"
            => "Ok((word.without(Word::WANT).with(Word::HANDOFF), ()))";
    // WANT is set after the owner's last look.
    wants_too_late:
        "arbiter/mod.rs" "pub(crate) fn want(&self) -> bool {\n"
            => "pub(crate) fn want(&self) -> bool {\n        let idle = self.is_free();\n",
        "arbiter/mod.rs" "if word.is_idle() {" => "if idle {";
    // Whoever claims does not look for WANT.
    claims_unwanted:
        "arbiter/mod.rs" "word.has(Word::WANT) || others_wait" => "others_wait";
    // The worker does not look for WANT at the end.
    ends_unwanted:
        "arbiter/mod.rs" "if word.has(Word::WANT) {\n                return Err(Handoff::Again);"
            => "if false {\n                return Err(Handoff::Again);";
    // A grant forgets those behind.
    grants_unwanted:
        "arbiter/mod.rs" "if more { owned.with(Word::WANT) } else { owned }" => "owned";
    // A Linux driver that was refused is forgotten.
    forgets_the_refused:
        "arbiter/mod.rs" "(word.with(Word::REFUSED), Preemption::Refused)"
            => "(word, Preemption::Refused)";
    // A port that is dead can still be preempted.
    dies_preemptible:
        "arbiter/mod.rs" "dead = dead.with(Word::HANDOFF);" => "";
    // Death is not final.
    lives_on:
        "arbiter/mod.rs" "word.without_owner().without(Word::WANT).with(Word::DEAD)"
            => "word.without_owner().without(Word::WANT)";
    // What the owner before wrote may not be seen.
    takes_relaxed:
        "arbiter/mod.rs" ".change_acquire(" => ".change_relaxed(";
    // What the owner wrote may not be seen by the next.
    frees_relaxed:
        "arbiter/mod.rs" ".change_full(" => ".change_relaxed(";

    // The queue.

    // A request is cancelled although it was granted.
    cancels_the_granted:
        "arbiter/queue.rs" "            && entry.place.get() == Place::Waiting\n" => "";
    // A queue that is closed takes requests.
    queues_when_closed:
        "arbiter/queue.rs" "if self.closed || this.place.get() != Place::Out {"
            => "if this.place.get() != Place::Out {";

    // The port.

    // Nobody looks again after a claim that failed.
    claims_once:
        "port/linux.rs" "while self.parport().is_unowned() && self.claim(others_wait) {}"
            => "if self.parport().is_unowned() {\n            self.claim(others_wait);\n        }";
    // A claim does not look whether somebody waits.
    forgets_the_line:
        "port/linux.rs" "if !port.queue.lock().is_empty() {" => "if false {";
    // A claim that fails does not look who came meanwhile.
    forgets_to_ask:
        "port/linux.rs" "if port.queue.lock().has_unasked() {" => "if false {";
    // A claim does not care who is behind us on the wait list.
    forgets_those_behind:
        "port/linux.rs" "|| listed && port.device.others_wait()" => "";
    // A claim does not care who sleeps for the port.
    forgets_the_sleepers:
        "port/linux.rs" "|| port.device.sleepers_wait()" => "";
    // The port is unregistered while it is being claimed.
    dies_without_waiting:
        "port/mod.rs" "while this.arbiter.kill().claim_in_flight {\n            this.last_claim.wait();"
            => "if this.arbiter.kill().claim_in_flight {";
    // The end of one claim is taken for that of another.
    waits_for_one_claim:
        "port/mod.rs" "while this.arbiter.kill().claim_in_flight {"
            => "if this.arbiter.kill().claim_in_flight {";
    // A request that was queued while the client was closed stays.
    forgets_the_late:
        "client.rs" "self.closing.load(Relaxed) && self.port.withdraw(self.me, request)"
            => "false";
    // A free that others wait for does not call the worker.
    frees_quietly:
        "port/mod.rs" "if this.arbiter.free(me)? == Freed::Handoff || this.chain.has_checks() {"
            => "if this.arbiter.free(me)? == Freed::Idle {";
    // An owner that has not counted yet is taken for one that has.
    counts_too_late:
        "port/mod.rs" "allocates.saturating_sub(owned)" => "allocates.wrapping_sub(owned)";
}
