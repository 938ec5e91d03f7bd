// SPDX-License-Identifier: GPL-2.0

//! The files as they are: no order may break a promise.

use crate::{
    explore::{
        explore,
        is_long, //
    },
    scenarios, //
};

/// The scenarios, each with the number of preemptions up to which it is explored: by default, and
/// in a long run. One without numbers is explored in every order there is.
macro_rules! explored {
    ($($scenario:ident $(up to $preemptions:literal or $long:literal)?,)*) => { $(
        #[test]
        fn $scenario() {
            let preemptions = None $(.or(Some(if is_long() { $long } else { $preemptions })))?;
            explore(stringify!($scenario), preemptions, scenarios::$scenario).unwrap();
        }
    )* };
}

explored! {
    tries,
    tries_twice,
    try_and_look,
    stray_free up to 2 or 4,
    visit_and_try,
    visits,
    visits_and_try up to 1 or 2,
    cancel,
    timeout,
    close up to 3 or 5,
    close_and_queue up to 3 or 5,
    visit_and_connect up to 3 or 5,
    check up to 3 or 5,

    connect up to 1 or 2,
    try_and_linux up to 3 or 5,
    tries_and_linux up to 2 or 3,
    try_and_linux_try up to 2 or 3,
    linux_and_linux up to 2 or 3,
    linux_that_wakes up to 2 or 3,
    linux_and_wakeup up to 3 or 5,
    visit_and_wakeup up to 1 or 2,
    visit_and_linux up to 2 or 3,
    line_and_linux up to 2 or 3,
    behind_us up to 2 or 3,
    behind_us_in_vain up to 2 or 3,
    behind_one_that_declines up to 2 or 3,
    asked up to 3 or 5,
    asked_after up to 3 or 4,
    check_after_linux up to 3 or 5,
    open,

    death_and_try up to 2 or 4,
    death_and_visit up to 2 or 3,
    death_and_cancel up to 3 or 5,
    death_and_linux up to 2 or 3,
    death_and_wakeup,
    death_and_wakeups up to 2 or 4,
    death_and_claims up to 2 or 4,
}
