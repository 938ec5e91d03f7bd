// SPDX-License-Identifier: GPL-2.0

//! The litmus tests in this directory, for machines without herd7: loom tries them out.
//!
//! What loom knows is C11's memory model and not the kernel's. It reads no more of a litmus test
//! than is in these. Unmarked accesses count as relaxed ones, for what they may see to be seen.

use crate::explore::explore;
use kernel::{
    checker::{
        atomic::{
            AtomicU32,
            Ordering::{
                AcqRel,
                Acquire,
                Relaxed,
                Release, //
            },
        },
        thread,
    },
    loom::sync::Arc,
};
use std::{
    collections::BTreeMap,
    sync::atomic::{
        AtomicBool,
        Ordering, //
    },
};

type Values = BTreeMap<String, u32>;

/// A litmus test: of each process, the statements.
struct Litmus {
    never: bool,
    initial: Values,
    processes: Vec<Vec<String>>,
    exists: Values,
}

impl Litmus {
    fn parse(text: &str) -> Self {
        let (head, rest) = text.split_once("*)").expect("no comment");
        let never = head.contains("Result: Never");
        assert!(never || head.contains("Result: Sometimes"), "no result");

        let (body, exists) = rest.split_once("exists").expect("no condition");
        let blocks: Vec<&str> = body
            .split('}')
            .filter_map(|block| Some(block.split_once('{')?.1))
            .collect();
        let (initial, processes) = blocks.split_first().expect("no initial values");
        let statements = |block: &&str| {
            let joined = block.replace(")\n", ") ");
            joined
                .split(['\n', ';'])
                .map(|line| line.trim().to_string())
                .filter(|line| !line.is_empty() && !line.starts_with("int "))
                .collect()
        };
        Self {
            never,
            initial: values(initial, ";"),
            processes: processes.iter().map(statements).collect(),
            exists: values(exists.trim().trim_matches(['(', ')']), "/\\"),
        }
    }

    /// Runs it once, and tells whether it ended as `exists` says.
    fn run(&self) -> bool {
        let memory: BTreeMap<&str, AtomicU32> = ["word", "data"]
            .into_iter()
            .map(|name| {
                let value = self.initial.get(name).copied().unwrap_or(0);
                (name, AtomicU32::new(value))
            })
            .collect();
        let memory = Arc::new(memory);
        let threads: Vec<_> = self
            .processes
            .iter()
            .enumerate()
            .map(|(number, statements)| {
                let (memory, statements) = (memory.clone(), statements.clone());
                thread::spawn(move || process(number, &statements, &memory))
            })
            .collect();
        let registers: Values = threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect();
        self.exists
            .iter()
            .all(|(register, value)| registers.get(register) == Some(value))
    }
}

/// `name=value` of each of the parts.
fn values(text: &str, separator: &str) -> Values {
    text.split(separator)
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (name, value) = part.split_once('=').expect("no value");
            (name.into(), value.parse().expect("not a number"))
        })
        .collect()
}

/// Runs a process, and returns its registers.
fn process(number: usize, statements: &[String], memory: &BTreeMap<&str, AtomicU32>) -> Values {
    let mut registers = Values::new();
    let name = |register: &str| format!("{number}:{register}");

    for statement in statements {
        let mut statement = statement.as_str();
        if let Some(guarded) = statement.strip_prefix("if (") {
            let (condition, then) = guarded.split_once(") ").expect("no condition");
            let (register, value) = condition.split_once(" == ").expect("no comparison");
            if registers[&name(register)] != value.parse().expect("not a number") {
                continue;
            }
            statement = then.trim();
        }
        let (to, from) = statement.split_once(" = ").expect("no assignment");
        if let Some(to) = to.strip_prefix('*') {
            memory[to].store(from.parse().expect("not a number"), Relaxed);
        } else if let Some(from) = from.strip_prefix('*') {
            registers.insert(name(to), memory[from].load(Relaxed));
        } else {
            registers.insert(name(to), exchange(from, memory));
        }
    }
    registers
}

/// `cmpxchg(word, old, new)`, or one of its siblings. Returns what was there.
fn exchange(call: &str, memory: &BTreeMap<&str, AtomicU32>) -> u32 {
    let (function, arguments) = call.trim_end_matches(')').split_once('(').expect("no call");
    let arguments: Vec<&str> = arguments.split(", ").collect();
    let [word, old, new] = arguments[..] else {
        panic!("{call}: not three arguments");
    };
    let order = match function {
        "cmpxchg" => AcqRel,
        "cmpxchg_acquire" => Acquire,
        "cmpxchg_release" => Release,
        "cmpxchg_relaxed" => Relaxed,
        _ => panic!("{function}: not known"),
    };
    let number = |text: &str| text.parse().expect("not a number");
    memory[word]
        .compare_exchange(number(old), number(new), order, Relaxed)
        .unwrap_or_else(|seen| seen)
}

fn check(name: &str, text: &'static str) {
    let seen = std::sync::Arc::new(AtomicBool::new(false));
    let note = seen.clone();

    explore(name, None, move || {
        if Litmus::parse(text).run() {
            note.store(true, Ordering::Relaxed);
        }
    })
    .unwrap();
    assert!(
        seen.load(Ordering::Relaxed) != Litmus::parse(text).never,
        "the result is not what the file says"
    );
}

macro_rules! litmus {
    ($($test:ident: $file:literal;)*) => { $(
        #[test]
        fn $test() {
            check($file, include_str!(concat!("../../", $file, ".litmus")));
        }
    )* };
}

litmus! {
    hand_off: "hand-off";
    hand_off_relaxed_free: "hand-off+relaxed-free";
    hand_off_relaxed_try: "hand-off+relaxed-try";
}
