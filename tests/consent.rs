//! What had been answered to the consent banner when an event was sent: from captures to the table and the two questions.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

const LOADER: &str = "https://cdn.cookielaw.org/scripttemplates/otSDKStub.js";
const WAITING: &str = "OptanonConsent=consentId=11111111-2222-4333-8444-555555555555&groups=C0001%3A1%2CC0002%3A0%2CC0004%3A0";
const NO_COOKIES: &str = "";

fn refused(time: &str) -> String {
    format!("{WAITING}; OptanonAlertBoxClosed={time}")
}

/// A visit of a site's page on sexual health: requests with the second of their start and their cookies.
struct Visit {
    host: &'static str,
    entries: Vec<Value>,
}

impl Visit {
    fn to(host: &'static str) -> Visit {
        Visit {
            host,
            entries: Vec::new(),
        }
    }

    fn url(&self) -> String {
        format!("https://{}/hiv", self.host)
    }

    fn request(mut self, second: u8, url: &str, kind: &str, cookies: &str) -> Visit {
        let mut headers = vec![
            json!({"name": "Accept-Encoding", "value": "gzip"}),
            json!({"name": "Referer", "value": self.url()}),
        ];
        if !cookies.is_empty() {
            headers.push(json!({"name": "Cookie", "value": cookies}));
        }
        self.entries.push(json!({
            "startedDateTime": format!("2026-03-02T10:00:{second:02}.000Z"),
            "_resourceType": kind,
            "pageref": "page_1",
            "request": {"method": "GET", "url": url, "headers": headers},
            "response": {"status": 200},
        }));
        self
    }

    fn page(self, second: u8, cookies: &str) -> Visit {
        let url = self.url();
        self.request(second, &url, "document", cookies)
    }

    fn pixel(self, second: u8) -> Visit {
        let url = format!(
            "https://www.facebook.com/tr/?id=111222333444555&ev=PageView&dl={}",
            self.url()
        );
        self.request(second, &url, "image", NO_COOKIES)
    }

    fn script(self, second: u8) -> Visit {
        self.request(second, LOADER, "script", NO_COOKIES)
    }

    fn capture(self) -> String {
        let log = json!({"creator": {"name": "made", "version": "1"}, "entries": self.entries});
        json!({"log": log}).to_string()
    }
}

/// Captures, analysed: the folder that holds them, and the dataset.
fn analysed(visits: Vec<Visit>) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let captures = folder.path().join("captures");
    fs::create_dir(&captures).unwrap();
    for visit in visits {
        let path = captures.join(format!("{}.har", visit.host));
        fs::write(path, visit.capture()).unwrap();
    }
    let out = folder.path().join("out");
    common::analyse(&[&captures], &out, &["--quiet"]);
    (folder, out)
}

fn asked(dataset: &Path, question: &str) -> String {
    let output = common::run(&["query", dataset.to_str().unwrap(), question]);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn visits() -> Vec<Visit> {
    vec![
        Visit::to("www.refused.example")
            .page(0, &refused("2026-03-01T09:00:00.000Z"))
            .pixel(2),
        Visit::to("www.early.example")
            .page(0, NO_COOKIES)
            .pixel(1)
            .script(2)
            .page(20, WAITING)
            .pixel(22),
        Visit::to("www.clicked.example")
            .page(0, WAITING)
            .script(1)
            .pixel(5)
            .pixel(20)
            .page(30, &refused("2026-03-02T10:00:12.000Z")),
        Visit::to("www.plain.example").page(0, "id=1").pixel(2),
        Visit::to("www.bare.example")
            .page(0, NO_COOKIES)
            .script(1)
            .pixel(2),
    ]
}

#[test]
fn every_event_says_what_had_been_answered_and_which_request_shows_it() {
    let (_folder, out) = analysed(visits());
    let pages = common::table(&out, "pages");
    let host = |event: &common::Row| {
        let page = pages
            .iter()
            .find(|page| page["page_id"] == event["page_id"]);
        page.map_or("", |page| page["host"].as_str()).to_string()
    };
    let mut states: Vec<[String; 4]> = common::table(&out, "events")
        .iter()
        .map(|event| {
            let column = |name: &str| event[name].clone();
            [
                host(event),
                column("entry_index"),
                column("consent"),
                column("consent_entry"),
            ]
        })
        .collect();
    states.sort_unstable();
    let wanted = [
        ["www.bare.example", "2", "not_recorded", ""],
        ["www.clicked.example", "2", "banner_unanswered", "4"],
        ["www.clicked.example", "3", "rejected", "4"],
        ["www.early.example", "1", "banner_unanswered", "3"],
        ["www.early.example", "4", "not_recorded", ""],
        ["www.plain.example", "1", "none_seen", ""],
        ["www.refused.example", "1", "rejected", "0"],
    ];
    assert_eq!(states, wanted.map(|row| row.map(str::to_string)));
    for event in common::table(&out, "events") {
        let evidence = &event["consent_evidence"];
        assert!(
            !evidence.is_empty() && !evidence.contains("11111111"),
            "{evidence}"
        );
    }
}

#[test]
fn the_two_questions_count_what_is_certain_and_nothing_else() {
    let (_folder, out) = analysed(visits());
    assert_eq!(
        asked(&out, "sent-after-rejection"),
        "organisation,recipient,events,leaks,leaks_that_name_a_person,sessions,organisation_id\n\
         clicked.example,Meta,1,1,0,1,clicked.example\n\
         refused.example,Meta,1,1,0,1,refused.example\n"
    );
    assert_eq!(
        asked(&out, "sent-before-consent"),
        "organisation,recipient,events,leaks,leaks_that_name_a_person,sessions,organisation_id\n\
         clicked.example,Meta,1,1,0,1,clicked.example\n\
         early.example,Meta,1,1,0,1,early.example\n"
    );
}

#[test]
fn the_rules_of_the_consent_tools_are_in_the_record_of_the_run() {
    let (_folder, out) = analysed(visits());
    let record = fs::read_to_string(out.join("run.json")).unwrap();
    assert!(record.contains("consent.toml"), "{record}");
}

/// Sums that were checked by hand. Three of these captures hold cookies of a consent tool: one of Cookiebot where nobody is
/// asked (stamp -1), one of OneTrust with every group on and no answer, one of OneTrust that is not fully written. Not one
/// event may be printed as sent before consent or against a refusal.
#[test]
fn the_published_captures_hold_no_answer_and_no_banner_that_is_sure() {
    let Some(captures) = common::published_captures() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    common::analyse(&[&captures], &out, &["--quiet"]);
    let mut states = std::collections::BTreeMap::new();
    for event in common::table(&out, "events") {
        *states.entry(event["consent"].clone()).or_insert(0) += 1;
    }
    let states: Vec<(&str, i32)> = states.iter().map(|(name, n)| (name.as_str(), *n)).collect();
    assert_eq!(states, [("none_seen", 225), ("not_recorded", 353)]);
    for question in ["sent-before-consent", "sent-after-rejection"] {
        assert_eq!(asked(&out, question).lines().count(), 1, "{question}");
    }
}
