//! What was removed, for the reporter and for the reader of the story: how much of what, and never a value.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::Result;

use crate::capture::Problem;
use crate::redact::Removal;

/// One capture, redacted.
pub struct OneFile {
    /// Below the folder of the result.
    pub path: String,
    pub original_sha256: String,
    pub sha256: String,
    pub entries: usize,
    /// Entries that could not be read, and so are not in the result.
    pub entries_lost: usize,
    pub removals: Vec<Removal>,
}

/// All of them.
#[derive(Default)]
pub struct Report {
    pub files: Vec<OneFile>,
    /// What could not be read at all, and why.
    pub unread: Vec<(String, Vec<Problem>)>,
}

/// How many values, and how many characters of them.
type Amount = (usize, usize);

impl Report {
    /// Whether everything that was given is in the result.
    pub fn is_clean(&self) -> bool {
        self.unread.is_empty() && self.files.iter().all(|file| file.entries_lost == 0)
    }

    /// A line a value that is gone.
    pub fn csv(&self) -> Result<Vec<u8>> {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(["file", "entry", "where", "name", "what", "characters"])?;
        for file in &self.files {
            for removal in &file.removals {
                let entry = removal.entry.map(|entry| entry.to_string());
                out.write_record([
                    file.path.as_str(),
                    entry.as_deref().unwrap_or_default(),
                    removal.place.name(),
                    &removal.name,
                    &removal.what,
                    &removal.length.to_string(),
                ])?;
            }
        }
        Ok(out.into_inner()?)
    }

    /// Everything in words: each file with its hashes, and what went out of it.
    pub fn text(&self) -> String {
        let mut text = String::from(INTRODUCTION);
        for file in &self.files {
            let _ = write!(
                text,
                "\n{}\n  original {}\n  result   {}\n  {}\n",
                file.path,
                file.original_sha256,
                file.sha256,
                entries_of(file)
            );
            write_amounts(&mut text, &amounts(&file.removals));
        }
        text.push_str(&self.unread_lines());
        text
    }

    /// The whole in a few lines.
    pub fn summary(&self, out: &Path) -> String {
        let count: usize = self.files.iter().map(|file| file.entries).sum();
        let all = self.files.iter().flat_map(|file| &file.removals);
        let mut text = format!(
            "{} captures with {count} entries are in {}. Removed:\n",
            self.files.len(),
            out.display()
        );
        write_amounts(&mut text, &amounts(all));
        for file in self.files.iter().filter(|file| file.entries_lost > 0) {
            let _ = writeln!(text, "{}: {}", file.path, entries_of(file));
        }
        text.push_str(&self.unread_lines());
        text.push_str(
            "What was removed where is in redactions.csv, the hashes are in redactions.txt. File names are as they were: \
             rename what names a volunteer. Look through the result before you publish it.\n",
        );
        text
    }

    fn unread_lines(&self) -> String {
        let mut text = String::new();
        for (original, problems) in &self.unread {
            let _ = writeln!(text, "\n{original}\n  not read, so it is not in the result");
            for problem in problems {
                let _ = writeln!(text, "  {}: {}", problem.code, problem.message);
            }
        }
        text
    }
}

const INTRODUCTION: &str = "\
What was removed from these captures. Each value has been replaced by a placeholder of the same shape; equal values have equal
placeholders in all files. Answers of servers are gone, but for scripts that say what a site switched on. What is left can be
analysed as the originals can. The hashes (SHA-256) of the originals are here so that who keeps an original can prove that this
is made of it.
";

fn entries_of(file: &OneFile) -> String {
    match file.entries_lost {
        0 => format!("{} entries", file.entries),
        lost => format!(
            "{} entries; {lost} more could not be read and are not in the result",
            file.entries
        ),
    }
}

/// By where it was and what it was.
fn amounts<'r>(
    removals: impl IntoIterator<Item = &'r Removal>,
) -> BTreeMap<(&'r str, &'r str), Amount> {
    let mut amounts: BTreeMap<(&str, &str), Amount> = BTreeMap::new();
    for removal in removals {
        let amount = amounts
            .entry((removal.place.name(), &removal.what))
            .or_default();
        amount.0 += 1;
        amount.1 += removal.length;
    }
    amounts
}

fn write_amounts(text: &mut String, amounts: &BTreeMap<(&str, &str), Amount>) {
    if amounts.is_empty() {
        text.push_str("  nothing was removed\n");
    }
    for ((place, what), (count, length)) in amounts {
        let _ = writeln!(
            text,
            "  {place:<16} {what:<22} {count:>6} values {length:>9} characters"
        );
    }
}
