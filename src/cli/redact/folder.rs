//! The folder of redacted captures: never over anything that is there, and whole or not at all. Everything goes to a hidden
//! folder beside it first.

use std::collections::HashSet;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

/// The endings of captures; a redacted one always ends in the first.
const HAR: &str = ".har";

/// Where the redacted captures go.
pub struct Folder {
    target: PathBuf,
    hidden: TempDir,
    /// Folders of inputs that were typed as whole paths: where they lie on this machine is nobody's business.
    roots: Vec<PathBuf>,
    taken: HashSet<String>,
}

impl Folder {
    /// Finds the place; refuses one where something stands.
    pub fn settle(out: &Path, inputs: &[PathBuf]) -> Result<Folder> {
        match fs::read_dir(out) {
            Ok(mut files) => {
                if files.next().is_some() {
                    bail!("{} is not empty; choose another folder", out.display());
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error).with_context(|| format!("{} cannot be used", out.display()));
            }
        }
        let parent = match out.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let hidden = tempfile::Builder::new()
            .prefix(".redacted-")
            .tempdir_in(parent)
            .with_context(|| format!("{} cannot be written to", parent.display()))?;
        let reports = ["redactions.csv", "redactions.txt"].map(str::to_owned);
        Ok(Folder {
            target: out.to_owned(),
            hidden,
            roots: inputs
                .iter()
                .filter(|input| input.is_absolute())
                .filter_map(|input| input.parent())
                .map(Path::to_owned)
                .collect(),
            taken: reports.into(),
        })
    }

    /// Writes a capture below the folder under the path that it had, and says which that is now.
    pub fn put(&mut self, original: &str, bytes: &[u8]) -> Result<String> {
        let path = self.free(&ending_in_har(self.below(original)));
        let file = self.hidden.path().join(&path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("{path}: its folder cannot be made"))?;
        }
        self.put_report(&path, bytes)?;
        Ok(path)
    }

    /// Writes a file under a name of our own.
    pub fn put_report(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let written = fs::File::create_new(self.hidden.path().join(path))
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
        written.with_context(|| format!("{path} cannot be written"))
    }

    /// Gives the folder its name.
    pub fn publish(self) -> Result<()> {
        let Folder { target, hidden, .. } = self;
        // An empty folder may stand there; on some systems it is in the way.
        match fs::remove_dir(&target) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("{} cannot be replaced", target.display()));
            }
        }
        open_to_others(hidden.path())?;
        fs::rename(hidden.path(), &target)
            .with_context(|| format!("{} cannot be written", target.display()))?;
        // It has another name now: nothing is left to remove.
        let _ = hidden.keep();
        Ok(())
    }

    /// Where an input is told to be: without what leads out of the folder, hides, or says where this machine keeps it.
    pub fn below(&self, original: &str) -> String {
        let original = Path::new(original);
        let inside = self
            .roots
            .iter()
            .filter_map(|root| original.strip_prefix(root).ok());
        let shortest = inside.min_by_key(|path| path.components().count());
        let parts: Vec<String> = shortest
            .unwrap_or(original)
            .components()
            .filter_map(|part| match part {
                Component::Normal(name) => Some(name.to_string_lossy().replace('\\', "_")),
                _ => None,
            })
            .map(|name| match name.strip_prefix('.') {
                Some(rest) => format!("_{rest}"),
                None => name,
            })
            .collect();
        parts.join("/")
    }

    /// Two inputs may come to lie at one path: the second gets a number. Names that differ in case only are one name on
    /// some systems.
    fn free(&mut self, path: &str) -> String {
        let front = path.strip_suffix(HAR).unwrap_or(path);
        let mut free = path.to_owned();
        let mut number = 2;
        while !self.taken.insert(free.to_lowercase()) {
            free = format!("{front}-{number}{HAR}");
            number += 1;
        }
        free
    }
}

fn ending_in_har(path: String) -> String {
    if path.to_lowercase().ends_with(HAR) {
        path
    } else {
        path + HAR
    }
}

/// Folders made for a time are closed to others; this one is to be passed on.
fn open_to_others(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
            .with_context(|| format!("{} cannot be opened to others", folder.display()))?;
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_out_of_the_folder() {
        let place = tempfile::tempdir().unwrap();
        let typed = [PathBuf::from("/home/sam/captures")];
        let folder = Folder::settle(&place.path().join("out"), &typed).unwrap();
        let below = |path: &str| ending_in_har(folder.below(path));
        assert_eq!(below("samples/wave-1/anna.har"), "samples/wave-1/anna.har");
        assert_eq!(below("/home/sam/captures/a/b.har"), "captures/a/b.har");
        assert_eq!(below("/a/../../b.zip/c.HAR"), "a/b.zip/c.HAR");
        assert_eq!(below("../.hidden/x.json"), "_hidden/x.json.har");
    }

    #[test]
    fn what_is_there_stays() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        let mut folder = Folder::settle(&out, &[]).unwrap();
        assert_eq!(folder.put("a.har", b"1").unwrap(), "a.har");
        assert_eq!(folder.put("A.har", b"2").unwrap(), "A-2.har");
        assert_eq!(
            folder.put("redactions.csv", b"3").unwrap(),
            "redactions.csv.har"
        );
        folder.publish().unwrap();
        assert_eq!(fs::read(out.join("A-2.har")).unwrap(), b"2");
        assert!(Folder::settle(&out, &[]).is_err());
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }
}
