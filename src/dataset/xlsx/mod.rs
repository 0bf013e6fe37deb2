//! Tables as one workbook: a sheet that says how to read it, and a sheet a table. The library `rust_xlsxwriter` writes the
//! file; what it is asked for here keeps the promises: a text is a text and never a formula, a link or a number, one row is
//! in memory at a time, and there is no clock in it.

mod names;
mod outlet;
mod read_me;
mod sheet;
mod text;

#[cfg(test)]
mod tests;

use super::format::{Book, KeepGoing};
use super::table::Table;
use outlet::Outlet;
use polars::prelude::DataFrame;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook as Writer, XlsxError};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// The name of the file that holds a dataset.
pub(super) const XLSX: &str = "dataset.xlsx";

/// The rows of a sheet that are left for a table, below the names of its columns.
const ROWS_OF_A_TABLE: usize = 1_048_575;

/// What a workbook holds.
#[derive(Debug, Clone)]
pub struct Workbook<'a> {
    /// What the first sheet says before anything else: a heading and a text each.
    pub notes: &'a [(&'a str, &'a str)],
    pub sheets: Vec<Sheet<'a>>,
}

/// A table of any columns, under a name.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// What it is called, and the CSV file beside the workbook too. A sheet has a shorter name where this one is too long.
    pub name: &'a str,
    /// What the first sheet says about it.
    pub about: &'a str,
    pub frame: &'a DataFrame,
}

impl Workbook<'_> {
    /// Writes it whole, unless `keep_going` says no. The same rows give the same bytes. The rows wait in files without a name
    /// in the folder `aside` until all of them are there.
    pub fn write(
        &self,
        out: impl Write + Send,
        aside: &Path,
        keep_going: KeepGoing<'_>,
    ) -> io::Result<()> {
        unless_it_gives_up(|| {
            let mut writer = writer(aside).map_err(as_io)?;
            self.fill(&mut writer, keep_going)?;
            let mut outlet = Outlet::new(out, keep_going);
            let buffered = BufWriter::with_capacity(1 << 16, &mut outlet);
            let saved = writer.save_to_writer(buffered).map_err(as_io);
            outlet.finish()?;
            saved
        })
    }

    fn fill(&self, writer: &mut Writer, keep_going: KeepGoing<'_>) -> io::Result<()> {
        let names = names::of_sheets(read_me::NAME, self.sheets.iter().map(|sheet| sheet.name));
        let first = writer.add_worksheet_with_constant_memory();
        sheet::write_read_me(first.map_err(as_io)?, &read_me::lines(self, &names))?;
        for (sheet, name) in self.sheets.iter().zip(&names) {
            let added = writer.add_worksheet_with_constant_memory();
            let added = added.and_then(|added| added.set_name(name));
            sheet::write_table(added.map_err(as_io)?, sheet.frame, keep_going)?;
        }
        Ok(())
    }
}

/// The format.
pub(super) struct Xlsx;

impl Book for Xlsx {
    fn file_name(&self) -> &'static str {
        XLSX
    }

    fn write(&self, tables: &[Table], path: &Path, keep_going: KeepGoing<'_>) -> io::Result<()> {
        let workbook = Workbook {
            notes: &read_me::OF_A_DATASET,
            sheets: tables.iter().map(sheet_of).collect(),
        };
        let aside = path.parent().unwrap_or(path);
        workbook.write(File::create_new(path)?, aside, keep_going)
    }
}

fn sheet_of(table: &Table) -> Sheet<'_> {
    Sheet {
        name: table.schema().name,
        about: table.schema().about.trim(),
        frame: table.frame(),
    }
}

/// The date of its making is always the same one.
fn writer(aside: &Path) -> Result<Writer, XlsxError> {
    let mut writer = Writer::new();
    let date = ExcelDateTime::from_ymd(1980, 1, 1)?;
    writer.set_properties(&DocProperties::new().set_creation_datetime(&date));
    writer.set_tempdir(aside)?;
    Ok(writer)
}

/// The library panics where the disk has no room for a row that is put aside.
fn unless_it_gives_up(write: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    let outcome = catch_unwind(AssertUnwindSafe(write));
    outcome.unwrap_or_else(|_| {
        Err(io::Error::other(
            "its rows could not be put aside in the same folder first; the disk may be full",
        ))
    })
}

fn as_io(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => error,
        error => io::Error::other(error),
    }
}
