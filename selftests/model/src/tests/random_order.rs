// SPDX-License-Identifier: GPL-2.0

//! More actors than can be tried in every order, doing more, at random, in random orders.

use crate::{
    checker::shuffle,
    original::world::{
        Callbacks,
        Client,
        Error,
        Flaw,
        Manners::{
            Keeps,
            Remembers,
            Wakes, //
        },
        Timeout,
        World, //
    },
    witness::Dev,
};
use shuttle::rand::{
    thread_rng,
    Rng, //
};
use std::time::Duration;

const TIME: Duration = Duration::from_secs(10);

/// How many clients there are, each with a request of the number of its slot.
const CLIENTS: u16 = 4;

/// How much each actor does.
const ACTIONS: usize = 5;

#[test]
fn everybody() {
    shuffle(TIME, || {
        let mut world = World::new(
            Flaw::None,
            &[Keeps, Remembers, Wakes],
            1 + usize::from(CLIENTS),
        );
        for slot in 1..=CLIENTS {
            world.client_does(slot, move |me| {
                for _ in 0..ACTIONS {
                    act(me, slot.into());
                }
                me.close();
            });
        }
        for dev in 1..=3 {
            linux(&mut world, dev);
        }
        world.actor(|port| {
            for _ in 0..ACTIONS {
                port.wakeup();
                port.chain_changed();
            }
        });
        world.run();
    });
}

#[test]
fn everybody_and_death() {
    shuffle(TIME, || {
        let mut world = World::new(
            Flaw::None,
            &[Keeps, Remembers, Wakes],
            1 + usize::from(CLIENTS),
        );
        for slot in 1..=CLIENTS {
            world.client_does(slot, move |me| {
                for _ in 0..ACTIONS {
                    act_before_death(me, slot.into());
                }
                me.close();
            });
        }
        for dev in 1..=3 {
            linux(&mut world, dev);
        }
        world.actor(|port| port.wakeup());
        world.actor(|port| port.shut_down());
        world.run_to_death();
    });
}

/// A client does something.
fn act(me: &Client, request: usize) {
    match thread_rng().gen_range(0..6) {
        0 => me.try_once(),
        1 => me.visit(request),
        2 => match me.allocate(request, Timeout::Now) {
            Ok(()) => me.give_back(),
            Err(error) => assert!(error == Error::TimedOut),
        },
        3 => {
            assert!(me.queue(request) == Ok(()));
            answered(me, request);
        }
        4 => {
            assert!(me.queue(request) == Ok(()));
            me.cancel(request);
            answered(me, request);
        }
        _ => assert!(me.free().is_err()),
    }
}

fn answered(me: &Client, request: usize) {
    match me.answer(request) {
        Ok(()) => me.give_back(),
        Err(error) => assert!(error == Error::Cancelled),
    }
}

/// A client does something on a port that may die.
fn act_before_death(me: &Client, request: usize) {
    match thread_rng().gen_range(0..3) {
        0 => me.flash(),
        1 => {
            let _ = me.free();
        }
        _ => match me.queue(request) {
            Ok(()) => {
                if thread_rng().gen() {
                    me.cancel(request);
                }
                let answer = me.answer_and_free(request);
                assert!(answer != Err(Error::TimedOut));
            }
            Err(error) => assert!(error == Error::Dead),
        },
    }
}

/// A Linux driver comes and goes.
fn linux(world: &mut World, dev: Dev) {
    world.actor(move |port| {
        for _ in 0..ACTIONS {
            if thread_rng().gen() {
                port.parport.wait_for(dev);
                port.parport.give_back(dev);
            } else if port.parport.take(dev) {
                port.parport.give_back(dev);
            }
        }
    });
}
