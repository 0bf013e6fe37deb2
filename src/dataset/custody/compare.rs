//! Two datasets, file by file and byte by byte: the one that was recorded and the one that was made again.

use super::cells::{CellDifference, first_cell};
use crate::dataset::csv::CsvStyle;
use crate::dataset::error::{DatasetError, io_at};
use crate::dataset::target::{is_ours, names_in};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// As much of each file as is compared at once.
const PIECE: usize = 1 << 18;

/// How a file of the dataset compares with the same file made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sameness {
    /// Byte for byte.
    Same,
    Differs(Difference),
    /// It was made again and is not in the dataset.
    NotRecorded,
    /// It is in the dataset and was not made again.
    NotMade,
}

/// The first place where two files differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Bytes before it.
    pub offset: u64,
    /// The first cell that differs, where the files are CSV and not only their signs between the cells differ.
    pub cell: Option<CellDifference>,
}

/// Compares every file that a dataset can hold, by name. `style` is how the CSV files were written.
///
/// # Errors
/// A file that cannot be read, or an interruption.
pub fn compare(
    recorded: &Path,
    made: &Path,
    style: CsvStyle,
    keep_going: &dyn Fn() -> bool,
) -> Result<Vec<(String, Sameness)>, DatasetError> {
    let names_of = |folder: &Path| -> Result<BTreeSet<String>, DatasetError> {
        let names = names_in(folder)?.into_iter().filter(|name| is_ours(name));
        Ok(names.filter_map(|name| name.into_string().ok()).collect())
    };
    let (ours, theirs) = (names_of(recorded)?, names_of(made)?);
    let compared = ours.union(&theirs).map(|name| {
        let sameness = match (ours.contains(name), theirs.contains(name)) {
            (true, true) => same(&recorded.join(name), &made.join(name), style, keep_going)?,
            (true, false) => Sameness::NotMade,
            (false, _) => Sameness::NotRecorded,
        };
        Ok((name.clone(), sameness))
    });
    compared.collect()
}

fn same(
    recorded: &Path,
    made: &Path,
    style: CsvStyle,
    keep_going: &dyn Fn() -> bool,
) -> Result<Sameness, DatasetError> {
    let outcome = (|| {
        let Some(offset) = first_byte(File::open(recorded)?, File::open(made)?, keep_going)? else {
            return Ok(Sameness::Same);
        };
        let cell = if recorded.extension().is_some_and(|kind| kind == "csv") {
            first_cell(File::open(recorded)?, File::open(made)?, style, keep_going)?
        } else {
            None
        };
        Ok(Sameness::Differs(Difference { offset, cell }))
    })();
    if !keep_going() {
        return Err(DatasetError::Interrupted);
    }
    outcome.map_err(io_at("compare", recorded))
}

/// Bytes before the first that differs; `None`: there is none, or nobody wants to know any more.
fn first_byte(
    mut one: impl Read,
    mut other: impl Read,
    keep_going: &dyn Fn() -> bool,
) -> io::Result<Option<u64>> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let mut offset = 0;
    while keep_going() {
        ours.clear();
        theirs.clear();
        one.by_ref().take(PIECE as u64).read_to_end(&mut ours)?;
        other.by_ref().take(PIECE as u64).read_to_end(&mut theirs)?;
        let pairs = ours.iter().zip(&theirs);
        let equal = pairs.take_while(|(one, other)| one == other).count();
        offset += equal as u64;
        if equal < ours.len().max(theirs.len()) {
            return Ok(Some(offset));
        }
        if ours.is_empty() {
            break;
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Dataset, Rows, WriteOptions, made, write};
    use std::fs;

    fn put(rows: &Rows, out: &Path) {
        let dataset = Dataset::new(rows).unwrap();
        let (options, run) = (WriteOptions::default(), serde_json::json!({}));
        write(&dataset, out, &options, &[], &run, &|| true).unwrap();
    }

    fn differing(one: &Path, other: &Path) -> Vec<(String, Sameness)> {
        let all = compare(one, other, CsvStyle::default(), &|| true).unwrap();
        let differing = all.into_iter().filter(|(_, same)| *same != Sameness::Same);
        differing.collect()
    }

    #[test]
    fn every_file_is_compared_and_files_of_others_are_not() {
        let parent = tempfile::tempdir().unwrap();
        let (one, other) = (parent.path().join("one"), parent.path().join("other"));
        put(&made::rows(), &one);
        put(&made::rows(), &other);
        fs::write(one.join("notes.txt"), "mine").unwrap();
        assert_eq!(differing(&one, &other), []);
        assert_eq!(
            compare(&one, &other, CsvStyle::default(), &|| true)
                .unwrap()
                .len(),
            made::TABLES_WRITTEN * 2 + 3
        );
        fs::remove_file(one.join("events.csv")).unwrap();
        fs::remove_file(other.join("run.json")).unwrap();
        assert_eq!(
            differing(&one, &other),
            [
                ("events.csv".to_owned(), Sameness::NotRecorded),
                ("run.json".to_owned(), Sameness::NotMade)
            ]
        );
    }

    #[test]
    fn the_first_byte_that_differs_is_found_in_files_of_any_length() {
        let first = |one: &[u8], other: &[u8]| first_byte(one, other, &|| true).unwrap();
        assert_eq!(first(b"", b""), None);
        assert_eq!(first(b"abc", b"abc"), None);
        assert_eq!(first(b"abc", b"abd"), Some(2));
        assert_eq!(first(b"abc", b"abcd"), Some(3));
        assert_eq!(first(b"", b"a"), Some(0));
        let long = vec![7; PIECE * 2];
        let mut other = long.clone();
        assert_eq!(first(&long, &other), None);
        other[PIECE + 3] = 8;
        assert_eq!(first(&long, &other), Some(PIECE as u64 + 3));
        assert_eq!(first(&long[..PIECE], &long), Some(PIECE as u64));
    }

    #[test]
    fn a_cell_that_was_altered_is_named_and_an_interruption_is_one() {
        let parent = tempfile::tempdir().unwrap();
        let (one, other) = (parent.path().join("one"), parent.path().join("other"));
        put(&made::rows(), &one);
        put(&made::rows(), &other);
        let csv = fs::read_to_string(other.join("captures.csv")).unwrap();
        fs::write(one.join("captures.csv"), csv.replacen("read", "Read", 1)).unwrap();
        let [(name, Sameness::Differs(difference))] = &differing(&one, &other)[..] else {
            panic!("one difference");
        };
        assert_eq!(name, "captures.csv");
        assert!(difference.offset > 0 && difference.cell.is_some());
        let stopped = compare(&one, &other, CsvStyle::default(), &|| false);
        assert!(matches!(stopped, Err(DatasetError::Interrupted)));
    }
}
