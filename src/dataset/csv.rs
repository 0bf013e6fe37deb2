//! Tables as CSV by RFC 4180: UTF-8, LF, quotes only where needed, a missing value is empty, always a header. For
//! spreadsheets, on request, a byte order mark and a guard against cells that they would run as formulas.

use super::cell::{each_row, text_of};
use super::format::Format;
use super::text::is_invisible;
use csv::{Reader, ReaderBuilder, Terminator, WriterBuilder};
use polars::prelude::DataFrame;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::str::FromStr;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "char", try_from = "String")]
pub struct Delimiter(u8);

impl Delimiter {
    /// As it is written in the file.
    pub fn as_char(self) -> char {
        char::from(self.0)
    }
}

impl Default for Delimiter {
    fn default() -> Self {
        Delimiter(b',')
    }
}

impl From<Delimiter> for char {
    fn from(delimiter: Delimiter) -> char {
        delimiter.as_char()
    }
}

impl TryFrom<String> for Delimiter {
    type Error = NoDelimiter;

    fn try_from(text: String) -> Result<Self, NoDelimiter> {
        text.parse()
    }
}

/// Why a text cannot stand between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a delimiter is one sign such as , ; | or the word tab")]
pub struct NoDelimiter;

impl FromStr for Delimiter {
    type Err = NoDelimiter;

    fn from_str(text: &str) -> Result<Self, NoDelimiter> {
        match text.as_bytes() {
            b"tab" | b"\t" => Ok(Delimiter(b'\t')),
            [sign] if sign.is_ascii_punctuation() && !b"\"'".contains(sign) => Ok(Delimiter(*sign)),
            _ => Err(NoDelimiter),
        }
    }
}

/// How CSV is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CsvStyle {
    pub delimiter: Delimiter,
    /// For spreadsheets: a byte order mark, and the guard against formulas. It alters evidence (an apostrophe before
    /// the cell), so it is not the default.
    pub excel: bool,
}

impl CsvStyle {
    /// How a file was written, by its first bytes, if its first column has this name. The file is handed back to be read
    /// from the beginning, without its mark.
    pub(super) fn found_in(mut file: impl Read, first: &str) -> io::Result<(Self, impl Read)> {
        let mut head = Vec::new();
        let longest = BYTE_ORDER_MARK.len() + first.len() + "\"\"\t".len();
        file.by_ref().take(longest as u64).read_to_end(&mut head)?;
        let excel = head.starts_with(BYTE_ORDER_MARK);
        if excel {
            head.drain(..BYTE_ORDER_MARK.len());
        }
        let style = CsvStyle {
            delimiter: delimiter_after(&head, first).unwrap_or_default(),
            excel,
        };
        Ok((style, io::Cursor::new(head).chain(file)))
    }

    /// A text without what was put before it for spreadsheets.
    pub(super) fn as_it_was(self, text: &str) -> &str {
        let guarded = text.strip_prefix('\'').filter(|_| self.excel);
        guarded
            .filter(|text| is_formula(text.trim_start_matches('\'')))
            .unwrap_or(text)
    }

    /// Reads what was written so, whatever became of it since; the names of the columns are its first record.
    pub(super) fn reader<R: Read>(self, file: R) -> Reader<R> {
        ReaderBuilder::new()
            .delimiter(self.delimiter.0)
            .has_headers(false)
            .flexible(true)
            .from_reader(file)
    }
}

impl Format for CsvStyle {
    fn file_name(&self, table: &str) -> String {
        file_name(table)
    }

    fn write(&self, frame: &DataFrame, out: &mut dyn Write) -> io::Result<()> {
        write_frame(frame, *self, out)
    }
}

/// The file of a table.
pub fn file_name(table: &str) -> String {
    format!("{table}.csv")
}

/// Writes any frame, also the answer to a query.
pub fn write_frame(frame: &DataFrame, style: CsvStyle, mut out: &mut dyn Write) -> io::Result<()> {
    if style.excel {
        out.write_all(BYTE_ORDER_MARK)?;
    }
    let mut writer = WriterBuilder::new()
        .delimiter(style.delimiter.0)
        .terminator(Terminator::Any(b'\n'))
        .from_writer(&mut out);
    writer.write_record(frame.get_column_names())?;
    each_row(frame, |row| {
        for value in row {
            let text = text_of(value).unwrap_or_default();
            let shown = if style.excel && value.dtype().is_string() {
                guarded(text)
            } else {
                text
            };
            writer.write_field(shown.as_bytes())?;
        }
        Ok(writer.write_record(None::<&[u8]>)?)
    })?;
    writer.flush()
}

/// What follows the name of the first column, which other programs put in quotes.
fn delimiter_after(head: &[u8], first: &str) -> Option<Delimiter> {
    let unquoted = |bytes| <[u8]>::strip_prefix(bytes, b"\"").unwrap_or(bytes);
    let after = unquoted(head).strip_prefix(first.as_bytes())?;
    let sign = unquoted(after).get(..1)?;
    std::str::from_utf8(sign).ok()?.parse().ok()
}

/// Puts an apostrophe before a text that a spreadsheet would take for a formula, and before one that looks as if that had
/// been done already, so that it can be undone.
fn guarded(text: Cow<'_, str>) -> Cow<'_, str> {
    if is_formula(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        text
    }
}

/// The signs that begin a formula, also in the full width that East Asian keyboards type, also behind characters that
/// nobody sees.
fn is_formula(text: &str) -> bool {
    let first = text.chars().find(|c| *c != ' ' && !is_invisible(*c));
    first.is_some_and(|c| "=+-@\t\r\n＝＋－＠".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Dataset, Rows, made};
    use polars::prelude::df;
    use proptest::prelude::*;

    fn written(frame: &DataFrame, style: CsvStyle) -> String {
        let mut bytes = Vec::new();
        write_frame(frame, style, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn plain(frame: &DataFrame) -> String {
        written(frame, CsvStyle::default())
    }

    const EXCEL: CsvStyle = CsvStyle {
        delimiter: Delimiter(b';'),
        excel: true,
    };

    #[test]
    fn cells_are_quoted_only_where_needed_and_missing_ones_are_empty() {
        let frame = df!(
            "text" => [Some("plain"), Some("a,b"), Some("say \"hi\""), Some("two\nlines"), Some("cr\rcr"), None],
            "number" => [Some(1_i64), None, Some(-3), Some(4), Some(5), Some(6)],
            "flag" => [true, false, true, false, true, false],
        );
        assert_eq!(
            plain(&frame.unwrap()),
            "text,number,flag\nplain,1,true\n\"a,b\",,false\n\"say \"\"hi\"\"\",-3,true\n\"two\nlines\",4,false\n\"cr\rcr\",5,true\n,6,false\n"
        );
    }

    #[test]
    fn an_empty_table_has_its_header() {
        let dataset = Dataset::new(&Rows::default()).unwrap();
        let problems = plain(dataset.table("problems").unwrap().frame());
        assert_eq!(
            problems,
            "path,member,capture_id,entry_index,byte_offset,stage,code,message\n"
        );
    }

    #[test]
    fn spreadsheets_get_a_mark_and_no_formulas_and_programs_get_the_evidence() {
        let formulas = [
            "=1+1",
            "+44",
            "-x",
            "@SUM",
            "\tx",
            "\rx",
            "\u{200b}=1",
            " =1",
            "＝1",
        ];
        for text in formulas {
            let frame = df!("a" => [text], "n" => [-1_i64]).unwrap();
            let guarded = written(&frame, EXCEL);
            assert!(guarded.starts_with("\u{feff}a;n\n"), "{guarded:?}");
            assert!(guarded.contains(&format!("'{text}")), "{guarded:?}");
            assert!(guarded.ends_with(";-1\n"), "{guarded:?}");
            assert!(!plain(&frame).contains('\''));
        }
        let harmless = df!("a" => ["1-1", "a=b", "2026-03-01", "x@y.example"]).unwrap();
        assert!(!written(&harmless, EXCEL).contains('\''));
    }

    #[test]
    fn a_delimiter_is_one_sign() {
        assert_eq!(";".parse(), Ok(Delimiter(b';')));
        assert_eq!("tab".parse(), Ok(Delimiter(b'\t')));
        for wrong in ["", "\"", ",,", "a", "1", " ", "\n", "é"] {
            assert_eq!(wrong.parse::<Delimiter>(), Err(NoDelimiter), "{wrong:?}");
        }
    }

    #[test]
    fn a_spreadsheet_version_of_a_real_table_is_guarded() {
        let dataset = Dataset::new(&made::rows()).unwrap();
        let events = written(dataset.table("events").unwrap().frame(), EXCEL);
        assert!(events.contains(";'=Report rape;"));
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_cell_comes_back(texts in prop::collection::vec("\\PC*|[\\x00-\\x20\",;']*", 1..8)) {
            let numbers: Vec<i64> = (0..).take(texts.len()).collect();
            let frame = df!("text" => &texts, "n" => numbers).unwrap();
            let csv = plain(&frame);
            let mut reader = csv::Reader::from_reader(csv.as_bytes());
            let read: Vec<String> = reader.records().map(|record| record.unwrap()[0].to_owned()).collect();
            prop_assert_eq!(read, texts);
        }
    }
}
