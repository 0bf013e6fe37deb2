//! The stages of an analysis, each from one Arrow stream into another: for an engine that spreads captures over many machines
//! and calls this program on each. One batch in, one batch out, and nothing is remembered in between.

use std::io::{Read, Write};
use std::path::PathBuf;

use arrow_array::RecordBatch;
use serde::Deserialize;

use super::compare::compared;
use super::pages::{SeenPage, judged};
use super::part::{CapturePart, Part, bytes};
use super::stream::{
    RowWriter, StreamError, Streamed, batches, columns, declared_rows_in, rows_in,
};
use super::{Knowledge, pool_of};
use crate::capture::{self, InputFile, Problem};

/// One row: a capture, by the path of its file or with its content.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Job {
    capture_id: Option<String>,
    uri: Option<String>,
    path: Option<String>,
    content: Option<Content>,
    /// Why it could not be read, in place of both.
    failure: Option<String>,
    volunteer: Option<String>,
    wave: Option<String>,
    note: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Content(#[serde(with = "bytes")] Vec<u8>);

/// What a worker makes of what it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Of captures their parts.
    Read,
    /// Of parts their captures, compared with one another. A batch is everything that has to be compared.
    Compare,
    /// Of pages as captures show them every page once, judged. All of one page have to be in one batch.
    Judge,
}

impl std::str::FromStr for Stage {
    type Err = String;

    fn from_str(text: &str) -> Result<Stage, String> {
        match text {
            "read" => Ok(Stage::Read),
            "compare" => Ok(Stage::Compare),
            "judge" => Ok(Stage::Judge),
            _ => Err("a stage is read, compare or judge".to_string()),
        }
    }
}

/// Answers every batch of the stream with one, in order, to the end of the stream. A capture that cannot be read is a part
/// with one problem. `made_by` stands in the answer: who calls workers on several machines can see whether they are the same.
///
/// # Errors
/// A stream that is none, is damaged, or that nobody reads any more; never for what a capture holds.
pub fn work(
    stage: Stage,
    input: impl Read + Send,
    output: impl Write + Send,
    knowledge: &Knowledge,
    made_by: &str,
) -> Result<(), StreamError> {
    // One thread, also for a large capture: the engine calls as many workers as there are cores.
    let alone = pool_of(1).map_err(|error| StreamError::Threads(error.to_string()))?;
    alone.install(|| match stage {
        Stage::Read => answer(input, output, made_by, |batch, writer| {
            read(batch, writer, knowledge)
        }),
        Stage::Compare => {
            let columns = columns::<Part>()?;
            answer(input, output, made_by, |batch, writer| {
                compare(declared_rows_in(&batch, &columns)?, writer, knowledge)
            })
        }
        Stage::Judge => {
            let columns = columns::<SeenPage>()?;
            answer(input, output, made_by, |batch, writer| {
                let seen: Vec<SeenPage> = declared_rows_in(&batch, &columns)?;
                writer.write(&judged(seen.into_iter(), knowledge))
            })
        }
    })
}

fn answer<T: Streamed, W: Write>(
    input: impl Read,
    output: W,
    made_by: &str,
    mut take: impl FnMut(RecordBatch, &mut RowWriter<T, W>) -> Result<(), StreamError>,
) -> Result<(), StreamError> {
    let mut batches = batches(input)?;
    let mut writer = RowWriter::new(output, made_by)?;
    batches.try_for_each(|batch| take(batch?, &mut writer))?;
    writer.finish().map(drop)
}

fn read<W: Write>(
    batch: RecordBatch,
    writer: &mut RowWriter<Part, W>,
    knowledge: &Knowledge,
) -> Result<(), StreamError> {
    // Row by row, so that no content is there twice but the one that is being read.
    let rows = (0..batch.num_rows()).map(|row| batch.slice(row, 1));
    let parts: Vec<Part> = rows.map(|row| part_of_row(&row, knowledge)).collect();
    drop(batch);
    write_what_fits(writer, parts, knowledge)
}

fn compare<W: Write>(
    parts: Vec<Part>,
    writer: &mut RowWriter<CapturePart, W>,
    knowledge: &Knowledge,
) -> Result<(), StreamError> {
    let mut captures = compared(parts, knowledge);
    captures.iter_mut().for_each(CapturePart::forget_comparison);
    writer.write(&captures)
}

fn part_of_row(row: &RecordBatch, knowledge: &Knowledge) -> Part {
    let jobs = rows_in::<Job>(row);
    match jobs.map(|mut jobs| jobs.pop()) {
        Ok(job) => part_of_job(job.unwrap_or_default(), knowledge),
        Err(error) => {
            let message = format!("the row cannot be read: {error}");
            Part::unread("", input_problem("row_unreadable", message), knowledge)
        }
    }
}

fn part_of_job(job: Job, knowledge: &Knowledge) -> Part {
    let shown = job.uri.or_else(|| job.path.clone()).unwrap_or_default();
    let unread = |code, message| Part::unread(&shown, input_problem(code, message), knowledge);
    let part = match (job.failure, job.content, job.path.map(PathBuf::from)) {
        (Some(why), ..) => unread("failed_elsewhere", why),
        (None, Some(content), _) => Part::of_bytes(&shown, &content.0, knowledge),
        (None, None, Some(path)) => {
            let shown = shown.clone();
            Part::of_file(&InputFile { path, shown }, 0, knowledge)
        }
        (None, None, None) => {
            let message = "the row names neither path nor content";
            unread("row_unreadable", message.to_string())
        }
    };
    let mut part = Part {
        input_id: job.capture_id.unwrap_or_default(),
        ..part
    };
    for capture in &mut part.captures {
        capture.row.volunteer.clone_from(&job.volunteer);
        capture.row.wave.clone_from(&job.wave);
        capture.row.note.clone_from(&job.note);
    }
    part
}

fn input_problem(code: &'static str, message: String) -> Problem {
    Problem::of_file(capture::Stage::Input, code, message)
}

/// Writes parts together; where they are together too long for a column, one by one; and in place of one that is too long
/// by itself, that it is.
fn write_what_fits<W: Write>(
    writer: &mut RowWriter<Part, W>,
    parts: Vec<Part>,
    knowledge: &Knowledge,
) -> Result<(), StreamError> {
    match writer.write(&parts) {
        Err(StreamError::Rows(_)) => {}
        other => return other,
    }
    for part in parts {
        match writer.write(std::slice::from_ref(&part)) {
            Err(StreamError::Rows(error)) => {
                let message = format!("what it yields cannot be passed on: {error}");
                let problem = input_problem("not_passed_on", message);
                writer.write(&[Part {
                    input_id: part.input_id,
                    file: part.file,
                    sha256: part.sha256,
                    ..Part::unread(&part.path, problem, knowledge)
                }])?;
            }
            other => other?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, BinaryArray, Int64Array, LargeStringArray, StringArray};
    use arrow_ipc::writer::StreamWriter;

    use super::super::pages::JudgedPage;
    use super::super::stream::read_parts;
    use super::super::{Knowledge, Sources};
    use super::*;

    const CAPTURE: &str = r#"{"log": {"entries": [{"startedDateTime": "2026-03-01T10:00:00.000Z", "request": {"method": "GET",
        "url": "https://www.facebook.com/tr/?id=111222333444555&ev=PageView&dl=https%3A%2F%2Fwww.clinic.example%2Fhiv",
        "headers": []}, "response": {"status": 200}}]}}"#;

    fn answered(columns: Vec<(&str, ArrayRef)>) -> Vec<Part> {
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns
                .into_iter()
                .map(|(name, column)| (name, column, true)),
        );
        let batch = batch.unwrap();
        let mut input = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
        input.write(&batch).unwrap();
        input.write(&batch.slice(0, 0)).unwrap();
        let input = input.into_inner().unwrap();
        let knowledge = Knowledge::load(&Sources::default(), &[]).unwrap();
        let mut output = Vec::new();
        work(
            Stage::Read,
            input.as_slice(),
            &mut output,
            &knowledge,
            "a test",
        )
        .unwrap();
        read_parts(output.as_slice()).unwrap()
    }

    fn codes(part: &Part) -> Vec<&str> {
        let problems = part.captures.iter().flat_map(|capture| &capture.problems);
        problems.map(|problem| problem.code.as_str()).collect()
    }

    #[test]
    fn every_row_is_answered_whatever_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.har");
        std::fs::write(&file, CAPTURE).unwrap();
        let half = &CAPTURE.as_bytes()[..CAPTURE.len() / 2];
        let content: Vec<Option<&[u8]>> = vec![
            Some(CAPTURE.as_bytes()),
            None,
            Some(b""),
            Some(half),
            None,
            None,
        ];
        let path = file.to_str().unwrap();
        let path = vec![None, Some(path), None, None, Some("/nowhere/x.har"), None];
        let parts = answered(vec![
            (
                "uri",
                Arc::new(LargeStringArray::from(vec![
                    "s3://b/0", "s3://b/1", "s3://b/2", "s3://b/3", "s3://b/4", "s3://b/5",
                ])),
            ),
            (
                "capture_id",
                Arc::new(StringArray::from(vec!["0", "1", "2", "3", "4", "5"])),
            ),
            ("path", Arc::new(StringArray::from(path))),
            ("content", Arc::new(BinaryArray::from(content))),
            (
                "volunteer",
                Arc::new(StringArray::from(vec![
                    Some("anna"),
                    None,
                    None,
                    None,
                    None,
                    None,
                ])),
            ),
            ("size", Arc::new(Int64Array::from(vec![0; 6]))),
        ]);
        let ids: Vec<&str> = parts.iter().map(|part| part.input_id.as_str()).collect();
        assert_eq!(ids, ["0", "1", "2", "3", "4", "5"]);
        for part in &parts[..2] {
            let [capture] = part.captures.as_slice() else {
                panic!("{part:?}")
            };
            assert_eq!(capture.events[0].row.tracker, "meta-pixel");
            assert_eq!(capture.row.path, part.path);
        }
        assert_eq!(parts[0].captures[0].row.volunteer.as_deref(), Some("anna"));
        assert!(parts[0].file.is_empty() && parts[1].file == path_bytes(&file));
        for part in &parts[2..] {
            assert!(!codes(part).is_empty(), "{part:?}");
        }
        assert_eq!(codes(&parts[5]), ["row_unreadable"]);
    }

    fn path_bytes(path: &std::path::Path) -> Vec<u8> {
        path.as_os_str().as_encoded_bytes().to_vec()
    }

    /// What a stage makes of one batch.
    fn staged<T: Streamed, A: Streamed>(stage: Stage, rows: &[T]) -> Vec<A> {
        let mut input = RowWriter::<T, _>::new(Vec::new(), "a test").unwrap();
        input.write(rows).unwrap();
        let input = input.finish().unwrap();
        let knowledge = Knowledge::load(&Sources::default(), &[]).unwrap();
        let mut output = Vec::new();
        work(stage, input.as_slice(), &mut output, &knowledge, "a test").unwrap();
        let columns = columns::<A>().unwrap();
        let batches = batches(output.as_slice()).unwrap();
        let rows = batches.flat_map(|batch| declared_rows_in(&batch.unwrap(), &columns).unwrap());
        rows.collect()
    }

    #[test]
    fn a_family_is_compared_and_its_pages_are_judged_once() {
        let knowledge = Knowledge::load(&Sources::default(), &[]).unwrap();
        let part = |name: &str, text: &str| Part {
            input_id: name.to_string(),
            ..Part::of_bytes(name, text.as_bytes(), &knowledge)
        };
        // The same bytes, and the same requests in other bytes.
        let longer = CAPTURE.replace("{\"log\"", "{ \"log\"");
        let parts = [part("b", CAPTURE), part("a", CAPTURE), part("c", &longer)];
        assert!(parts[0].kin == parts[1].kin);
        assert!(parts[2].kin.iter().any(|tie| parts[0].kin.contains(tie)));
        let captures: Vec<CapturePart> = staged(Stage::Compare, &parts);
        let said = |capture: &CapturePart| {
            let repeats = capture
                .events
                .iter()
                .filter(|event| event.row.repeat_of.is_some());
            let (path, state) = (capture.row.path.clone(), capture.row.state.clone());
            (path, state, capture.events.len(), repeats.count())
        };
        let said: Vec<_> = captures.iter().map(said).collect();
        let row = |path: &str, state: &str, events, repeats| {
            (path.to_string(), state.to_string(), events, repeats)
        };
        let wanted = [
            row("a", "read", 1, 0),
            row("b", "duplicate", 0, 0),
            row("c", "read", 1, 1),
        ];
        assert_eq!(said, wanted);
        assert!(captures.iter().all(|capture| capture.traces.is_empty()));

        let pages: Vec<SeenPage> = captures
            .into_iter()
            .flat_map(|capture| capture.pages)
            .collect();
        let judged: Vec<JudgedPage> = staged(Stage::Judge, &pages);
        let [page] = judged.as_slice() else {
            panic!("{judged:?}")
        };
        assert_eq!(page.row.url, "https://www.clinic.example/hiv");
        assert_eq!(page.row.tier, 1);
        assert_eq!(page.organisation.organisation_id, page.row.organisation_id);
    }

    #[test]
    fn a_table_without_the_columns_is_a_problem_of_each_row() {
        let parts = answered(vec![("uri", Arc::new(Int64Array::from(vec![1, 2])))]);
        assert_eq!(parts.len(), 2);
        assert!(parts.iter().all(|part| codes(part).len() == 1), "{parts:?}");
    }
}
