// SPDX-License-Identifier: GPL-2.0

//! How the checker is started.

#[cfg(feature = "loom")]
pub(crate) use self::every::*;
#[cfg(feature = "shuttle")]
pub(crate) use self::random::*;

#[cfg(feature = "loom")]
mod every {
    use crate::witness;
    use kernel::loom;
    use std::{
        panic,
        sync::{
            atomic::{
                AtomicUsize,
                Ordering::Relaxed, //
            },
            Arc, //
        },
        time::Instant,
    };

    /// Is there time for more than the default?
    pub(crate) fn is_long() -> bool {
        std::env::var_os("PTA_MODEL_LONG").is_some_and(|value| value == "1")
    }

    /// What was said as a promise was broken.
    #[derive(Debug)]
    pub(crate) struct Broken(pub(crate) String);

    /// Runs a scenario in every possible order. With `preemptions`, in those only in which so many
    /// threads at the most are interrupted where they could have gone on. Says how many orders that
    /// were.
    ///
    /// # Errors
    ///
    /// What the first execution said that went wrong. The story of it is printed.
    pub(crate) fn explore(
        name: &str,
        preemptions: Option<usize>,
        scenario: impl Fn() + Send + Sync + 'static,
    ) -> Result<usize, Broken> {
        let executions = Arc::new(AtomicUsize::new(0));
        let counted = executions.clone();
        let begin = Instant::now();
        let mut builder = loom::model::Builder::new();

        builder.preemption_bound = preemptions;
        builder.max_branches = 10_000;
        let result = panic::catch_unwind(panic::AssertUnwindSafe(move || {
            builder.check(move || {
                counted.fetch_add(1, Relaxed);
                scenario();
            })
        }));
        let executions = executions.load(Relaxed);
        let bound = preemptions.map_or("all orders".into(), |preemptions| {
            format!("up to {preemptions} preemptions")
        });
        println!(
            "{name}: {executions} executions, {bound}, {:.1} s",
            begin.elapsed().as_secs_f32()
        );
        result.map(|()| executions).map_err(|payload| {
            let message = payload.downcast_ref::<String>().cloned();
            let message = message.or(payload.downcast_ref::<&str>().map(|text| text.to_string()));
            println!("{}", witness::story());
            Broken(message.unwrap_or_default())
        })
    }
}

#[cfg(feature = "shuttle")]
mod random {
    use kernel::shuttle::{
        self,
        scheduler::{
            PctScheduler,
            RandomScheduler, //
        }, //
    };
    use std::time::Duration;

    /// Runs a scenario in random orders, for so long.
    pub(crate) fn shuffle(name: &str, time: Duration, scenario: fn()) {
        let mut config = shuttle::Config::default();
        config.max_time = Some(time / 2);

        let random = RandomScheduler::new(usize::MAX);
        let executions = shuttle::Runner::new(random, config.clone()).run(scenario);
        println!("{name}: {executions} executions in random order");

        // Few preemptions, at random places.
        let pct = PctScheduler::new(4, usize::MAX);
        let executions = shuttle::Runner::new(pct, config).run(scenario);
        println!("{name}: {executions} executions with few preemptions");
    }
}
