// SPDX-License-Identifier: GPL-2.0

//! How the checker is started.

#[cfg(feature = "loom")]
pub(crate) use self::every::*;
#[cfg(feature = "shuttle")]
pub(crate) use self::random::*;

use crate::witness;
use std::{
    io::{
        self,
        Write, //
    },
    panic, //
};

/// Is there time for more than the default?
pub(crate) fn is_long() -> bool {
    std::env::var_os("PTA_MODEL_LONG").is_some_and(|value| value == "1")
}

/// What was said as a promise was broken. Only tests of mutants look into it.
#[cfg_attr(feature = "shuttle", allow(dead_code))]
#[derive(Debug)]
pub(crate) struct Broken(pub(crate) String);

/// Says something at once, also if the test runner keeps what a test prints.
fn say(what: &str) {
    let _ = writeln!(io::stdout(), "{what}");
}

/// Does what panics if a promise is broken. If so, the story of it is printed.
fn attempt(run: impl FnOnce()) -> Result<(), Broken> {
    panic::catch_unwind(panic::AssertUnwindSafe(run)).map_err(|payload| {
        let message = payload.downcast_ref::<String>().cloned();
        let message = message.or(payload.downcast_ref::<&str>().map(|text| text.to_string()));
        println!("{}", witness::story());
        Broken(message.unwrap_or_default())
    })
}

#[cfg(feature = "loom")]
mod every {
    use super::{
        attempt,
        say,
        Broken, //
    };
    use kernel::loom;
    use std::{
        sync::{
            atomic::{
                AtomicUsize,
                Ordering::Relaxed, //
            },
            Arc, //
        },
        time::Instant,
    };

    /// Runs a scenario in every possible order. With `preemptions`, in those only in which so many
    /// threads at the most are interrupted where they could have gone on. Says how many there were.
    ///
    /// # Errors
    ///
    /// What the first execution said that went wrong. The story of it is printed.
    pub(crate) fn explore(
        name: &str,
        preemptions: Option<usize>,
        scenario: impl Fn() + Send + Sync + 'static,
    ) -> Result<(), Broken> {
        let executions = Arc::new(AtomicUsize::new(0));
        let counted = executions.clone();
        let begin = Instant::now();
        let mut builder = loom::model::Builder::new();

        builder.preemption_bound = preemptions;
        builder.max_branches = 10_000;
        let result = attempt(move || {
            builder.check(move || {
                counted.fetch_add(1, Relaxed);
                scenario();
            })
        });
        let executions = executions.load(Relaxed);
        let bound = preemptions.map_or("all orders".into(), |preemptions| {
            format!("up to {preemptions} preemptions")
        });
        say(&format!(
            "{name}: {executions} executions, {bound}, {:.1} s",
            begin.elapsed().as_secs_f32()
        ));
        result
    }
}

#[cfg(feature = "shuttle")]
mod random {
    use super::{
        attempt,
        is_long,
        say,
        Broken, //
    };
    use kernel::shuttle::{
        scheduler::{
            PctScheduler,
            RandomScheduler,
            Scheduler, //
        },
        Config,
        Runner, //
    };
    use std::time::Duration;

    /// Runs a scenario in random orders for some time: half of it in any order, half of it in such
    /// as have few preemptions.
    ///
    /// # Errors
    ///
    /// As for `explore()`.
    pub(crate) fn shuffle(
        name: &str,
        scenario: impl Fn() + Copy + Send + Sync + 'static,
    ) -> Result<(), Broken> {
        let time = Duration::from_secs(if is_long() { 120 } else { 5 });

        run(
            name,
            "in any order",
            time,
            RandomScheduler::new(usize::MAX),
            scenario,
        )?;
        run(
            name,
            "with few preemptions",
            time,
            PctScheduler::new(4, usize::MAX),
            scenario,
        )
    }

    fn run(
        name: &str,
        how: &str,
        time: Duration,
        scheduler: impl Scheduler + 'static,
        scenario: impl Fn() + Send + Sync + 'static,
    ) -> Result<(), Broken> {
        let mut config = Config::default();
        config.max_time = Some(time);
        config.silence_warnings = true;
        let runner = Runner::new(scheduler, config);

        attempt(move || {
            let executions = runner.run(scenario);
            say(&format!(
                "{name}: {executions} executions {how}, {} s",
                time.as_secs()
            ));
        })
    }
}
