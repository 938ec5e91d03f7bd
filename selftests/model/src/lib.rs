// SPDX-License-Identifier: GPL-2.0
#![allow(dead_code)]

mod atomic;
mod checker;
mod witness;

include!(concat!(env!("OUT_DIR"), "/instances.rs"));

#[cfg(test)]
mod tests {
    use crate::original::{scenarios, world::Flaw};
    #[test] fn tries() { crate::checker::explore(None, || scenarios::tries(Flaw::None)) }
    #[test] fn tries_twice() { crate::checker::explore(None, || scenarios::tries_twice(Flaw::None)) }
    #[test] fn try_and_linux() { crate::checker::explore(None, || scenarios::try_and_linux(Flaw::None)) }
    #[test] fn tries_and_linux() { crate::checker::explore(None, || scenarios::tries_and_linux(Flaw::None)) }
    #[test] fn visit_and_try() { crate::checker::explore(None, || scenarios::visit_and_try(Flaw::None)) }
    #[test] fn visits() { crate::checker::explore(None, || scenarios::visits(Flaw::None)) }
}
