//! `manifest-sha256.txt`: the hashes of every file of the dataset and of every input, as `sha256sum -c` reads them
//! inside the folder. Anybody can verify a dataset without this program.

use super::sink::WrittenFile;
use super::way::seen_from;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The name of the file.
pub const MANIFEST: &str = "manifest-sha256.txt";

/// A SHA-256 in hexadecimal.
const SHA256_DIGITS: usize = 64;

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
pub(super) fn located(path: &Path) -> PathBuf {
    let parent = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    match (parent.canonicalize(), path.file_name()) {
        (Ok(parent), Some(name)) => parent.join(name),
        _ => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
    }
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

/// A line of a manifest, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// As seen from the folder of the dataset.
    pub(super) path: Vec<u8>,
    pub(super) sha256: String,
}

/// Reads a whole manifest. `Err`: the number of a line, from 1, that is not as this room writes lines.
pub(super) fn read(manifest: &[u8]) -> Vec<Result<Listed, usize>> {
    let lines = manifest.split_inclusive(|byte| *byte == b'\n');
    lines
        .zip(1..)
        .map(|(line, number)| read_line(line).ok_or(number))
        .collect()
}

/// Nothing but what `line` would write is a line: whatever else stands there was put there by somebody else.
fn read_line(whole: &[u8]) -> Option<Listed> {
    let escaped = whole.strip_prefix(b"\\").unwrap_or(whole);
    let (sha256, name) = escaped.split_at_checked(SHA256_DIGITS)?;
    let name = name.strip_prefix(b"  ")?.strip_suffix(b"\n")?;
    let listed = Listed {
        path: if whole.len() > escaped.len() {
            unescaped(name)?
        } else {
            name.to_vec()
        },
        sha256: String::from_utf8(sha256.to_vec()).ok()?,
    };
    let is_digit = |digit: &u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
    let is_written_so = line(&listed.path, &listed.sha256) == whole;
    (is_written_so && !name.is_empty() && sha256.iter().all(is_digit)).then_some(listed)
}

fn unescaped(name: &[u8]) -> Option<Vec<u8>> {
    let mut path = Vec::with_capacity(name.len());
    let mut bytes = name.iter();
    while let Some(byte) = bytes.next() {
        path.push(match byte {
            b'\\' => match bytes.next()? {
                b'\\' => b'\\',
                b'n' => b'\n',
                b'r' => b'\r',
                _ => return None,
            },
            other => *other,
        });
    }
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_would_break_a_line_are_escaped_as_sha256sum_does() {
        assert_eq!(line(b"a b.har", "00"), b"00  a b.har\n");
        assert_eq!(line(b"a\\b\nc", "00"), b"\\00  a\\\\b\\nc\n");
    }

    #[test]
    fn what_is_written_is_read_back() {
        let hash = "0123456789abcdef".repeat(4);
        for path in [
            &b"a b.har"[..],
            b"../a\\b\nc\r.har",
            b"\xff.har",
            b"-",
            b" two  gaps ",
        ] {
            let listed = Listed {
                path: path.to_vec(),
                sha256: hash.clone(),
            };
            assert_eq!(read(&line(path, &hash)), [Ok(listed)], "{path:?}");
        }
    }

    #[test]
    fn what_would_not_be_written_so_is_no_line() {
        let hash = "0123456789abcdef".repeat(4);
        for wrong in [
            format!("{hash} *a.har\n"),
            format!("{hash} a.har\n"),
            format!("{hash}  a.har"),
            format!("{hash}  \n"),
            format!("{}  a.har\n", hash.to_uppercase()),
            format!("{}  a.har\n", hash.replace('0', "g")),
            format!("\\{hash}  a.har\n"),
            format!("\\{hash}  a\\x\n"),
            format!("\\{hash}  a\\\n"),
            format!("{hash}  a\\b\n"),
            format!("{hash}  a.har\r\n"),
            "\n".to_owned(),
            "é".repeat(40),
        ] {
            assert_eq!(read(wrong.as_bytes()), [Err(1)], "{wrong:?}");
        }
        assert_eq!(read(b""), []);
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
