// SPDX-License-Identifier: GPL-2.0

//! Who does what at the same time. Each scenario is a few actors beside the worker. The checker
//! runs them in every order, and [`crate::witness`] looks on.

use crate::parport::Manners::{
    Keeps,
    Remembers,
    Wakes, //
};
use crate::witness::OURS;
use crate::world::World;
use kernel::prelude::*;

// Clients among themselves.

/// Three clients try.
pub(crate) fn tries() {
    let mut world = World::new(&[]);
    for _ in 0..3 {
        world.client_does(|me| me.try_once());
    }
    world.run();
}

/// Two clients try more than once.
pub(crate) fn tries_twice() {
    let mut world = World::new(&[]);
    for _ in 0..2 {
        world.client_does(|me| {
            me.try_once();
            me.try_once();
        });
    }
    world.run();
}

/// The port is allocated for the first time, as somebody looks how often it was.
pub(crate) fn try_and_look() {
    let mut world = World::new(&[]);
    world.client_does(|me| me.try_once());
    world.somebody_looks();
    world.run();
}

/// A client frees a port that is another's, which somebody wants.
pub(crate) fn stray_free() {
    let mut world = World::new(&[]);
    let owner = world.client();
    assert!(owner.take());
    world.actor(move || owner.give_back());
    world.client_does(|me| me.visit());
    world.client_does(|me| assert!(me.free() == Err(EPERM), "freed what is not its own"));
    world.run();
}

/// One waits in line, another tries.
pub(crate) fn visit_and_try() {
    let mut world = World::new(&[]);
    world.client_does(|me| me.try_once());
    world.client_does(|me| me.visit());
    world.run();
}

/// Two wait in line.
pub(crate) fn visits() {
    let mut world = World::new(&[]);
    world.client_does(|me| me.visit());
    world.client_does(|me| me.visit());
    world.run();
}

/// Two wait for a third, and a fourth tries.
pub(crate) fn visits_and_try() {
    let mut world = World::new(&[]);
    let owner = world.client();
    assert!(owner.take());
    world.actor(move || owner.give_back());
    world.client_does(|me| me.visit());
    world.client_does(|me| me.visit());
    world.client_does(|me| me.try_once());
    world.run();
}

/// A request is cancelled as the port becomes free.
pub(crate) fn cancel() {
    let mut world = World::new(&[]);
    let owner = world.client();
    assert!(owner.take());
    world.actor(move || owner.give_back());
    world.client_does(|me| {
        assert!(me.queue() == Ok(()));
        let cancelled = me.cancel();
        let answer = me.visit_as_queued();
        assert!(cancelled == (answer == Err(ECANCELED)));
    });
    world.run();
}

/// Somebody's patience is at its end as the port becomes free.
pub(crate) fn timeout() {
    let mut world = World::new(&[]);
    let owner = world.client();
    assert!(owner.take());
    world.actor(move || owner.give_back());
    world.client_does(|me| me.visit_in_time());
    world.run();
}

/// A client is closed while a request of its waits and the port becomes free.
pub(crate) fn close() {
    let mut world = World::new(&[]);
    let owner = world.client();
    assert!(owner.take());
    world.actor(move || owner.give_back());
    world.client_does(|me| {
        assert!(me.queue() == Ok(()));
        me.close();
    });
    world.run();
}

/// A client is closed whose request is queued again as it is answered.
pub(crate) fn close_and_queue() {
    let mut world = World::new(&[]);
    let owner = world.client();
    assert!(owner.take());
    world.actor(move || owner.give_back());
    world.client_does(|me| {
        me.queue_again_and_again();
        me.close();
    });
    world.run();
}

/// The worker is wanted for something that is not a request, and for a request.
pub(crate) fn visit_and_connect() {
    let mut world = World::new(&[]);
    world.client_does(|me| me.visit());
    world.client_does(|me| me.connect(false));
    world.run();
}

/// Whoever was refused the port, and has connected a check, is told that it is free.
pub(crate) fn check() {
    let mut world = World::new(&[]);
    let owner = world.client();
    assert!(owner.take());
    let refused = world.client();
    refused.connect(true);
    world.actor(move || owner.give_back());
    world.actor(move || {
        if refused.take() {
            refused.give_back();
        } else {
            refused.is_checked();
        }
    });
    world.run();
}

// Clients and Linux drivers.

/// The worker is wanted for something that is not a request, by nobody who waits in line.
pub(crate) fn connect() {
    let mut world = World::new(&[Keeps]);
    world.client_does(|me| me.try_once());
    world.client_does(|me| me.connect(false));
    world.linux_visits(1);
    world.run();
}

/// A client tries, a Linux driver waits.
pub(crate) fn try_and_linux() {
    let mut world = World::new(&[Keeps]);
    world.client_does(|me| me.try_once());
    world.linux_visits(1);
    world.run();
}

/// Two clients try, a Linux driver waits.
pub(crate) fn tries_and_linux() {
    let mut world = World::new(&[Keeps]);
    world.client_does(|me| me.try_once());
    world.client_does(|me| me.try_once());
    world.linux_visits(1);
    world.run();
}

/// A Linux driver does not wait if it does not get the port.
pub(crate) fn try_and_linux_try() {
    let mut world = World::new(&[Keeps]);
    world.client_does(|me| me.try_once());
    world.client_does(|me| me.try_once());
    world.linux_tries(1);
    world.run();
}

/// One Linux driver after the other comes and goes, so that there are two wakeups.
pub(crate) fn linux_and_linux() {
    let mut world = World::new(&[Keeps, Keeps]);
    world.client_does(|me| me.try_once());
    world.linux_visits(1);
    world.linux_visits(2);
    world.run();
}

/// A Linux driver comes and goes, and parport wakes us up whenever it likes.
pub(crate) fn linux_and_wakeup() {
    let mut world = World::new(&[Keeps]);
    world.linux_visits(1);
    world.linux_does(|parport| parport.wakeup(OURS));
    world.run();
}

/// The same, with a request.
pub(crate) fn visit_and_wakeup() {
    let mut world = World::new(&[Keeps]);
    world.client_does(|me| me.visit());
    world.linux_visits(1);
    world.linux_does(|parport| parport.wakeup(OURS));
    world.run();
}

/// A client and a Linux driver wait for the port.
pub(crate) fn visit_and_linux() {
    let mut world = World::new(&[Keeps]);
    let owner = world.client();
    assert!(owner.take());
    world.actor(move || owner.give_back());
    world.client_does(|me| me.visit());
    world.linux_visits(1);
    world.run();
}

/// Two clients and a Linux driver wait, and its turn is before that of the second one. When it comes
/// back, somebody tries.
pub(crate) fn line_and_linux() {
    let mut world = World::new(&[Keeps]);
    let [owner, first, second] = [(); 3].map(|()| world.client());
    assert!(owner.take());
    assert!(first.queue() == Ok(()));
    assert!(second.queue() == Ok(()));
    world.parport.fall_asleep(1);
    owner.give_back();
    world.settle();
    assert!(first.visit_as_queued() == Ok(()));
    // First: of the others' steps in front of it, loom would try eight times as many orders.
    world.linux_does(|parport| {
        parport.wake_up(1);
        parport.give_back(1);
    });
    world.actor(move || assert!(second.visit_as_queued() == Ok(())));
    world.actor(move || first.try_once());
    world.run();
}

/// A Linux driver gives the port to whoever wakes up first, which is us, before another that
/// sleeps.
pub(crate) fn behind_us() {
    let mut world = World::new(&[Keeps, Keeps]);
    assert!(world.parport.take(1));
    let waiter = world.client();
    assert!(waiter.queue() == Ok(()));
    world.settle();
    world.linux_does(|parport| parport.give_back(1));
    world.linux_visits(2);
    world.actor(move || assert!(waiter.visit_as_queued() == Ok(())));
    world.run();
}

/// The same before another that claims in its wakeup, and the one on our side goes away meanwhile.
pub(crate) fn behind_us_in_vain() {
    let mut world = World::new(&[Keeps, Wakes]);
    assert!(world.parport.take(1));
    let waiter = world.client();
    assert!(waiter.queue() == Ok(()));
    world.settle();
    world.linux_does(|parport| parport.give_back(1));
    world.linux_visits(2);
    world.actor(move || {
        let cancelled = waiter.cancel();
        let answer = waiter.visit_as_queued();
        assert!(cancelled == (answer == Err(ECANCELED)));
    });
    world.run();
}

/// The first in line for a port that a Linux driver gives back does not want it any more, and the one
/// behind sleeps for it. Meanwhile it is wanted on our side.
pub(crate) fn behind_one_that_declines() {
    let mut world = World::new(&[Keeps, Wakes, Keeps]);
    assert!(world.parport.take(1));
    world.parport.fall_asleep(2);
    world.parport.fall_asleep(3);
    world.linux_does(|parport| parport.give_back(1));
    world.linux_does(|parport| {
        parport.wake_up(3);
        parport.give_back(3);
    });
    world.client_does(|me| me.visit());
    world.run();
}

/// A Linux driver of the kind that claims in its wakeup.
pub(crate) fn linux_that_wakes() {
    let mut world = World::new(&[Wakes, Keeps]);
    world.client_does(|me| me.try_once());
    world.linux_visits(1);
    world.linux_visits(2);
    world.run();
}

/// A Linux driver gives the port back only if it is asked for it.
pub(crate) fn asked() {
    let mut world = World::new(&[Remembers]);
    assert!(world.parport.take(1));
    world.linux_does(|parport| {
        parport.keep(1);
        parport.give_back(1);
    });
    world.client_does(|me| me.visit());
    world.run();
}

/// The same of one that took the port, before somebody else wanted it, as another gave it back.
pub(crate) fn asked_after() {
    let mut world = World::new(&[Keeps, Remembers]);
    assert!(world.parport.take(1));
    let client = world.client();
    world.linux_does(|parport| parport.give_back(1));
    world.linux_does(move |parport| {
        if parport.take(2) {
            assert!(client.queue() == Ok(()));
            parport.keep(2);
            parport.give_back(2);
            assert!(client.visit_as_queued() == Ok(()));
        }
    });
    world.run();
}

/// Whoever was refused the port, because a Linux driver had it, is told when it is free.
pub(crate) fn check_after_linux() {
    let mut world = World::new(&[Keeps]);
    assert!(world.parport.take(1));
    let refused = world.client();
    refused.connect(true);
    world.settle();
    world.linux_does(|parport| parport.give_back(1));
    world.actor(move || {
        if refused.take() {
            refused.give_back();
        } else {
            refused.is_checked();
        }
    });
    world.run();
}

/// The port is opened as a Linux driver gives it back.
pub(crate) fn open() {
    let mut world = World::closed(&[Keeps]);
    assert!(world.parport.take(1));
    world.linux_does(|parport| parport.give_back(1));
    world.open();
    world.run();
}

// Death.

/// The port dies while clients try.
pub(crate) fn death_and_try() {
    let mut world = World::new(&[]);
    world.client_does(|me| me.flash());
    world.client_does(|me| me.flash());
    world.port_dies();
    world.run_to_death();
}

/// The port dies while a client waits.
pub(crate) fn death_and_visit() {
    let mut world = World::new(&[]);
    world.client_does(|me| me.flash());
    world.client_does(|me| match me.queue() {
        Ok(()) => match me.answer() {
            Ok(()) => {
                let _ = me.free();
            }
            Err(error) => assert!(error == ENODEV),
        },
        Err(error) => assert!(error == ENODEV),
    });
    world.port_dies();
    world.run_to_death();
}

/// The port dies while a request is cancelled.
pub(crate) fn death_and_cancel() {
    let mut world = World::new(&[]);
    let waiter = world.client();
    assert!(world.client().take_for_good());
    assert!(waiter.queue() == Ok(()));
    world.actor(move || {
        let cancelled = waiter.cancel();
        let answer = waiter.answer();
        assert!(answer == Err(if cancelled { ECANCELED } else { ENODEV }));
    });
    world.port_dies();
    world.run_to_death();
}

/// The port dies while a Linux driver waits for it.
pub(crate) fn death_and_linux() {
    let mut world = World::new(&[Keeps]);
    world.client_does(|me| me.flash());
    world.linux_visits(1);
    world.port_dies();
    world.run_to_death();
}

/// The port dies as a Linux driver gives it back.
pub(crate) fn death_and_wakeup() {
    let mut world = World::new(&[Keeps]);
    assert!(world.parport.take(1));
    world.linux_does(|parport| parport.give_back(1));
    world.port_dies();
    world.run_to_death();
}

/// The port dies as one Linux driver after the other gives it back, so that it is being claimed,
/// and may have been claimed before.
pub(crate) fn death_and_wakeups() {
    let mut world = World::new(&[Keeps, Keeps]);
    assert!(world.parport.take(1));
    world.linux_does(|parport| parport.give_back(1));
    world.linux_tries(2);
    world.port_dies();
    world.run_to_death();
}

/// The same, from where the first one has given it back: two claims, of which one has ended and
/// does not know yet that the port is dead.
pub(crate) fn death_and_claims() {
    let mut world = World::new(&[Keeps, Keeps]);
    assert!(world.parport.take(1));
    world.parport.let_go(1);
    world.parport.linger();
    world.linux_does(|parport| parport.wakeup(OURS));
    world.linux_tries(2);
    world.port_dies();
    world.run_to_death();
}
