//! Same captures, same rules, same bytes out: whatever the threads, the order of the inputs, the run.

mod common;

use std::path::Path;

fn written(inputs: &[&str], more: &[&str]) -> std::collections::BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let inputs: Vec<&Path> = inputs.iter().map(Path::new).collect();
    let out = folder.path().join("out");
    common::analyse(&inputs, &out, more);
    common::files(&out)
}

#[test]
fn threads_do_not_matter() {
    let one = written(&["samples"], &["--threads", "1", "--parameters"]);
    let two = written(&["samples"], &["--threads", "2", "--parameters"]);
    assert!(one.len() > 10);
    assert_eq!(one, two);
}

#[test]
fn the_order_of_the_inputs_does_not_matter() {
    let sheet = ["--sheet", "samples/captures.csv"];
    let one = written(&["samples/wave-1", "samples/wave-2"], &sheet);
    let other = written(
        &["samples/wave-2", "samples/wave-1", "samples/wave-2"],
        &sheet,
    );
    assert_eq!(one, other);
}

/// JSON as another program writes it: objects backwards, lines ended as on Windows.
fn turned(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(turned).collect();
            format!("[\r\n\t{}]", items.join(" ,\r\n\t"))
        }
        Value::Object(members) => {
            let members = members.iter().rev();
            let members = members
                .map(|(key, value)| format!("{} : {}", Value::from(&key[..]), turned(value)));
            let members: Vec<String> = members.collect();
            format!("{{\r\n\t{}\r\n}}", members.join(" ,\r\n\t"))
        }
        plain => plain.to_string(),
    }
}

/// The rows of a table without what comes from the bytes of the captures.
fn said(dataset: &Path, name: &str) -> Vec<common::Row> {
    // Labels are numbered in the order of the captures' names, which come from their bytes.
    const OF_THE_BYTES: [&str; 6] = [
        "event_id",
        "capture_id",
        "session",
        "page_id",
        "repeat_of",
        "label",
    ];
    let mut rows = common::table(dataset, name);
    for row in &mut rows {
        for column in OF_THE_BYTES {
            if let Some(id) = row.get_mut(column).filter(|id| !id.is_empty()) {
                "given".clone_into(id);
            }
        }
    }
    rows.sort();
    rows
}

#[test]
fn how_a_capture_is_laid_out_does_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    for waves in ["wave-1", "wave-2"] {
        std::fs::create_dir_all(first.join(waves)).unwrap();
        std::fs::create_dir_all(second.join(waves)).unwrap();
        let captures = std::fs::read_dir(common::root().join("samples").join(waves)).unwrap();
        for capture in captures.map(|entry| entry.unwrap()) {
            let text = std::fs::read_to_string(capture.path()).unwrap();
            // What is cut short or no capture stays out: only a strict reader's JSON can be laid out anew.
            if let Ok(document) = serde_json::from_str(&text) {
                let name = Path::new(waves).join(capture.file_name());
                std::fs::write(first.join(&name), &text).unwrap();
                std::fs::write(second.join(&name), turned(&document)).unwrap();
            }
        }
    }
    let datasets = [&first, &second].map(|captures| {
        let out = captures.join("out");
        common::analyse(&[captures], &out, &[]);
        out
    });
    for name in [
        "events",
        "disclosures",
        "contacts",
        "organisations",
        "visits",
    ] {
        let [one, other] = datasets.each_ref().map(|dataset| said(dataset, name));
        assert!(one.len() > 5, "{name}");
        assert_eq!(one.len(), other.len(), "{name}");
        for (one, other) in one.iter().zip(&other) {
            assert_eq!(one, other, "{name}");
        }
    }
}
