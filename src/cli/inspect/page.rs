//! One capture on one page. Nothing on it comes out of the requests: no address, no value.

use std::fmt::Write;

use super::advice;
use crate::capture::{Capture, Problem, ProducerKnownFrom, State};
use crate::exchange::{CookiesRecorded, Delivery};
use crate::figures::printable;
use crate::pipeline::Recorded;

/// Problems, and entries in a list, that are written out; behind them stands how many more there are.
const MOST: usize = 20;

/// The page, with an empty line at its end.
pub fn of(capture: &Capture, recorded: &Recorded) -> String {
    let mut page = Page {
        text: format!("{}\n", printable(&capture.place())),
    };
    page.row("what it is", &what_it_is(capture, recorded));
    page.row("size, SHA-256", &size_and_hash(capture));
    if recorded.entries_read > 0 {
        page.row("made by", &made_by(capture));
        page.row("recorded", &recorded_when(recorded));
        page.row("requests", &requests(recorded));
        page.row("cookies", &cookies(recorded));
        page.row("bodies", &bodies(recorded));
        page.row("headers", &headers(recorded));
    }
    page.list("problems", &problems(&capture.problems));
    page.list("to do better", &advice::of(capture, recorded));
    page.text.push('\n');
    page.text
}

struct Page {
    text: String,
}

impl Page {
    fn row(&mut self, name: &str, value: &str) {
        // Writing to a text cannot fail.
        let _ = writeln!(self.text, "  {name:<14} {value}");
    }

    fn list(&mut self, name: &str, lines: &[String]) {
        for (number, line) in lines.iter().enumerate() {
            self.row(if number == 0 { name } else { "" }, line);
        }
    }
}

fn what_it_is(capture: &Capture, recorded: &Recorded) -> String {
    let read = recorded.entries_read;
    match capture.state {
        State::Unreadable => "could not be read".to_owned(),
        State::Salvaged if capture.entries_found == 0 => {
            "an archive of which not all could be read".to_owned()
        }
        State::Salvaged => format!(
            "a capture (HAR), damaged: {read} of {} entries could be read",
            capture.entries_found
        ),
        State::Read | State::Duplicate => format!("a capture (HAR) of {}", entries(read)),
    }
}

fn size_and_hash(capture: &Capture) -> String {
    if capture.sha256.is_empty() {
        return "not known: its bytes could not be had".to_owned();
    }
    format!("{} bytes, {}", capture.bytes, capture.sha256)
}

fn made_by(capture: &Capture) -> String {
    let Some(name) = &capture.producer else {
        let browser = capture.browser.as_deref().map(printable);
        return match browser {
            Some(browser) => format!("it does not say; the browser was {browser}"),
            None => "it does not say".to_owned(),
        };
    };
    let version = capture.producer_version.as_deref().unwrap_or_default();
    let mut text = format!("{} {}", printable(name), printable(version))
        .trim_end()
        .to_owned();
    let known = capture
        .known_producer()
        .map(|producer| producer.name.as_str());
    match (capture.producer_known_from, known) {
        (Some(ProducerKnownFrom::Guessed), _) => text += " (guessed from what it holds)",
        (_, Some(known)) if !known.eq_ignore_ascii_case(name) => {
            let _ = write!(text, " ({known})");
        }
        (_, None) => text += " (a program that is not known here)",
        _ => {}
    }
    if let Some(browser) = &capture.browser {
        let _ = write!(text, ", browser {}", printable(browser));
    }
    text
}

fn recorded_when(recorded: &Recorded) -> String {
    match (&recorded.first_request_at, &recorded.last_request_at) {
        (Some(first), Some(last)) => format!("from {first} to {last} (UTC)"),
        _ => "it does not say when".to_owned(),
    }
}

fn requests(recorded: &Recorded) -> String {
    let words = recorded.deliveries.iter().map(|(delivery, count)| {
        let word = match delivery {
            Delivery::Delivered => "answered",
            Delivery::NoAnswer => "sent, without an answer",
            Delivery::Blocked => "stopped before they were sent",
            Delivery::Cached => "answered from the cache",
            Delivery::InternalRedirect => "redirected inside the browser",
            Delivery::Unknown => "of which it does not show whether they were sent",
        };
        format!("{count} {word}")
    });
    let not_http = (recorded.entries_not_http > 0).then(|| {
        format!(
            "{} that are no requests of a page",
            recorded.entries_not_http
        )
    });
    words.chain(not_http).collect::<Vec<_>>().join("; ")
}

fn cookies(recorded: &Recorded) -> String {
    let word = match recorded.cookies.recorded {
        CookiesRecorded::Yes => "recorded",
        CookiesRecorded::No => "NOT recorded",
        CookiesRecorded::ProbablyRemoved => "NOT recorded, probably taken out by the export",
    };
    format!("{word}: {}", recorded.cookies)
}

fn bodies(recorded: &Recorded) -> String {
    let missing = &recorded.bodies_missing;
    if missing.is_empty() {
        return "recorded, where there were any".to_owned();
    }
    let each = missing
        .iter()
        .map(|(entry, why)| format!("entry {entry} ({})", printable(&why.to_string())));
    format!(
        "{} MISSING: {}",
        missing.len(),
        first_of(each, missing.len())
    )
}

fn headers(recorded: &Recorded) -> String {
    let missing = &recorded.headers_missing;
    if missing.is_empty() {
        return "recorded".to_owned();
    }
    let each = missing.iter().map(|entry| format!("entry {entry}"));
    let shown = first_of(each, missing.len());
    format!("{} requests without any: {shown}", missing.len())
}

fn problems(problems: &[Problem]) -> Vec<String> {
    let mut lines: Vec<String> = problems.iter().take(MOST).map(problem_line).collect();
    if lines.is_empty() {
        lines.push("none".to_owned());
    }
    if problems.len() > MOST {
        lines.push(format!("and {} more", problems.len() - MOST));
    }
    lines
}

fn problem_line(problem: &Problem) -> String {
    let entry = problem.entry_index.map(|entry| format!("entry {entry}"));
    let byte = problem.at.map(|byte| format!("byte {byte}"));
    let places: Vec<String> = entry.into_iter().chain(byte).collect();
    let place = match places.join(", ") {
        place if place.is_empty() => place,
        place => format!("{place}: "),
    };
    format!("{place}{}: {}", problem.code, printable(&problem.message))
}

/// The first of many, and how many more there are.
fn first_of(each: impl Iterator<Item = String>, count: usize) -> String {
    let mut shown: Vec<String> = each.take(MOST).collect();
    if count > MOST {
        shown.push(format!("and {} more", count - MOST));
    }
    shown.join(", ")
}

fn entries(count: usize) -> String {
    if count == 1 {
        "1 entry".to_owned()
    } else {
        format!("{count} entries")
    }
}
