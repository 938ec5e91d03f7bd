// SPDX-License-Identifier: GPL-2.0

//! More actors than can be tried in every order, doing more, at random, in random orders.

use crate::{
    explore::shuffle,
    parport::Manners::{
        Keeps,
        Remembers,
        Wakes, //
    },
    scenarios,
    witness::{
        Dev,
        OURS, //
    },
    world::{
        Client,
        World, //
    },
};
use kernel::{
    prelude::*,
    shuttle::rand::{
        thread_rng,
        Rng, //
    },
};

/// How many clients there are.
const CLIENTS: usize = 4;

/// How much each actor does.
const ACTIONS: usize = 5;

#[test]
fn everybody() {
    shuffle("everybody", || {
        let mut world = World::new(&[Keeps, Remembers, Wakes]);
        for _ in 0..CLIENTS {
            world.client_does(|me| {
                for _ in 0..ACTIONS {
                    act(me);
                }
                me.close();
            });
        }
        for dev in 1..=3 {
            linux(&mut world, dev);
        }
        world.client_does(|me| me.connect(true));
        world.linux_does(|parport| {
            for _ in 0..ACTIONS {
                parport.wakeup(OURS);
            }
        });
        world.run();
    })
    .unwrap();
}

#[test]
fn everybody_and_death() {
    shuffle("everybody_and_death", || {
        let mut world = World::new(&[Keeps, Remembers, Wakes]);
        for _ in 0..CLIENTS {
            world.client_does(|me| {
                for _ in 0..ACTIONS {
                    act_before_death(me);
                }
                me.close();
            });
        }
        for dev in 1..=3 {
            linux(&mut world, dev);
        }
        world.linux_does(|parport| parport.wakeup(OURS));
        world.port_dies();
        world.run_to_death();
    })
    .unwrap();
}

/// A client does something.
fn act(me: &Client) {
    match thread_rng().gen_range(0..6) {
        0 => me.try_once(),
        1 => me.visit(),
        2 => me.visit_in_time(),
        3 => {
            assert!(me.queue() == Ok(()));
            assert!(me.visit_as_queued() == Ok(()));
        }
        4 => {
            assert!(me.queue() == Ok(()));
            let cancelled = me.cancel();
            let answer = me.visit_as_queued();
            assert!(cancelled == (answer == Err(ECANCELED)));
        }
        _ => assert!(me.free() == Err(EPERM)),
    }
}

/// A client does something on a port that may die.
fn act_before_death(me: &Client) {
    match thread_rng().gen_range(0..3) {
        0 => me.flash(),
        1 => assert!(me.free().is_err()),
        _ => match me.queue() {
            Ok(()) => {
                let cancelled = thread_rng().gen() && me.cancel();
                match me.answer() {
                    Ok(()) => {
                        assert!(!cancelled);
                        let _ = me.free();
                    }
                    Err(error) => assert!(error == if cancelled { ECANCELED } else { ENODEV }),
                }
            }
            Err(error) => assert!(error == ENODEV),
        },
    }
}

/// A Linux driver comes and goes.
fn linux(world: &mut World, dev: Dev) {
    world.linux_does(move |parport| {
        for _ in 0..ACTIONS {
            if thread_rng().gen() {
                parport.wait_for(dev);
                parport.give_back(dev);
            } else if parport.take(dev) {
                parport.give_back(dev);
            }
        }
    });
}

#[test]
fn death_and_wakeups() {
    shuffle("death_and_wakeups", scenarios::death_and_wakeups).unwrap();
}
