// SPDX-License-Identifier: GPL-2.0
fn main() {
    let root = std::path::PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").unwrap());
    let out = std::path::PathBuf::from(std::env::var("OUT_DIR").unwrap());
    let s = format!("mod original {{\n#[path = {:?}] pub(crate) mod arbiter;\n#[path = {:?}] pub(crate) mod world;\n#[path = {:?}] pub(crate) mod scenarios;\n}}\n",
      root.join("../../rust/arbiter/mod.rs").canonicalize().unwrap(), root.join("src/world/mod.rs"), root.join("src/scenarios.rs"));
    std::fs::write(out.join("instances.rs"), s).unwrap();
}
