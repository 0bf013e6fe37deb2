//! How sure it is: for everything that the sentence says, what it rests on, and what makes it weaker than it looks.

use super::Page;
use crate::disclosure::{Encoding, Power, Show, Vocabulary};
use crate::figures::{DEGREES, EventRecord, GivenItem, printable};

/// A name and what is to be said, in the order in which a careful reader asks.
pub(super) fn rows(
    record: &EventRecord,
    vocabulary: &Vocabulary,
    page: &Page,
) -> Vec<(&'static str, String)> {
    let event = &record.telling;
    let is_true = |holds: bool, words: &str| holds.then(|| words.to_owned());
    let rows = [
        ("counts", Some(counts(record))),
        (
            "recipient",
            is_true(
                event.via_own_host,
                "Inferred, not seen. The request went to a host that no rule names, in the tracker's form; that it was \
                 passed on cannot be seen in a capture.",
            ),
        ),
        ("the act", Some(ACT.to_owned())),
        ("read by", Some(read_by(record))),
        ("sent by", Some(sent_by(event.automatic))),
        ("site's account", account(record)),
        ("page known", Some(page_known(record, page))),
        ("sensitive", Some(sensitive(record))),
        (
            "frame",
            is_true(
                event.in_frame,
                "It came from inside a frame: perhaps the organisation did not put this tracker there.",
            ),
        ),
        ("consent", Some(consent(record))),
        ("consent told", consent_reported(record, page)),
        ("visitor", Some(visitor(record, vocabulary, page))),
        ("collected by", collected(&record.given, page)),
        ("not hashed", not_hashed(&record.given, page)),
        ("typed", typed(&record.given, page)),
        ("cookies", not_recorded_cookies(&event.cookies_recorded)),
        ("body", not_recorded_body(record, page)),
        (
            "headers",
            is_true(
                record.headers_recorded == "no",
                "Not one header of the request was recorded.",
            ),
        ),
    ];
    let said = rows.into_iter();
    said.filter_map(|(name, text)| Some((name, text?)))
        .collect()
}

const ACT: &str = "As the request reports it, at the time of the recording computer's clock. That the capture is true, nobody \
                   but its maker can say.";

fn counts(record: &EventRecord) -> String {
    if !record.repeat_of.is_empty() {
        return format!(
            "No, it is a repeat of event {}: {}. It is counted there.",
            printable(&record.repeat_of),
            repeat(&record.repeat_reason)
        );
    }
    if record.delivery != "delivered" {
        return "No, because only delivered events are counted.".to_owned();
    }
    if record.telling.tier == 0 {
        return "Yes, and not as a leak: it is about no page, click or search of tier 1 to 3."
            .to_owned();
    }
    "Yes, and as a leak: it was delivered, repeats no other event, and is of tier 1 to 3."
        .to_owned()
}

fn repeat(reason: &str) -> String {
    match reason {
        "copy_endpoint" => "the tracker told it once more at a second address".to_owned(),
        "same_event" => "it was sent again in the same capture".to_owned(),
        "redirect_hop" => "it is a step of a redirect".to_owned(),
        "service_worker" => "the page's service worker listed it again".to_owned(),
        "same_request_in_other_capture" => "the same session was exported twice".to_owned(),
        "recording_goes_on" => "it is a further piece of a screen recording".to_owned(),
        other => printable(&other.replace('_', " ")).into_owned(),
    }
}

fn read_by(record: &EventRecord) -> String {
    format!(
        "The rule {}, endpoint {}.",
        printable(&record.tracker),
        printable(&record.endpoint)
    )
}

fn sent_by(automatic: bool) -> String {
    if automatic {
        "The tracker of its own accord: it is known to send this without a call of the site."
            .to_owned()
    } else {
        "By a call of the site, as far as the rule can tell; not every rule can tell the two apart. It is no proof that the \
         site chose it."
            .to_owned()
    }
}

fn account(record: &EventRecord) -> Option<String> {
    let account = Some(printable(&record.account_id)).filter(|account| !account.is_empty())?;
    let recipient = printable(&record.telling.recipient);
    Some(format!(
        "{account}, with {recipient}. Who owns it is not in a capture."
    ))
}

fn page_known(record: &EventRecord, page: &Page) -> String {
    let mut said = match record.page_known_from.as_str() {
        "payload" => "The request itself names it.".to_owned(),
        "referer" => "By the Referer header of the request.".to_owned(),
        "initiator" => {
            "By the document that the browser recorded as the cause of the request.".to_owned()
        }
        "pageref" => "By the page under which the capture lists the request.".to_owned(),
        "" => "No. Nothing in the capture names it.".to_owned(),
        other => format!("By: {}.", printable(other)),
    };
    let conflict = page.shown(&record.telling.page_conflict, Show::Address);
    if !conflict.is_empty() {
        said += &format!(" Other evidence names a page of another site: {conflict}.");
    }
    said
}

/// The category, and by which words.
fn sensitive(record: &EventRecord) -> String {
    let event = &record.telling;
    let tier = match event.tier {
        1 => "tier 1, critical",
        2 => "tier 2, high",
        3 => "tier 3, moderate",
        _ => return "Not by the words that this program knows.".to_owned(),
    };
    let words = match event.matched_in.as_str() {
        "organisation" => {
            "no words matched, the organisation as a whole is about the topic".to_owned()
        }
        place => format!(
            "by the words “{}” in the {}",
            printable(&event.matched_text),
            printable(&place.replace('_', " "))
        ),
    };
    format!(
        "Category {}, {tier}: {words}. That is this program's judgement; read the page before you name it.",
        printable(&event.category)
    )
}

/// What the capture shows of the consent banner.
fn consent(record: &EventRecord) -> String {
    let mut said = match record.telling.consent.as_str() {
        "accepted" => "Everything had been accepted when the request was sent.".to_owned(),
        "partly_accepted" => {
            "Something, not everything, had been accepted when the request was sent.".to_owned()
        }
        "rejected" => "It had been REJECTED when the request was sent.".to_owned(),
        "banner_unanswered" => {
            "A banner was there, and had not been answered when the request was sent.".to_owned()
        }
        "none_seen" => "Nothing of a consent banner is in this capture.".to_owned(),
        "not_recorded" | "" => {
            "Not known: the capture does not decide whether the visitor had agreed to anything."
                .to_owned()
        }
        other => format!("{}.", printable(&other.replace('_', " "))),
    };
    if !record.telling.consent_evidence.is_empty() {
        said += &format!(
            " That rests on: {}.",
            printable(&record.telling.consent_evidence)
        );
    }
    if !record.consent_entry.is_empty() {
        said += &format!(
            " Entry {} of the capture shows it.",
            printable(&record.consent_entry)
        );
    }
    said
}

fn consent_reported(record: &EventRecord, page: &Page) -> Option<String> {
    let told = page.shown(&record.telling.consent_reported, Show::Content);
    (!told.is_empty()).then(|| {
        format!("The request itself reports, word for word: {told}. That is what the site says.")
    })
}

/// How far the visitor can be known, and by which items.
fn visitor(record: &EventRecord, vocabulary: &Vocabulary, page: &Page) -> String {
    let degree = record.telling.identifiability.as_str();
    let meaning = DEGREES.iter().find(|(known, _)| *known == degree);
    let meaning = meaning.map_or("", |(_, meaning)| *meaning);
    let mut said = format!("{}: {meaning}", printable(&degree.replace('_', " ")));
    let by = identifying(&record.given, degree, vocabulary, page);
    if !by.is_empty() {
        said += &format!(". Here: {}", by.join(", "));
    }
    said += ".";
    if degree == "named" {
        said += " Whose account or contact data it is, the capture does not say: somebody else may have been logged in.";
    }
    said
}

/// The items that make a degree what it is.
fn identifying(
    given: &[GivenItem],
    degree: &str,
    vocabulary: &Vocabulary,
    page: &Page,
) -> Vec<String> {
    let wanted = match degree {
        "named" => Power::Names,
        "matchable" => Power::Matches,
        "pseudonymous" => Power::Pseudonym,
        _ => return Vec::new(),
    };
    let those = given.iter().filter(|given| {
        let item = vocabulary.get(&given.item);
        let encoding = Encoding::named(&given.encoding);
        item.zip(encoding)
            .is_some_and(|(item, encoding)| item.power(encoding) == wanted)
    });
    once(those.map(|given| place(given, page)))
}

/// Who collected what, where a rule says so.
fn collected(given: &[GivenItem], page: &Page) -> Option<String> {
    let by = |who: &str| {
        let those = given.iter().filter(|one| one.collected_by == who);
        once(those.map(|one| place(one, page)))
    };
    let parts = [
        (
            "read by the tracker itself out of the page or its forms",
            by("tracker"),
        ),
        ("passed to it by the site's own code", by("site")),
    ];
    let parts = parts.into_iter().filter(|(_, items)| !items.is_empty());
    let said: Vec<String> = parts
        .map(|(how, items)| format!("{}: {how}", items.join(", ")))
        .collect();
    (!said.is_empty()).then(|| format!("{}.", said.join("; ")))
}

fn not_hashed(given: &[GivenItem], page: &Page) -> Option<String> {
    let plain = given
        .iter()
        .filter(|one| one.hash_expected && one.encoding == "plain");
    let plain = once(plain.map(|one| place(one, page)));
    (!plain.is_empty()).then(|| {
        format!(
            "{}: sent in plain text where the recipient asks for a hash.",
            plain.join(", ")
        )
    })
}

/// What is a persona's, which somebody wrote down as typed.
fn typed(given: &[GivenItem], page: &Page) -> Option<String> {
    let of_personas = given.iter().filter(|one| !one.matches_persona.is_empty());
    let told = of_personas.map(|one| {
        let (persona, chain) = (printable(&one.matches_persona), printable(&one.chain));
        format!("{}: {chain}, of the persona {persona}", place(one, page))
    });
    let told = once(told);
    (!told.is_empty()).then(|| format!("{}.", told.join("; ")))
}

fn not_recorded_cookies(recorded: &str) -> Option<String> {
    let why = match recorded {
        "yes" => return None,
        "probably_removed" => "Not recorded, probably taken out by the export",
        _ => "Not recorded",
    };
    Some(format!(
        "{why}: that no cookie is here does not say that none was sent. An account may have gone along unseen."
    ))
}

fn not_recorded_body(record: &EventRecord, page: &Page) -> Option<String> {
    let why = page.shown(&record.body_evidence, Show::Content);
    match record.body_recorded.as_str() {
        "no" => Some(format!(
            "Not recorded ({why}): more may have been sent than is here."
        )),
        "lossy" => Some(format!(
            "Damaged when it was exported ({why}): it is not quite what was sent."
        )),
        _ => None,
    }
}

/// An item and the parameter in which it stood: `email (ud[em])`.
fn place(given: &GivenItem, page: &Page) -> String {
    let kind = if given.location == "cookie" {
        "cookie "
    } else {
        ""
    };
    format!(
        "{} ({kind}{})",
        given.item.replace('_', " "),
        page.shown(&given.parameter, Show::Content)
    )
}

fn once(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for text in texts {
        if !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::Reveal;

    const PAGE: Page = Page {
        reveal: Reveal::No,
        width: None,
    };

    fn given(item: &str, parameter: &str, encoding: &str) -> GivenItem {
        GivenItem {
            item: item.to_owned(),
            parameter: parameter.to_owned(),
            location: "query".to_owned(),
            encoding: encoding.to_owned(),
            ..GivenItem::default()
        }
    }

    #[test]
    fn what_makes_the_visitor_known_is_named_and_nothing_else() {
        let vocabulary = Vocabulary::built_in().unwrap();
        let items = [
            given("page_address", "dl", "plain"),
            given("email", "udff[em]", "sha256"),
            given("browser_id", "fbp", "plain"),
            given("email", "cudff[em]", "mask"),
        ];
        let by = |degree| identifying(&items, degree, &vocabulary, &PAGE);
        assert_eq!(by("matchable"), ["email (udff[em])"]);
        assert_eq!(by("pseudonymous"), ["browser id (fbp)"]);
        assert!(by("named").is_empty() && by("not_recorded").is_empty());
    }

    #[test]
    fn a_repeat_names_its_original_and_a_blocked_event_counts_nowhere() {
        let mut record = EventRecord {
            delivery: "delivered".to_owned(),
            ..EventRecord::default()
        };
        assert!(counts(&record).starts_with("Yes, and not as a leak"));
        record.telling.tier = 1;
        assert!(counts(&record).starts_with("Yes, and as a leak"));
        record.delivery = "blocked".to_owned();
        assert!(counts(&record).starts_with("No, because only delivered"));
        record.repeat_of = "a-1-0".to_owned();
        record.repeat_reason = "redirect_hop".to_owned();
        assert!(counts(&record).contains("a-1-0: it is a step of a redirect"));
    }

    #[test]
    fn who_collected_what_is_said_where_a_rule_says_it() {
        let mut email = given("email", "udff[em]", "sha256");
        assert_eq!(collected(std::slice::from_ref(&email), &PAGE), None);
        email.collected_by = "tracker".to_owned();
        let said = collected(&[email], &PAGE).unwrap();
        assert_eq!(
            said,
            "email (udff[em]): read by the tracker itself out of the page or its forms."
        );
    }
}
