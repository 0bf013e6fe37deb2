//! The state of consent at an event, by captures of one site: every state, and every doubt that must end in
//! `not_recorded`.

use super::*;
use crate::capture::{Entry, Pair, Pairs};
use crate::exchange::{Address, CookiesRecorded, Exchange, ProducerHabits, registrable_domain};
use crate::tracker::Library;

const PIXEL: &str = "https://www.facebook.com/tr/?id=111222333444555&ev=PageView&dl=https%3A%2F%2Fwww.clinic.example%2F";
const ONETRUST: &str = "https://cdn.cookielaw.org/scripttemplates/otSDKStub.js";
const COOKIEBOT: &str = "https://consent.cookiebot.com/uc.js";
const PAGE: &str = "https://www.clinic.example/";
const WAITING: &str = "OptanonConsent=groups=C0001%3A1%2CC0002%3A0%2CC0004%3A0";

/// A request at a second, with its cookies; the site's own are documents.
fn request(second: i64, url: &str, cookies: &str) -> Entry {
    let minute = second / 60;
    let mut entry = Entry::of_request("GET", url, Some(cookies).filter(|c| !c.is_empty()), None);
    entry.started_at = Some(format!("2026-03-02T10:{minute:02}:{:02}.000Z", second % 60));
    let is_own = url.starts_with("https://www.clinic.example/");
    entry.resource_type = Some(if is_own { "document" } else { "script" }.into());
    entry.pageref = Some("page_1".into());
    entry.request.headers.push("Accept-Encoding", "gzip");
    entry.request.headers.push("Referer", PAGE);
    entry
}

/// OneTrust's cookies: an answer, given at a second.
fn answer(flag: u8, second: i64) -> String {
    let (minute, second) = (second / 60, second % 60);
    format!(
        "OptanonConsent=groups=C0001%3A1%2CC0002%3A{flag}%2CC0004%3A{flag}; \
         OptanonAlertBoxClosed=2026-03-02T10:{minute:02}:{second:02}.000Z"
    )
}

/// The verdict for the first event of a capture.
fn verdict_of(entries: Vec<Entry>, whole: CookiesRecorded) -> Verdict {
    verdict_on_page(entries, whole, false)
}

fn verdict_on_page(entries: Vec<Entry>, whole: CookiesRecorded, is_page_disputed: bool) -> Verdict {
    let library = Library::built_in().unwrap();
    let tools = ConsentTools::built_in().unwrap();
    let exchanges: Vec<Exchange> = entries
        .into_iter()
        .enumerate()
        .map(|(index, entry)| {
            let entry = Entry { index, ..entry };
            Exchange::decode(&entry, ProducerHabits::default()).unwrap()
        })
        .collect();
    let site_of =
        |exchange: &Exchange| Some(registrable_domain(&exchange.referer()?.host).to_owned());
    let timelines = Timelines::of(&exchanges, whole, &tools, &library, &site_of);
    let mut decoded = exchanges
        .iter()
        .filter_map(|exchange| Some((exchange, library.decode(exchange)?.events.first()?.clone())));
    let (exchange, event) = decoded.next().expect("an event");
    let page = Address::parse(PAGE).unwrap();
    timelines.verdict(&Asked {
        event: &event,
        exchange,
        page: Some(&page),
        is_page_disputed,
    })
}

fn state(entries: Vec<Entry>) -> (Consent, Option<usize>) {
    let verdict = verdict_of(entries, CookiesRecorded::Yes);
    (verdict.consent, verdict.entry)
}

fn doubtful(entries: Vec<Entry>) -> bool {
    state(entries) == (Consent::NotRecorded, None)
}

#[test]
fn an_answer_holds_from_the_request_that_shows_it() {
    let after = |cookies: &str| state(vec![request(0, PAGE, cookies), request(9, PIXEL, "")]);
    assert_eq!(after(&answer(0, 0)), (Consent::Rejected, Some(0)));
    assert_eq!(after(&answer(1, 0)), (Consent::Accepted, Some(0)));
    let partly = "OptanonConsent=groups=C0002%3A1%2CC0004%3A0; OptanonAlertBoxClosed=2026-03-01T10:00:00.000Z";
    assert_eq!(after(partly), (Consent::PartlyAccepted, Some(0)));
    let verdict = verdict_of(
        vec![request(9, PAGE, &answer(0, 3)), request(20, PIXEL, "")],
        CookiesRecorded::Yes,
    );
    assert_eq!(
        verdict.evidence,
        "OneTrust: every optional purpose refused (performance, targeting), answered 2026-03-02T10:00:03.000Z"
    );
}

#[test]
fn a_banner_is_unanswered_only_where_a_later_request_still_shows_no_answer() {
    let waiting = |later: &[Entry]| {
        let mut entries = vec![
            request(0, PAGE, ""),
            request(1, ONETRUST, ""),
            request(2, PIXEL, ""),
        ];
        entries.extend(later.iter().cloned());
        entries
    };
    let still = request(9, PAGE, WAITING);
    assert_eq!(
        state(waiting(std::slice::from_ref(&still))),
        (Consent::BannerUnanswered, Some(3))
    );
    // The visitor may have clicked before the event, and the capture ends.
    assert!(doubtful(waiting(&[])));
    // A request to another host of the site says nothing of cookies of this one.
    assert!(doubtful(waiting(&[request(
        9,
        "https://static.clinic.example/a.js",
        "id=1"
    )])));
    // The tool shows everything on: it asks nobody.
    let all_on = request(9, PAGE, "OptanonConsent=groups=C0001%3A1%2CC0002%3A1");
    assert!(doubtful(waiting(std::slice::from_ref(&all_on))));
    assert!(doubtful(waiting(&[still, all_on])));
    // Its first cookie does not yet say whether it asks.
    assert!(doubtful(waiting(&[request(
        9,
        PAGE,
        "OptanonConsent=interactionCount=0"
    )])));
    // Later without any of its cookies: its script may never have asked.
    assert!(doubtful(waiting(&[request(9, PAGE, "id=1")])));
}

#[test]
fn a_request_that_would_not_show_the_cookie_proves_nothing() {
    let with = |later: Entry| vec![request(0, PAGE, WAITING), request(2, PIXEL, ""), later];
    assert_eq!(
        state(with(request(9, PAGE, "id=1"))).0,
        Consent::BannerUnanswered
    );
    let changed = |change: &dyn Fn(&mut Entry)| {
        let mut later = request(9, PAGE, "");
        change(&mut later);
        doubtful(with(later))
    };
    assert!(!changed(&|_| {}));
    // Half a head, as browsers record it for what never left.
    assert!(changed(&|entry| {
        let heads = entry.request.headers.iter();
        let kept = heads.filter(|head| head.name != "Accept-Encoding");
        entry.request.headers = kept.map(Pair::from).collect();
    }));
    // Asked by a script, perhaps without cookies.
    assert!(changed(&|entry| entry.resource_type = Some("fetch".into())));
    // Called for by another site.
    assert!(changed(&|entry| {
        let mut heads: Vec<Pair> = entry.request.headers.iter().map(Pair::from).collect();
        for head in heads.iter_mut().filter(|head| head.name == "Referer") {
            head.value = "https://search.example/".into();
        }
        entry.request.headers = heads.into();
    }));
    assert!(changed(&|entry| {
        if let Some(response) = &mut entry.response {
            response.status = Some(0);
        }
    }));
}

#[test]
fn a_tool_that_writes_only_answers_must_have_had_the_time_to_write() {
    let with = |second: i64, cookies: &str| {
        vec![
            request(0, PAGE, ""),
            request(1, COOKIEBOT, ""),
            request(2, PIXEL, ""),
            request(second, PAGE, cookies),
        ]
    };
    assert_eq!(
        state(with(30, "id=1")),
        (Consent::BannerUnanswered, Some(3))
    );
    assert!(doubtful(with(3, "id=1")));
    let outside = "CookieConsent={stamp:%27-1%27%2Cnecessary:true%2Cpreferences:true%2Cstatistics:true%2Cmarketing:true}";
    assert!(doubtful(with(30, outside)));
    let mut blocked = with(30, "id=1");
    if let Some(response) = &mut blocked[1].response {
        response.status = Some(0);
    }
    assert!(doubtful(blocked));
}

#[test]
fn between_two_states_only_the_answer_s_own_time_decides() {
    let at = |event: i64, cookies: String| {
        state(vec![
            request(0, PAGE, WAITING),
            request(event, PIXEL, ""),
            request(30, PAGE, &cookies),
        ])
    };
    // The event stands second in the order; before the answer, after it, and about at the same time.
    assert_eq!(at(10, answer(0, 20)), (Consent::BannerUnanswered, Some(2)));
    assert_eq!(at(20, answer(0, 10)), (Consent::Rejected, Some(2)));
    assert_eq!(at(20, answer(1, 10)), (Consent::Accepted, Some(2)));
    assert_eq!(at(11, answer(0, 10)).0, Consent::NotRecorded);
    // A time outside of the two requests: two clocks.
    assert_eq!(at(10, answer(0, 50)).0, Consent::NotRecorded);
    // No time at all.
    let timeless = "OptanonConsent=groups=C0001%3A1%2CC0002%3A0; OptanonAlertBoxClosed=yes";
    assert_eq!(at(10, timeless.into()).0, Consent::NotRecorded);
}

#[test]
fn a_changed_answer_is_the_first_until_the_second_was_given() {
    let at = |event: i64, changed: i64| {
        state(vec![
            request(0, PAGE, &answer(1, 0)),
            request(event, PIXEL, ""),
            request(30, PAGE, &answer(0, changed)),
        ])
    };
    assert_eq!(at(10, 20), (Consent::Accepted, Some(0)));
    assert_eq!(at(20, 10), (Consent::Rejected, Some(2)));
    assert_eq!(at(20, 19).0, Consent::NotRecorded);
    let gone = vec![
        request(0, PAGE, &answer(0, 0)),
        request(9, PIXEL, ""),
        request(30, PAGE, "id=1"),
    ];
    assert!(doubtful(gone));
}

#[test]
fn an_answer_that_only_a_later_request_shows_counts_if_it_is_clearly_older() {
    let later = |answered: i64| {
        state(vec![
            request(200, PIXEL, ""),
            request(210, PAGE, &answer(0, answered)),
        ])
    };
    assert_eq!(later(100), (Consent::Rejected, Some(1)));
    // Within what two clocks may differ.
    assert_eq!(later(190).0, Consent::NotRecorded);
    // Younger: an earlier answer may have been replaced, so that it is not "unanswered" either.
    assert_eq!(later(205).0, Consent::NotRecorded);
}

#[test]
fn a_consent_string_that_is_only_true_to_the_day_decides_no_hour() {
    let of_that_day = "euconsent-v2=CQgcD4AQgcD4AAKABBENBkEgAP_AAAAAAAAAAAAA";
    let entries = |cookies: &str| {
        vec![
            request(0, PAGE, ""),
            request(9, PIXEL, ""),
            request(30, PAGE, cookies),
        ]
    };
    assert!(doubtful(entries(of_that_day)));
    let before = vec![request(0, PAGE, of_that_day), request(9, PIXEL, "")];
    assert_eq!(state(before), (Consent::Accepted, Some(0)));
}

#[test]
fn without_times_the_order_of_the_entries_counts_and_no_cookie_s_time() {
    let timeless = |entries: Vec<Entry>| {
        let bare = entries.into_iter().map(|entry| Entry {
            started_at: None,
            ..entry
        });
        state(bare.collect())
    };
    let shown = vec![request(0, PAGE, &answer(0, 0)), request(9, PIXEL, "")];
    assert_eq!(timeless(shown), (Consent::Rejected, Some(0)));
    let between = vec![
        request(0, PAGE, WAITING),
        request(10, PIXEL, ""),
        request(30, PAGE, &answer(0, 20)),
    ];
    assert_eq!(timeless(between).0, Consent::NotRecorded);
}

#[test]
fn nothing_is_none_seen_only_where_something_would_have_shown() {
    let seen = |cookies: &str, more: Option<&str>, whole| {
        let mut entries = vec![request(0, PAGE, cookies), request(9, PIXEL, "")];
        entries.extend(more.map(|url| request(10, url, "")));
        verdict_of(entries, whole).consent
    };
    let yes = CookiesRecorded::Yes;
    assert_eq!(seen("id=1", None, yes), Consent::NoneSeen);
    assert_eq!(seen("", None, CookiesRecorded::No), Consent::NotRecorded);
    assert_eq!(
        seen("", None, CookiesRecorded::ProbablyRemoved),
        Consent::NotRecorded
    );
    for sign in ["cookie_consent=1", "site_gdpr=1", "TARGETING_COOKIES=true"] {
        assert_eq!(seen(sign, None, yes), Consent::NotRecorded, "{sign}");
    }
    for sign in [
        "https://app.usercentrics.eu/browser-ui/latest/loader.js",
        "https://cdn.iubenda.com/cs/iubenda_cs.js",
        "https://cdn.clinic.example/js/cookie-banner.js",
        "https://www.google.com/pagead/1p-user-list/1/?gcd=13p3p3p3p5l1",
    ] {
        assert_eq!(
            seen("id=1", Some(sign), yes),
            Consent::NotRecorded,
            "{sign}"
        );
    }
    let unset = "https://www.google.com/pagead/1p-user-list/1/?gcd=13l3l3l3l1l1";
    assert_eq!(seen("id=1", Some(unset), yes), Consent::NoneSeen);
}

#[test]
fn what_the_request_itself_hands_on_counts_without_any_cookie() {
    let pixel = |string: &str| {
        format!(
            "https://pixel.quantserve.com/pixel;r=1;a=p-SampleAccount1;url=https%3A%2F%2Fwww.clinic.example%2F;event=load;gdpr=1;gdpr_consent={string}"
        )
    };
    let of = |string: &str, cookies: &str| {
        let entries = vec![request(0, PAGE, cookies), request(9, &pixel(string), "")];
        verdict_of(entries, CookiesRecorded::Yes).consent
    };
    let all = "CQgcD4AQgcD4AAKABBENBkEgAP_AAAAAAAAAAAAA";
    assert_eq!(of(all, "id=1"), Consent::Accepted);
    // Nothing consented to is no refusal: it is so before an answer, too.
    assert_eq!(
        of("CQgcD4AQgcD4AAKABBENBkEgAAAAAAAAAAAAAAAA", "id=1"),
        Consent::NotRecorded
    );
    // Against the site's own cookie, nothing is sure.
    assert_eq!(of(all, &answer(0, 0)), Consent::NotRecorded);
    assert_eq!(of(all, &answer(1, 0)), Consent::Accepted);
}

#[test]
fn google_s_strings_are_told_and_decide_nothing() {
    let url = "https://www.google-analytics.com/g/collect?v=2&tid=G-SAMPLE0001&en=page_view&gcs=G100&gcd=13q3q3q3q5l1&dl=https%3A%2F%2Fwww.clinic.example%2F";
    let entries = vec![request(0, PAGE, "id=1"), request(9, url, "")];
    let verdict = verdict_of(entries, CookiesRecorded::Yes);
    assert_eq!(verdict.consent, Consent::NotRecorded);
    assert!(
        verdict
            .evidence
            .contains("advertising storage denied by default and by an update"),
        "{}",
        verdict.evidence
    );
}

#[test]
fn two_tools_that_differ_decide_nothing() {
    let gov = "cookies_policy={\"essential\":true,\"usage\":true}; cookies_preferences_set=true";
    let both = |other: &str| {
        let cookies = format!("{}; {other}", answer(0, 0));
        state(vec![request(0, PAGE, &cookies), request(9, PIXEL, "")]).0
    };
    assert_eq!(both(gov), Consent::NotRecorded);
    let same = "cookies_policy={\"essential\":true,\"usage\":false}; cookies_preferences_set=true";
    assert_eq!(both(same), Consent::Rejected);
    // One that cannot be read takes nothing from the other's answer, but an unanswered banner is not sure any more.
    assert_eq!(both("notice_preferences=0:"), Consent::Rejected);
    let waiting = format!("{WAITING}; notice_preferences=0:");
    let entries = vec![
        request(0, PAGE, &waiting),
        request(9, PIXEL, ""),
        request(20, PAGE, &waiting),
    ];
    assert!(doubtful(entries));
}

#[test]
fn an_answer_to_another_site_is_none() {
    let elsewhere = request(0, "https://www.other.example/", &answer(0, 0));
    assert_eq!(
        state(vec![elsewhere, request(9, PIXEL, "")]).0,
        Consent::NotRecorded
    );
}

#[test]
fn a_banner_that_came_with_a_later_page_was_not_there() {
    let mut later = request(30, PAGE, WAITING);
    let mut last = request(40, PAGE, WAITING);
    for entry in [&mut later, &mut last] {
        entry.pageref = Some("page_2".into());
    }
    let entries = vec![request(0, PAGE, "id=1"), request(9, PIXEL, ""), later, last];
    assert!(doubtful(entries));
}

#[test]
fn in_a_frame_of_another_site_nobody_knows_whose_banner_was_seen() {
    let entries = || vec![request(0, PAGE, &answer(0, 0)), request(9, PIXEL, "")];
    let yes = CookiesRecorded::Yes;
    assert_eq!(
        verdict_on_page(entries(), yes, false).consent,
        Consent::Rejected
    );
    assert_eq!(
        verdict_on_page(entries(), yes, true).consent,
        Consent::NotRecorded
    );
}

#[test]
fn a_banner_that_waits_on_another_host_of_the_site_says_nothing_of_this_one() {
    let on = |host: &str| {
        let url = format!("https://{host}/");
        let mut waiting = [request(0, &url, WAITING), request(20, &url, WAITING)];
        for entry in &mut waiting {
            entry.resource_type = Some("document".into());
        }
        let [first, last] = waiting;
        state(vec![first, request(9, PIXEL, ""), last]).0
    };
    assert_eq!(on("www.clinic.example"), Consent::BannerUnanswered);
    assert_eq!(on("shop.clinic.example"), Consent::NotRecorded);
}

#[test]
fn a_list_of_decoded_cookies_beside_the_header_is_no_second_answer() {
    let cookies = "OptanonConsent=landingPath=https%3A%2F%2Fwww.clinic.example%2F%3Fa%3D1&groups=C0001%3A1%2CC0002%3A0";
    let closed = "OptanonAlertBoxClosed=2026-03-01T10:00:00.000Z";
    let mut page = request(0, PAGE, &format!("{cookies}; {closed}"));
    let mut listed = |value: &str| {
        page.request.cookies.push("OptanonConsent", value);
    };
    listed("groups=C0001:1,C0002:0&landingPath=https://www.clinic.example/?a=1");
    let other = page.clone();
    assert!(doubtful(vec![other, request(9, PIXEL, "")]));
    let value = "landingPath=https://www.clinic.example/?a=1&groups=C0001:1,C0002:0";
    page.request.cookies = Pairs::default();
    page.request.cookies.push("OptanonConsent", value);
    assert_eq!(
        state(vec![page, request(9, PIXEL, "")]).0,
        Consent::Rejected
    );
}
