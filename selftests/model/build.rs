// SPDX-License-Identifier: GPL-2.0

//! Makes the modules of the files of `rust/` that are under test, and for each mutant a module of a
//! copy of them: with something replaced that must be there exactly once, and with all that depends
//! on them.

use std::{
    env, fs,
    path::{
        Path,
        PathBuf, //
    },
};

include!("mutants.rs");

/// What is compiled of `rust/`: the modules, and the files of each. The first file is the module's.
/// What stands in `src/instance/left_out/` is in place of a file of the same name, in the directory
/// of the module.
const TESTED: [(&str, &[&str]); 5] = [
    (
        "arbiter",
        &["arbiter/mod.rs", "arbiter/queue.rs", "arbiter/word.rs"],
    ),
    (
        "port",
        &[
            "port/mod.rs",
            "port/account.rs",
            "left_out/bus.rs",
            "left_out/chip.rs",
            "port/clients.rs",
            "port/forgotten.rs",
            "port/line.rs",
            "port/linux.rs",
            "port/registers.rs",
            "port/status.rs",
            "left_out/transfer.rs",
            "port/watch.rs",
            "port/worker.rs",
        ],
    ),
    (
        "interrupt",
        &[
            "interrupt/mod.rs",
            "interrupt/chain.rs",
            "interrupt/service.rs",
            "interrupt/storm.rs",
        ],
    ),
    ("request", &["request.rs"]),
    ("client", &["client.rs"]),
];

/// What is compiled of `src/instance/`, because it depends on what is tested.
const AROUND: [(&str, &[&str]); 4] = [
    ("parport", &["parport.rs"]),
    ("registry", &["registry.rs"]),
    ("scenarios", &["scenarios.rs"]),
    ("world", &["world.rs"]),
];

/// What is compiled of `rust/` once, because it does not.
const COMMON: [(&str, &[&str]); 1] = [("time", &["time.rs"])];

fn main() {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    let (rust, around) = (here.join("../../rust"), here.join("src/instance"));

    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=mutants.rs");
    println!("cargo::rerun-if-changed={}", rust.display());
    println!("cargo::rerun-if-changed={}", around.display());

    let mut modules = String::new();
    for (name, files) in COMMON {
        modules += &module(name, &rust.join(files[0]));
    }
    modules += &instance(&rust, &around, &out.join("as_it_is"), |_, text| text);
    for mutant in MUTANTS {
        mutant.check_files();
        modules += &format!("#[allow(unused, clippy::all)]\nmod {} {{\n", mutant.name);
        modules += "use crate::{atomic, bindings, completion, parameters, raw_spinlock};\n";
        modules += "use crate::{tally, time, witness, workqueue};\n";
        modules += &instance(&rust, &around, &out.join(mutant.name), |file, text| {
            mutant.of(file, text)
        });
        modules += "}\n";
    }
    write(&out.join("instances.rs"), &modules);
}

/// The modules of an instance. Their files are copied to `dir`, changed.
fn instance(
    rust: &Path,
    around: &Path,
    dir: &Path,
    changed: impl Fn(&str, String) -> String,
) -> String {
    let mut modules = String::new();

    for (set, from) in [(&TESTED[..], rust), (&AROUND, around)] {
        for (name, files) in set {
            for file in *files {
                let (from, to) = match file.strip_prefix("left_out/") {
                    Some(stand_in) => (around, format!("{name}/{stand_in}")),
                    None => (from, (*file).to_owned()),
                };
                let text = fs::read_to_string(from.join(file)).unwrap();
                write(&dir.join(to), &changed(file, text));
            }
            modules += &module(name, &dir.join(files[0]));
        }
    }
    modules
}

fn module(name: &str, file: &Path) -> String {
    format!("#[allow(dead_code, unused_imports, unpredictable_function_pointer_comparisons)]\n#[path = {file:?}]\npub(crate) mod {name};\n")
}

impl Mutant {
    /// Is everything that is to be replaced in a file that is under test?
    fn check_files(&self) {
        for replaced in self.replaced {
            assert!(
                TESTED
                    .iter()
                    .any(|(_, files)| files.contains(&replaced.file)),
                "mutant {}: rust/{} is not under test",
                self.name,
                replaced.file
            );
        }
    }

    /// The mutant's copy of a file.
    fn of(&self, file: &str, mut text: String) -> String {
        for replaced in self.replaced.iter().filter(|it| it.file == file) {
            let times = text.matches(replaced.text).count();
            assert!(
                times == 1,
                "mutant {}: {:?} is {times} times in rust/{file}, not once",
                self.name,
                replaced.text
            );
            text = text.replace(replaced.text, replaced.by);
        }
        text.replace("crate::", &format!("crate::{}::", self.name))
    }
}

/// Writes a file, if that changes it: cargo goes by the time.
fn write(file: &Path, text: &str) {
    if fs::read_to_string(file).is_ok_and(|old| old == text) {
        return;
    }
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}
