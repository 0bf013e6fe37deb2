//! The data package is valid by the word of the standard's own program, whatever the captures hold.

mod common;

use std::fs;
use std::process::Command;

/// A page view whose title is as hostile as a title can be.
fn hostile(title: &str) -> String {
    let url = "https://www.facebook.com/tr/?id=111222333444555&ev=PageView&dl=https%3A%2F%2Fwww.clinic.example%2Fhiv";
    serde_json::json!({"log": {
        "creator": {"name": "=HYPERLINK(\"http://x.example\")", "version": "1"},
        "pages": [{"id": "p", "title": title, "startedDateTime": "2026-03-01T10:00:00.000Z"}],
        "entries": [
            {
                "startedDateTime": "2026-03-01T10:00:00.000Z",
                "pageref": "p",
                "request": {"method": "GET", "url": "https://www.clinic.example/hiv", "headers": []},
                "response": {"status": 200, "content": {"mimeType": "text/html"}},
            },
            {
                "startedDateTime": "2026-03-01T10:00:01.000Z",
                "pageref": "p",
                "request": {"method": "GET", "url": url, "headers": []},
                "response": {"status": 200},
            },
        ],
    }})
    .to_string()
}

#[test]
fn frictionless_finds_nothing_wrong_with_the_package() {
    let script = "import frictionless, sys; report = frictionless.validate(sys.argv[1]); \
        print(report.to_summary()); sys.exit(0 if report.valid and not report.warnings else 1)";
    let installed = Command::new("python3")
        .args(["-c", "import frictionless"])
        .output();
    if !installed.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: the Python package frictionless is not here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let captures = folder.path().join("captures");
    fs::create_dir(&captures).unwrap();
    for (number, title) in [
        "<script>alert(1)</script>",
        "\"; DROP TABLE events; --",
        "line\r\nbreak, \"quoted\"\ttab",
        "\u{202e}turned\u{202c} \u{0}\u{7}",
        &"long ".repeat(8000),
        "-1+1|cmd",
        "",
    ]
    .iter()
    .enumerate()
    {
        fs::write(captures.join(format!("{number}.har")), hostile(title)).unwrap();
    }
    let samples = common::root().join("samples");
    for (name, more) in [
        ("plain", &[][..]),
        ("excel", &["--excel", "--delimiter", ";", "--parameters"]),
        ("tab", &["--reveal", "--delimiter", "tab"]),
    ] {
        let out = folder.path().join(name);
        common::analyse(&[&captures, &samples], &out, more);
        let mut check = Command::new("python3");
        // A path from the root is unsafe by the standard, so the package is named from its folder.
        let check = check
            .args(["-c", script, "datapackage.json"])
            .current_dir(&out);
        let output = check.output().unwrap();
        assert!(
            output.status.success(),
            "{name}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
