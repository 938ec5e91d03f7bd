// SPDX-License-Identifier: GPL-2.0

//! The files with something wrong in them: the checker must find out. Scenarios that let these pass
//! would not show much by letting the files pass as they are.

use crate::explore::{
    explore,
    Broken, //
};

/// `MUTANT breaks SCENARIO up to so many preemptions, by a message that has one of these in it.`
macro_rules! found {
    ($($mutant:ident breaks $scenario:ident up to $preemptions:literal, by $($message:literal)|+;)*)
    => { $(
        #[test]
        fn $mutant() {
            let name = concat!(stringify!($mutant), " in ", stringify!($scenario));
            let scenario = crate::$mutant::scenarios::$scenario;

            // What goes wrong with few preemptions is found soonest among the orders with few.
            let Broken(message) = (1..=$preemptions)
                .find_map(|preemptions| explore(name, Some(preemptions), scenario).err())
                .expect("nothing was found");
            assert!(
                [$($message),+].iter().any(|expected| message.contains(expected)),
                "found something else: {message}"
            );
        }
    )* };
}

found! {
    claims_twice breaks linux_and_linux up to 2, by "two claims in flight";
    claims_when_dead breaks death_and_wakeup up to 3, by "claimed after death";
    frees_for_anybody breaks stray_free up to 2, by "freed what is not its own" | "was disturbed";
    hands_over_through_free breaks visits_and_try up to 2, by "a try overtook a request";
    wants_too_late breaks visit_and_try up to 2, by "idle and wanted" | "deadlock";
    claims_unwanted breaks visit_and_linux up to 2, by "idle and wanted" | "deadlock";
    ends_unwanted breaks visit_and_connect up to 2, by "idle and wanted" | "deadlock";
    grants_unwanted breaks visits_and_try up to 2, by "a try overtook a request" | "deadlock";
    forgets_the_refused breaks try_and_linux up to 2, by "deadlock";
    dies_preemptible breaks death_and_linux up to 2, by "held but not ours" | "released a port";
    lives_on breaks death_and_try up to 2, by "the port did not die";
    takes_relaxed breaks tries up to 2, by "Causality violation";
    frees_relaxed breaks tries up to 2, by "Causality violation";

    cancels_the_granted breaks cancel up to 2, by "cancelled == ";
    queues_when_closed breaks death_and_visit up to 2, by "deadlock";

    claims_once breaks linux_and_linux up to 3, by "did not come to rest";
    forgets_those_behind breaks behind_us_in_vain up to 2, by "deadlock";
    forgets_the_sleepers breaks behind_one_that_declines up to 2, by "deadlock";
    forgets_the_line breaks line_and_linux up to 2, by "a try overtook" | "deadlock";
    forgets_to_ask breaks asked_after up to 3, by "deadlock";
    waits_for_one_claim breaks death_and_claims up to 3, by "unregistered while";
    dies_without_waiting breaks death_and_linux up to 3, by "unregistered while";
    forgets_the_late breaks close_and_queue up to 3, by "did not come to rest";
    frees_quietly breaks visit_and_try up to 2, by "deadlock";
    counts_too_late breaks try_and_look up to 2, by "more frees than allocations";
}
