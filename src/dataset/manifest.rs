//! `manifest-sha256.txt`: the hashes of every file of the dataset and of every input, as `sha256sum -c` reads them
//! inside the folder. Anybody can verify a dataset without this program.

use super::sink::WrittenFile;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// The name of the file.
pub const MANIFEST: &str = "manifest-sha256.txt";

/// An input that was read, and the SHA-256 of its bytes in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputHash {
    /// As seen from the working folder.
    pub path: PathBuf,
    pub sha256: String,
}

/// The whole manifest, sorted by path. `folder` is where the dataset will stand, links resolved.
pub(super) fn lines(files: &[WrittenFile], inputs: &[InputHash], folder: &Path) -> Vec<u8> {
    let outputs = files
        .iter()
        .map(|file| (file.name.clone().into_bytes(), file.sha256.as_str()));
    let inputs = inputs.iter().map(|input| {
        let path = seen_from(folder, &located(&input.path));
        (path, input.sha256.as_str())
    });
    let sorted: BTreeSet<(Vec<u8>, &str)> = outputs.chain(inputs).collect();
    sorted
        .into_iter()
        .flat_map(|(path, sha256)| line(&path, sha256))
        .collect()
}

/// Where an input is. Links are followed in the folder that holds it and not in its own name, by which people know it.
fn located(path: &Path) -> PathBuf {
    let parent = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    match (parent.canonicalize(), path.file_name()) {
        (Ok(parent), Some(name)) => parent.join(name),
        _ => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
    }
}

/// The way from a folder to a file, both absolute; the absolute path where there is none (another drive).
fn seen_from(folder: &Path, file: &Path) -> Vec<u8> {
    let shared = folder
        .components()
        .zip(file.components())
        .take_while(|(ours, theirs)| ours == theirs)
        .count();
    if shared == 0 {
        return file.as_os_str().as_encoded_bytes().to_vec();
    }
    let up = folder
        .components()
        .skip(shared)
        .map(|_| Component::ParentDir);
    let down = file.components().skip(shared);
    let steps = up
        .chain(down)
        .map(|step| step.as_os_str().as_encoded_bytes());
    steps.collect::<Vec<_>>().join(&b'/')
}

/// A backslash at the head of a line says that the name is escaped.
fn line(path: &[u8], sha256: &str) -> Vec<u8> {
    let mut name = Vec::with_capacity(path.len());
    for byte in path {
        match byte {
            b'\\' => name.extend_from_slice(b"\\\\"),
            b'\n' => name.extend_from_slice(b"\\n"),
            b'\r' => name.extend_from_slice(b"\\r"),
            other => name.push(*other),
        }
    }
    let mark: &[u8] = if name.len() > path.len() { b"\\" } else { b"" };
    [mark, sha256.as_bytes(), b"  ", &name, b"\n"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_an_input_leads_up_and_down() {
        let way = |folder: &str, file: &str| {
            String::from_utf8(seen_from(Path::new(folder), Path::new(file))).unwrap()
        };
        assert_eq!(
            way("/news/out", "/news/captures/a.har"),
            "../captures/a.har"
        );
        assert_eq!(way("/news/deep/out", "/a.har"), "../../../a.har");
        assert_eq!(way("/news/out", "/news/out.har"), "../out.har");
    }

    #[test]
    fn names_that_would_break_a_line_are_escaped_as_sha256sum_does() {
        assert_eq!(line(b"a b.har", "00"), b"00  a b.har\n");
        assert_eq!(line(b"a\\b\nc", "00"), b"\\00  a\\\\b\\nc\n");
    }

    #[test]
    fn an_input_that_was_given_twice_is_listed_once_and_the_lines_are_sorted() {
        let input = |path: &str| InputHash {
            path: path.into(),
            sha256: "11".to_owned(),
        };
        let file = WrittenFile {
            name: "events.csv".to_owned(),
            bytes: 1,
            sha256: "22".to_owned(),
        };
        let inputs = [
            input("/nowhere/b"),
            input("/nowhere/a"),
            input("/nowhere/b"),
        ];
        assert_eq!(
            String::from_utf8(lines(&[file], &inputs, Path::new("/nowhere/out"))).unwrap(),
            "11  ../a\n11  ../b\n22  events.csv\n"
        );
    }
}
