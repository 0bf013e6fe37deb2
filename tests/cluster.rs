//! The Spark job gives the dataset of one run over everything, also where workers are killed. It needs Java, and a Python with
//! the packages of `cluster/requirements.txt` (in `target/cluster-venv`, or named by `PIXELHOUND_CLUSTER_PYTHON`).

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use pixelhound::dataset::TABLES;
use pixelhound::figures::built_in;

/// A pixelhound that dies over a capture with "killer" in its name, and once, in each stage, over the first that it is given at
/// all.
const DEADLY: &str = r#"
import os, subprocess, sys
import pyarrow as pa, pyarrow.ipc

real, marker = os.environ["REAL_PIXELHOUND"], os.environ["DIED_ONCE"]
errands = {"--list", "--record", "--tables", "--rest", "--seal"}
if sys.argv[1] != "worker" or errands & set(sys.argv):
    os.execv(real, [real, *sys.argv[1:]])
stage = sys.argv[sys.argv.index("--stage") + 1] if "--stage" in sys.argv else "read"
marker += stage
jobs = pa.ipc.open_stream(sys.stdin.buffer)
process = subprocess.Popen([real, *sys.argv[1:]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
sender = pa.ipc.new_stream(process.stdin, jobs.schema)
answers, out = None, None
def begin():
    answers = pa.ipc.open_stream(process.stdout)
    return answers, pa.ipc.new_stream(sys.stdout.buffer, answers.schema)
for batch in jobs:
    job = batch.to_pylist()[0]
    first = not os.path.exists(marker)
    if first or (stage == "read" and "killer" in job["uri"] and job["failure"] is None):
        open(marker, "a").close()
        process.kill()
        os.kill(os.getpid(), 9)
    sender.write_batch(batch)
    process.stdin.flush()
    if answers is None:
        answers, out = begin()
    out.write_batch(answers.read_next_batch())
    sys.stdout.flush()
sender.close()
process.stdin.close()
if answers is None:
    answers, out = begin()
out.close()
sys.stdout.flush()
"#;

/// The Python that has the packages; `None`: there is none, or no Java, and that is said.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("PIXELHOUND_CLUSTER_PYTHON").map(PathBuf::from);
    let python = named.unwrap_or_else(|| common::root().join("target/cluster-venv/bin/python"));
    let works = |command: &mut Command| command.output().is_ok_and(|o| o.status.success());
    let has_packages = works(Command::new(&python).args(["-c", "import pyspark, pyarrow"]));
    let is_there = has_packages && works(Command::new("java").arg("-version"));
    if !is_there {
        eprintln!(
            "skipped: there is no Java, or no Python with the packages of cluster/requirements.txt"
        );
    }
    is_there.then_some(python)
}

struct Job<'a> {
    python: &'a Path,
    captures: &'a Path,
    folder: &'a Path,
}

impl Job<'_> {
    fn run(&self, pixelhound: &Path, out: &Path, more: &[&str]) -> Output {
        let mut command = Command::new(self.python);
        command
            .current_dir(common::root())
            .arg("cluster/pixelhound_spark.py")
            .arg(self.captures)
            .args(["--master", "local[2]", "--round", "9", "--slots", "2"])
            .arg("--parts")
            .arg(self.folder.join("parts"))
            .arg("--out")
            .arg(out)
            .arg("--pixelhound")
            .arg(pixelhound)
            .args(more)
            .env("REAL_PIXELHOUND", env!("CARGO_BIN_EXE_pixelhound"))
            .env("DIED_ONCE", self.folder.join("died-once"))
            // Several parts a table, also of few rows.
            .env(
                "PYSPARK_SUBMIT_ARGS",
                "--conf spark.sql.adaptive.enabled=false --conf spark.sql.shuffle.partitions=3 pyspark-shell",
            )
            .env("SPARK_LOCAL_DIRS", self.folder);
        command.output().unwrap()
    }

    fn deadly(&self) -> PathBuf {
        let path = self.folder.join("deadly");
        fs::write(&path, format!("#!{}\n{DEADLY}", self.python.display())).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        path
    }
}

fn captures(folder: &Path) -> PathBuf {
    let captures = folder.join("captures");
    fs::create_dir_all(captures.join("wave-1")).unwrap();
    let samples = common::root().join("samples");
    for entry in fs::read_dir(samples.join("wave-1")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(
            &path,
            captures.join("wave-1").join(path.file_name().unwrap()),
        )
        .unwrap();
    }
    fs::copy(samples.join("captures.csv"), captures.join("captures.csv")).unwrap();
    let whole = common::capture(&[common::PIXEL, "https://fonts.example/f"]);
    let put = |name: &str, bytes: &[u8]| fs::write(captures.join(name), bytes).unwrap();
    put("copy.har", whole.as_bytes());
    put("empty.har", b"");
    put("half.har", &whole.as_bytes()[..whole.len() - 40]);
    put("whole.har", whole.as_bytes());
    captures
}

/// Samples with their sheet, damaged captures, one in gzip, the same session exported again and longer, a large one; and the
/// published captures, where they are.
fn all_kinds(folder: &Path) -> PathBuf {
    let captures = captures(folder);
    let put = |name: &str, bytes: &[u8]| fs::write(captures.join(name), bytes).unwrap();
    let packed = |text: &str| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap()
    };
    let urls = |number: usize| -> Vec<String> {
        let url = |n| {
            format!(
                "{}&eid=visit.{n}&dl=https%3A%2F%2Fwww.clinic.example%2Fhiv",
                common::PIXEL
            )
        };
        (0..number).map(url).collect()
    };
    let visit = |number| {
        common::visit(
            "www.clinic.example",
            3,
            &urls(number),
            "c_user=100000000000001",
        )
    };
    put("packed.har.gz", &packed(&visit(5)));
    put("session.har", visit(20).as_bytes());
    put("session-longer.har", visit(25).as_bytes());
    let filler = "https://static.example/".to_owned() + &"x".repeat(1000);
    let filler = vec![filler.as_str(); 20_000];
    put(
        "large.har",
        common::capture(&[&[common::PIXEL], filler.as_slice()].concat()).as_bytes(),
    );
    if let Some(corpus) = common::published_captures() {
        copy_folder(&corpus, &captures.join("corpus"));
    }
    captures
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

/// What a dataset says: every row of every table in the order of its key, and the answer to every question.
fn everything(dataset: &Path) -> BTreeMap<String, String> {
    let asked = |arguments: &[&str]| {
        let dataset = dataset.to_str().unwrap();
        let output = common::run(&[&["query", dataset][..], arguments].concat());
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let tables = TABLES.iter().map(|table| {
        let key: Vec<String> = table.key.iter().map(|name| format!("\"{name}\"")).collect();
        let sql = format!("SELECT * FROM {} ORDER BY {}", table.name, key.join(", "));
        // CSV writes an empty text and a missing one alike.
        let rows = asked(&["--format", "ndjson", "--sql", &sql]);
        (table.name.to_owned(), rows)
    });
    let questions = built_in().map(|question| {
        let name = question.name().to_owned();
        let answer = asked(&["--csv", &name]);
        (name, answer)
    });
    tables.chain(questions).collect()
}

/// Two shards, merged.
fn merged(captures: &Path, folder: &Path, options: &[&str]) -> PathBuf {
    let mut merge = common::pixelhound(&["merge", "--quiet"]);
    for share in ["1/2", "2/2"] {
        let shard = folder.join(share.replace('/', "-of-"));
        common::analyse(
            &[captures],
            &shard,
            &[&["--shard", share][..], options].concat(),
        );
        merge.arg(shard);
    }
    let out = folder.join("merged");
    let output = merge.arg("--out").arg(&out).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    out
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn spark_gives_the_tables_and_figures_of_one_run() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let captures = all_kinds(folder.path());
    let job = Job {
        python: &python,
        captures: &captures,
        folder: folder.path(),
    };
    let key = folder.path().join("case.key");
    fs::write(&key, "a key that nobody finds by trying").unwrap();
    let key = key.to_str().unwrap();
    let (whole, made) = (folder.path().join("whole"), folder.path().join("made"));
    common::analyse(&[&captures], &whole, &["--case-key", key, "--parameters"]);
    let options = [
        "--option=--parameters",
        "--option=--case-key",
        &format!("--option={key}"),
    ];

    // In each stage a worker is killed over the first that it is given: the job goes on, and nothing is missing.
    let output = job.run(&job.deadly(), &made, &options);
    assert!(output.status.success(), "{}", said(&output));
    let deaths = said(&output).matches("(1 times)").count();
    assert!(
        deaths >= 3 && !said(&output).contains("(2 times)"),
        "{}",
        said(&output)
    );
    let wanted = everything(&whole);
    let same = |made: &Path| {
        for (name, rows) in everything(made) {
            assert!(
                wanted[&name] == rows,
                "{name} differs:\n{}\n{rows}",
                wanted[&name]
            );
        }
    };
    same(&made);
    assert!(wanted["events"].lines().count() > 30);
    assert!(wanted["captures"].contains("session-longer"));
    let merged = merged(
        &captures,
        folder.path(),
        &["--case-key", key, "--parameters"],
    );
    same(&merged);

    // The manifest holds every file, and no other is there.
    let check = Command::new("sha256sum")
        .args(["--check", "--quiet", "manifest-sha256.txt"])
        .current_dir(&made)
        .output();
    assert!(check.unwrap().status.success());

    // What was lost is made again, and nothing else; a dataset that is whole is not touched.
    let pixelhound = Path::new(env!("CARGO_BIN_EXE_pixelhound"));
    let parts = folder.path().join("parts");
    for lost in ["round-00001", "judged"] {
        fs::remove_dir_all(parts.join(lost)).unwrap();
    }
    let compared = fs::metadata(parts.join("compared/_SUCCESS"))
        .unwrap()
        .modified()
        .unwrap();
    let again = folder.path().join("again");
    let output = job.run(pixelhound, &again, &options);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("round-00000 is there"));
    assert!(!said(&output).contains("round-00001 is there"));
    assert_eq!(
        fs::metadata(parts.join("compared/_SUCCESS"))
            .unwrap()
            .modified()
            .unwrap(),
        compared
    );
    same(&again);
    let output = job.run(pixelhound, &again, &options);
    assert!(
        said(&output).contains("holds something already"),
        "{}",
        said(&output)
    );
}

#[test]
fn finished_on_the_driver_it_is_the_dataset_of_one_run_byte_for_byte() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let captures = captures(folder.path());
    let job = Job {
        python: &python,
        captures: &captures,
        folder: folder.path(),
    };
    let (whole, made) = (folder.path().join("whole"), folder.path().join("made"));
    common::analyse(&[&captures], &whole, &["--parameters"]);
    // The first worker is killed over its first capture: the job goes on, and nothing is missing.
    let option = ["--option=--parameters", "--finish", "merge"];
    let output = job.run(&job.deadly(), &made, &option);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("(1 times)") && !said(&output).contains("(2 times)"));
    let same = |made: &Path| {
        let (whole, made) = (common::files(&whole), common::files(made));
        assert!(whole.keys().eq(made.keys()));
        for (name, bytes) in &whole {
            assert!(made[name] == *bytes, "{name} differs");
        }
    };
    same(&made);

    // One round is lost: it is read again, the others are not.
    fs::remove_dir_all(folder.path().join("parts/round-00001")).unwrap();
    let again = folder.path().join("again");
    let output = job.run(Path::new(env!("CARGO_BIN_EXE_pixelhound")), &again, &option);
    assert!(
        said(&output).contains("round-00000 is there"),
        "{}",
        said(&output)
    );
    assert!(!said(&output).contains("round-00001 is there"));
    same(&again);

    // Parts of other options are not mixed with these.
    let never = folder.path().join("never");
    let output = job.run(
        Path::new(env!("CARGO_BIN_EXE_pixelhound")),
        &never,
        &["--finish", "merge"],
    );
    assert!(
        said(&output).contains("name another folder"),
        "{}",
        said(&output)
    );
    assert!(!never.exists());
}

#[test]
fn a_capture_that_always_kills_its_worker_is_one_problem() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let captures = captures(folder.path());
    let whole = folder.path().join("whole");
    common::analyse(&[&captures], &whole, &[]);
    let capture = common::capture(&[common::PIXEL]);
    fs::write(captures.join("killer.har"), capture).unwrap();
    let job = Job {
        python: &python,
        captures: &captures,
        folder: folder.path(),
    };
    let made = folder.path().join("made");
    let output = job.run(&job.deadly(), &made, &["--finish", "merge"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let rows = |dataset: &Path, name: &str, of_killer: bool| {
        let mut rows = common::table(dataset, name);
        rows.retain(|row| row["path"].ends_with("killer.har") == of_killer);
        rows
    };
    for name in ["captures", "problems"] {
        assert_eq!(rows(&whole, name, false), rows(&made, name, false));
    }
    for name in ["events", "disclosures", "pages", "contacts"] {
        assert_eq!(common::table(&whole, name), common::table(&made, name));
    }
    let problems = rows(&made, "problems", true);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0]["code"], "failed_elsewhere");
    assert_eq!(rows(&made, "captures", true)[0]["state"], "unreadable");
}
