//! The Spark job gives the dataset of one run over everything, also where workers are killed. It needs Java, and a Python with
//! the packages of `cluster/requirements.txt` (in `target/cluster-venv`, or named by `PIXELHOUND_CLUSTER_PYTHON`).

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A pixelhound that dies over a capture with "killer" in its name, and once over the first that it is given at all.
const DEADLY: &str = r#"
import os, subprocess, sys
import pyarrow as pa, pyarrow.ipc

real, marker = os.environ["REAL_PIXELHOUND"], os.environ["DIED_ONCE"]
if sys.argv[1] != "worker" or "--list" in sys.argv or "--record" in sys.argv:
    os.execv(real, [real, *sys.argv[1:]])
jobs = pa.ipc.open_stream(sys.stdin.buffer)
process = subprocess.Popen([real, *sys.argv[1:]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
sender = pa.ipc.new_stream(process.stdin, jobs.schema)
answers, out = None, None
def begin():
    answers = pa.ipc.open_stream(process.stdout)
    return answers, pa.ipc.new_stream(sys.stdout.buffer, answers.schema)
for batch in jobs:
    [job] = batch.to_pylist()
    first = not os.path.exists(marker)
    if first or ("killer" in job["uri"] and job["failure"] is None):
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

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn spark_gives_the_dataset_of_one_run() {
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
    let option = ["--option=--parameters"];
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
    let output = job.run(Path::new(env!("CARGO_BIN_EXE_pixelhound")), &never, &[]);
    assert!(
        said(&output).contains("give another folder with --parts"),
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
    let output = job.run(&job.deadly(), &made, &[]);
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
