//! Tables as one workbook: a sheet that says how to read it, and a sheet a table. A workbook is a zip
//! of XML; what is written here is the least that every spreadsheet program reads, row by row, with no clock in it.

mod names;
mod read_me;
mod sheet;
mod text;

use super::format::Book;
use super::table::Table;
use polars::prelude::DataFrame;
use sheet::{write_read_me, write_table};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The name of the file that holds a dataset.
pub(super) const XLSX: &str = "dataset.xlsx";

/// The rows of a sheet that are left for a table, below the names of its columns.
const ROWS_OF_A_TABLE: usize = 1_048_575;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/// Number 0 for numbers and flags, 1 for the names of columns, 2 for texts: their format is text, so that a text stays one
/// also when somebody edits the cell.
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#;

/// The format.
pub(super) struct Xlsx;

impl Book for Xlsx {
    fn file_name(&self) -> &'static str {
        XLSX
    }

    fn write(
        &self,
        tables: &[Table],
        path: &Path,
        keep_going: &dyn Fn() -> bool,
    ) -> io::Result<()> {
        let workbook = Workbook {
            notes: &read_me::OF_A_DATASET,
            sheets: tables.iter().map(sheet_of).collect(),
        };
        workbook.write(File::create_new(path)?, keep_going)
    }
}

fn sheet_of(table: &Table) -> Sheet<'_> {
    Sheet {
        name: table.schema().name,
        about: table.schema().about.trim(),
        frame: table.frame(),
    }
}

/// What a workbook holds.
#[derive(Debug, Clone)]
pub(super) struct Workbook<'a> {
    /// What the first sheet says before anything else: a heading and a text each.
    pub(super) notes: &'a [(&'a str, &'a str)],
    pub(super) sheets: Vec<Sheet<'a>>,
}

/// A table of any columns, under a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sheet<'a> {
    /// What it is called, and the CSV file beside the workbook too. A sheet has a shorter name where this one is too long.
    pub(super) name: &'a str,
    /// What the first sheet says about it.
    pub(super) about: &'a str,
    pub(super) frame: &'a DataFrame,
}

impl Workbook<'_> {
    /// Writes it whole, unless `keep_going` says no. The same rows give the same bytes.
    pub(super) fn write(&self, out: File, keep_going: &dyn Fn() -> bool) -> io::Result<()> {
        let of_sheets = names::of_sheets(read_me::NAME, self.sheets.iter().map(|sheet| sheet.name));
        let mut names = vec![read_me::NAME];
        names.extend(of_sheets.iter().map(String::as_str));
        let mut zip = Zip(ZipWriter::new(out));
        zip.part("[Content_Types].xml", |out| content_types(&names, out))?;
        zip.part("_rels/.rels", root_relations)?;
        zip.part("xl/workbook.xml", |out| workbook(&names, out))?;
        zip.part("xl/_rels/workbook.xml.rels", |out| relations(&names, out))?;
        zip.part("xl/styles.xml", |out| write!(out, "{HEAD}{STYLES}"))?;
        zip.part(&part_of(1), |out| {
            write_read_me(&read_me::lines(self, &of_sheets), out)
        })?;
        for (sheet, number) in self.sheets.iter().zip(2..) {
            zip.part(&part_of(number), |out| {
                write_table(sheet.frame, keep_going, out)
            })?;
        }
        zip.0.finish()?.flush()
    }
}

struct Zip(ZipWriter<File>);

impl Zip {
    /// Adds a part. The date is always the same one.
    fn part(
        &mut self,
        name: &str,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        self.0.start_file(name, options)?;
        let mut out = BufWriter::with_capacity(1 << 16, &mut self.0);
        content(&mut out)?;
        out.flush()
    }
}

fn part_of(number: usize) -> String {
    format!("xl/worksheets/sheet{number}.xml")
}

fn content_types(names: &[&str], out: &mut dyn Write) -> io::Result<()> {
    write!(
        out,
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Override PartName=\"/xl/workbook.xml\" ContentType=\"{TYPE}.sheet.main+xml\"/>\
         <Override PartName=\"/xl/styles.xml\" ContentType=\"{TYPE}.styles+xml\"/>"
    )?;
    for number in 1..=names.len() {
        let part = part_of(number);
        write!(
            out,
            "<Override PartName=\"/{part}\" ContentType=\"{TYPE}.worksheet+xml\"/>"
        )?;
    }
    write!(out, "</Types>")
}

fn root_relations(out: &mut dyn Write) -> io::Result<()> {
    write!(
        out,
        "{HEAD}<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"rId1\" \
         Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    )
}

fn workbook(names: &[&str], out: &mut dyn Write) -> io::Result<()> {
    write!(
        out,
        "{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>"
    )?;
    for (name, number) in names.iter().zip(1..) {
        write!(out, "<sheet name=\"")?;
        text::write_xml(name, out)?;
        write!(out, "\" sheetId=\"{number}\" r:id=\"rId{number}\"/>")?;
    }
    write!(out, "</sheets></workbook>")
}

fn relations(names: &[&str], out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{HEAD}<Relationships xmlns=\"{RELATIONS}\">")?;
    for number in 1..=names.len() {
        write!(
            out,
            "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        )?;
    }
    let last = names.len() + 1;
    write!(
        out,
        "<Relationship Id=\"rId{last}\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/></Relationships>"
    )
}
