//! The cells of a workbook, as a reader of it finds them.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A part of the workbook.
pub fn part(workbook: &Path, name: &str) -> String {
    let mut parts = zip::ZipArchive::new(File::open(workbook).unwrap()).unwrap();
    let mut text = String::new();
    let mut part = parts.by_name(name).unwrap();
    part.read_to_string(&mut text).unwrap();
    text
}

/// The XML of a sheet: its name is looked up in the workbook.
pub fn sheet(workbook: &Path, name: &str) -> String {
    let names = part(workbook, "xl/workbook.xml");
    let mark = format!("<sheet name=\"{name}\" sheetId=\"");
    let (_, rest) = names
        .split_once(&mark)
        .unwrap_or_else(|| panic!("no sheet {name}"));
    let number = rest.split('"').next().unwrap();
    part(workbook, &format!("xl/worksheets/sheet{number}.xml"))
}

/// The cells of a sheet of so many columns, the names of the columns first.
pub fn cells(sheet: &str, columns: usize) -> Vec<Vec<String>> {
    let row = |row: &str| {
        let mut cells = vec![String::new(); columns];
        for cell in row.split("<c ").skip(1) {
            let (place, text) = cell_of(cell);
            cells[place] = text;
        }
        cells
    };
    sheet.split("<row ").skip(1).map(row).collect()
}

/// Its column, from 0, and what it shows.
fn cell_of(cell: &str) -> (usize, String) {
    let reference = cell.split('"').nth(1).unwrap();
    let letters = reference.bytes().filter(u8::is_ascii_uppercase);
    let column = letters.fold(0, |sum, letter| sum * 26 + usize::from(letter - b'A') + 1) - 1;
    let marks = ["<v>", "<t>", "<t xml:space=\"preserve\">"];
    let mut values = marks.iter().filter_map(|mark| cell.split_once(mark));
    let (_, value) = values.next().unwrap();
    let value = value.split('<').next().unwrap();
    let text = match value {
        "1" if cell.contains(" t=\"b\"") => "true".to_owned(),
        "0" if cell.contains(" t=\"b\"") => "false".to_owned(),
        text => text
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
            .replace("_x005F_", "_"),
    };
    (column, text)
}
