//! Standard output: a reader that goes away (`| head`) is no error. And text for a terminal: headings in colour, prose that
//! keeps to a width.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result, bail};

/// Prints text for people; colours go only to a terminal that wants them (`NO_COLOR`, `TERM`).
///
/// # Errors
/// Whatever stops the writing, but for a closed pipe.
pub fn print(text: &str) -> Result<()> {
    accept(anstream::stdout().write_all(text.as_bytes()))
}

/// Prints data while it is being written, so that it need not be held a second time.
///
/// # Errors
/// Whatever stops the writing, but for a closed pipe.
pub fn print_data(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut pipe = Pipe {
        out: io::stdout().lock(),
        is_closed: false,
    };
    let outcome = {
        let mut out = BufWriter::new(&mut pipe);
        write(&mut out).and_then(|()| out.flush())
    };
    if pipe.is_closed {
        return Ok(());
    }
    accept(outcome)
}

/// Standard output that remembers whether its reader went away: a writer of tables may wrap that error in one of its own.
struct Pipe<W> {
    out: W,
    is_closed: bool,
}

impl<W: Write> Pipe<W> {
    fn noticed<T>(&mut self, outcome: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &outcome {
            self.is_closed |= error.kind() == io::ErrorKind::BrokenPipe;
        }
        outcome
    }
}

impl<W: Write> Write for Pipe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let outcome = self.out.write(bytes);
        self.noticed(outcome)
    }

    fn flush(&mut self) -> io::Result<()> {
        let outcome = self.out.flush();
        self.noticed(outcome)
    }
}

/// Puts a file somewhere; one that is there is replaced only if `replace` says so.
///
/// # Errors
/// `AlreadyExists`, or whatever stops the writing.
pub fn put(path: &Path, bytes: &[u8], replace: bool) -> io::Result<()> {
    let mut file = if replace {
        File::create(path)
    } else {
        File::create_new(path)
    }?;
    file.write_all(bytes)
}

/// A dataset's folder holds what its manifest lists and nothing else, so that no other file is put there.
///
/// # Errors
/// A place inside it, or in a folder that is not there.
pub fn outside_dataset(out: &Path, dataset: &Path) -> Result<()> {
    let dataset = dataset.canonicalize().context("cannot find the dataset")?;
    let folder = match out.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let folder = folder
        .canonicalize()
        .with_context(|| format!("cannot find the folder {}", folder.display()))?;
    // A link that stands there already leads to where it would be written.
    let target: PathBuf = out.canonicalize().unwrap_or(folder);
    if target.starts_with(&dataset) {
        bail!(
            "{} is inside the dataset, which holds only what its manifest lists; give another place with --out",
            out.display()
        );
    }
    Ok(())
}

/// The width of the terminal; what `COLUMNS` says where it is set.
pub fn terminal_width() -> Option<u16> {
    let columns = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok());
    columns.or_else(|| terminal_size::terminal_size().map(|(width, _)| width.0))
}

/// A heading, with an empty line before it.
pub fn heading(text: &str) -> String {
    let style = Style::new().bold().fg_color(Some(AnsiColor::Cyan.into()));
    format!("\n{style}{text}{style:#}")
}

/// The width for prose: the terminal's, and none in a pipe or a file, where a line is as long as what it says.
pub fn prose_width() -> Option<usize> {
    let width = terminal_width().filter(|_| io::stdout().is_terminal());
    width.map(usize::from)
}

/// Breaks a text between words, so that no line but one of a single long word is wider than `width`; every line but the
/// first begins with `indent` blanks, which `width` counts.
pub fn wrapped(text: &str, indent: usize, width: Option<usize>) -> String {
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(indent));
    let mut lines = vec![String::new()];
    let mut length = 0;
    for word in text.split(' ') {
        let letters = word.chars().count();
        if length > 0 && length + 1 + letters > room {
            lines.push(String::new());
            length = 0;
        }
        let Some(line) = lines.last_mut() else { break };
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += letters;
    }
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

fn accept(outcome: io::Result<()>) -> Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.context("standard output cannot be written"),
    }
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn prose_breaks_between_words_and_a_long_word_stays_whole() {
        assert_eq!(wrapped("one two three", 2, None), "one two three");
        assert_eq!(wrapped("one two three", 2, Some(9)), "one two\n  three");
        assert_eq!(
            wrapped("a https://long.example b", 0, Some(8)),
            "a\nhttps://long.example\nb"
        );
        assert_eq!(wrapped("", 4, Some(3)), "");
    }
}
