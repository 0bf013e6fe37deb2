//! Single captures of invented requests, redacted: what is left of them, and what is not.

use serde_json::{Value, json};

use super::*;
use crate::capture::read_capture_bytes;

/// What `redact` makes of a capture.
fn redacted(entries: Value, keeps_searches: bool) -> (Value, Vec<Removal>) {
    redacted_for(entries, keeps_searches, None)
}

fn redacted_for(
    entries: Value,
    keeps_searches: bool,
    personas: Option<&str>,
) -> (Value, Vec<Removal>) {
    let har = json!({"log": {
        "creator": {"name": "made", "version": "1"},
        "_unknown": "Sam Tester",
        "pages": [{"id": "page_1", "title": "Contact sam.tester@mail.example", "comment": "Sam Tester"}],
        "entries": entries,
    }});
    let har = har.to_string();
    let capture = read_capture_bytes("made", har.as_bytes());
    let library = Library::built_in().unwrap();
    let vocabulary = Vocabulary::built_in().unwrap();
    let consent_tools = ConsentTools::built_in().unwrap();
    let search = Search::new(personas).unwrap();
    let mut redactor = Redactor::new(Wishes {
        library: &library,
        vocabulary: &vocabulary,
        maker: Maker::with_key(b"invented"),
        consent_tools: &consent_tools,
        search: &search,
        keeps_searches,
    });
    redactor.learn(&capture);
    redactor.settle().unwrap();
    let Redacted { text, removals } = redactor.redact(&capture, har.as_bytes());
    (serde_json::from_str(&text).unwrap(), removals)
}

/// The address that a request to this one comes out with.
fn url(url: &str) -> String {
    let entry = json!({"request": {"method": "GET", "url": url}, "response": {"status": 200}});
    let (har, _) = redacted(json!([entry]), false);
    har["log"]["entries"][0]["request"]["url"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn what_proves_the_leak_stays() {
    let hit = "https://www.facebook.com/tr/?id=111222333444555&ev=PageView&dl=https%3A%2F%2Fwww.clinic.example%2Fhiv&ts=1772478253060";
    assert_eq!(url(hit), hit);
}

#[test]
fn an_identifier_goes_and_its_shape_stays() {
    let new = url(
        "https://www.facebook.com/tr/?id=111222333444555&ev=Lead&fbp=fb.1.1772478252980.482915037261&ud[em]=sam@mail.example",
    );
    let front = "https://www.facebook.com/tr/?id=111222333444555&ev=Lead&fbp=";
    let rest = new.strip_prefix(front).unwrap();
    let (fbp, email) = rest.split_once("&ud[em]=").unwrap();
    assert_eq!(fbp.len(), "fb.1.1772478252980.482915037261".len());
    assert!(!fbp.contains("1772478252980") && !fbp.contains("482915037261"));
    assert!(email.ends_with(".example") && !email.contains("sam"));
}

#[test]
fn an_address_loses_its_values_password_and_fragment() {
    let new = url("https://sam:secret@www.clinic.example:8443/book?name=Anna&page=#token=abc");
    let rest = new
        .strip_prefix("https://www.clinic.example:8443/book?name=")
        .unwrap();
    assert!(rest.ends_with("&page=") && !rest.contains("Anna") && rest.len() == "Anna&page=".len());
    assert_eq!(
        url("https://www.clinic.example"),
        "https://www.clinic.example"
    );
    assert_eq!(
        url("https://www.clinic.example/?"),
        "https://www.clinic.example/?"
    );
    assert_eq!(url("data:text/plain,Sam%20Tester"), "data:");
}

#[test]
fn an_address_is_the_same_wherever_it_stands() {
    let page = "https://www.clinic.example/book?name=Anna&id=9434765919";
    let escaped = crate::exchange::encode_component(page);
    let hit = format!("https://www.facebook.com/tr/?id=111222333444555&ev=PageView&dl={escaped}");
    let document = json!({"request": {"method": "GET", "url": page}, "response": {"status": 200,
        "content": {"mimeType": "text/html"}}});
    let event = json!({"request": {"method": "GET", "url": hit, "headers": [{"name": "Referer", "value": page}]},
        "_initiator": {"type": "script", "url": page, "stack": "Sam Tester"}, "response": {"status": 302, "redirectURL": page}});
    let (har, _) = redacted(json!([document, event]), false);
    let entries = &har["log"]["entries"];
    let new = entries[0]["request"]["url"].as_str().unwrap();
    assert!(!new.contains("Anna") && !new.contains("9434765919"));
    let event = &entries[1];
    assert_eq!(event["request"]["headers"][0]["value"], new);
    assert_eq!(event["_initiator"]["url"], new);
    assert_eq!(event["response"]["redirectURL"], new);
    let told = event["request"]["url"].as_str().unwrap();
    let told = told.split_once("&dl=").unwrap().1;
    assert_eq!(crate::exchange::percent::decode(told), new);
}

#[test]
fn only_what_is_read_gets_out() {
    let entry = json!({
        "request": {"method": "POST", "url": "https://www.clinic.example/login",
            "headers": [
                {"name": "Authorization", "value": "Bearer SecretOfSam12345"},
                {"name": "X-CSRF-Token", "value": "SecretOfSam67890"},
                {"name": "User-Agent", "value": "Mozilla/5.0 Chrome/131.0.0.0"},
                {"name": "Cookie", "value": "c_user=100000000000123; flag; xs=18:SecretOfSamXs:2"},
            ],
            "cookies": [{"name": "c_user", "value": "100000000000123", "comment": "Sam Tester"}],
            "postData": {"mimeType": "application/x-www-form-urlencoded", "text": "user=Sam+Tester&password=hunter2"},
            "_extra": "Sam Tester"},
        "response": {"status": 200, "headers": [
                {"name": "Set-Cookie", "value": "session=SecretOfSamSet; Path=/; Expires=Wed, 25 Nov 2026 10:00:00 GMT; _x=Sam Tester"},
                {"name": "X-User", "value": "Sam Tester"}],
            "content": {"mimeType": "text/html", "text": "Hello Sam Tester", "size": 16}},
        "_webSocketMessages": [{"type": "send", "data": "Sam Tester"}],
        "comment": "Sam Tester",
    });
    let (har, removals) = redacted(json!([entry]), false);
    let text = har.to_string();
    for secret in [
        "Sam",
        "hunter2",
        "Tester",
        "SecretOf",
        "100000000000123",
        "mail.example",
    ] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let request = &har["log"]["entries"][0]["request"];
    let header = |number: usize| request["headers"][number]["value"].as_str().unwrap();
    assert_eq!(header(2), "Mozilla/5.0 Chrome/131.0.0.0");
    let c_user = request["cookies"][0]["value"].as_str().unwrap();
    assert!(c_user.len() == 15 && c_user.bytes().all(|byte| byte.is_ascii_digit()));
    assert!(header(3).starts_with(&format!("c_user={c_user}; ")));
    let set = &har["log"]["entries"][0]["response"]["headers"][0]["value"];
    let set = set.as_str().unwrap();
    assert!(
        set.starts_with("session=")
            && set.ends_with("; Path=/; Expires=Wed, 25 Nov 2026 10:00:00 GMT")
    );
    for place in [
        Place::RequestHeader,
        Place::Cookie,
        Place::RequestBody,
        Place::SetCookie,
        Place::ResponseBody,
        Place::ResponseHeader,
        Place::Socket,
        Place::PageTitle,
    ] {
        assert!(
            removals.iter().any(|removal| removal.place == place),
            "{place:?}"
        );
    }
    let answer = removals
        .iter()
        .find(|removal| removal.place == Place::ResponseBody);
    assert_eq!(
        answer.map(|removal| removal.length),
        Some("Hello Sam Tester".len())
    );
}

#[test]
fn a_value_inside_another_goes_too() {
    let packed = crate::exchange::encode_component(
        r#"{"title":"Contact","email":"sam@mail.example","id":"482915037261"}"#,
    );
    let hit = format!(
        "https://www.facebook.com/tr/?id=111222333444555&ev=PageView&cd[unknown]={packed}\
         &dl=https%3A%2F%2Fwww.clinic.example%2Fu%2F482915037261%2Fhiv&fbp=fb.1.1.482915037261"
    );
    let new = url(&hit);
    assert!(
        !new.contains("482915037261") && !new.contains("mail"),
        "{new}"
    );
    assert!(new.contains("www.clinic.example%2Fu%2F"), "{new}");
}

#[test]
fn search_terms_go_unless_they_are_asked_for() {
    let page = "https://www.clinic.example/search?q=self+harm";
    let entry = json!([{"request": {"method": "GET", "url": page}, "response": {"status": 200}}]);
    let term = |keeps: bool| {
        redacted(entry.clone(), keeps).0["log"]["entries"][0]["request"]["url"].clone()
    };
    assert_eq!(term(true), page);
    let gone = term(false);
    let gone = gone.as_str().unwrap();
    assert!(gone.starts_with("https://www.clinic.example/search?q=") && !gone.contains("harm"));
}

#[test]
fn an_entry_that_cannot_be_read_leaves_its_place_empty() {
    let entry = |url: &str| json!({"request": {"method": "GET", "url": url}});
    let (har, _) = redacted(
        json!([entry("https://a.example/"), 7, entry("https://b.example/")]),
        false,
    );
    let entries = &har["log"]["entries"];
    assert!(entries[1].is_null());
    assert_eq!(entries[2]["request"]["url"], "https://b.example/");
}

#[test]
fn what_a_persona_typed_goes_wherever_it_stands() {
    const PERSONAS: &str =
        "persona,kind,value\nSam,email,sam.tester@mail.example\nSam,last_name,Testerini\n";
    let packed = "eyJuYW1lIjoiU2FtIFRlc3RlcmluaSJ9"; // {"name":"Sam Testerini"}
    let hit = format!(
        "https://www.facebook.com/tr/?id=111222333444555&ev=PageView&cd[Testerini]=1&r={packed}\
         &dl=https%3A%2F%2Fwww.clinic.example%2Fu%2FSam%2520Testerini%2Fhiv&cd[buttonText]=Hello%20Testerini"
    );
    let entry = json!([{"request": {"method": "GET", "url": hit}, "response": {"status": 200}}]);
    let (har, _) = redacted_for(entry, false, Some(PERSONAS));
    let new = har["log"]["entries"][0]["request"]["url"].as_str().unwrap();
    assert!(!new.contains("Testerini") && !new.contains(packed), "{new}");
    assert!(new.contains("ev=PageView") && new.contains("Hello%20"));
    assert!(
        new.contains("www.clinic.example%2Fu%2F") && new.contains("%2Fhiv"),
        "{new}"
    );
}

#[test]
fn a_title_that_repeats_what_was_searched_for_loses_it() {
    let page = "https%3A%2F%2Fwww.clinic.example%2F%3Fq%3Dself%2Bharm";
    let url = |title: &str, dl: &str| {
        url(&format!(
            "https://www.google-analytics.com/g/collect?v=2&tid=G-ABCDEF1234&en=page_view&dt={title}&dl={dl}"
        ))
    };
    let searched = url("Results+for+Self+Harm", page);
    assert!(
        searched.contains("dt=Results%20for%20") && !searched.contains("Harm"),
        "{searched}"
    );
    let other = "https%3A%2F%2Fwww.clinic.example%2Fself-harm";
    assert!(url("Self+Harm", other).contains("dt=Self+Harm"));
}

#[test]
fn what_a_site_switched_on_stays_and_other_answers_go() {
    let library = Library::built_in().unwrap();
    let rule = library
        .rules()
        .find(|rule| rule.name == "meta-pixel")
        .unwrap();
    let example = rule
        .answer_examples
        .iter()
        .find(|example| !example.answer.is_empty())
        .unwrap();
    let answered = |url: &str, text: &str| {
        let entry = json!({"request": {"method": "GET", "url": url},
            "response": {"status": 200, "content": {"mimeType": "application/javascript", "text": text}}});
        let (har, _) = redacted(json!([entry]), false);
        har["log"]["entries"][0]["response"]["content"]["text"].clone()
    };
    assert_eq!(
        answered(&example.url, &example.answer),
        example.answer.as_str()
    );
    let personal = format!("{} // sam.tester@mail.example", example.answer);
    assert!(answered(&example.url, &personal).is_null());
    assert!(answered("https://www.clinic.example/app.js", &example.answer).is_null());
}

#[test]
fn the_answer_to_a_banner_stays_and_the_ids_beside_it_go() {
    let cookies = "OptanonConsent=consentId=11111111-2222-4333-8444-555555555555&groups=C0001%3A1%2CC0002%3A0&AwaitingReconsent=false; \
                   OptanonAlertBoxClosed=2026-03-02T10:03:11.000Z; \
                   CookieConsent={stamp:%27aW52ZW50ZWQgZm9yIGFuIGV4YW1wbGU=%27%2Cstatistics:false%2Cmethod:%27explicit%27%2Cutc:1772445791000}; \
                   cookies_policy=%7B%22usage%22%3Afalse%7D";
    let entry = json!({"request": {"method": "GET", "url": "https://www.clinic.example/",
        "headers": [{"name": "cookie", "value": cookies}]}, "response": {"status": 200}});
    let (har, _) = redacted(json!([entry]), false);
    let new = &har["log"]["entries"][0]["request"]["headers"][0]["value"];
    let new = new.as_str().unwrap();
    for kept in [
        "&groups=C0001%3A1%2CC0002%3A0&",
        "2026-03-02T10:03:11.000Z",
        "statistics%3Afalse",
        "1772445791000",
        "cookies_policy=%7B%22usage%22%3Afalse%7D",
    ] {
        assert!(new.contains(kept), "{kept}: {new}");
    }
    for gone in ["11111111", "555555555555", "aW52ZW50"] {
        assert!(!new.contains(gone), "{gone}: {new}");
    }
}

#[test]
fn addresses_within_addresses_without_end_are_no_crash() {
    let page = json!({"request": {"method": "GET", "url": "https://a.example/"},
        "response": {"status": 200, "content": {"mimeType": "text/html"}}});
    for address in ["https://a.example/?u=", "https://www.facebook.com/tr/?dl="] {
        let nested = address.repeat(20_000);
        let entry = json!({"pageref": nested, "request": {"method": "GET", "url": nested}, "response": {"status": 200}});
        let (har, _) = redacted(json!([page, entry]), false);
        assert_eq!(har["log"]["entries"].as_array().map(Vec::len), Some(2));
    }
}

#[test]
fn what_the_visitor_consented_to_stays() {
    let hit = "https://www.google-analytics.com/g/collect?v=2&tid=G-ABCDEF1234&en=page_view&gcs=G100&gcd=13l3l3l3l1l1";
    assert_eq!(url(hit), hit);
    let unknown = "https://unknown.example/x?gcd=13l3l3l3l1l1";
    assert_eq!(url(unknown), unknown);
}
