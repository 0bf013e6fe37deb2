//! What real captures do that the specification of HAR does not say, one invented fixture and one test at least for each
//! of the quirks Q01 to Q51. The fixtures (`tests/quirks/qNN-what.ext`) are small, hold a decodable event wherever they
//! can, and are analysed together in one run; the tests look up the rows of their own fixture.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use common::{Row, table};
use pixelhound::capture::read_capture_bytes;

const FOLDER: &str = "tests/quirks";

/// The tables of one run over all fixtures.
struct Tables {
    captures: Vec<Row>,
    events: Vec<Row>,
    disclosures: Vec<Row>,
    parameters: Vec<Row>,
    contacts: Vec<Row>,
    problems: Vec<Row>,
    /// Every CSV file as it was written.
    texts: Vec<(String, Vec<u8>)>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    common::analyse(&[Path::new(FOLDER)], &out, &["--parameters", "--quiet"]);
    Tables {
        captures: table(&out, "captures"),
        events: table(&out, "events"),
        disclosures: table(&out, "disclosures"),
        parameters: table(&out, "parameters"),
        contacts: table(&out, "contacts"),
        problems: table(&out, "problems"),
        texts: common::files(&out)
            .into_iter()
            .filter(|(name, _)| name.ends_with(".csv"))
            .collect(),
    }
});

type Rows = Vec<&'static Row>;

/// The captures of a fixture: one, but for archives.
fn captures(fixture: &str) -> Rows {
    let path = format!("{FOLDER}/{fixture}");
    TABLES
        .captures
        .iter()
        .filter(|row| row["path"] == path)
        .collect()
}

/// The one capture of a fixture.
fn capture(fixture: &str) -> &'static Row {
    only(fixture, captures(fixture))
}

/// The events of a fixture, in the order of its entries.
fn events(fixture: &str) -> Rows {
    of_captures(fixture, &TABLES.events)
}

/// The one event of a fixture.
fn event(fixture: &str) -> &'static Row {
    only(fixture, events(fixture))
}

fn contacts(fixture: &str) -> Rows {
    of_captures(fixture, &TABLES.contacts)
}

fn disclosures(fixture: &str) -> Rows {
    of_events(fixture, &TABLES.disclosures)
}

fn parameters(fixture: &str) -> Rows {
    of_events(fixture, &TABLES.parameters)
}

fn problems(fixture: &str) -> Rows {
    let path = format!("{FOLDER}/{fixture}");
    TABLES
        .problems
        .iter()
        .filter(|row| row["path"] == path)
        .collect()
}

fn of_captures(fixture: &str, rows: &'static [Row]) -> Rows {
    let ids = column(&captures(fixture), "capture_id");
    assert!(!ids.is_empty(), "{fixture} is in no row");
    rows.iter()
        .filter(|row| ids.contains(&row["capture_id"].as_str()))
        .collect()
}

fn of_events(fixture: &str, rows: &'static [Row]) -> Rows {
    let ids = column(&events(fixture), "event_id");
    rows.iter()
        .filter(|row| ids.contains(&row["event_id"].as_str()))
        .collect()
}

fn only(fixture: &str, rows: Rows) -> &'static Row {
    assert_eq!(rows.len(), 1, "{fixture}: {rows:?}");
    rows[0]
}

/// One column of some rows.
fn column(rows: &[&'static Row], name: &str) -> Vec<&'static str> {
    rows.iter()
        .map(|row| match row.get(name) {
            Some(value) => value.as_str(),
            None => panic!("there is no column {name}"),
        })
        .collect()
}

/// One column of the events of a fixture.
fn told(fixture: &str, name: &str) -> Vec<&'static str> {
    column(&events(fixture), name)
}

/// The codes of the problems of a fixture.
fn codes(fixture: &str) -> Vec<&'static str> {
    column(&problems(fixture), "code")
}

/// What was given away as one item of the vocabulary, as it is shown.
fn given_away(fixture: &str, item: &str) -> Vec<&'static str> {
    let rows: Rows = disclosures(fixture)
        .into_iter()
        .filter(|row| row["item"] == item)
        .collect();
    column(&rows, "shown")
}

/// The cookies among what was given away, by name.
fn cookies(fixture: &str) -> BTreeSet<&'static str> {
    let rows: Rows = disclosures(fixture)
        .into_iter()
        .filter(|row| row["location"] == "cookie")
        .collect();
    column(&rows, "parameter").into_iter().collect()
}

/// The values of one wire parameter, as they are shown.
fn values_of(fixture: &str, parameter: &str) -> Vec<&'static str> {
    let rows: Rows = parameters(fixture)
        .into_iter()
        .filter(|row| row["name"] == parameter)
        .collect();
    column(&rows, "shown")
}

/// The contact of a fixture with one third party.
fn contact(fixture: &str, third_party: &str) -> &'static Row {
    let rows = contacts(fixture);
    let found = rows
        .into_iter()
        .filter(|row| row["third_party"] == third_party);
    only(fixture, found.collect())
}

/// Checks that a fixture was read whole and tells of one visit of a page.
fn is_read_with_its_page_view(fixture: &str) {
    assert_eq!(capture(fixture)["state"], "read", "{fixture}");
    assert_eq!(event(fixture)["action"], "page_view", "{fixture}");
    assert_eq!(event(fixture)["delivery"], "delivered", "{fixture}");
}

/// Checks that a fixture is refused, and that the message names what it is.
fn is_refused_as(fixture: &str, name: &str) {
    assert_eq!(capture(fixture)["state"], "unreadable", "{fixture}");
    let problem = only(fixture, problems(fixture));
    assert_eq!(problem["code"], "not_a_capture", "{fixture}");
    assert!(
        problem["message"].contains(name),
        "{fixture}: {}",
        problem["message"]
    );
}

/// Whether a number stands in a text by itself.
fn says_number(text: &str, number: u32) -> bool {
    text.split(|c: char| !c.is_ascii_digit())
        .any(|word| word == number.to_string())
}

// Did the request leave the browser?

#[test]
fn q01_a_status_of_0_is_no_delivery_and_signs_of_the_network_are_a_sending() {
    let wanted = ["unknown", "no_answer", "no_answer"];
    assert_eq!(told("q01-status-0.har", "delivery"), wanted);
}

#[test]
fn q01_a_status_of_0_with_the_headers_of_an_answer_is_an_answer() {
    assert_eq!(
        event("q01-status-0-with-headers.har")["delivery"],
        "delivered"
    );
}

#[test]
fn q01_where_no_answer_is_recorded_at_all_nothing_was_blocked() {
    assert_eq!(event("q01-no-answers-recorded.har")["delivery"], "unknown");
}

#[test]
fn q02_what_an_extension_or_a_missing_address_stopped_was_blocked() {
    assert_eq!(told("q02-blocked.har", "delivery"), ["blocked"; 2]);
}

#[test]
fn q02_an_answer_kept_from_the_page_says_nothing_against_the_sending() {
    let wanted = ["unknown", "no_answer", "unknown"];
    assert_eq!(told("q02-answer-withheld.har", "delivery"), wanted);
}

#[test]
fn q03_what_firefox_lists_without_any_trace_of_the_network_was_blocked() {
    assert_eq!(event("q03-tracking-protection.har")["delivery"], "blocked");
    assert_eq!(event("q03-reason-given.har")["delivery"], "blocked");
}

#[test]
fn q04_what_the_cache_answered_was_not_sent() {
    assert_eq!(event("q04-from-disk.har")["delivery"], "cached");
    assert_eq!(event("q04-old-chrome.har")["delivery"], "cached");
    let script = contact("q04-from-disk.har", "facebook.net");
    assert_eq!((&*script["requests"], &*script["delivered"]), ("1", "0"));
}

#[test]
fn q04_an_answer_of_not_modified_came_over_the_network() {
    assert_eq!(told("q04-firefox.har", "delivery"), ["cached", "delivered"]);
}

/// Checks that of two hops of a chain the one at `hop` points to the other.
fn is_a_hop(fixture: &str, hop: usize) {
    let events = events(fixture);
    let original = events[1 - hop];
    assert_eq!(events.len(), 2, "{fixture}");
    assert_eq!(events[hop]["repeat_of"], original["event_id"], "{fixture}");
    assert_eq!(events[hop]["repeat_reason"], "redirect_hop", "{fixture}");
    assert!(common::counts(original), "{fixture}");
}

#[test]
fn q05_a_redirect_inside_the_browser_never_left_and_points_to_what_did() {
    assert_eq!(events("q05-hsts.har")[0]["delivery"], "internal_redirect");
    is_a_hop("q05-hsts.har", 0);
}

#[test]
fn q05_the_header_leads_on_where_the_redirect_s_address_is_empty_or_null() {
    is_a_hop("q05-relative-redirect.har", 1);
    is_a_hop("q05-null-redirect.har", 1);
}

// Request bodies.

#[test]
fn q06_an_event_that_stands_in_the_body_alone_is_read() {
    let fixture = "q06-event-in-body.har";
    assert_eq!(event(fixture)["event_name"], "SubscribedButtonClick");
    assert_eq!(event(fixture)["clicked_text"], "Report a rape");
    assert_eq!(event(fixture)["body_recorded"], "yes");
    assert_eq!(event("q06-json.har")["search_term"], "hiv window period");
    let lines = told("q06-lines.har", "event_name");
    assert_eq!(lines, ["page_view", "report_start"]);
}

#[test]
fn q06_the_body_wins_over_the_query_and_both_are_kept() {
    let fixture = "q06-query-and-body.har";
    assert_eq!(event(fixture)["event_name"], "Lead");
    assert_eq!(values_of(fixture, "ev"), ["PageView", "Lead"]);
}

#[test]
fn q07_a_body_that_was_announced_and_is_missing_is_not_an_empty_one() {
    let fixture = "q07-beacon-without-body.har";
    assert_eq!(told(fixture, "body_recorded"), ["no", "no", "no", "none"]);
    assert_eq!(capture(fixture)["bodies_missing"], "3");
}

#[test]
fn q07_an_event_whose_body_is_missing_is_a_problem_and_not_an_event_without_parameters() {
    for fixture in ["q07-event-lost.har", "q07-tiktok-event-lost.har"] {
        assert!(events(fixture).is_empty(), "{fixture}");
        assert_eq!(codes(fixture), ["payload_not_recorded"], "{fixture}");
        assert_eq!(capture(fixture)["bodies_missing"], "1", "{fixture}");
    }
}

#[test]
fn q08_the_list_of_parameters_serves_where_there_is_no_text() {
    assert_eq!(event("q08-params-only.har")["event_name"], "Lead");
    assert_eq!(event("q08-params-only.har")["body_recorded"], "yes");
}

#[test]
fn q08_where_text_and_list_differ_the_text_is_believed() {
    let fixture = "q08-text-and-params.har";
    assert_eq!(told(fixture, "event_name"), ["Lead", "Contact"]);
}

#[test]
fn q09_the_lists_of_chrome_edge_and_internet_explorer_are_decoded_once() {
    for (fixture, search) in [
        ("q09-params-chrome.har", "50%25 off PrEP"),
        ("q09-params-edge.har", "50%25 off tests"),
        ("q09-params-internet-explorer.har", "50%25 off pills"),
    ] {
        assert_eq!(event(fixture)["search_term"], search, "{fixture}");
        assert!(problems(fixture).is_empty(), "{fixture}");
    }
}

#[test]
fn q09_a_list_with_an_escape_that_is_none_was_not_encoded() {
    let fixture = "q09-params-unknown-plain.har";
    assert_eq!(event(fixture)["search_term"], "50% off %41lcohol help");
    assert!(problems(fixture).is_empty());
}

#[test]
fn q10_the_parts_of_a_multipart_body_are_found_whatever_its_lines() {
    for fixture in [
        "q10-multipart-crlf.har",
        "q10-multipart-lf.har",
        "q10-multipart-no-last-line.har",
        "q10-multipart-no-boundary.har",
    ] {
        assert_eq!(event(fixture)["clicked_text"], "Report online", "{fixture}");
    }
}

#[test]
fn q10_of_a_file_only_its_name_and_size_are_kept() {
    let fixture = "q10-multipart-file.har";
    assert_eq!(event(fixture)["event_name"], "SubmitApplication");
    let wanted = ["[file statement.txt, 23 bytes]"];
    assert_eq!(given_away(fixture, "page_topic"), wanted);
}

#[test]
fn q11_bodies_in_base64_are_decoded() {
    for fixture in [
        "q11-encoding.har",
        "q11-underscore-encoding.har",
        "q11-content-in-post-data.har",
    ] {
        assert_eq!(event(fixture)["event_name"], "Lead", "{fixture}");
        assert!(problems(fixture).is_empty(), "{fixture}");
    }
}

#[test]
fn q11_a_body_that_only_says_it_is_base64_is_kept_as_it_stands() {
    assert_eq!(event("q11-not-base64.har")["event_name"], "Lead");
    assert_eq!(codes("q11-not-base64.har"), ["body_not_base64"]);
}

#[test]
fn q12_what_is_left_of_a_destroyed_body_is_read_and_not_repaired() {
    let fixture = "q12-replacement-character.har";
    assert_eq!(event(fixture)["event_name"], "Lead");
    let first_name = read("q12-replacement-character.har").contains("Ren\\ufffd");
    assert!(first_name, "the fixture has lost its point");
    assert_eq!(event("q12-gzip-destroyed.har")["event_name"], "PageView");
}

#[test]
fn q13_a_body_that_the_producer_dropped_is_not_an_empty_one() {
    for fixture in [
        "q13-comment-in-post-data.har",
        "q13-comment-in-request.har",
        "q13-no-content-type.har",
    ] {
        assert_eq!(event(fixture)["body_recorded"], "no", "{fixture}");
        assert_eq!(capture(fixture)["bodies_missing"], "1", "{fixture}");
    }
}

#[test]
fn q14_an_empty_body_on_a_get_is_none() {
    let fixture = "q14-empty-body.har";
    assert_eq!(told(fixture, "body_recorded"), ["none", "none"]);
    assert!(problems(fixture).is_empty());
}

/// Nothing is lost by a body on a GET, so it is no problem either: all of it is read.
#[test]
fn q14_a_body_on_a_get_is_kept_and_read() {
    let fixture = "q14-get-with-body.har";
    assert_eq!(event(fixture)["event_name"], "ViewContent");
    assert_eq!(event(fixture)["body_recorded"], "yes");
    assert!(problems(fixture).is_empty());
}

// What the exporter removed.

#[test]
fn q15_an_export_without_cookies_does_not_say_that_none_were_sent() {
    for fixture in ["q15-sanitised-chrome.har", "q15-sanitised-edge.har"] {
        let state = &capture(fixture)["cookies_recorded"];
        assert_eq!(state, "probably_removed", "{fixture}");
    }
    let chrome = event("q15-sanitised-chrome.har");
    assert_eq!(chrome["identifiability"], "not_recorded");
    // What stood in the query is still there.
    let edge = event("q15-sanitised-edge.har");
    assert_eq!(edge["identifiability"], "pseudonymous");
}

#[test]
fn q15_a_value_that_a_sanitiser_wrote_is_no_contact_data() {
    let items = column(&disclosures("q15-redacted-values.har"), "item");
    assert_eq!(items, ["page_address", "browser_id"]);
}

#[test]
fn q16_cookies_are_found_in_the_header_and_in_the_list() {
    for fixture in ["q16-header-only.har", "q16-list-only.har"] {
        assert_eq!(cookies(fixture), ["c_user", "fr"].into(), "{fixture}");
        assert_eq!(event(fixture)["identifiability"], "named", "{fixture}");
        assert_eq!(capture(fixture)["cookies_recorded"], "yes", "{fixture}");
    }
}

#[test]
fn q16_header_and_list_are_put_together_and_nothing_stands_twice() {
    let fixture = "q16-header-and-list.har";
    assert_eq!(cookies(fixture), ["c_user", "datr", "fr"].into());
    assert_eq!(given_away(fixture, "recipient_account").len(), 1);
}

// Damage to the file.

#[test]
fn q17_a_byte_order_mark_is_no_part_of_the_text() {
    is_read_with_its_page_view("q17-bom.har");
    assert!(problems("q17-bom.har").is_empty());
}

#[test]
fn q17_utf16_is_read_and_said() {
    for fixture in [
        "q17-utf16-le.har",
        "q17-utf16-be.har",
        "q17-utf16-no-mark.har",
    ] {
        is_read_with_its_page_view(fixture);
        assert_eq!(codes(fixture), ["transcoded_utf16"], "{fixture}");
    }
}

#[test]
fn q18_a_jsonp_wrapper_is_taken_off() {
    for fixture in ["q18-jsonp.harp", "q18-jsonp-no-semicolon.har"] {
        is_read_with_its_page_view(fixture);
        assert!(problems(fixture).is_empty(), "{fixture}");
    }
}

const CUT: [&str; 3] = [
    "q19-cut-in-third-entry.har",
    "q19-cut-in-escape.har",
    "q19-cut-in-utf8.har",
];

#[test]
fn q19_everything_before_the_cut_is_kept() {
    for fixture in CUT {
        let capture = capture(fixture);
        assert_eq!(capture["state"], "salvaged", "{fixture}");
        assert_eq!(capture["entries_read"], "2", "{fixture}");
        assert_eq!(codes(fixture), ["truncated"], "{fixture}");
        let names = told(fixture, "event_name");
        assert_eq!(names, ["PageView", "ViewContent"], "{fixture}");
    }
}

#[test]
fn q20_nul_bytes_at_the_end_mean_nothing_and_others_are_counted() {
    is_read_with_its_page_view("q20-trailing-nuls.har");
    assert!(problems("q20-trailing-nuls.har").is_empty());
    is_read_with_its_page_view("q20-trailing-garbage.har");
    let problem = only("q20", problems("q20-trailing-garbage.har"));
    assert_eq!(problem["code"], "trailing_bytes");
    assert!(says_number(&problem["message"], 10));
}

#[test]
fn q20_two_captures_in_one_file_are_both_read() {
    let fixture = "q20-two-in-one.har";
    assert_eq!(codes(fixture), ["several_captures"]);
    assert_eq!(told(fixture, "entry_index"), ["0", "1"]);
}

#[test]
fn q21_the_text_of_an_answer_is_stepped_over() {
    is_read_with_its_page_view("q21-large-answer.har");
    let large = "A".repeat(8 << 20);
    let text = read("q21-large-answer.har").replace("@@LARGE@@", &large);
    let capture = read_capture_bytes("large.har", text.as_bytes());
    assert!(capture.problems.is_empty(), "{:?}", capture.problems);
    assert_eq!(capture.entries.len(), 2);
    let answer = capture.entries[0].response.as_ref().unwrap();
    let range = answer.content_text.clone().unwrap();
    assert_eq!(range.len(), large.len() + 2);
}

#[test]
fn q21_nesting_has_a_limit_and_what_lies_beyond_it_is_said() {
    is_read_with_its_page_view("q21-deep-nesting.har");
    assert_eq!(codes("q21-deep-nesting.har"), ["too_deep"]);
}

#[test]
fn q22_what_is_no_unicode_becomes_replacement_characters() {
    for (fixture, clicked) in [
        ("q22-lone-surrogate.har", "Get help \u{fffd}"),
        ("q22-cesu-8.har", "Get help \u{fffd}"),
        ("q22-invalid-utf8.har", "Get help in M\u{fffd}nster"),
    ] {
        assert_eq!(capture(fixture)["state"], "read", "{fixture}");
        let text = &event(fixture)["clicked_text"];
        assert!(text.starts_with(clicked), "{fixture}: {text}");
        assert!(codes(fixture).contains(&"repaired_text"), "{fixture}");
    }
}

#[test]
fn q23_raw_control_characters_and_unknown_escapes_stay_what_they_are() {
    let fixture = "q23-control-characters.har";
    assert_eq!(capture(fixture)["state"], "read");
    assert_eq!(event(fixture)["clicked_text"], "Get help \tnow \\x41");
    assert_eq!(codes(fixture), ["repaired_text"]);
}

#[test]
fn q24_of_duplicate_keys_the_last_is_taken_and_both_are_said() {
    let fixture = "q24-duplicate-keys.har";
    assert_eq!(event(fixture)["event_name"], "Lead");
    assert_eq!(codes(fixture), ["duplicate_key"; 2]);
}

#[test]
fn q24_of_two_lists_of_entries_both_are_read() {
    let fixture = "q24-entries-twice.har";
    assert_eq!(told(fixture, "entry_index"), ["0", "1"]);
    assert_eq!(codes(fixture), ["several_captures"]);
}

#[test]
fn q25_numbers_that_are_none_or_are_texts_are_read() {
    let fixture = "q25-odd-numbers.har";
    assert_eq!(capture(fixture)["state"], "read");
    assert_eq!(told(fixture, "delivery"), ["delivered"; 2]);
    assert_eq!(told(fixture, "body_recorded"), ["none"; 2]);
}

#[test]
fn q26_the_log_may_be_wrapped() {
    is_read_with_its_page_view("q26-in-list.har");
    is_read_with_its_page_view("q26-in-har-member.har");
}

#[test]
fn q26_what_is_no_capture_is_named() {
    is_refused_as("q26-html.har", "HTML");
    is_refused_as("q26-log-is-text.har", "JSON");
    is_refused_as("q26-charles.chlsj", "Charles");
    is_refused_as("q26-netlog.json", "NetLog");
    is_refused_as("q26-web-archive.warc", "WARC");
}

#[test]
fn q26_an_entry_that_is_a_text_is_left_out_and_counted() {
    let fixture = "q26-entry-is-text.har";
    let capture = capture(fixture);
    assert_eq!(
        (&*capture["entries"], &*capture["entries_read"]),
        ("2", "1")
    );
    assert_eq!(codes(fixture), ["damaged_entry"]);
    assert_eq!(event(fixture)["entry_index"], "1");
}

// Missing, null and mistyped members.

#[test]
fn q27_nothing_but_the_address_is_needed() {
    let bare = event("q27-bare.har");
    assert_eq!(bare["event_name"], "PageView");
    assert_eq!(bare["delivery"], "unknown");
    for fixture in [
        "q27-user-agent-only.har",
        "q27-chrome-fields.har",
        "q27-page-without-id.har",
    ] {
        is_read_with_its_page_view(fixture);
        assert!(problems(fixture).is_empty(), "{fixture}");
    }
}

/// The host of the page of a fixture's one event, and how it is known.
fn page_of(fixture: &str) -> (String, &'static str) {
    let event = event(fixture);
    assert_ne!(event["page_id"], "", "{fixture}");
    let host = event["organisation_id"].clone();
    (host, event["page_known_from"].as_str())
}

#[test]
fn q28_without_a_page_of_its_own_an_event_is_placed_by_other_evidence() {
    for (fixture, site, known_from) in [
        ("q28-dangling.har", "q28-police.example", "referer"),
        ("q28-missing.har", "q28-police-2.example", "initiator"),
        (
            "q28-document-of-pageref.har",
            "q28-police-4.example",
            "pageref",
        ),
    ] {
        assert_eq!(page_of(fixture), (site.to_string(), known_from));
    }
}

#[test]
fn q28_two_pages_of_one_name_do_not_outweigh_the_payload() {
    let fixture = "q28-duplicate.har";
    let wanted = ("q28-police-3.example".to_string(), "payload");
    assert_eq!(page_of(fixture), wanted);
    // The name leads to two pages, so to none: it contradicts nothing either.
    assert_eq!(event(fixture)["page_conflict"], "");
}

#[test]
fn q29_members_that_are_null_or_missing_cost_nothing_else() {
    let fixture = "q29-nulls.har";
    assert_eq!(capture(fixture)["state"], "read");
    assert!(problems(fixture).is_empty());
    assert_eq!(told(fixture, "delivery"), ["unknown", "delivered"]);
    assert_eq!(cookies(fixture), ["datr", "fr"].into());
}

#[test]
fn q30_wrong_types_are_understood_or_skipped() {
    let fixture = "q30-wrong-types.har";
    assert_eq!(capture(fixture)["state"], "read");
    assert_eq!(told(fixture, "event_name"), ["PageView", "Lead", "Contact"]);
    assert_eq!(
        told(fixture, "delivery"),
        ["delivered", "unknown", "delivered"]
    );
    assert_eq!(events(fixture)[0]["page_known_from"], "referer");
    assert_eq!(cookies(fixture), ["fr"].into());
}

#[test]
fn q30_a_request_that_is_a_text_is_an_address() {
    is_read_with_its_page_view("q30-request-is-text.har");
    assert_eq!(codes("q30-request-is-text.har"), ["wrong_type"]);
}

// Addresses and parameters.

#[test]
fn q31_the_address_wins_over_the_list_of_its_parameters() {
    is_read_with_its_page_view("q31-empty-list.har");
    let fixture = "q31-list-differs.har";
    assert_eq!(event(fixture)["event_name"], "Lead");
    assert!(values_of(fixture, "cd[value]").is_empty());
    for fixture in ["q31-empty-list.har", "q31-list-differs.har"] {
        assert!(problems(fixture).is_empty(), "{fixture}");
    }
}

#[test]
fn q32_bad_escapes_stay_and_what_is_no_utf8_is_latin_1() {
    let fixture = "q32-bad-escapes.har";
    let event = event(fixture);
    assert_eq!(event["search_term"], "HIV {test} \"50% off|x\"");
    let topics = given_away(fixture, "page_topic");
    assert_eq!(topics, ["Klinik München", "für Männer"]);
    let unknown = values_of(fixture, "ord");
    assert_eq!(unknown, ["[6 characters]"], "%RAND% stays literal");
    assert!(problems(fixture).is_empty());
}

#[test]
fn q33_repeated_keys_are_one_name_and_all_kept_in_order() {
    let fixture = "q33-repeated-keys.har";
    let values = values_of(fixture, "cd[content_name]");
    assert_eq!(values, ["HIV test", "PrEP", ""]);
    assert_eq!(given_away(fixture, "email"), ["[64 hex digits]"]);
}

#[test]
fn q34_what_is_not_http_is_counted_and_no_problem() {
    let fixture = "q34-not-http.har";
    assert_eq!(capture(fixture)["entries_not_http"], "5");
    assert_eq!(capture(fixture)["state"], "read");
    assert_eq!(event(fixture)["entry_index"], "5");
    assert!(problems(fixture).is_empty());
}

#[test]
fn q34_an_entry_without_an_address_is_left_out_and_said() {
    let fixture = "q34-no-address.har";
    assert_eq!(codes(fixture), ["no_url"; 2]);
    assert_eq!(event(fixture)["entry_index"], "2");
}

#[test]
fn q35_hosts_are_compared_without_case_port_and_root() {
    let fixture = "q35-hosts.har";
    assert_eq!(told(fixture, "endpoint"), ["event"; 2]);
    assert_eq!(told(fixture, "via_own_host"), ["false"; 2]);
}

/// The second has the shape of an event: that is one by inference, and says so.
#[test]
fn q35_a_look_alike_host_is_not_the_tracker() {
    let event = event("q35-look-alike.har");
    assert_eq!(event["entry_index"], "1");
    assert_eq!(event["via_own_host"], "true");
    assert_ne!(event["endpoint"], "event");
}

#[test]
fn q36_no_fragment_and_no_password_reaches_a_table() {
    let fixture = "q36-fragment-and-password.har";
    assert_eq!(
        told(fixture, "event_name"),
        ["SubscribedButtonClick", "Lead"]
    );
    for secret in ["q36-access-token", "q36-password", "user7"] {
        assert!(read(fixture).contains(secret), "{secret}");
        for (name, bytes) in &TABLES.texts {
            let found = memchr::memmem::find(bytes, secret.as_bytes());
            assert_eq!(found, None, "{secret} is in {name}");
        }
    }
}

// Headers, answers, times.

#[test]
fn q37_headers_are_found_in_any_case_and_all_their_values_kept() {
    let fixture = "q37-header-case.har";
    let wanted = ("q37-police.example".to_string(), "referer");
    assert_eq!(page_of(fixture), wanted);
    assert_eq!(cookies(fixture), ["c_user", "fr"].into());
}

#[test]
fn q38_cookies_that_only_answers_set_do_not_say_that_requests_cookies_were_recorded() {
    for fixture in ["q38-set-cookie-lines.har", "q38-set-cookie-commas.har"] {
        assert_eq!(capture(fixture)["cookies_recorded"], "no", "{fixture}");
        is_read_with_its_page_view(fixture);
    }
}

#[test]
fn q39_a_request_without_headers_is_read() {
    let fixture = "q39-no-headers.har";
    assert_eq!(capture(fixture)["cookies_recorded"], "yes");
    is_read_with_its_page_view(fixture);
}

#[test]
fn q40_the_version_of_http_is_no_condition() {
    let fixture = "q40-http-versions.har";
    assert_eq!(told(fixture, "delivery"), ["delivered"; 4]);
    assert!(problems(fixture).is_empty());
}

#[test]
fn q41_the_body_of_an_answer_is_not_decoded_so_a_wrong_flag_is_no_problem() {
    let fixture = "q41-base64-flags.har";
    assert_eq!(told(fixture, "delivery"), ["delivered"; 3]);
    assert!(problems(fixture).is_empty());
}

#[test]
fn q42_an_answer_without_size_type_and_text_is_an_answer() {
    is_read_with_its_page_view("q42-no-size.har");
    assert!(problems("q42-no-size.har").is_empty());
}

#[test]
fn q43_times_are_shown_in_utc_and_the_original_where_it_says_more() {
    let fixture = "q43-dates.har";
    let wanted = [
        (
            "2026-03-01T02:45:30.123Z",
            "2026-03-01T08:15:30.1234567+05:30",
        ),
        ("1970-01-01T00:00:00.000Z", "1970-01-01T05:30:00.000+0530"),
        ("2026-01-01T00:00:00.000Z", "1767225600000"),
        ("2026-03-01T08:15:30.000Z", "2026-03-01T08:15:30"),
        ("2026-03-01T08:15:31.000Z", ""),
        ("2026-01-01T00:01:40.000Z", "1767225700"),
    ];
    let utc = told(fixture, "started_at").into_iter();
    let found: Vec<_> = utc.zip(told(fixture, "started_at_original")).collect();
    assert_eq!(found, wanted);
    assert!(problems(fixture).is_empty());
}

#[test]
fn q43_a_time_that_means_nothing_is_empty_and_said() {
    let fixture = "q43-junk-dates.har";
    assert_eq!(told(fixture, "started_at"), [""; 4]);
    assert_eq!(codes(fixture), ["time_unreadable"; 2]);
    let entries = column(&problems(fixture), "entry_index");
    assert_eq!(entries, ["0", "1"], "an empty time is only missing");
}

#[test]
fn q44_odd_timings_and_another_order_change_neither_place_nor_delivery() {
    let fixture = "q44-odd-timings.har";
    assert_eq!(told(fixture, "event_name"), ["Lead", "PageView"]);
    assert_eq!(told(fixture, "entry_index"), ["0", "1"]);
    assert_eq!(told(fixture, "delivery"), ["delivered"; 2]);
    let started = told(fixture, "started_at");
    let capture = capture(fixture);
    assert_eq!(capture["first_request_at"], started[1]);
    assert_eq!(capture["last_request_at"], started[0]);
    assert!(problems(fixture).is_empty());
}

// Special producers.

#[test]
fn q46_a_socket_is_no_event_and_hides_none() {
    let fixture = "q46-sockets.har";
    assert_eq!(event(fixture)["entry_index"], "3");
    assert!(problems(fixture).is_empty());
}

#[test]
fn q47_a_service_worker_s_phantom_points_to_the_request() {
    let events = events("q47-service-worker.har");
    assert_eq!(events.len(), 2);
    assert_eq!(events[0]["repeat_of"], events[1]["event_id"]);
    assert_eq!(events[0]["repeat_reason"], "service_worker");
    assert!(common::counts(events[1]));
}

#[test]
fn q47_a_preflight_is_never_an_event() {
    assert_eq!(event("q47-preflight.har")["entry_index"], "1");
}

#[test]
fn q48_a_pixel_in_a_frame_is_about_the_frame_s_page_and_says_who_stands_around_it() {
    let fixture = "q48-frame.har";
    let event = event(fixture);
    assert_eq!(event["in_frame"], "true");
    let wanted = ("q48-adverts-2.example".to_string(), "payload");
    assert_eq!(page_of(fixture), wanted);
    assert!(event["page_conflict"].contains("www.q48-news.example"));
}

#[test]
fn q49_a_tunnel_is_a_contact_and_methods_and_statuses_are_free() {
    let fixture = "q49-proxy.har";
    assert_eq!(told(fixture, "event_name"), ["PageView", "Lead"]);
    assert_eq!(told(fixture, "delivery"), ["delivered", "unknown"]);
    let contact = contact(fixture, "facebook.com");
    assert_eq!(contact["requests"], "3");
    assert_eq!(contact["event_requests"], "2");
}

const FORMULAS: [&str; 4] = [
    "=HYPERLINK(\"https://evil.example\";\"x\")",
    "+44 20 7946 0123",
    "-1+1",
    "@SUM(1;2)",
];

#[test]
fn q50_texts_stay_as_they_are_and_ids_are_texts() {
    let fixture = "q50-formulas.har";
    assert_eq!(told(fixture, "clicked_text")[..4], FORMULAS);
    let search = events(fixture)[4]["search_term"].as_str();
    assert_eq!(search, "say \"no\",\n\tplease\0!");
    assert_eq!(told(fixture, "account_id"), ["1234567890123450"; 5]);
    let key = "meta-pixel:1234567890123450";
    assert_eq!(told(fixture, "account_key"), [key; 5]);
}

#[test]
fn q50_for_a_spreadsheet_no_cell_begins_as_a_formula() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let input = format!("{FOLDER}/q50-formulas.har");
    common::analyse(&[Path::new(&input)], &out, &["--excel", "--quiet"]);
    let events = table(&out, "events");
    for (event, formula) in events.iter().zip(FORMULAS) {
        assert_eq!(event["clicked_text"], format!("'{formula}"));
    }
    assert_eq!(table(&out, "captures")[0]["producer"], "'=1+1");
}

#[test]
fn q51_windows_line_ends_and_another_ending_do_not_matter() {
    let fixture = "q51-windows-line-ends.har.txt";
    assert!(read(fixture).contains("\r\n"), "{fixture} lost its point");
    is_read_with_its_page_view(fixture);
    assert!(problems(fixture).is_empty());
}

/// Checks that one column of a fixture's one event holds a text.
fn says(fixture: &str, column: &str, wanted: &str) {
    let found = told(fixture, column);
    let holds = found.iter().any(|text| text.contains(wanted));
    assert!(holds, "{fixture}: {found:?} without {wanted}");
}

#[test]
fn q01_what_the_delivery_rests_on_is_said() {
    let evidence = told("q01-status-0.har", "delivery_evidence");
    assert!(evidence.iter().all(|text| !text.is_empty()), "{evidence:?}");
}

#[test]
fn q02_the_net_error_is_named() {
    let fixture = "q02-blocked.har";
    says(fixture, "delivery_evidence", "net::ERR_BLOCKED_BY_CLIENT");
    says(fixture, "delivery_evidence", "net::ERR_NAME_NOT_RESOLVED");
    let fixture = "q02-answer-withheld.har";
    says(fixture, "delivery_evidence", "net::ERR_ABORTED");
}

#[test]
fn q03_that_tracking_protection_is_inferred_is_said() {
    let fixture = "q03-tracking-protection.har";
    says(fixture, "delivery_evidence", "inferred");
    says(
        "q03-reason-given.har",
        "delivery_evidence",
        "trackingProtection",
    );
}

#[test]
fn q04_the_cache_is_named() {
    says("q04-from-disk.har", "delivery_evidence", "from cache: disk");
    says("q04-firefox.har", "delivery_evidence", "status 304");
}

#[test]
fn q05_the_status_of_a_hop_is_named() {
    let fixture = "q05-relative-redirect.har";
    says(fixture, "delivery_evidence", "status 302");
    says(fixture, "delivery_evidence", "status 200");
}

#[test]
fn q07_what_says_that_a_body_is_missing_is_named() {
    let evidence = told("q07-beacon-without-body.har", "body_evidence");
    for (found, wanted) in evidence.iter().zip([
        "Content-Length: 812",
        "bodySize 812",
        "a POST without a size",
    ]) {
        assert!(found.contains(wanted), "{found}");
    }
}

#[test]
fn q08_that_text_and_list_differ_is_a_problem() {
    let problem = only("q08", problems("q08-text-and-params.har"));
    assert_eq!(problem["code"], "body_params_differ");
    assert_eq!(problem["entry_index"], "1");
}

#[test]
fn q09_the_lists_of_other_producers_are_decoded_already() {
    for (fixture, search) in [
        ("q09-params-firefox.har", "100%25 HIV"),
        ("q09-params-charles.har", "100%25 rape"),
        ("q09-params-fiddler.har", "100%25 abuse"),
        ("q09-params-safari.har", "100%25 IVF"),
        ("q09-params-mitmproxy.har", "100%25 gay"),
    ] {
        assert_eq!(event(fixture)["search_term"], search, "{fixture}");
        assert!(problems(fixture).is_empty(), "{fixture}");
    }
}

#[test]
fn q09_the_list_of_an_unknown_producer_is_decoded_by_guess_and_that_is_said() {
    let fixture = "q09-params-unknown-encoded.har";
    assert_eq!(event(fixture)["search_term"], "self harm 100%");
    assert_eq!(codes(fixture), ["body_params_guessed"]);
}

#[test]
fn q10_the_boundary_is_taken_from_the_header_where_the_body_s_own_type_has_none() {
    let fixture = "q10-multipart-boundary-in-header.har";
    assert_eq!(event(fixture)["clicked_text"], "Report online");
}

#[test]
fn q11_bodies_in_other_places_are_found() {
    for fixture in [
        "q11-content-in-request.har",
        "q11-request-body-text.har",
        "q11-request-body-object.har",
        "q11-comment.har",
    ] {
        assert_eq!(told(fixture, "event_name"), ["Lead"], "{fixture}");
        assert!(problems(fixture).is_empty(), "{fixture}");
    }
}

#[test]
fn q12_a_body_with_replacement_characters_is_lossy() {
    for fixture in ["q12-replacement-character.har", "q12-gzip-destroyed.har"] {
        assert_eq!(event(fixture)["body_recorded"], "lossy", "{fixture}");
    }
}

#[test]
fn q12_gzip_written_as_latin_1_is_unpacked() {
    let fixture = "q12-gzip-as-latin-1.har";
    assert_eq!(told(fixture, "event_name"), ["Lead"]);
    assert_eq!(event(fixture)["body_recorded"], "yes");
}

#[test]
fn q13_why_the_producer_dropped_a_body_is_named() {
    for (fixture, wanted) in [
        (
            "q13-comment-in-post-data.har",
            "body too large, not exported",
        ),
        ("q13-comment-in-request.har", "longer than limit of 500000"),
        ("q13-no-content-type.har", "bodySize 420"),
    ] {
        says(fixture, "body_evidence", wanted);
    }
}

#[test]
fn q15_the_browser_that_removes_cookies_is_named() {
    for fixture in ["q15-sanitised-chrome.har", "q15-sanitised-edge.har"] {
        let evidence = &capture(fixture)["cookies_evidence"];
        assert!(says_number(evidence, 131), "{fixture}: {evidence}");
        let of_event = told(fixture, "cookies_recorded");
        assert_eq!(of_event, ["probably_removed"], "{fixture}");
    }
}

#[test]
fn q15_values_that_a_sanitiser_wrote_are_counted() {
    let problem = only("q15", problems("q15-redacted-values.har"));
    assert_eq!(problem["code"], "redacted_values");
    assert!(says_number(&problem["message"], 3), "{problem:?}");
    assert_eq!(codes("q15-redacted-cookies.har"), ["redacted_values"]);
}

/// Under one label, all visitors of that sanitiser would be one person.
#[test]
fn q15_a_value_that_a_sanitiser_wrote_gets_no_label() {
    let labels = column(&disclosures("q15-redacted-cookies.har"), "label");
    assert!(labels.iter().all(|label| label.is_empty()), "{labels:?}");
}

#[test]
fn q16_the_cookies_of_a_request_in_either_place_are_recorded_ones() {
    for fixture in ["q16-header-only.har", "q16-list-only.har"] {
        assert_eq!(told(fixture, "cookies_recorded"), ["yes"], "{fixture}");
    }
}

#[test]
fn q19_the_place_of_the_cut_is_said() {
    for fixture in CUT {
        let offset = column(&problems(fixture), "byte_offset");
        let bytes = capture(fixture)["bytes"].as_str();
        assert_eq!(offset, [bytes], "{fixture}");
    }
}

/// Both call their page `page_1`: an event placed on the other capture's page is laid at the wrong door.
#[test]
fn q20_two_captures_in_one_file_keep_their_pages_apart() {
    let fixture = "q20-two-visits-in-one.har";
    let sites = told(fixture, "organisation_id");
    assert_eq!(sites, ["q20-police-5.example", "q20-police-6.example"]);
    let conflicts = told("q20-two-in-one.har", "page_conflict");
    assert_eq!(conflicts, ["", ""]);
}

/// Checks that a compressed file holds one capture, under this name.
fn is_unpacked(fixture: &str, member: &str) {
    is_read_with_its_page_view(fixture);
    let capture = capture(fixture);
    assert_eq!(capture["member"], member, "{fixture}");
    assert_ne!(capture["file_sha256"], capture["sha256"], "{fixture}");
}

#[test]
fn q21_compressed_captures_are_read() {
    is_unpacked("q21-capture.har.gz", "q21-capture.har");
    is_unpacked("q21-capture.har.zst", "q21-capture.har");
    is_unpacked("q21-captures.tar", "anna.har");
}

#[test]
fn q21_every_capture_of_an_archive_is_read() {
    let fixture = "q21-captures.zip";
    let read: Rows = captures(fixture)
        .into_iter()
        .filter(|row| row["state"] == "read")
        .collect();
    let members = column(&read, "member");
    assert_eq!(members, ["monday/anna.har", "tuesday/anna.har"]);
    assert_eq!(told(fixture, "action"), ["page_view"; 2]);
}

/// A script that cuts a text in the middle of an emoji sends half of it, escaped, inside its own JSON.
#[test]
fn q22_half_a_pair_inside_the_tracker_s_own_json_does_not_cost_the_event() {
    for fixture in [
        "q22-lone-surrogate-in-json-body.har",
        "q22-lone-surrogate-in-parameter.har",
    ] {
        let clicked = told(fixture, "clicked_text");
        assert_eq!(clicked, ["Get help \u{fffd}"], "{fixture}");
    }
}

#[test]
fn q27_a_producer_that_is_not_named_is_guessed_and_that_is_said() {
    // A header tells the browser and not the program that wrote the capture: a proxy records any browser.
    let by_agent = capture("q27-user-agent-only.har");
    assert_eq!(by_agent["producer_known_from"], "");
    assert!(by_agent["browser"].contains("Firefox"));
    let by_fields = capture("q27-chrome-fields.har");
    assert_eq!(by_fields["producer_known_from"], "guessed");
    assert_ne!(by_fields["producer"], "");
    assert_eq!(capture("q27-bare.har")["producer_known_from"], "");
    let named = capture("q27-page-without-id.har");
    assert_eq!(named["producer_known_from"], "creator");
}

#[test]
fn q31_the_list_serves_where_the_address_lost_its_query() {
    let fixture = "q31-list-only.har";
    assert_eq!(told(fixture, "event_name"), ["ViewContent"]);
    assert_eq!(codes(fixture), ["query_from_list"]);
}

#[test]
fn q38_the_cookies_that_answers_set_are_counted() {
    for (fixture, number) in [
        ("q38-set-cookie-lines.har", 3),
        ("q38-set-cookie-commas.har", 4),
    ] {
        let evidence = &capture(fixture)["cookies_evidence"];
        assert!(says_number(evidence, number), "{fixture}: {evidence}");
    }
}

#[test]
fn q39_a_request_without_headers_says_nothing_of_its_cookies() {
    let fixture = "q39-no-headers.har";
    let event = event(fixture);
    assert_eq!(told(fixture, "headers_recorded"), ["no"]);
    assert_eq!(told(fixture, "cookies_recorded"), ["no"]);
    assert_eq!(event["identifiability"], "not_recorded");
    assert_eq!(capture(fixture)["headers_missing"], "1");
}

#[test]
fn q45_a_body_beside_the_capture_in_an_archive_is_read() {
    let fixture = "q45-playwright.zip";
    assert_eq!(capture(fixture)["member"], "har.har");
    assert_eq!(told(fixture, "event_name"), ["SubmitApplication"]);
    assert_eq!(event(fixture)["body_recorded"], "yes");
    assert!(problems(fixture).is_empty());
}

#[test]
fn q45_an_attachment_is_looked_for_in_the_archive_only_and_by_its_whole_name() {
    for fixture in ["q45-hostile-attachment.zip", "q45-missing-attachment.zip"] {
        assert_eq!(codes(fixture), ["attachment_missing"], "{fixture}");
        assert_eq!(event(fixture)["body_recorded"], "no", "{fixture}");
        assert!(given_away(fixture, "page_topic").is_empty(), "{fixture}");
    }
}

#[test]
fn q45_a_call_of_the_test_script_itself_is_no_event() {
    let fixture = "q45-api-request.har";
    assert_eq!(told(fixture, "event_name"), ["PageView"]);
    assert!(problems(fixture).is_empty());
}

#[test]
fn q46_a_socket_is_a_contact_and_its_messages_are_counted() {
    let fixture = "q46-sockets.har";
    let chat = contact(fixture, "q46-live-help.example");
    assert_eq!(chat["socket_messages_sent"], "1");
    assert_eq!(chat["socket_messages_received"], "2");
    assert_eq!(contact(fixture, "q46-other.example")["requests"], "1");
}

#[test]
fn q51_the_sessions_of_charles_and_fiddler_are_named() {
    is_refused_as("q51-charles.chlz", "Charles");
    is_refused_as("q51-fiddler.saz", "Fiddler");
}

// The fixtures themselves.

/// A fixture as text; for those that are text.
fn read(fixture: &str) -> String {
    let bytes = fs::read(common::root().join(FOLDER).join(fixture)).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn fixtures() -> Vec<String> {
    let folder = common::root().join(FOLDER);
    let names = common::files(&folder).into_keys();
    names.filter(|name| name.starts_with('q')).collect()
}

#[test]
fn every_quirk_has_a_fixture_and_a_test() {
    let source = include_str!("quirks.rs");
    let fixtures = fixtures();
    for number in 1..=51 {
        let own = format!("q{number:02}-");
        let has_fixture = fixtures.iter().any(|name| name.starts_with(&own));
        assert!(has_fixture, "no fixture begins with {own}");
        let test = format!("fn q{number:02}_");
        assert!(source.contains(&test), "no test begins with {test}");
    }
}

#[test]
fn every_fixture_is_small_looked_at_and_on_its_own() {
    let source = include_str!("quirks.rs");
    for fixture in fixtures() {
        let named = source.contains(&format!("\"{fixture}\""));
        assert!(named, "no test names {fixture}");
        let path = common::root().join(FOLDER).join(&fixture);
        let bytes = fs::metadata(path).unwrap().len();
        assert!(bytes < 5000, "{fixture} has {bytes} bytes");
        assert!(!captures(&fixture).is_empty(), "{fixture}");
    }
    let elsewhere = |row: &&Row| !row["repeat_of"].starts_with(&row["capture_id"]);
    let mut repeats = TABLES
        .events
        .iter()
        .filter(|row| !row["repeat_of"].is_empty());
    assert_eq!(repeats.find(elsewhere), None, "fixtures share an event");
    let failed = |row: &&Row| row["code"] == "internal_error";
    assert_eq!(TABLES.problems.iter().find(failed), None);
}
