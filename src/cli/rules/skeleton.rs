//! `pixelhound rules new`: a rule file to begin with, which already passes its own examples.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::cli::exit_code::Outcome;
use crate::cli::output::print;

const SKELETON: &str = include_str!("skeleton.toml");

pub fn run(name: &str, folder: &Path) -> Result<Outcome> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(fits) {
        bail!("{name:?}: a tracker's name is lower-case letters, digits and -");
    }
    let path = folder.join(format!("{name}.toml"));
    let shown = path.display();
    let text = SKELETON.replace("NAME", name);
    let file = OpenOptions::new().write(true).create_new(true).open(&path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("{shown} cannot be written"))?;
    print(&format!(
        "{shown} is written. Change it, then: pixelhound rules check --rules {}\n",
        folder.display()
    ))?;
    Ok(Outcome::Clean)
}
