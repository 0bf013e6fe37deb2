//! Shards, merged, are the dataset of one run over everything; what does not belong together is refused. And labels by a
//! newsroom's key.

mod common;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Two keys, as a newsroom might make them.
const KEY: &str = "invented-key-of-one-newsroom-0001";
const OTHER_KEY: &str = "invented-key-of-another-newsroom-2";

/// A folder with the samples and what volunteers send in beside good captures.
fn captures(folder: &Path) -> PathBuf {
    let captures = folder.join("captures");
    for wave in ["wave-1", "wave-2"] {
        fs::create_dir_all(captures.join(wave)).unwrap();
        for entry in fs::read_dir(common::root().join("samples").join(wave)).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, captures.join(wave).join(path.file_name().unwrap())).unwrap();
        }
    }
    fs::copy(
        common::root().join("samples/captures.csv"),
        captures.join("captures.csv"),
    )
    .unwrap();
    let whole = common::capture(&[common::PIXEL, "https://fonts.example/f"]);
    let put = |name: &str, bytes: &[u8]| fs::write(captures.join(name), bytes).unwrap();
    put("a-copy.har", whole.as_bytes());
    put("b-the-same.har", whole.as_bytes());
    put("empty.har", b"");
    put("half.har", &whole.as_bytes()[..whole.len() - 40]);
    put("no-capture.har", b"hello");
    put("notes.txt", b"hello");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed
        .write_all(
            whole
                .replace("111222333444555", "111222333444556")
                .as_bytes(),
        )
        .unwrap();
    put("packed.har.gz", &packed.finish().unwrap());
    // The longer export of the session of the first, so that a shard alone would take each for the whole.
    let longer = common::capture(&[
        common::PIXEL,
        "https://fonts.example/f",
        "https://fonts.example/g",
    ]);
    put("z-longer.har", longer.as_bytes());
    captures
}

fn shard(captures: &Path, out: &Path, share: &str, more: &[&str]) -> PathBuf {
    let out = out.join(format!("shard-{}", share.replace('/', "-of-")));
    common::analyse(&[captures], &out, &[&["--shard", share][..], more].concat());
    out
}

fn merge(shards: &[PathBuf], out: &Path) -> std::process::Output {
    let mut command = common::pixelhound(&["merge", "--quiet"]);
    command.args(shards).arg("--out").arg(out).output().unwrap()
}

/// What merge says of shards that it does not take.
fn refusal(shards: &[PathBuf], out: &Path) -> String {
    let output = merge(shards, out);
    assert_eq!(output.status.code(), Some(2));
    assert!(!out.exists());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn shards_merged_are_the_dataset_of_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("case.key");
    fs::write(&key, KEY).unwrap();
    let captures = captures(folder.path());
    let key = ["--case-key", key.to_str().unwrap()];
    let personas = ["--personas", "samples/personas.csv", "--parameters"];
    let ways: [(usize, &[&str]); 4] = [
        (1, &[]),
        (2, &[]),
        (3, &personas),
        (
            2,
            &[&key[..], &["--format", "ndjson", "--delimiter", ";"]].concat(),
        ),
    ];
    for (number, (of, options)) in ways.into_iter().enumerate() {
        let place = folder.path().join(format!("way-{number}"));
        fs::create_dir(&place).unwrap();
        let (whole, merged) = (place.join("out"), place.join("merged"));
        common::analyse(&[&captures], &whole, options);
        let shares = (1..=of).rev().map(|number| format!("{number}/{of}"));
        let shards: Vec<PathBuf> = shares
            .map(|share| shard(&captures, &place, &share, options))
            .collect();
        let output = merge(&shards, &merged);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let (whole, merged_files) = (common::files(&whole), common::files(&merged));
        let names = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
            files.keys().cloned().collect::<Vec<_>>()
        };
        assert_eq!(names(&whole), names(&merged_files));
        for (name, bytes) in &whole {
            assert!(
                merged_files[name] == *bytes,
                "{name} differs in way {number}"
            );
        }
        let verified = common::run(&["verify", "--quiet", merged.to_str().unwrap()]);
        assert!(verified.status.success(), "{verified:?}");
    }
}

#[test]
fn shards_that_do_not_belong_together_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (place, out) = (folder.path(), folder.path().join("out"));
    let captures = captures(place);
    let one = shard(&captures, place, "1/2", &[]);
    let two = shard(&captures, place, "2/2", &[]);
    let said = refusal(std::slice::from_ref(&one), &out);
    assert!(said.contains("1 shard of 2 missing: 2/2"), "{said}");
    let said = refusal(&[one.clone(), two.clone(), one.clone()], &out);
    assert!(said.contains("shard 1/2 is there twice"), "{said}");
    let other = place.join("other");
    fs::create_dir(&other).unwrap();
    let third = shard(&captures, &other, "3/3", &[]);
    let said = refusal(&[one.clone(), third], &out);
    assert!(said.contains("another number of shards"), "{said}");
    let revealed = shard(&captures, &other, "2/2", &["--reveal"]);
    let said = refusal(&[one.clone(), revealed.clone()], &out);
    assert!(said.contains("their options differ"), "{said}");
    let said = refusal(&[captures.clone(), two.clone()], &out);
    assert!(said.contains("is no shard"), "{said}");

    let record = fs::read_to_string(two.join("shard.json")).unwrap();
    let changed = |from: &str, to: &str| {
        assert!(record.contains(from));
        fs::write(two.join("shard.json"), record.replacen(from, to, 1)).unwrap();
        refusal(&[one.clone(), two.clone()], &out)
    };
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let said = changed(&version, "\"version\": \"0.0.9\"");
    assert!(said.contains("made by pixelhound 0.0.9"), "{said}");
    let said = changed(
        "\"rules/meta-pixel.toml\": \"",
        "\"rules/meta-pixel.toml\": \"0",
    );
    assert!(
        said.contains("with another rules/meta-pixel.toml"),
        "{said}"
    );
    let said = changed("\"paths_sha256\": \"", "\"paths_sha256\": \"0");
    assert!(said.contains("the same list of inputs"), "{said}");
    fs::write(two.join("shard.json"), &record).unwrap();

    let parts = fs::read(two.join("parts.arrow")).unwrap();
    fs::write(two.join("parts.arrow"), &parts[..parts.len() - 9]).unwrap();
    let said = refusal(&[one.clone(), two.clone()], &out);
    assert!(
        said.contains("is not the file that shard.json beside it lists"),
        "{said}"
    );
    fs::write(two.join("parts.arrow"), &parts).unwrap();

    fs::write(captures.join("one-more.har"), "{}").unwrap();
    fs::remove_dir_all(&revealed).unwrap();
    let later = shard(&captures, &other, "2/2", &[]);
    let said = refusal(&[one.clone(), later], &out);
    assert!(said.contains("the same list of inputs"), "{said}");
    assert_eq!(merge(&[one, two], &out).status.code(), Some(1));
}

#[test]
fn a_share_that_is_none_and_standard_input_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    for (input, share, word) in [
        ("samples", "0/2", "the first is 1"),
        ("samples", "3/2", "the first is 1"),
        ("-", "1/2", "standard input"),
    ] {
        let out = out.to_str().unwrap();
        let output = common::run(&["analyse", input, "--out", out, "--shard", share]);
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(word), "{said}");
    }
    assert!(!out.exists());
}

#[test]
fn shards_among_the_captures_are_no_captures() {
    let folder = tempfile::tempdir().unwrap();
    let captures = captures(folder.path());
    let shards = ["1/2", "2/2"].map(|share| shard(&captures, &captures, share, &[]));
    let out = folder.path().join("out");
    assert_eq!(merge(&shards, &out).status.code(), Some(1));
    let found = common::table(&out, "captures");
    assert!(found.iter().all(|row| !row["path"].contains("shard-")));
}

/// The labels of a dataset by item and the shown value, which differ enough in the samples to be told apart.
fn labels(dataset: &Path) -> Vec<(String, String, String)> {
    let rows = common::table(dataset, "disclosures").into_iter();
    let rows = rows.filter(|row| !row["label"].is_empty());
    rows.map(|row| {
        (
            row["event_id"].clone(),
            row["number"].clone(),
            row["label"].clone(),
        )
    })
    .collect()
}

#[test]
fn keyed_labels_depend_on_nothing_but_value_and_key() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (key, other) = (write("a.key", KEY), write("b.key", OTHER_KEY));
    let analysed = |name: &str, input: &str, key: &str| {
        let out = folder.path().join(name);
        common::analyse(&[Path::new(input)], &out, &["--case-key", key]);
        out
    };
    let all = labels(&analysed("all", "samples", &key));
    let later = labels(&analysed("later", "samples/wave-1", &key));
    let foreign = labels(&analysed("foreign", "samples/wave-1", &other));
    assert!(later.len() > 5);
    // Other events stand before these in the whole; the labels are the same.
    assert!(later.iter().all(|label| all.contains(label)));
    assert_eq!(later.len(), foreign.len());
    let of = |labels: &[(String, String, String)]| -> Vec<String> {
        labels.iter().map(|(.., label)| label.clone()).collect()
    };
    assert!(
        of(&later)
            .iter()
            .zip(of(&foreign))
            .all(|(one, other)| *one != other)
    );
    let together = |labels: &[String]| -> Vec<usize> {
        let first = |label| labels.iter().position(|other| other == label).unwrap();
        labels.iter().map(first).collect()
    };
    assert_eq!(together(&of(&later)), together(&of(&foreign)));
}

#[test]
fn the_key_reaches_no_output_and_verify_asks_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("case.key");
    fs::write(&key, KEY).unwrap();
    let typed = key.to_str().unwrap().to_owned();
    let out = folder.path().join("out");
    common::analyse(
        &[Path::new("samples/wave-1")],
        &out,
        &["--case-key", &typed],
    );
    let hash = |text: &str| {
        use sha2::Digest;
        let hash = sha2::Sha256::digest(text);
        hash.iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    for (name, bytes) in common::files(&out) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(
            !text.contains(KEY) && !text.contains(&hash(KEY)[..16]),
            "{name}"
        );
    }
    let record = fs::read_to_string(out.join("run.json")).unwrap();
    assert!(record.contains("\"case-key\": \"") && record.contains("\"case_key\": \""));
    let verify = || common::run(&["verify", out.to_str().unwrap()]);
    assert!(verify().status.success());
    fs::write(&key, OTHER_KEY).unwrap();
    let output = verify();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("case-key"), "{said}");
    fs::write(&key, "too short").unwrap();
    let output = common::run(&[
        "analyse",
        "samples",
        "--out",
        "nowhere",
        "--case-key",
        &typed,
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("shorter than 16 bytes")
    );
}
