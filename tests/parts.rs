//! A dataset whose tables lie in parts, as a cluster writes them: it gives the answers of the same dataset in single files,
//! byte for byte; what is damaged, missing or of another table is named; its files are held to their hashes.

mod common;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Output;

use pixelhound::figures::built_in;
use polars::prelude::{DataFrame, ParquetReader, ParquetWriter, SerReader};
use sha2::{Digest, Sha256};

const MANIFEST: &str = "manifest-sha256.txt";

/// Tables that stay single files; the others are taken apart.
const SINGLE: [&str; 3] = ["vocabulary", "organisations", "searches"];

/// The dataset of the samples in `whole/out`, and the same in parts in `parts/out`.
struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    fn new() -> Case {
        let case = Case {
            folder: tempfile::tempdir().unwrap(),
        };
        for name in ["whole", "parts"] {
            fs::create_dir(case.path(name)).unwrap();
        }
        let samples = Path::new("samples");
        let more = ["--quiet", "--personas", "samples/personas.csv"];
        common::analyse(&[samples], &case.path("whole/out"), &more);
        case.take_apart();
        case.write_manifest();
        case
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn take_apart(&self) {
        let (whole, parts) = (self.path("whole/out"), self.path("parts/out"));
        fs::create_dir(&parts).unwrap();
        for name in ["run.json", "datapackage.json"] {
            fs::copy(whole.join(name), parts.join(name)).unwrap();
        }
        for file in fs::read_dir(&whole)
            .unwrap()
            .map(|file| file.unwrap().path())
        {
            if file.extension().is_none_or(|ending| ending != "parquet") {
                continue;
            }
            let target = parts.join(file.file_name().unwrap());
            if SINGLE.contains(&file.file_stem().unwrap().to_str().unwrap()) {
                fs::copy(&file, &target).unwrap();
            } else {
                write_parts(&read(&file), &target);
            }
        }
    }

    /// As a cluster writes it: its own files, and the inputs as the other dataset lists them.
    fn write_manifest(&self) {
        let out = self.path("parts/out");
        let listed = fs::read_to_string(self.path("whole/out").join(MANIFEST)).unwrap();
        let inputs = listed.lines().filter(|line| line.contains("  ../"));
        let mut lines: Vec<String> = inputs.map(|line| format!("{line}\n")).collect();
        for name in names_in(&out) {
            let file = out.join(&name);
            if file.is_dir() {
                let parts = names_in(&file).into_iter();
                let parts = parts.filter(|part| part.starts_with("part-"));
                lines.extend(parts.map(|part| line(&out, &format!("{name}/{part}"))));
            } else if name != MANIFEST {
                lines.push(line(&out, &name));
            }
        }
        fs::write(out.join(MANIFEST), lines.concat()).unwrap();
    }

    /// As somebody types it who works beside the dataset.
    fn run(&self, form: &str, arguments: &[&str]) -> Output {
        let mut command = common::pixelhound(arguments);
        command.current_dir(self.path(form)).output().unwrap()
    }

    /// What a command says about both forms of the dataset, which must be the same.
    fn same(&self, arguments: &[&str]) -> String {
        let [whole, parts] = ["whole", "parts"].map(|form| self.run(form, arguments));
        assert_eq!(whole.status.code(), parts.status.code(), "{parts:?}");
        let [whole, parts] = [whole, parts].map(|said| String::from_utf8(said.stdout).unwrap());
        assert_eq!(whole, parts, "{arguments:?}");
        parts
    }

    /// What is complained of when a question is asked.
    fn complaint(&self) -> String {
        let output = self.run("parts", &["query", "out", "recipients"]);
        assert!(!output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// The folder of a table in parts.
    fn table(&self, name: &str) -> PathBuf {
        self.path("parts/out").join(format!("{name}.parquet"))
    }
}

fn read(file: &Path) -> DataFrame {
    ParquetReader::new(File::open(file).unwrap())
        .finish()
        .unwrap()
}

fn write(mut rows: DataFrame, file: &Path) {
    let file = File::create(file).unwrap();
    ParquetWriter::new(file).finish(&mut rows).unwrap();
}

/// A part without rows, then the rows in three parts, and what Spark leaves beside them.
fn write_parts(rows: &DataFrame, folder: &Path) {
    fs::create_dir(folder).unwrap();
    let third = rows.height().div_ceil(3);
    for (number, (begin, rows_in_it)) in [(0, 0), (0, third), (third, third), (2 * third, third)]
        .into_iter()
        .enumerate()
    {
        let name = format!("part-{number:05}-0f [1].zstd.parquet");
        let begin = i64::try_from(begin).unwrap();
        write(rows.slice(begin, rows_in_it), &folder.join(&name));
        fs::write(folder.join(format!(".{name}.crc")), "crc").unwrap();
    }
    fs::write(folder.join("_SUCCESS"), "").unwrap();
}

fn names_in(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap();
    let names = names.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// The line of a manifest.
fn line(folder: &Path, name: &str) -> String {
    let digest = Sha256::digest(fs::read(folder.join(name)).unwrap());
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{digits}  {name}\n")
}

#[test]
fn every_question_has_the_same_answer_byte_for_byte() {
    let case = Case::new();
    for query in built_in() {
        let answer = case.same(&["query", "out", query.name()]);
        let header = answer.lines().next().unwrap();
        assert!(header.contains(','), "{}: {answer}", query.name());
    }
    for table in ["events", "disclosures", "visits", "captures"] {
        let sql = format!("SELECT * FROM {table}");
        let answer = case.same(&["query", "out", "--sql", &sql]);
        let rows = read(&case.path("whole/out").join(format!("{table}.parquet"))).height();
        assert!(answer.lines().count() > rows, "{table}");
    }
    case.same(&["query", "out", "waves", "--where", "recipient=Meta"]);
}

#[test]
fn the_report_is_the_same_and_so_is_what_is_told_of_an_event() {
    let case = Case::new();
    case.same(&["report", "out", "--out", "report.html"]);
    let [whole, parts] = ["whole", "parts"].map(|form| case.path(form).join("report.html"));
    assert!(fs::read(whole).unwrap() == fs::read(parts).unwrap());
    let ids = case.same(&["query", "out", "--sql", "SELECT event_id FROM events"]);
    let ids: Vec<&str> = ids.lines().skip(1).collect();
    assert!(ids.len() > 20);
    for id in ids.iter().step_by(9) {
        case.same(&["explain", "out", id]);
    }
    let mut complained = String::new();
    for typed in ["", "zz", "it's", &ids[3][..9], &ids[5][..20]] {
        let [whole, parts] =
            ["whole", "parts"].map(|form| case.run(form, &["explain", "out", typed]));
        assert_eq!(whole.stderr, parts.stderr, "{typed}");
        complained += &String::from_utf8(parts.stderr).unwrap();
    }
    let number = format!("{} events begin with \"\"", ids.len());
    assert!(complained.contains(&number), "{complained}");
    assert!(
        complained.contains("no event is called \"zz\"; the nearest: "),
        "{complained}"
    );
    case.same(&["rules", "coverage", "out"]);
    let recover = |form| {
        let said = case.run(form, &["recover", "out", "--seconds", "0"]).stdout;
        hashes(&String::from_utf8(said).unwrap())
    };
    assert_eq!(recover("whole"), recover("parts"));
    assert!(recover("parts").len() > 3);
}

/// What `recover` lists of hashes, without what the clock has a part in.
fn hashes(said: &str) -> Vec<String> {
    let lines = said.lines().take_while(|line| *line != "Not tried");
    let first_words = lines.map(|line| {
        line.split_whitespace()
            .take(3)
            .collect::<Vec<_>>()
            .join(" ")
    });
    first_words.collect()
}

#[test]
fn a_damaged_part_is_named() {
    let case = Case::new();
    let part = case.table("events").join("part-00002-0f [1].zstd.parquet");
    fs::write(&part, "damaged").unwrap();
    let complaint = case.complaint();
    assert!(complaint.contains("cannot read"), "{complaint}");
    assert!(
        complaint.contains("events.parquet/part-00002-"),
        "{complaint}"
    );
}

#[test]
fn a_part_of_another_table_is_named() {
    let case = Case::new();
    let pages = read(&case.path("whole/out/pages.parquet"));
    write(pages, &case.table("events").join("part-00009.parquet"));
    let complaint = case.complaint();
    assert!(
        complaint.contains("events.parquet/part-00009.parquet"),
        "{complaint}"
    );
    let what =
        "is not of the table events: column 1 is page_id (str), and should be event_id (str)";
    assert!(complaint.contains(what), "{complaint}");

    let mut fewer = read(&case.path("whole/out/events.parquet"));
    fewer.drop_in_place("cookies_recorded").unwrap();
    write(fewer, &case.table("events").join("part-00009.parquet"));
    let complaint = case.complaint();
    assert!(
        complaint.contains("is nothing, and should be cookies_recorded"),
        "{complaint}"
    );
}

#[test]
fn a_folder_without_parts_is_no_table_and_neither_is_what_could_be_rows() {
    let case = Case::new();
    let nested = case.table("visits").join("wave=2");
    fs::create_dir(&nested).unwrap();
    let complaint = case.complaint();
    assert!(
        complaint.contains("visits.parquet/wave=2 is no part"),
        "{complaint}"
    );
    fs::remove_dir(nested).unwrap();
    for name in names_in(&case.table("visits")) {
        if name.starts_with("part-") {
            fs::remove_file(case.table("visits").join(name)).unwrap();
        }
    }
    let complaint = case.complaint();
    assert!(
        complaint.contains("visits.parquet holds no part"),
        "{complaint}"
    );
}

#[test]
fn parts_are_held_to_their_hashes_and_cannot_be_made_again_here() {
    let case = Case::new();
    let verify = || {
        let output = case.run("parts", &["verify", "out"]);
        let said = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), said)
    };
    let (code, said) = verify();
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("could not be made again: its tables are in parts"),
        "{said}"
    );

    let part = case.table("events").join("part-00003-0f [1].zstd.parquet");
    let whole = fs::read(&part).unwrap();
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    fs::write(&part, changed).unwrap();
    let (code, said) = verify();
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("events.parquet/part-00003-0f [1].zstd.parquet"),
        "{said}"
    );
    assert!(said.contains("1 file is not as listed"), "{said}");
    fs::write(&part, whole).unwrap();

    fs::write(case.table("events").join("part-00004.parquet"), "more").unwrap();
    let (code, said) = verify();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("events.parquet/part-00004.parquet"), "{said}");
}

#[test]
fn a_dataset_in_parts_is_replaced_only_where_nothing_else_lies_in_it() {
    let case = Case::new();
    let out = case.path("parts/out");
    let again = |force: &[&str]| {
        let mut command = common::pixelhound(&["analyse", "samples", "--quiet", "--out"]);
        command.arg(&out).args(force).output().unwrap()
    };
    let refused = again(&[]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("already holds a dataset"));
    let notes = case.table("events").join("notes.txt");
    fs::write(&notes, "mine").unwrap();
    let refused = again(&["--force"]);
    let complaint = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        complaint.contains("events.parquet/notes.txt"),
        "{complaint}"
    );
    assert_eq!(fs::read_to_string(&notes).unwrap(), "mine");
    fs::remove_file(notes).unwrap();
    again(&["--force"]);
    assert!(case.table("events").is_file());
}
