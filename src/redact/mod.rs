//! The redact room: a capture in, a capture out that can be published beside the story.
//!
//! What proves the leak stays: who was told, when, which page it was about, what the event was called, which button was
//! clicked, which parameters there were, which cookies went along. What belongs to the volunteer goes: the values of cookies
//! and tokens, identifiers, contact data, what was typed, answers, and every value that nobody says to be harmless. In its
//! place stands a placeholder of the same shape, equal for equal values, so that the result is analysed to the same events.
//!
//! The result is not the original with holes. It is written anew from what the capture room read of it: a member that this
//! program does not read cannot get into it.

mod address;
mod answer;
mod entry;
mod fate;
mod found;
mod har;
mod head;
mod placeholder;
mod removal;
mod scrub;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::capture::{Capture, Entries, RecordedPage};
use crate::disclosure::search::Search;
use crate::disclosure::{ConsentTools, Vocabulary};
use crate::exchange::{Exchange, habits_of};
use crate::tracker::{Leaf, Library};

use fate::{Fate, fate_of, names_the_event};
use found::{Found, Net};
use placeholder::stays;
use scrub::{Emails, Finder, Looks, Numbers, PathIds, TechnicalIds, Terms, Typed, replaced};

pub use placeholder::Maker;
pub use removal::{Place, Removal};

/// What goes wrong with a redaction.
#[derive(Debug, thiserror::Error)]
pub enum RedactError {
    #[error("the system gives no random numbers for a key: {0}")]
    NoRandomness(#[from] getrandom::Error),
    #[error("there are too many values to be looked for: {0}")]
    TooManyValues(#[from] aho_corasick::BuildError),
}

/// Parameters that say in a few signs what was consented to, the same for every visitor who answered alike: Google's consent
/// mode and the frameworks of the IAB.
const CONSENT_STATES: [&str; 6] = ["gcd", "gcs", "gdpr", "gpp_sid", "npa", "us_privacy"];
/// Nothing that says what was consented to is longer.
const LONGEST_STATE: usize = 1024;

/// What is known and wished before the first capture is read.
pub struct Wishes<'r> {
    pub library: &'r Library,
    pub vocabulary: &'r Vocabulary,
    pub maker: Maker,
    /// Know in which cookies the answer to a banner stands.
    pub consent_tools: &'r ConsentTools,
    /// Finds what the volunteers typed, and what looks like contact data.
    pub search: &'r Search,
    /// Leaves what was searched for on a site where it is.
    pub keeps_searches: bool,
}

/// Redacts captures, in two rounds: the first finds what is to go in all of them, the second takes it out of all of them.
pub struct Redactor<'r> {
    wishes: Wishes<'r>,
    found: Found,
    /// `None` in the first round.
    net: Option<Net>,
}

/// A capture that can be published.
#[derive(Debug)]
pub struct Redacted {
    /// In the HAR format.
    pub text: String,
    pub removals: Vec<Removal>,
}

impl<'r> Redactor<'r> {
    pub fn new(wishes: Wishes<'r>) -> Redactor<'r> {
        Redactor {
            wishes,
            found: Found::default(),
            net: None,
        }
    }

    /// The first round: finds what is to go.
    pub fn learn(&mut self, capture: &Capture) {
        let mut found = std::mem::take(&mut self.found);
        let exchanges = exchanges_of(capture);
        for exchange in exchanges.iter().flatten() {
            // Some hosts are made of a site's account.
            found.keep(&exchange.address.host);
            if exchange.is_document {
                found.page(&exchange.address);
            }
            if let Some(page) = exchange.referer() {
                found.page(&page);
            }
        }
        let mut editor = Editor::of(self);
        editor.noticed = Some(found);
        editor.capture(capture, &exchanges, &[]);
        self.found = editor.noticed.take().unwrap_or_default();
    }

    /// Between the rounds.
    ///
    /// # Errors
    /// More values than can be looked for at once.
    pub fn settle(&mut self) -> Result<(), RedactError> {
        self.net = Some(self.found.net(&self.wishes.maker)?);
        Ok(())
    }

    /// The second round: writes a capture without it. `text` is the capture's own, into which the ranges of its entries point.
    pub fn redact(&self, capture: &Capture, text: &[u8]) -> Redacted {
        let mut editor = Editor::of(self);
        let redacted = editor.capture(capture, &exchanges_of(capture), text);
        Redacted {
            text: har::written(&redacted, &editor.answers),
            removals: editor.removals,
        }
    }
}

/// The requests of a capture, entry by entry; `None`: it is no request of a page.
fn exchanges_of(capture: &Capture) -> Vec<Option<Exchange>> {
    let habits = habits_of(capture);
    let entries = capture.entries.iter();
    entries
        .map(|entry| Exchange::decode(entry, habits))
        .collect()
}

/// Goes through one capture.
struct Editor<'e, 'r> {
    redactor: &'e Redactor<'r>,
    entry: Option<usize>,
    removals: Vec<Removal>,
    /// How many addresses the value at hand stands in.
    depth: usize,
    /// In the first round: what is found.
    noticed: Option<Found>,
    /// What was searched for, as far as the request at hand tells: titles repeat it.
    terms: BTreeSet<String>,
    /// The same, by the names of the pages that told it.
    terms_of_pages: BTreeMap<String, BTreeSet<String>>,
    /// The answers that stay, by the entries' numbers.
    answers: BTreeMap<usize, String>,
}

impl<'e, 'r> Editor<'e, 'r> {
    fn of(redactor: &'e Redactor<'r>) -> Self {
        Editor {
            redactor,
            entry: None,
            depth: 0,
            removals: Vec::new(),
            noticed: None,
            terms: BTreeSet::new(),
            terms_of_pages: BTreeMap::new(),
            answers: BTreeMap::new(),
        }
    }

    fn capture(
        &mut self,
        capture: &Capture,
        exchanges: &[Option<Exchange>],
        text: &[u8],
    ) -> Capture {
        let entries: Entries = capture
            .entries
            .iter()
            .zip(exchanges)
            .map(|(entry, exchange)| {
                self.entry = Some(entry.index);
                self.entry_of(entry, exchange.as_ref(), text)
            })
            .collect();
        self.entry = None;
        let pages = capture.pages.iter().map(|page| self.page(page)).collect();
        Capture {
            pages,
            entries,
            ..capture.clone()
        }
    }

    fn page(&mut self, page: &RecordedPage) -> RecordedPage {
        self.terms = self.terms_of_pages.remove(&page.id).unwrap_or_default();
        let title = page.title.as_deref().map(|title| {
            let address = self.if_address(Place::PageTitle, title);
            address.unwrap_or_else(|| self.prose(Place::PageTitle, "title", title))
        });
        RecordedPage {
            id: self.page_name(&page.id),
            title,
            started_at: page.started_at.clone(),
        }
    }

    /// By what the table of pages and the entries call a page; some programs take its address.
    fn page_name(&mut self, name: &str) -> String {
        let address = self.if_address(Place::Note, name);
        address.unwrap_or_else(|| self.content(Place::Note, "page", name))
    }

    /// What becomes of one value of a payload; `None`: it stays.
    fn leaf(&mut self, place: Place, leaf: &Leaf) -> Option<String> {
        if leaf.value.is_empty() {
            return None;
        }
        if let (Some(found), true) = (&mut self.noticed, names_the_event(leaf)) {
            found.keep(leaf.value);
        }
        let wishes = &self.redactor.wishes;
        let fate = fate_of(leaf, wishes.vocabulary, wishes.keeps_searches);
        let (name, value) = (leaf.name, leaf.value);
        let new = match fate {
            Fate::Goes(fate::UNKNOWN) | Fate::Technical if self.is_about_consent(leaf) => {
                self.content(place, name, value)
            }
            Fate::Goes(fate::UNKNOWN) => {
                let page = self.if_known_page(place, value);
                page.unwrap_or_else(|| self.gone(place, name, value, fate::UNKNOWN))
            }
            Fate::Goes(what) => self.gone(place, name, value, what),
            Fate::Address => self.address(place, value),
            Fate::Prose => self.prose(place, name, value),
            Fate::Technical => self.without(place, name, value, &[&Emails, &TechnicalIds]),
            Fate::Stays => self.content(place, name, value),
        };
        (new != value).then_some(new)
    }

    /// Whether a parameter tells what the visitor had consented to; nothing else is in it.
    fn is_about_consent(&self, leaf: &Leaf) -> bool {
        let tools = self.redactor.wishes.consent_tools;
        let is_named_so = CONSENT_STATES.contains(&leaf.name);
        let says_so = || tools.is_sign_address(&format!("?{}={}", leaf.name, leaf.value));
        leaf.value.len() < LONGEST_STATE && (is_named_so || says_so())
    }

    /// The placeholder of a value, noted.
    fn gone(&mut self, place: Place, name: &str, value: &str, what: &str) -> String {
        if stays(value) {
            return value.to_owned();
        }
        if what == fate::SEARCH_TERM {
            self.terms.insert(value.trim().to_lowercase());
        }
        if let Some(found) = &mut self.noticed {
            found.note(value);
            return value.to_owned();
        }
        self.note(place, name, what, value.chars().count());
        self.redactor.wishes.maker.of(name, value)
    }

    fn note(&mut self, place: Place, name: &str, what: &str, length: usize) {
        // In the first round nobody reads it.
        if self.noticed.is_some() {
            return;
        }
        let shown = self.scrubbed(name, &[&Emails]);
        self.removals.push(Removal {
            entry: self.entry,
            place,
            name: shown.unwrap_or_else(|| name.to_owned()),
            what: what.to_owned(),
            length,
        });
    }

    /// What stays, but for e-mail addresses and what is known to go.
    fn content(&mut self, place: Place, name: &str, text: &str) -> String {
        self.without(place, name, text, &[&Emails])
    }

    /// Titles, buttons and the like: long numbers and what looks like contact data go too.
    fn prose(&mut self, place: Place, name: &str, text: &str) -> String {
        let looks = Looks(self.redactor.wishes.search);
        let terms = Terms(std::mem::take(&mut self.terms));
        let prose = self.without(place, name, text, &[&Emails, &Numbers, &looks, &terms]);
        self.terms = terms.0;
        prose
    }

    /// A path of an address. `is_known`: a rule knows the request, and what looks like an id may be the site's account.
    fn path(&mut self, place: Place, path: &str, is_known: bool) -> String {
        let finders: &[&dyn Finder] = match is_known {
            true => &[&Emails],
            false => &[&Emails, &PathIds],
        };
        let pieces: Vec<String> = path
            .split('/')
            .map(|piece| self.without(place, "path", piece, finders))
            .collect();
        pieces.join("/")
    }

    fn without(&mut self, place: Place, name: &str, text: &str, finders: &[&dyn Finder]) -> String {
        let found = self.found_in(name, text, finders);
        let scrubbed = replaced(text, found, &mut |hit, what| {
            Some(self.gone(place, name, hit, what))
        });
        let scrubbed = scrubbed.unwrap_or_else(|| text.to_owned());
        match self.netted(&scrubbed) {
            Some(netted) => {
                self.note(place, name, "found_elsewhere", scrubbed.chars().count());
                netted
            }
            None => scrubbed,
        }
    }

    /// The same, without a note.
    fn scrubbed(&self, text: &str, finders: &[&dyn Finder]) -> Option<String> {
        let maker = &self.redactor.wishes.maker;
        let found = self.found_in("", text, finders);
        let scrubbed = replaced(text, found, &mut |hit, _| Some(maker.of("", hit)));
        let netted = self.netted(scrubbed.as_deref().unwrap_or(text));
        netted.or(scrubbed)
    }

    fn found_in(
        &self,
        name: &str,
        text: &str,
        finders: &[&dyn Finder],
    ) -> Vec<(Range<usize>, &'static str)> {
        let typed = Typed(self.redactor.wishes.search);
        let own = finders.iter().flat_map(|finder| finder.find(name, text));
        typed.find(name, text).into_iter().chain(own).collect()
    }

    /// What passes the net of what was found in all captures; `None`: all of it.
    fn netted(&self, text: &str) -> Option<String> {
        self.redactor.net.as_ref()?.through(text)
    }

    /// A whole address or body, put together: what was typed may stand in the name of a parameter.
    fn last_look(&mut self, place: Place, text: String) -> String {
        let typed = Typed(self.redactor.wishes.search).find("", &text);
        let whole = 0..text.len();
        let literal = typed.into_iter().filter(|(range, _)| *range != whole);
        let looked = replaced(&text, literal.collect(), &mut |hit, what| {
            Some(self.gone(place, "", hit, what))
        });
        let text = looked.unwrap_or(text);
        self.netted(&text).unwrap_or(text)
    }
}

#[cfg(test)]
mod tests;
