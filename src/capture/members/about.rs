//! What a capture says about itself: `creator`, `browser` and `pages`. Where several captures stand in one file,
//! the first one speaks for all, and their pages are put together.

use std::ops::Range;

use crate::capture::entry::RecordedPage;
use crate::capture::lenient::{self, Fields, Json, Notes};
use crate::capture::{Capture, Problem, codes};

/// The name of a page in a file: every capture has a `page_1`, and several captures may stand in one file.
pub fn page_id(capture: usize, id: &str) -> String {
    match capture {
        0 => id.to_owned(),
        _ => format!("{id} of capture {}", capture + 1),
    }
}

/// Gathers the members of `log` that stand beside `entries`.
#[derive(Debug, Default)]
pub struct About {
    producer: Option<String>,
    producer_version: Option<String>,
    browser: Option<String>,
    pages: Vec<RecordedPage>,
    notes: Notes,
}

impl About {
    /// Reads one of them, of the capture of that number in the file.
    pub fn read(&mut self, bytes: &[u8], capture: usize, key: &str, value: Range<usize>) {
        let text = bytes.get(value).unwrap_or_default();
        let Some(value) = lenient::parse(text, &mut self.notes.repairs) else {
            self.notes.add(
                codes::DAMAGED_MEMBER,
                format!("`log.{key}` could not be read; it was left out"),
            );
            return;
        };
        match key {
            "creator" => self.read_creator(value),
            "browser" => self.read_browser(value),
            _ => self.read_pages(capture, value),
        }
    }

    /// Hands over what was said to the capture.
    pub fn tell(self, capture: &mut Capture) {
        capture.producer = self.producer;
        capture.producer_version = self.producer_version;
        capture.browser = self.browser;
        capture.pages = self.pages;
        let problems: Vec<Problem> = self.notes.finish();
        capture.problems.extend(problems);
    }

    fn read_creator(&mut self, value: Json) {
        if self.producer.is_none() {
            (self.producer, self.producer_version) = self.name_and_version("log.creator", value);
        }
    }

    fn read_browser(&mut self, value: Json) {
        let (name, version) = self.name_and_version("log.browser", value);
        let words: Vec<String> = name
            .into_iter()
            .chain(version)
            .filter(|word| !word.is_empty())
            .collect();
        if self.browser.is_none() && !words.is_empty() {
            self.browser = Some(words.join(" "));
        }
    }

    fn name_and_version(
        &mut self,
        place: &'static str,
        value: Json,
    ) -> (Option<String>, Option<String>) {
        match value {
            Json::Object(members) => {
                let mut fields = Fields::new(place, members);
                (
                    fields.text("name", &mut self.notes),
                    fields.text("version", &mut self.notes),
                )
            }
            Json::Text(name) => (Some(self.notes.cut(place, name.into_owned())), None),
            Json::Null => (None, None),
            _ => {
                self.notes.wrong_type(place, "an object");
                (None, None)
            }
        }
    }

    fn read_pages(&mut self, capture: usize, value: Json) {
        match value {
            Json::List(pages) => {
                for page in pages {
                    self.read_page(capture, page);
                }
            }
            Json::Null => {}
            _ => self.notes.wrong_type("log.pages", "a list"),
        }
    }

    fn read_page(&mut self, capture: usize, page: Json) {
        let Json::Object(members) = page else {
            self.notes.wrong_type("log.pages[]", "an object");
            return;
        };
        let mut fields = Fields::new("log.pages[]", members);
        self.pages.push(RecordedPage {
            id: page_id(
                capture,
                &fields.text("id", &mut self.notes).unwrap_or_default(),
            ),
            title: fields.text("title", &mut self.notes),
            started_at: fields.text("startedDateTime", &mut self.notes),
        });
    }
}
