//! Puts a capture together from its bytes: the scanner finds, the members are read, the state is judged.

use rayon::prelude::*;

use super::foreign::{self, Foreign};
use super::identify::{Extensions, identify};
use super::members::{About, page_id, read_entry};
use super::scanner::{FoundEntry, MAX_DEPTH, Outcome, Piece, scan};
use super::text::{self, Text};
use super::{Capture, Entry, Problem, Stage, State, codes};

/// Entries that are held back to be read side by side, and as many as are worth a core of their own.
const BATCH: usize = 512;
const SHARE: usize = 64;

/// From this size on the entries of a capture are read side by side, and it is hashed meanwhile. Smaller ones come in numbers
/// and keep every core busy by themselves, and an entry is read quickest while it is still in the processor's cache.
pub const SIDE_BY_SIDE_FROM: usize = 32 << 20;

/// Fills in everything about a capture that comes from its text, and hands the text back.
pub fn fill<'b>(capture: &mut Capture, bytes: &'b [u8]) -> Text<'b> {
    let text = text::open(bytes);
    if text.is_json_like() {
        fill_from_json(capture, &text);
    } else {
        refuse(capture, foreign::of_bytes(bytes, text.content()));
    }
    text
}

fn fill_from_json(capture: &mut Capture, text: &Text) {
    if text.transcoded {
        let message = "the file is UTF-16; byte positions refer to its text in UTF-8";
        capture.problems.push(Problem::of_file(
            Stage::Capture,
            codes::TRANSCODED_UTF16,
            message,
        ));
    }
    let is_large = text.bytes.len() >= SIDE_BY_SIDE_FROM && rayon::current_num_threads() > 1;
    let mut assembly = Assembly {
        bytes: &text.bytes,
        batch: if is_large { BATCH } else { 1 },
        about: About::default(),
        extensions: Extensions::default(),
        capture,
        requests: 0,
        waiting: Vec::new(),
    };
    let outcome = scan(&text.bytes, text.start, &mut |piece| assembly.add(piece));
    assembly.read_waiting();
    let Assembly {
        about,
        extensions,
        requests,
        ..
    } = assembly;
    about.tell(capture);
    identify(capture, &extensions);
    note_outcome(capture, &outcome);
    capture.entries_found = outcome.entries_found;
    capture.state = state(capture);
    refuse_other_json(capture, text, &outcome, requests);
}

/// Collects what the scanner hands over.
struct Assembly<'t, 'c> {
    bytes: &'t [u8],
    /// As many entries are read at once.
    batch: usize,
    about: About,
    extensions: Extensions,
    capture: &'c mut Capture,
    /// Entries with a member `request`, usable or not.
    requests: usize,
    /// Entries found and not yet read.
    waiting: Vec<FoundEntry<'t>>,
}

impl<'t> Assembly<'t, '_> {
    fn add(&mut self, piece: Piece<'t>) {
        match piece {
            Piece::Entry(found) => {
                self.waiting.push(found);
                if self.waiting.len() == self.batch {
                    self.read_waiting();
                }
            }
            Piece::Damaged { index, at } => {
                self.read_waiting();
                let message = format!("the entry is damaged at byte {at}; it was left out");
                self.add_problem(index, at, codes::DAMAGED_ENTRY, message);
            }
            Piece::About {
                capture,
                key,
                value,
            } => self.about.read(self.bytes, capture, key, value),
        }
    }

    /// Reads what was found, side by side, and adds it in the order of the file.
    fn read_waiting(&mut self) {
        let mut found = std::mem::take(&mut self.waiting);
        let read = |found: &mut FoundEntry| read_entry(self.bytes, found.index, &mut found.object);
        if let [alone] = &mut *found {
            let (entry, problems) = read(alone);
            self.add_entry(alone, entry, problems);
        } else {
            let read: Vec<_> = found.par_iter_mut().with_min_len(SHARE).map(read).collect();
            for (found, (entry, problems)) in found.iter().zip(read) {
                self.add_entry(found, entry, problems);
            }
        }
        // The room is kept.
        found.clear();
        self.waiting = found;
    }

    fn add_entry(&mut self, found: &FoundEntry, mut entry: Option<Entry>, problems: Vec<Problem>) {
        let FoundEntry {
            index,
            capture,
            ref object,
            too_deep,
        } = *found;
        if too_deep {
            let message = format!("values are nested more than {MAX_DEPTH} deep");
            self.add_problem(index, object.range.start, codes::TOO_DEEP, message);
        }
        self.requests += usize::from(object.last("request").is_some());
        self.extensions.note(object);
        if let Some(pageref) = entry.as_mut().and_then(|entry| entry.pageref.as_mut()) {
            *pageref = page_id(capture, pageref);
        }
        self.capture.entries.extend(entry);
        let placed = problems
            .into_iter()
            .map(|problem| problem.at(object.range.start));
        self.capture.problems.extend(placed);
    }

    fn add_problem(&mut self, index: usize, at: usize, code: &'static str, message: String) {
        let problem = Problem::of_entry(index, Stage::Capture, code, message);
        self.capture.problems.push(problem.at(at));
    }
}

/// Turns what the scanner knows at the end into problems of the file.
fn note_outcome(capture: &mut Capture, outcome: &Outcome) {
    let kept = capture.entries.len();
    let mut note = |code, at: Option<usize>, message| {
        let problem = Problem::of_file(Stage::Capture, code, message);
        capture.problems.push(Problem { at, ..problem });
    };
    if let Some(at) = outcome.damaged_at {
        note(
            codes::DAMAGED_TEXT,
            Some(at),
            format!("the text is damaged at byte {at}; {kept} entries could be read"),
        );
    }
    if let Some(at) = outcome.truncated_at {
        note(
            codes::TRUNCATED,
            Some(at),
            format!("the file ends in the middle, at byte {at}; {kept} entries were kept"),
        );
    }
    if outcome.trailing > 0 {
        note(
            codes::TRAILING_BYTES,
            Some(outcome.end.saturating_sub(outcome.trailing)),
            format!(
                "{} bytes behind the capture belong to nothing",
                outcome.trailing
            ),
        );
    }
    if outcome.lists > 1 {
        let message = format!(
            "the file holds {} lists of entries; all were read, numbered through",
            outcome.lists
        );
        note(codes::SEVERAL_CAPTURES, None, message);
    }
}

/// An empty list of entries is a capture wholly read; one of which no entry could be used is not read at all.
fn state(capture: &Capture) -> State {
    let lossy = capture
        .problems
        .iter()
        .any(|problem| codes::LOSSES.contains(&problem.code));
    match (lossy, capture.entries.is_empty()) {
        (false, _) => State::Read,
        (true, false) => State::Salvaged,
        (true, true) => State::Unreadable,
    }
}

/// JSON of another kind has no list of entries, or one of something else than requests.
fn refuse_other_json(capture: &mut Capture, text: &Text, outcome: &Outcome, requests: usize) {
    let is_whole = outcome.truncated_at.is_none() && outcome.damaged_at.is_none();
    if outcome.lists == 0 {
        refuse(capture, foreign::of_json(text.content()));
    } else if is_whole && outcome.entries_found > 0 && requests == 0 {
        // What is wrong with each of them as an entry says nothing.
        capture
            .problems
            .retain(|problem| problem.entry_index.is_none());
        capture.entries_found = 0;
        refuse(capture, foreign::of_other_entries());
    }
}

fn refuse(capture: &mut Capture, foreign: Foreign) {
    capture.state = State::Unreadable;
    capture.problems.push(Problem::of_file(
        Stage::Input,
        foreign.code,
        foreign.message,
    ));
}
