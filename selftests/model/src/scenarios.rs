// SPDX-License-Identifier: GPL-2.0

//! Who does what at the same time. Each scenario is a few actors beside the worker. The checker
//! runs them in every order, and [`crate::witness`] looks on.

use super::{
    arbiter::Refusal,
    world::{
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
    },
};

// Clients among themselves.

/// Three clients try.
pub(crate) fn tries(flaw: Flaw) {
    let mut world = World::new(flaw, &[], 0);
    for slot in 1..=3 {
        world.client_does(slot, |me| me.try_once());
    }
    world.run();
}

/// Two clients try more than once.
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

/// A client frees a port that is another's, which somebody wants.
pub(crate) fn stray_free(flaw: Flaw) {
    let mut world = World::new(flaw, &[], 1);
    let owner = world.client(1);
    assert!(owner.take());
    world.actor(move |_| owner.give_back());
    world.client_does(2, |me| me.visit(0));
    world.client_does(3, |me| assert!(me.free() == Err(Refusal::NotOwner)));
    world.run();
}

/// One waits in line, another tries.
pub(crate) fn visit_and_try(flaw: Flaw) {
    let mut world = World::new(flaw, &[], 1);
    world.client_does(1, |me| me.try_once());
    world.client_does(2, |me| me.visit(0));
    world.run();
}

/// Two wait for a third, and a fourth tries.
pub(crate) fn visits_and_try(flaw: Flaw) {
    let mut world = World::new(flaw, &[], 2);
    let owner = world.client(1);
    assert!(owner.take());
    world.actor(move |_| owner.give_back());
    world.client_does(2, |me| me.visit(0));
    world.client_does(3, |me| me.visit(1));
    world.client_does(4, |me| me.try_once());
    world.run();
}

/// Two wait in line.
pub(crate) fn visits(flaw: Flaw) {
    let mut world = World::new(flaw, &[], 2);
    world.client_does(1, |me| me.visit(0));
    world.client_does(2, |me| me.visit(1));
    world.run();
}

/// A request is cancelled as the port becomes free.
pub(crate) fn cancel(flaw: Flaw) {
    let mut world = World::new(flaw, &[], 1);
    let owner = world.client(1);
    assert!(owner.take());
    world.actor(move |_| owner.give_back());
    world.client_does(2, |me| {
        assert!(me.queue(0) == Ok(()));
        let cancelled = me.cancel(0);
        let answer = me.answer(0);
        assert!(cancelled == (answer == Err(Error::Cancelled)));
        if answer.is_ok() {
            me.give_back();
        }
    });
    world.run();
}

/// Somebody's patience is at its end as the port becomes free.
pub(crate) fn timeout(flaw: Flaw) {
    let mut world = World::new(flaw, &[], 1);
    let owner = world.client(1);
    assert!(owner.take());
    world.actor(move |_| owner.give_back());
    world.client_does(2, |me| match me.allocate(0, Timeout::Now) {
        Ok(()) => me.give_back(),
        Err(error) => assert!(error == Error::TimedOut),
    });
    world.run();
}

/// A client is closed while a request of its waits and the port becomes free.
pub(crate) fn close(flaw: Flaw) {
    let mut world = World::new(flaw, &[], 1);
    let owner = world.client(1);
    assert!(owner.take());
    world.actor(move |_| owner.give_back());
    world.client_does(2, |me| {
        assert!(me.queue(0) == Ok(()));
        me.close();
        assert!(me.free() == Err(Refusal::NotOwner));
    });
    world.run();
}

/// The worker is wanted for something that is not a request.
pub(crate) fn connect(flaw: Flaw) {
    let mut world = World::new(flaw, &[Keeps], 0);
    world.client_does(1, |me| me.try_once());
    world.actor(|port| port.chain_changed());
    world.linux_visits(1);
    world.run();
}

// Clients and Linux drivers.

/// A client tries, a Linux driver waits.
pub(crate) fn try_and_linux(flaw: Flaw) {
    let mut world = World::new(flaw, &[Keeps], 0);
    world.client_does(1, |me| me.try_once());
    world.linux_visits(1);
    world.run();
}

/// Two clients try, a Linux driver waits.
pub(crate) fn tries_and_linux(flaw: Flaw) {
    let mut world = World::new(flaw, &[Keeps], 0);
    world.client_does(1, |me| me.try_once());
    world.client_does(2, |me| me.try_once());
    world.linux_visits(1);
    world.run();
}

/// A Linux driver does not wait if it does not get the port.
pub(crate) fn try_and_linux_try(flaw: Flaw) {
    let mut world = World::new(flaw, &[Keeps], 0);
    world.client_does(1, |me| me.try_once());
    world.client_does(2, |me| me.try_once());
    world.linux_tries(1);
    world.run();
}

/// One Linux driver after the other comes and goes, so that there are two wakeups.
pub(crate) fn linux_and_linux(flaw: Flaw) {
    let mut world = World::new(flaw, &[Keeps, Keeps], 0);
    world.client_does(1, |me| me.try_once());
    world.linux_visits(1);
    world.linux_visits(2);
    world.run();
}

/// A Linux driver comes and goes, and parport wakes us up whenever it likes.
pub(crate) fn linux_and_wakeup(flaw: Flaw) {
    let mut world = World::new(flaw, &[Keeps], 0);
    world.linux_visits(1);
    world.actor(|port| port.wakeup());
    world.run();
}

/// The same, with a request.
pub(crate) fn visit_and_wakeup(flaw: Flaw) {
    let mut world = World::new(flaw, &[Keeps], 1);
    world.client_does(1, |me| me.visit(0));
    world.linux_visits(1);
    world.actor(|port| port.wakeup());
    world.run();
}

/// A client and a Linux driver wait for the port.
pub(crate) fn visit_and_linux(flaw: Flaw) {
    let mut world = World::new(flaw, &[Keeps], 1);
    let owner = world.client(1);
    assert!(owner.take());
    world.actor(move |_| owner.give_back());
    world.client_does(2, |me| me.visit(0));
    world.linux_visits(1);
    world.run();
}

/// Two clients and a Linux driver wait, so that its turn is before that of the second one. When it
/// comes back, somebody tries.
pub(crate) fn visits_linux_and_try(flaw: Flaw) {
    let mut world = World::new(flaw, &[Keeps], 2);
    let owner = world.client(1);
    assert!(owner.take());
    assert!(world.client(2).queue(0) == Ok(()));
    assert!(world.client(3).queue(1) == Ok(()));
    world.port.parport.fall_asleep(1);
    owner.give_back();
    world.settle();
    for (slot, request) in [(2, 0), (3, 1)] {
        world.client_does(slot, move |me| {
            assert!(me.answer(request) == Ok(()));
            me.give_back();
        });
    }
    world.client_does(4, |me| me.try_once());
    world.actor(|port| {
        port.parport.wake_up(1);
        port.parport.give_back(1);
    });
    world.run();
}

/// A Linux driver gives the port to whoever wakes up first, which is us, before another that
/// sleeps.
pub(crate) fn behind_us(flaw: Flaw) {
    let mut world = World::new(flaw, &[Keeps, Keeps], 1);
    assert!(world.port.parport.take(1));
    assert!(world.client(1).queue(0) == Ok(()));
    world.settle();
    world.actor(|port| port.parport.give_back(1));
    world.linux_visits(2);
    world.client_does(1, |me| {
        assert!(me.answer(0) == Ok(()));
        me.give_back();
    });
    world.run();
}

/// The same, and the one on our side has gone away meanwhile.
pub(crate) fn behind_us_in_vain(flaw: Flaw) {
    let mut world = World::new(flaw, &[Keeps, Keeps], 1);
    assert!(world.port.parport.take(1));
    assert!(world.client(1).queue(0) == Ok(()));
    world.settle();
    world.actor(|port| port.parport.give_back(1));
    world.linux_visits(2);
    world.client_does(1, |me| {
        let cancelled = me.cancel(0);
        let answer = me.answer(0);
        assert!(cancelled == (answer == Err(Error::Cancelled)));
        if answer.is_ok() {
            me.give_back();
        }
    });
    world.run();
}

/// A Linux driver of the kind that claims in its wakeup.
pub(crate) fn linux_that_wakes(flaw: Flaw) {
    let mut world = World::new(flaw, &[Wakes, Keeps], 0);
    world.client_does(1, |me| me.try_once());
    world.linux_visits(1);
    world.linux_visits(2);
    world.run();
}

/// A Linux driver gives the port back only if it is asked for it.
pub(crate) fn asked(flaw: Flaw) {
    let mut world = World::new(flaw, &[Remembers], 1);
    assert!(world.port.parport.take(1));
    world.actor(|port| {
        port.parport.keep(1);
        port.parport.give_back(1);
    });
    world.client_does(1, |me| me.visit(0));
    world.run();
}

/// The same of one that took the port, before somebody else wanted it, as another gave it back.
pub(crate) fn asked_after(flaw: Flaw) {
    let mut world = World::new(flaw, &[Keeps, Remembers], 1);
    assert!(world.port.parport.take(1));
    world.actor(|port| port.parport.give_back(1));
    world.client_does(1, |me| {
        let parport = &me.port.parport;
        if parport.take(2) {
            assert!(me.queue(0) == Ok(()));
            parport.keep(2);
            parport.give_back(2);
            assert!(me.answer(0) == Ok(()));
            me.give_back();
        }
    });
    world.run();
}

/// The port is opened as a Linux driver gives it back.
pub(crate) fn open(flaw: Flaw) {
    let mut world = World::closed(flaw, &[Keeps], 0);
    assert!(world.port.parport.take(1));
    world.actor(|port| port.parport.give_back(1));
    world.actor(|port| port.open());
    world.run();
}

// Death.

/// The port dies while a client tries.
pub(crate) fn death_and_try(flaw: Flaw) {
    let mut world = World::new(flaw, &[], 0);
    world.client_does(1, |me| me.flash());
    world.client_does(2, |me| me.flash());
    world.actor(|port| port.shut_down());
    world.run_to_death();
}

/// The port dies while a client waits.
pub(crate) fn death_and_visit(flaw: Flaw) {
    let mut world = World::new(flaw, &[], 1);
    world.client_does(1, |me| me.flash());
    world.client_does(2, |me| match me.queue(0) {
        Ok(()) => {
            let answer = me.answer_and_free(0);
            assert!(matches!(answer, Ok(()) | Err(Error::Dead)));
        }
        Err(error) => assert!(error == Error::Dead),
    });
    world.actor(|port| port.shut_down());
    world.run_to_death();
}

/// The port dies while a Linux driver waits for it.
pub(crate) fn death_and_linux(flaw: Flaw) {
    let mut world = World::new(flaw, &[Keeps], 0);
    world.client_does(1, |me| me.flash());
    world.linux_visits(1);
    world.actor(|port| port.shut_down());
    world.run_to_death();
}

/// The port dies as one Linux driver after the other gives it back, so that it is being claimed,
/// and may have been claimed before.
pub(crate) fn death_and_wakeups(flaw: Flaw) {
    let mut world = World::new(flaw, &[Keeps, Keeps], 0);
    assert!(world.port.parport.take(1));
    world.actor(|port| port.parport.give_back(1));
    world.linux_visits(2);
    world.actor(|port| port.shut_down());
    world.run_to_death();
}
