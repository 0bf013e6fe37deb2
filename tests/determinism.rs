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
