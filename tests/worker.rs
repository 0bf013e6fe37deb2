//! The worker of a cluster, without one: an Arrow stream in, an Arrow stream out, and what merge makes of it is the dataset of
//! one run over everything.

mod common;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BinaryArray, RecordBatch, StringArray};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{DataType, Field, Schema};

fn columns() -> Arc<Schema> {
    let names = ["capture_id", "uri", "path"];
    let fields = names.map(|name| Field::new(name, DataType::Utf8, true));
    let content = Field::new("content", DataType::Binary, true);
    Arc::new(Schema::new([&fields[..], &[content]].concat()))
}

/// One capture: its id, what it is called, and its path or content.
fn job(texts: [Option<&str>; 3], content: Option<&[u8]>) -> RecordBatch {
    let texts = texts.map(|text| Arc::new(StringArray::from(vec![text])) as ArrayRef);
    let content: ArrayRef = Arc::new(BinaryArray::from(vec![content]));
    RecordBatch::try_new(columns(), [&texts[..], &[content]].concat()).unwrap()
}

/// The stream of some captures, a batch each.
fn stream(captures: &[common::Row], with_content: bool) -> Vec<u8> {
    let mut stream = StreamWriter::try_new(Vec::new(), &columns()).unwrap();
    for capture in captures {
        let bytes = with_content.then(|| fs::read(common::root().join(&capture["path"])).unwrap());
        let path = capture["path"].as_str();
        let texts = [
            Some(capture["capture_id"].as_str()),
            Some(capture["uri"].as_str()),
            Some(path).filter(|_| !with_content),
        ];
        stream.write(&job(texts, bytes.as_deref())).unwrap();
    }
    stream.into_inner().unwrap()
}

/// What the worker answers to a stream.
fn answer(stream: &[u8]) -> Vec<u8> {
    let mut worker = common::pixelhound(&["worker"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = worker.stdin.take().unwrap();
    let stream = stream.to_vec();
    let writing = std::thread::spawn(move || input.write_all(&stream).unwrap());
    let output = worker.wait_with_output().unwrap();
    writing.join().unwrap();
    assert!(output.status.success());
    output.stdout
}

fn listed(input: &str) -> Vec<common::Row> {
    let output = common::run(&["worker", "--list", input]);
    let mut lines = csv::Reader::from_reader(output.stdout.as_slice());
    lines.deserialize().map(Result::unwrap).collect()
}

/// Makes a shard of parts, as a cluster does, and merges it.
fn merged(parts: &[u8], input: &str, folder: &Path) -> std::path::PathBuf {
    use sha2::Digest;
    let shard = folder.join("shard");
    fs::create_dir(&shard).unwrap();
    fs::write(shard.join("parts.arrow"), parts).unwrap();
    let record = common::run(&["worker", "--record", input]).stdout;
    let mut record: serde_json::Value = serde_json::from_slice(&record).unwrap();
    let hash = sha2::Sha256::digest(parts);
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    record["parts_sha256"] = hash.into();
    fs::write(shard.join("shard.json"), record.to_string()).unwrap();
    let out = folder.join("merged");
    let mut merge = common::pixelhound(&["merge", "--quiet"]);
    let output = merge.arg(&shard).arg("--out").arg(&out).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    out
}

#[test]
fn what_workers_answer_is_merged_to_the_dataset_of_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    common::analyse(&[Path::new("samples")], &whole, &[]);
    let whole = common::files(&whole);
    let captures = listed("samples");
    for with_content in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let parts = answer(&stream(&captures, with_content));
        let merged = common::files(&merged(&parts, "samples", folder.path()));
        for (name, bytes) in &whole {
            // Content has no place where it could be looked at again, so the manifest lists no capture.
            if !(with_content && name == "manifest-sha256.txt") {
                assert!(merged[name] == *bytes, "{name} differs");
            }
        }
    }
}

#[test]
fn the_columns_are_the_same_for_no_rows_and_every_row_is_answered() {
    let captures = listed("samples/wave-2");
    let (none, some) = (
        answer(&stream(&[], false)),
        answer(&stream(&captures, true)),
    );
    let read = |bytes: &[u8]| {
        let reader = StreamReader::try_new(bytes, None).unwrap();
        (
            reader.schema(),
            reader.map(Result::unwrap).collect::<Vec<_>>(),
        )
    };
    let ((of_none, no_batches), (of_some, batches)) = (read(&none), read(&some));
    assert_eq!(of_none, of_some);
    assert!(no_batches.is_empty());
    assert_eq!(batches.len(), captures.len());
    for (batch, capture) in batches.iter().zip(&captures) {
        let ids = batch.column_by_name("input_id").unwrap();
        let ids = ids.as_any().downcast_ref::<StringArray>().unwrap();
        assert_eq!(
            (ids.len(), ids.value(0)),
            (1, capture["capture_id"].as_str())
        );
    }
}

#[test]
fn what_is_no_stream_is_refused() {
    let mut worker = common::pixelhound(&["worker"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    worker
        .stdin
        .take()
        .unwrap()
        .write_all(b"{\"log\": {}}")
        .unwrap();
    let output = worker.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let output = common::run(&["worker", "samples"]);
    assert_eq!(output.status.code(), Some(2));
}

/// Nothing stays behind of a capture that was answered.
#[cfg(target_os = "linux")]
#[test]
fn many_captures_take_no_more_memory_than_a_few() {
    let filler = "https://static.example/".to_owned() + &"x".repeat(1000);
    let filler = vec![filler.as_str(); 2000];
    let capture = common::capture(&[&[common::PIXEL], filler.as_slice()].concat());
    let mut worker = common::pixelhound(&["worker"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let id = worker.id();
    let mut input = StreamWriter::try_new(worker.stdin.take().unwrap(), &columns()).unwrap();
    let mut answers = None;
    let mut ask = |number: usize| {
        let name = format!("{number}.har");
        let texts = [Some(name.as_str()), Some(name.as_str()), None];
        input.write(&job(texts, Some(capture.as_bytes()))).unwrap();
        input.flush().unwrap();
        let stdout = &mut worker.stdout;
        let answers = answers
            .get_or_insert_with(|| StreamReader::try_new(stdout.take().unwrap(), None).unwrap());
        assert_eq!(answers.next().unwrap().unwrap().num_rows(), 1);
    };
    let memory = || -> usize {
        let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("RssAnon:"));
        line.unwrap()
            .trim()
            .trim_end_matches(" kB")
            .parse()
            .unwrap()
    };
    (0..5).for_each(&mut ask);
    let after_few = memory();
    (5..65).for_each(&mut ask);
    let after_many = memory();
    drop(input);
    assert!(worker.wait().unwrap().success());
    // Sixty captures of two megabytes.
    let grown = after_many.saturating_sub(after_few);
    assert!(grown < 30_000, "{after_few} kB, then {after_many} kB");
}
