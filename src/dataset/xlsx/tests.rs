//! What a reader of a workbook finds, whatever the table: the words as they are, numbers that count, nothing that runs.

use super::*;
use polars::prelude::{NamedFrom, Series, df};
use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};

fn bytes(sheets: &[(&str, &DataFrame)]) -> Vec<u8> {
    let sheets = sheets.iter().map(|(name, frame)| Sheet {
        name,
        about: "What was asked.",
        frame,
    });
    let workbook = Workbook {
        notes: &[("what this is", "An answer.")],
        sheets: sheets.collect(),
    };
    let aside = tempfile::tempdir().unwrap();
    let mut bytes = Vec::new();
    workbook.write(&mut bytes, aside.path(), &|| true).unwrap();
    assert_eq!(aside.path().read_dir().unwrap().count(), 0);
    bytes
}

fn part(workbook: &[u8], name: &str) -> String {
    let mut parts = zip::ZipArchive::new(io::Cursor::new(workbook)).unwrap();
    let mut text = String::new();
    let mut part = parts.by_name(name).unwrap();
    part.read_to_string(&mut text).unwrap();
    text
}

/// The sheet of a single table.
fn sheet(frame: &DataFrame) -> String {
    part(&bytes(&[("answer", frame)]), "xl/worksheets/sheet2.xml")
}

#[test]
fn each_value_has_its_type_and_a_missing_one_no_cell() {
    let sheet = sheet(
        &df!(
            "text" => [Some("007"), None],
            "count" => [Some(7_u32), None],
            "number" => [Some(-3_i64), Some(1_000_000_000_000_000)],
            "share" => [Some(0.25), Some(f64::INFINITY)],
            "flag" => [Some(true), Some(false)],
        )
        .unwrap(),
    );
    let texts = r#"t="inlineStr"><is><t>"#;
    assert!(
        sheet.contains(&format!(r#"<c r="A2" s="3" {texts}007<"#)),
        "{sheet}"
    );
    assert!(!sheet.contains(r#"r="A3""#) && !sheet.contains(r#"r="B3""#));
    assert!(sheet.contains(r#"<c r="B2"><v>7</v></c>"#));
    assert!(sheet.contains(r#"<c r="C2"><v>-3</v></c>"#));
    assert!(sheet.contains(&format!("{texts}1000000000000000<")));
    assert!(sheet.contains(r#"<c r="D2"><v>0.25</v></c>"#));
    assert!(sheet.contains(&format!("{texts}inf<")));
    assert!(sheet.contains(r#"<c r="E2" t="b"><v>1</v></c>"#));
}

#[test]
fn the_names_of_the_columns_stay_in_sight_and_filter() {
    let sheet = sheet(&df!("=1+1" => ["a"], "b" => [1]).unwrap());
    assert!(sheet.contains(r#"<pane ySplit="1" topLeftCell="A2""#));
    assert!(sheet.contains(r#"<autoFilter ref="A1:B2"/>"#));
    assert!(sheet.contains("<t>=1+1</t>"));
}

#[test]
fn no_text_becomes_anything_else() {
    let texts = [
        "=HYPERLINK(\"http://x.example\")",
        "http://x.example",
        "mailto:a@x.example",
        "{=1+1}",
        "<script>&",
        "_x0041_ __x000D__x000D_",
        " two  spaces ",
        "1e5",
        "2026-03-01",
        "TRUE",
    ];
    let workbook = bytes(&[("answer", &df!("text" => texts).unwrap())]);
    let sheet = part(&workbook, "xl/worksheets/sheet2.xml");
    assert!(!sheet.contains("<f") && !sheet.contains("hyperlink"));
    assert_eq!(sheet.matches("inlineStr").count(), texts.len() + 1);
    assert!(sheet.contains(">=HYPERLINK(\"http://x.example\")<"));
    assert!(sheet.contains(">&lt;script&gt;&amp;<"));
    assert!(
        sheet.contains(">_x005F_x0041_ __x005F_x000D__x005F_x000D_<"),
        "{sheet}"
    );
    assert!(sheet.contains("<t xml:space=\"preserve\"> two  spaces <"));
}

#[test]
fn a_table_without_rows_or_columns_is_a_sheet_too() {
    let no_rows = df!("a" => Vec::<String>::new()).unwrap();
    assert!(sheet(&no_rows).contains(r#"<autoFilter ref="A1"/>"#));
    assert!(!sheet(&DataFrame::default()).contains("<row"));
}

#[test]
fn a_sheet_of_a_long_name_is_found_in_the_first_one() {
    let frame = df!("a" => [1]).unwrap();
    let long = "buttons-clicked-on-sensitive-pages";
    let workbook = bytes(&[(long, &frame), ("waves", &frame)]);
    let names = part(&workbook, "xl/workbook.xml");
    assert!(names.contains(r#"<sheet name="buttons-clicked-on-sensitive-pa""#));
    let read_me = part(&workbook, "xl/worksheets/sheet1.xml");
    for text in [
        "An answer.",
        "What was asked.",
        ">buttons-clicked-on-sensitive-pa<",
        ">waves<",
    ] {
        assert!(read_me.contains(text), "{text}");
    }
}

#[test]
fn the_same_rows_give_the_same_bytes_and_no_clock_is_in_them() {
    let numbers: Vec<String> = (0..5_000).map(|n| format!("text {n}")).collect();
    let frame = DataFrame::new_infer_height(vec![Series::new("a".into(), numbers).into()]).unwrap();
    let workbook = bytes(&[("answer", &frame)]);
    assert!(workbook == bytes(&[("answer", &frame)]));
    let properties = part(&workbook, "docProps/core.xml");
    assert_eq!(
        properties.matches("1980-01-01T00:00:00Z").count(),
        2,
        "{properties}"
    );
}

#[test]
fn an_interruption_stops_among_the_rows_and_while_the_file_is_written() {
    let numbers: Vec<u64> = (0..50_000_u64)
        .map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .collect();
    let frame = DataFrame::new_infer_height(vec![Series::new("a".into(), numbers).into()]).unwrap();
    let workbook = Workbook {
        notes: &[],
        sheets: vec![Sheet {
            name: "a",
            about: "",
            frame: &frame,
        }],
    };
    let aside = tempfile::tempdir().unwrap();
    for patience in [10, 50_002] {
        let asked = AtomicUsize::new(0);
        let keep_going = || asked.fetch_add(1, Ordering::Relaxed) < patience;
        let mut bytes = Vec::new();
        let outcome = workbook.write(&mut bytes, aside.path(), &keep_going);
        assert_eq!(outcome.unwrap_err().to_string(), "interrupted");
        assert_eq!(asked.load(Ordering::Relaxed), patience + 1);
    }
}

#[test]
fn the_library_giving_up_is_an_error_in_words() {
    let outcome = unless_it_gives_up(|| panic!("no room"));
    assert!(
        outcome
            .unwrap_err()
            .to_string()
            .contains("disk may be full")
    );
}
