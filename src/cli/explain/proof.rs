//! Where the request stands, to the byte, and how anybody can cut it out of the capture and hash it without this program.

use std::ops::Range;
use std::path::Path;

use super::{Checked, Page};
use crate::capture::{Capture, codes, sha256_of};
use crate::cli::output::heading;
use crate::figures::{CapturePlace, count, printable};

/// The bytes of one entry.
pub(super) struct Proof {
    entry_index: u64,
    range: Range<usize>,
    sha256: String,
    /// The capture is UTF-16, and the range is one of its text in UTF-8.
    transcoded: bool,
}

impl Proof {
    /// Finds and hashes the bytes of an entry; `None`: there are none.
    pub(super) fn of(capture: &Capture, text: &[u8], entry_index: u64) -> Option<Proof> {
        let mut entries = capture.entries.iter();
        let entry = entries.find(|entry| entry.index as u64 == entry_index)?;
        let mut problems = capture.problems.iter();
        Some(Proof {
            entry_index,
            range: entry.range.clone(),
            sha256: sha256_of(text.get(entry.range.clone())?),
            transcoded: problems.any(|problem| problem.code == codes::TRANSCODED_UTF16),
        })
    }
}

/// What is needed to check it.
pub(super) fn section(checked: &Checked, page: &Page) -> String {
    let Checked { proof, place, .. } = checked;
    let mut text = format!(
        "{}\n",
        heading("Where it stands, and how to check it without this program")
    );
    let mut row = |name, said: &str| text += &page.row(name, said);
    row("file", &printable(&place.path));
    row("its SHA-256", &place.file_sha256);
    if !place.member.is_empty() {
        row("capture in it", &printable(&place.member));
        row("its SHA-256", &place.sha256);
    }
    row("entry", &format!("{}, counted from 0", proof.entry_index));
    let length = count(proof.range.len() as u64, "byte", "bytes");
    let bytes = format!(
        "{length} from byte {} on, counted from 0",
        proof.range.start
    );
    row("its bytes", &bytes);
    row("their SHA-256", &proof.sha256);
    row("cut it out", &cutting(proof, place, &checked.path));
    row(
        "take care",
        "The cut holds all that was recorded of the request, live cookies too. Do not publish it.",
    );
    text
}

/// A line for a shell that prints exactly the bytes; in words where no line can.
fn cutting(proof: &Proof, place: &CapturePlace, path: &str) -> String {
    let cut = format!(
        "tail -c +{} | head -c {}",
        proof.range.start + 1,
        proof.range.len()
    );
    if proof.transcoded {
        return format!(
            "The capture is UTF-16. Turn it into UTF-8 with its byte-order mark; in that text: {cut}"
        );
    }
    if place.member.is_empty() {
        return cut.replacen(" |", &format!(" {} |", quoted(path)), 1);
    }
    match unpacking(path, &place.member) {
        Some(unpack) => format!("{unpack} | {cut}"),
        None => format!(
            "Unpack {} out of the file; in that: {cut}",
            printable(&place.member)
        ),
    }
}

/// The command that prints a member, where one container holds it and its name is no pattern for `unzip`.
fn unpacking(path: &str, member: &str) -> Option<String> {
    const CONTAINERS: [&str; 5] = [".zip/", ".gz/", ".zst/", ".tar/", ".tgz/"];
    let is_plain = !CONTAINERS.iter().any(|inner| member.contains(inner))
        && !member.contains(['[', ']', '*', '?', '\\']);
    let kind = Path::new(path).extension()?.to_ascii_lowercase();
    match kind.to_str()? {
        _ if !is_plain => None,
        "gz" if !member.ends_with(".tar") => Some(format!("gzip -dc {}", quoted(path))),
        "zst" => Some(format!("zstd -dc {}", quoted(path))),
        "zip" => Some(format!("unzip -p {} {}", quoted(path), quoted(member))),
        _ => None,
    }
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", printable(word).replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(path: &str, member: &str, transcoded: bool) -> String {
        let proof = Proof {
            entry_index: 0,
            range: 10..15,
            sha256: String::new(),
            transcoded,
        };
        let place = CapturePlace {
            path: path.to_owned(),
            member: member.to_owned(),
            ..CapturePlace::default()
        };
        cutting(&proof, &place, path)
    }

    #[test]
    fn the_line_prints_the_bytes_and_nothing_else() {
        assert_eq!(cut("a/b.har", "", false), "tail -c +11 a/b.har | head -c 5");
        assert_eq!(
            cut("it's.har", "", false),
            r"tail -c +11 'it'\''s.har' | head -c 5"
        );
        assert_eq!(
            cut("b.har.gz", "b.har", false),
            "gzip -dc b.har.gz | tail -c +11 | head -c 5"
        );
        assert_eq!(
            cut("b.zip", "c/d e.har", false),
            "unzip -p b.zip 'c/d e.har' | tail -c +11 | head -c 5"
        );
    }

    #[test]
    fn where_no_line_does_it_is_said_in_words() {
        for (path, member) in [
            ("b.tgz", "b.tar/c.har"),
            ("b.zip", "c.zip/d.har"),
            ("b", "c"),
        ] {
            assert!(cut(path, member, false).starts_with("Unpack "), "{path}");
        }
        assert!(cut("b.har", "", true).starts_with("The capture is UTF-16"));
    }
}
