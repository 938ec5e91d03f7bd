// SPDX-License-Identifier: GPL-2.0

//! Who does what at the same time. Each scenario is a few actors; the checker runs them in every
//! order, and [`crate::witness`] looks on.

use super::world::{
    Callbacks,
    Error,
    Flaw,
    Manners::{
        Keeps,
        Remembers,
        Wakes, //
    },
    Timeout,
    World, //
};

pub(crate) fn tries(flaw: Flaw) {
    let mut world = World::new(flaw, &[], 0);
    for slot in 1..=3 {
        world.client_does(slot, |me| me.try_once());
    }
    world.run();
}

pub(crate) fn tries_twice(flaw: Flaw) {
    let mut world = World::new(flaw, &[], 0);
    for slot in 1..=2 {
        world.client_does(slot, |me| {
            me.try_once();
            me.try_once();
        });
    }
    world.run();
}

pub(crate) fn try_and_linux(flaw: Flaw) {
    let mut world = World::new(flaw, &[Keeps], 0);
    world.client_does(1, |me| me.try_once());
    world.linux_visits(1);
    world.run();
}

pub(crate) fn tries_and_linux(flaw: Flaw) {
    let mut world = World::new(flaw, &[Keeps], 0);
    world.client_does(1, |me| me.try_once());
    world.client_does(2, |me| me.try_once());
    world.linux_visits(1);
    world.run();
}

pub(crate) fn visit_and_try(flaw: Flaw) {
    let mut world = World::new(flaw, &[], 1);
    world.client_does(1, |me| me.try_once());
    world.client_does(2, |me| me.visit(0));
    world.run();
}

pub(crate) fn visits(flaw: Flaw) {
    let mut world = World::new(flaw, &[], 2);
    world.client_does(1, |me| me.visit(0));
    world.client_does(2, |me| me.visit(1));
    world.run();
}
