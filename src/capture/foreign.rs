//! Says what a file is that is no capture, so that a volunteer or reporter knows what went wrong.

use memchr::memmem;

use super::codes;

/// Why a file is not read: a code and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    pub code: &'static str,
    pub message: String,
}

impl Foreign {
    fn looks_like(what: &str) -> Self {
        Foreign {
            code: codes::NOT_A_CAPTURE,
            message: format!("not a capture: looks like {what}"),
        }
    }

    fn compressed(what: &str) -> Self {
        let message = format!("{what}: this kind of archive is not read; unpack it first");
        Foreign {
            code: codes::COMPRESSED,
            message,
        }
    }
}

/// Formats that begin with bytes of their own, archives that are not opened: where, which, what.
const COMPRESSED: &[(usize, &[u8], &str)] = &[
    (0, b"\xFD7zXZ\x00", "xz"),
    (0, b"BZh", "bzip2"),
    (0, b"7z\xBC\xAF\x27\x1C", "7-Zip"),
    (0, b"Rar!\x1A\x07", "RAR"),
];

/// The others.
const OTHERS: &[(usize, &[u8], &str)] = &[
    (
        0,
        b"\xD4\xC3\xB2\xA1",
        "a packet capture (pcap), which holds no readable requests",
    ),
    (
        0,
        b"\xA1\xB2\xC3\xD4",
        "a packet capture (pcap), which holds no readable requests",
    ),
    (
        0,
        b"\x4D\x3C\xB2\xA1",
        "a packet capture (pcap), which holds no readable requests",
    ),
    (
        0,
        b"\xA1\xB2\x3C\x4D",
        "a packet capture (pcap), which holds no readable requests",
    ),
    (
        0,
        b"\x0A\x0D\x0D\x0A",
        "a packet capture (pcapng), which holds no readable requests",
    ),
    (0, b"WARC/", "a web archive (WARC)"),
    (0, b"\x89PNG", "a picture (PNG)"),
    (0, b"\xFF\xD8\xFF", "a picture (JPEG)"),
    (0, b"GIF8", "a picture (GIF)"),
    (0, b"%PDF", "a PDF document"),
    (0, b"SQLite format 3\0", "an SQLite database"),
];

/// Names a file by its bytes as received. `content` is its text without mark and blanks.
pub fn of_bytes(bytes: &[u8], content: &[u8]) -> Foreign {
    if content.is_empty() {
        let message = if bytes.is_empty() {
            "the file is empty"
        } else {
            "the file holds nothing but blanks"
        };
        return Foreign {
            code: codes::EMPTY_FILE,
            message: message.to_owned(),
        };
    }
    let begins = |(at, magic, _): &&(usize, &[u8], &str)| {
        bytes.get(*at..).is_some_and(|rest| rest.starts_with(magic))
    };
    if let Some((_, _, what)) = COMPRESSED.iter().find(begins) {
        return Foreign::compressed(what);
    }
    match OTHERS.iter().find(begins) {
        Some((_, _, what)) => Foreign::looks_like(what),
        None => Foreign::looks_like(of_text(content)),
    }
}

fn of_text(content: &[u8]) -> &'static str {
    let head = content
        .get(..content.len().min(1024))
        .unwrap_or_default()
        .to_ascii_lowercase();
    if head.starts_with(b"<!doctype html") || memmem::find(&head, b"<html").is_some() {
        "an HTML page (perhaps a login page saved instead of the export)"
    } else if head.starts_with(b"<") {
        "an XML document"
    } else if head.utf8_chunks().any(|chunk| !chunk.invalid().is_empty()) || head.contains(&0) {
        "binary data of a kind that is not known here"
    } else {
        "plain text"
    }
}

/// Names JSON in which no list of entries was found.
pub fn of_json(content: &[u8]) -> Foreign {
    let holds = |key: &str| memmem::find(content, key.as_bytes()).is_some();
    if holds("\"constants\"") && holds("\"events\"") {
        Foreign::looks_like("a NetLog export (chrome://net-export), not a HAR export")
    } else if holds("\"protocolVersion\"") && holds("\"host\"") && holds("\"path\"") {
        Foreign::looks_like("a Charles session (.chlsj); export it as HAR instead")
    } else {
        Foreign::looks_like("JSON without a list of entries")
    }
}

/// Names JSON with a list of entries in which nothing is a request.
pub fn of_other_entries() -> Foreign {
    Foreign::looks_like("JSON with entries that are no requests")
}
