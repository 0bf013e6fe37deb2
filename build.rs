//! Gathers the built-in rules, so that adding a tracker is adding a file: `built_in.rs` in the build's own folder lists every
//! file of `src/tracker/rules` with its text, and once more as JSON, which a program reads a hundred times faster than TOML
//! at every start.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

const RULES: &str = "src/tracker/rules";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={RULES}");
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join(RULES);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, std::io::Error>>()?;
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let json = as_json(file).map_err(|error| format!("{name}: {error}"))?;
        writeln!(
            list,
            "    BuiltIn {{ file: {name:?}, text: include_str!({file:?}), json: {json:?} }},"
        )?;
    }
    list.push(']');
    let out = PathBuf::from(env::var("OUT_DIR")?).join("built_in.rs");
    fs::write(out, list)?;
    Ok(())
}

fn as_json(file: &Path) -> Result<String, Box<dyn Error>> {
    let rule: toml::Table = toml::from_str(&fs::read_to_string(file)?)?;
    Ok(serde_json::to_string(&rule)?)
}
