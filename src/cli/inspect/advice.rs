//! How to get a better capture: by what is missing in this one, and by the program that wrote it.

use crate::capture::{Capture, codes};
use crate::exchange::CookiesRecorded;
use crate::pipeline::Recorded;

/// What to do about one kind of problem.
const BY_PROBLEM: &[(&[&str], &str)] = &[
    (
        &[codes::TRUNCATED, codes::DAMAGED_ARCHIVE],
        "The file is cut off. Save or send it once more, and wait until that has ended.",
    ),
    (
        &[
            codes::DAMAGED_TEXT,
            codes::DAMAGED_ENTRY,
            codes::DAMAGED_MEMBER,
            codes::REPAIRED_TEXT,
        ],
        "The text is damaged. Send the file as it was exported, not opened and saved in an editor.",
    ),
    (
        &[
            codes::NOT_A_CAPTURE,
            codes::EMPTY_FILE,
            codes::NO_CAPTURE_INSIDE,
        ],
        "This is no capture. Export one from the browser's Network panel (Save all as HAR).",
    ),
    (
        &[codes::ENCRYPTED],
        "It needs a password. Send it without one, by a safe way.",
    ),
    (
        &[codes::COMPRESSED, codes::NESTED_TOO_DEEP],
        "Unpack it, and send the captures themselves or as one zip.",
    ),
    (
        &[codes::ATTACHMENT_MISSING],
        "Bodies are in files of their own. Send the whole folder as one zip, or record with embedded content.",
    ),
    (
        &[codes::TRANSCODED_UTF16],
        "The file was saved again in another encoding. Send it as it was exported.",
    ),
];

/// The advice, line by line; nothing where nothing is missing.
pub fn of(capture: &Capture, recorded: &Recorded) -> Vec<String> {
    let mut lines: Vec<String> = BY_PROBLEM
        .iter()
        .filter(|(codes, _)| {
            capture
                .problems
                .iter()
                .any(|problem| codes.contains(&problem.code))
        })
        .map(|(_, advice)| (*advice).to_owned())
        .collect();
    if recorded.entries_read > 0 && lacks_something(recorded) {
        lines.extend(by_producer(capture, recorded));
    }
    lines
}

fn lacks_something(recorded: &Recorded) -> bool {
    recorded.cookies.recorded != CookiesRecorded::Yes
        || !recorded.bodies_missing.is_empty()
        || !recorded.headers_missing.is_empty()
}

fn by_producer(capture: &Capture, recorded: &Recorded) -> Vec<String> {
    let Some(producer) = capture.known_producer() else {
        return vec![
            "The program that wrote it is not known here. Where cookies and bodies matter, export from the browser's own Network panel."
                .to_owned(),
        ];
    };
    let mut lines = Vec::new();
    if recorded.cookies.recorded != CookiesRecorded::Yes {
        lines.push(format!("{}, cookies: {}", producer.name, producer.cookies));
    }
    if !recorded.bodies_missing.is_empty() {
        lines.push(format!("{}, bodies: {}", producer.name, producer.bodies));
    }
    let steps = producer.advice.iter().zip(1..);
    lines.extend(steps.map(|(step, number)| format!("{number}. {step}")));
    lines
}
