//! Bodies that a test tool wrote to files of their own, beside the capture: Playwright names them in `postData._file`.
//!
//! They are looked for only in the archive that holds the capture, and only beside it: a capture is hostile text, and a
//! name in it must lead nowhere else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::limits::{Budget, Fault};
use crate::capture::{Body, Capture, Problem, Stage, codes};

/// What a name in a capture led to.
pub enum Attached {
    Bytes(Vec<u8>),
    Missing,
    Unreadable(Fault),
}

/// Where the files beside a capture are.
pub trait Attachments {
    /// The file of that name beside the capture.
    fn get(&mut self, name: &str, budget: &mut Budget) -> Attached;
}

/// Puts attached bodies into their requests; one that is not to be had is a problem of its entry.
pub fn resolve(
    capture: &mut Capture,
    attachments: Option<&mut dyn Attachments>,
    budget: &mut Budget,
) {
    let mut problems = Vec::new();
    let mut attachments = attachments;
    for entry in &mut capture.entries {
        let Some(body) = &mut entry.request.body else {
            continue;
        };
        let Some(name) = body.attached.clone() else {
            continue;
        };
        let outcome = match attachments.as_deref_mut() {
            Some(files) if is_plain_name(&name) => match files.get(&name, budget) {
                Attached::Bytes(bytes) => {
                    put(body, bytes);
                    continue;
                }
                Attached::Missing => "which is not in the archive".to_owned(),
                Attached::Unreadable(fault) => format!("which could not be read: {fault}"),
            },
            Some(_) => "whose name leads out of the archive".to_owned(),
            None => "which is read only where capture and files came in one archive".to_owned(),
        };
        let message = format!("the request's body is in another file, {outcome}");
        let problem = Problem::of_entry(
            entry.index,
            Stage::Capture,
            codes::ATTACHMENT_MISSING,
            message,
        );
        problems.push(problem.at(entry.range.start));
    }
    capture.problems.extend(problems);
}

fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && name != ".." && !name.contains(['/', '\\', '\0'])
}

/// Text stays text; other bytes are written as exporters write them.
fn put(body: &mut Body, bytes: Vec<u8>) {
    match String::from_utf8(bytes) {
        Ok(text) => {
            body.text = Some(text);
            body.encoding = None;
        }
        Err(error) => {
            body.text = Some(STANDARD.encode(error.as_bytes()));
            body.encoding = Some("base64".to_owned());
        }
    }
}
