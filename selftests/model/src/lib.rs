// SPDX-License-Identifier: GPL-2.0
#![allow(dead_code)]

mod atomic;
mod checker;
mod witness;

include!(concat!(env!("OUT_DIR"), "/instances.rs"));

#[cfg(test)]
mod tests {
    use crate::original::{scenarios, world::Flaw};
    macro_rules! explored { ($($name:ident $bound:expr,)*) => { $(
        #[test] fn $name() { crate::checker::explore($bound, || scenarios::$name(Flaw::None)) }
    )* } }
    explored! {
        tries None,
        tries_twice None,
        stray_free None,
        visit_and_try None,
        visits_and_try Some(2),
        visits None,
        cancel None,
        timeout None,
        close None,
        connect Some(3),
        try_and_linux Some(3),
        tries_and_linux Some(3),
        try_and_linux_try Some(3),
        linux_and_linux Some(2),
        linux_and_wakeup Some(3),
        visit_and_wakeup Some(2),
        visit_and_linux Some(2),
        visits_linux_and_try Some(2),
        behind_us Some(2),
        behind_us_in_vain Some(2),
        linux_that_wakes Some(2),
        asked Some(3),
        asked_after Some(3),
        open Some(3),
        death_and_try None,
        death_and_visit Some(3),
        death_and_linux Some(3),
        death_and_wakeups None,
    }
}
