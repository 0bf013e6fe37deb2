//! `pixelhound report`: the page says what the tables say, names everybody who leaked, is well-formed, shows hostile text as
//! text, and asks nothing of anybody.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use common::{is_leak, table};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// A dataset and the place of its report beside it.
struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    fn of(inputs: &[&Path], more: &[&str]) -> Case {
        let case = Case {
            folder: tempfile::tempdir().unwrap(),
        };
        common::analyse(inputs, &case.path("out"), more);
        case
    }

    fn samples() -> Case {
        Case::of(&[Path::new("samples")], &["--quiet"])
    }

    fn hostile() -> Case {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hostile.har");
        fs::write(&file, hostile_capture()).unwrap();
        Case::of(&[&file], &["--quiet"])
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// As somebody types it who works in the folder beside the dataset.
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = common::pixelhound(&["report"]);
        command.args(arguments).current_dir(self.folder.path());
        command.output().unwrap()
    }

    fn report(&self) -> String {
        let output = self.run(&["out", "--force"]);
        assert!(output.status.success(), "{}", said(&output));
        fs::read_to_string(self.path("report.html")).unwrap()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const OVERRIDE: char = '\u{202e}';

/// Titles, buttons and searches that mean harm, told to Meta from a page about HIV.
fn hostile_capture() -> String {
    let long = "long ".repeat(8_000);
    let texts = [
        "<script>alert(1)</script>",
        "=HYPERLINK(\"http://x.example\")",
        "\"><img src=http://x.example/i.png onerror=alert(1)>",
        "</title></style><meta http-equiv=\"refresh\" content=\"0;url=http://x.example\">",
        "before\u{202e}turned\u{2066}\u{200b}",
        "bell\u{7}escape\u{1b}[2J\u{85}none\u{ffff}\u{fffe}",
        "]]><!--&amp;",
        &long,
    ];
    let mut urls = Vec::new();
    for text in texts {
        let features = serde_json::json!({"buttonText": text}).to_string();
        let title = serde_json::json!({"title": text}).to_string();
        let hit = |event: &str, key: &str, value: &str| {
            let mut url = url::Url::parse("https://www.facebook.com/tr/").unwrap();
            url.query_pairs_mut()
                .append_pair("id", "111222333444555")
                .append_pair("ev", event)
                .append_pair("dl", "https://www.clinic.example/hiv")
                .append_pair(key, value);
            url.to_string()
        };
        urls.push(hit(
            "SubscribedButtonClick",
            "cd[buttonFeatures]",
            &features,
        ));
        urls.push(hit("SubscribedButtonClick", "cd[buttonText]", text));
        urls.push(hit("Microdata", "cd[Meta]", &title));
        urls.push(hit("Search", "cd[search_string]", text));
        urls.push(hit(text, "cd[content_name]", text));
    }
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let mut capture: serde_json::Value = serde_json::from_str(&common::capture(&urls)).unwrap();
    capture["log"]["creator"]["name"] = texts[0].into();
    // The capture's own titles: a page that calls itself what it likes.
    capture["log"]["pages"] = serde_json::json!([{
        "id": "p", "title": texts[3], "startedDateTime": "2026-03-01T10:00:00.000Z", "pageTimings": {}
    }]);
    capture.to_string()
}

/// An element with its attributes.
type Element = (String, Vec<(String, String)>);

/// Every element of a page, which has to be well-formed XML.
fn parsed(page: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(page);
    let mut elements = Vec::new();
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) | Event::Empty(start) => elements.push(element(&start)),
            Event::GeneralRef(name) => {
                let name = name.decode().unwrap().into_owned();
                assert!(
                    ["amp", "lt", "gt", "quot"].contains(&name.as_str()),
                    "{name}"
                );
            }
            Event::Text(_) | Event::DocType(_) | Event::End(_) => {}
            Event::Eof => return elements,
            other => panic!("{other:?} has no place in a report"),
        }
    }
}

fn element(start: &BytesStart) -> Element {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.expect("well-formed");
        (text(attribute.key.as_ref()), text(&attribute.value))
    });
    (text(start.name().as_ref()), attributes.collect())
}

fn value<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = attributes.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.as_str())
}

/// Nothing in the page runs, fetches, leads elsewhere or hides.
fn assert_harmless(page: &str) {
    let elements = parsed(page);
    for (name, attributes) in &elements {
        assert!(
            ![
                "script",
                "img",
                "link",
                "iframe",
                "object",
                "embed",
                "base",
                "form",
                "use",
                "image",
                "foreignObject"
            ]
            .contains(&name.as_str()),
            "{name}"
        );
        for (key, value) in attributes {
            assert!(
                !key.starts_with("on") && key != "src" && key != "style",
                "{key}"
            );
            assert!(key != "href" || value.starts_with('#'), "{value}");
        }
    }
    let policies = elements.iter().filter_map(|(_, a)| value(a, "http-equiv"));
    assert_eq!(policies.collect::<Vec<_>>(), ["Content-Security-Policy"]);
    let style = page
        .split_once("<style>")
        .unwrap()
        .1
        .split_once("</style>")
        .unwrap()
        .0;
    assert!(!style.contains("url(") && !style.contains("@import"));
    let hides = |c: char| (c.is_control() && c != '\n') || pixelhound::dataset::is_invisible(c);
    assert_eq!(page.chars().find(|c| hides(*c)), None);
}

/// What a reader needs who does not see the page.
fn assert_accessible(page: &str) {
    let elements = parsed(page);
    let mut depth = 0;
    let mut ids = std::collections::BTreeSet::new();
    for (name, attributes) in &elements {
        if let Some(level) = name.strip_prefix('h').and_then(|n| n.parse::<u32>().ok()) {
            assert!(
                level <= depth + 1,
                "a heading of level {level} after {depth}"
            );
            depth = level;
        }
        if name == "svg" && value(attributes, "aria-hidden").is_none() {
            assert_eq!(value(attributes, "role"), Some("img"));
            assert!(value(attributes, "aria-labelledby").is_some());
        }
        if name == "th" {
            assert!(value(attributes, "scope").is_some());
        }
        if let Some(id) = value(attributes, "id") {
            assert!(ids.insert(id.to_owned()), "{id} twice");
        }
    }
    for (_, attributes) in &elements {
        let links = value(attributes, "href").and_then(|href| href.strip_prefix('#'));
        let labels = value(attributes, "aria-labelledby").unwrap_or_default();
        for id in links.into_iter().chain(labels.split_whitespace()) {
            assert!(ids.contains(id), "{id} is nowhere");
        }
    }
    let number = |wanted: &str| elements.iter().filter(|(name, _)| name == wanted).count();
    assert_eq!(number("table"), number("caption"));
    assert_eq!((number("h1"), number("main"), number("header")), (1, 1, 1));
    assert_eq!(value(&elements[0].1, "lang"), Some("en"));
}

#[test]
fn the_report_of_the_samples_says_what_the_tables_say() {
    let case = Case::samples();
    let page = case.report();
    assert_harmless(&page);
    assert_accessible(&page);
    let events = table(&case.path("out"), "events");
    let leaks = events.iter().filter(|event| is_leak(event)).count();
    for figure in [
        format!("<strong>{leaks}</strong>leaks"),
        "5 of 7 organisations".to_owned(),
        "<strong>8</strong>of them can name the visitor".to_owned(),
        "17 inputs: 14 read, 1 salvaged".to_owned(),
        "27 events counted. Listed and not counted: 13 repeats, 1 that never left the browser, 0 without an answer"
            .to_owned(),
        "<strong>3</strong> captures read hold no cookies. For their 6 leaks".to_owned(),
    ] {
        assert!(page.contains(&figure), "{figure}");
    }
}

#[test]
fn every_organisation_that_leaked_has_a_section_and_examples_with_their_evidence() {
    let case = Case::samples();
    let page = case.report();
    let events = table(&case.path("out"), "events");
    let mut sections = 0;
    for row in table(&case.path("out"), "organisations") {
        let heading = format!("<bdi>{}</bdi></h3>", row["name"]);
        let leaked = row["sensitive_events"] != "0";
        assert_eq!(page.contains(&heading), leaked, "{}", row["name"]);
        if leaked {
            sections += 1;
            let section = page.split_once(&heading).unwrap().1;
            let section = section.split("<h3").next().unwrap();
            let own = events
                .iter()
                .filter(|e| is_leak(e) && e["organisation_id"] == row["organisation_id"]);
            let shown =
                own.filter(|e| section.contains(&format!("event <code>{}</code>", e["event_id"])));
            let leaks: usize = row["sensitive_events"].parse().unwrap();
            assert_eq!(shown.count(), leaks.min(5), "{}", row["name"]);
        }
    }
    assert_eq!(sections, 5);
}

#[test]
fn the_visit_with_the_most_critical_leaks_is_told_event_by_event() {
    let page = Case::samples().report();
    let visit = page.split_once("id=\"visit\"").unwrap().1;
    let visit = visit.split_once("</section>").unwrap().0;
    // anna at Northmoor Police: the entries that count are in both exports of one session.
    for entry in [6, 9, 11, 12, 13] {
        assert!(visit.contains(&format!("-{entry:05}-0</code>")), "{entry}");
    }
    assert!(
        visit.contains("6 events counted, 4 of them leaks"),
        "{visit}"
    );
    assert!(visit.contains("clicked “Report rape or sexual assault securely”"));
}

#[test]
fn hostile_text_is_text() {
    let case = Case::hostile();
    let page = case.report();
    assert_harmless(&page);
    assert_accessible(&page);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!page.contains("<script") && !page.contains("onerror=alert(1)>"));
    assert!(page.contains("\\u{202e}") && !page.contains(OVERRIDE));
    assert!(page.contains("\\u{1b}[2J"));
    assert!(!page.contains(&"long ".repeat(100)));
    assert!(page.len() < 300_000, "{} bytes", page.len());
}

#[test]
fn neither_volunteers_nor_their_files_are_named() {
    let page = Case::samples().report();
    for name in ["anna", "carol", "samples/", ".har"] {
        assert!(!page.contains(name), "{name}");
    }
}

#[test]
fn the_same_dataset_gives_the_same_page() {
    let case = Case::samples();
    assert_eq!(case.report(), case.report());
    assert_eq!(case.report(), Case::samples().report());
}

#[test]
fn a_revealed_dataset_is_warned_of_and_its_values_stay_away() {
    let case = Case::of(&[Path::new("samples")], &["--quiet", "--reveal"]);
    let page = case.report();
    assert!(page.contains("was made with --reveal"));
    assert!(
        !page.contains("100000000000123"),
        "the account of a visitor"
    );
    assert!(!Case::samples().report().contains("--reveal"));
}

#[test]
fn a_dataset_without_leaks_has_a_report_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("quiet.har");
    fs::write(&file, common::capture(&["https://a.example/"])).unwrap();
    let page = Case::of(&[&file], &["--quiet"]).report();
    assert_harmless(&page);
    assert_accessible(&page);
    assert!(page.contains("No leak was found in these captures. That is no proof"));
}

#[test]
fn nothing_is_overwritten_and_nothing_written_into_a_dataset() {
    let case = Case::samples();
    assert!(case.run(&["out"]).status.success());
    let again = case.run(&["out"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(
        said(&again).contains("report.html exists already"),
        "{}",
        said(&again)
    );
    assert!(case.run(&["out", "--force"]).status.success());
    for place in ["out/report.html", "out/events.csv"] {
        let inside = case.run(&["out", "--force", "--out", place]);
        assert_eq!(inside.status.code(), Some(2));
        assert!(
            said(&inside).contains("is inside the dataset"),
            "{}",
            said(&inside)
        );
    }
    assert!(!case.path("out/report.html").exists());
}

#[test]
fn what_is_no_dataset_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let output = common::pixelhound(&["report", "."])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("is no pixelhound dataset"),
        "{}",
        said(&output)
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
