//! Folders of investigations, sound and faulty.

use std::fs;

use tempfile::TempDir;

use super::Investigation;

const HEADER: &str = "figure,organisation,published,source,date,query,column,expected,cause";

fn opened(lines: &[&str]) -> Result<Investigation, String> {
    let folder = folder(lines);
    Investigation::open(folder.path()).map_err(|error| error.to_string())
}

fn folder(lines: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(
        "organisations.csv",
        "org_id,name,sector,domain\nnorthmoor,Northmoor Police,police,northmoor.example\n",
    );
    write("counted.sql", "-- How many?\nSELECT 1 AS n");
    write(
        "published.csv",
        &format!("{HEADER}\n{}\n", lines.join("\n")),
    );
    folder
}

#[test]
fn sound_lines_are_read() {
    let investigation = opened(&[
        "events,northmoor,2,A Paper,2026-03-01,counted,n,,",
        "events,,\"2,528\",A Paper,2026-03-01,,,,never made public",
        "events once more,northmoor,2,A Paper,2026-03-01,counted,n,1,counted twice",
    ]);
    let investigation = investigation.unwrap();
    assert_eq!(investigation.queries().count(), 1);
    let lines = investigation.figures.iter().map(|figure| figure.line);
    assert_eq!(lines.collect::<Vec<_>>(), [2, 3, 4]);
}

#[test]
fn a_fault_is_named_with_its_line() {
    let sound = "events,northmoor,2,A Paper,2026-03-01,counted,n,,";
    for (faulty, words) in [
        (
            ",northmoor,2,A Paper,2026-03-01,counted,n,,",
            "figure must not be empty",
        ),
        (
            "x,northmoor,,A Paper,2026-03-01,counted,n,,",
            "published must not be empty",
        ),
        (
            "x,northmoor,2,,2026-03-01,counted,n,,",
            "source must not be empty",
        ),
        (
            "x,northmoor,2,A Paper,March,counted,n,,",
            "date is \"March\"",
        ),
        (
            "x,southmoor,2,A Paper,2026-03-01,counted,n,,",
            "southmoor is not in organisations.csv",
        ),
        (
            "x,northmoor,2,A Paper,2026-03-01,missing,n,,",
            "there is no question missing.sql",
        ),
        (
            "x,northmoor,2,A Paper,2026-03-01,counted,,,",
            "column must say",
        ),
        ("x,northmoor,2,A Paper,2026-03-01,,,,", "cause must say why"),
        ("x,northmoor,2,A Paper,2026-03-01,,n,,none", "must be empty"),
        (
            "x,northmoor,2,A Paper,2026-03-01,counted,n,1,",
            "cause must say why",
        ),
        (
            "x,northmoor,2,A Paper,2026-03-01,counted,n,2,why",
            "expected is the published value",
        ),
        ("x,northmoor,2", "it has 3 cells, and the header has 9"),
        (sound, "stands further up"),
    ] {
        let fault = opened(&[sound, faulty]).unwrap_err();
        assert!(fault.contains("published.csv, line 3: "), "{fault}");
        assert!(fault.contains(words), "{fault}");
    }
}

#[test]
fn a_header_with_other_columns_is_a_fault() {
    let folder = folder(&[]);
    let path = folder.path().join("published.csv");
    let fault = || Investigation::open(folder.path()).unwrap_err().to_string();
    assert!(
        fault().contains("holds no line but its header"),
        "{}",
        fault()
    );
    fs::write(&path, "figure,published\nevents,2\n").unwrap();
    assert!(fault().contains("line 2: missing field"), "{}", fault());
    fs::write(
        &path,
        format!("{HEADER},causes\na,,2,b,2026-03-01,,,,c,d\n"),
    )
    .unwrap();
    assert!(fault().contains("unknown field `causes`"), "{}", fault());
    fs::remove_file(&path).unwrap();
    assert!(fault().starts_with("cannot read "), "{}", fault());
}
