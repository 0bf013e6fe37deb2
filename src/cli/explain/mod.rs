//! `pixelhound explain`: one event for a reporter and a lawyer. What happened and how sure that is, from the dataset; every
//! parameter with its meaning, and the request as it stands in the capture, from the capture, if it is still the file that
//! was analysed.

mod certainty;
mod proof;
mod request;
mod sentence;

use std::path::Path;

use anyhow::Result;

use super::arguments::EventArguments;
use super::evidence::{Evidence, request_again};
use super::exit_code::Outcome;
use super::output::{heading, print, prose_width, wrapped};
use super::parameters;
use crate::disclosure::{Reveal, Show, Vocabulary, shown};
use crate::exchange::Exchange;
use crate::figures::{CapturePlace, EventRecord, Tables, printable};
use crate::tracker::{Decoding, Event};
use proof::Proof;

pub fn run(arguments: &EventArguments) -> Result<Outcome> {
    let record = EventRecord::of(&Tables::open(&arguments.dataset)?, &arguments.event)?;
    let page = Page {
        reveal: arguments.reveal.into(),
        width: prose_width(),
    };
    let vocabulary = Vocabulary::built_in()?;
    print(&page.told(&record, &vocabulary))?;
    let checked = match check(&arguments.dataset, &record) {
        Ok(checked) => checked,
        Err(obstacles) => {
            print(&page.unchecked(&obstacles))?;
            return Ok(Outcome::Different);
        }
    };
    let event = checked.event(&record);
    print(&page.parameters(&checked, event, &vocabulary))?;
    print(&request::section(&checked, &vocabulary, page.reveal))?;
    print(&proof::section(&checked, &page))?;
    Ok(event.map_or(Outcome::Different, |_| Outcome::Clean))
}

/// Goes back to the capture.
///
/// # Errors
/// Everything that stood in the way.
fn check(dataset: &Path, record: &EventRecord) -> Result<Checked, Vec<String>> {
    let evidence = Evidence::open(dataset).map_err(|error| vec![format!("{error:#}")])?;
    let rules = evidence.record.request.rules();
    let knowledge = rules.as_ref().ok();
    let mut found = None;
    let place = evidence.read(&record.captures, &mut |capture, text| {
        let request = request_again(capture, record.entry_index, knowledge);
        found = request.zip(Proof::of(capture, text, record.entry_index));
    });
    let place = place.map_err(|obstacles| -> Vec<String> {
        obstacles.iter().map(ToString::to_string).collect()
    })?;
    let gone = || {
        vec![format!(
            "entry {} is not found in the capture",
            record.entry_index
        )]
    };
    let ((exchange, decoding), proof) = found.ok_or_else(gone)?;
    Ok(Checked {
        doubt: match &rules {
            Err(fault) => Some(format!(
                "The rules of the analysis cannot be loaded: {fault}"
            )),
            Ok(rules) if evidence.record.has_rules_of(rules) => None,
            Ok(_) => Some(RULES_CHANGED.to_owned()),
        },
        proof,
        path: evidence.path_for_typing(place),
        place: place.clone(),
        exchange,
        decoding,
    })
}

const RULES_CHANGED: &str = "The rules are not those of the analysis: what is said here of a parameter may not be what was counted.";

/// What the capture says, which is the one that was analysed.
struct Checked {
    proof: Proof,
    place: CapturePlace,
    /// The file, for somebody who types it.
    path: String,
    exchange: Exchange,
    decoding: Option<Decoding>,
    /// Why the rules may say something else than they did.
    doubt: Option<String>,
}

impl Checked {
    /// The event of the record, if the rules still find it there.
    fn event(&self, record: &EventRecord) -> Option<&Event> {
        let decoding = self.decoding.as_ref()?;
        let mut events = decoding.events.iter();
        let event = events.find(|event| event.number as u64 == record.number)?;
        (event.rule.name == record.tracker).then_some(event)
    }
}

/// How an event is written.
struct Page {
    reveal: Reveal,
    width: Option<usize>,
}

impl Page {
    /// Everything that the dataset says.
    fn told(&self, record: &EventRecord, vocabulary: &Vocabulary) -> String {
        let mut text = format!("Event {}\n\n", record.telling.event_id);
        text += &self.prose(&sentence::what_happened(record, self));
        text += &self.prose(&sentence::what_was_told(record));
        text += &format!("{}\n", heading("How sure this is"));
        for (name, said) in certainty::rows(record, vocabulary, self) {
            text += &self.row(name, &said);
        }
        text
    }

    /// Every parameter of the event; where it cannot be told, why.
    fn parameters(
        &self,
        checked: &Checked,
        event: Option<&Event>,
        vocabulary: &Vocabulary,
    ) -> String {
        let title = heading("Every parameter and cookie, and who says what it means");
        let mut text = format!("{title}\n");
        match event {
            Some(event) => {
                text += &parameters::lines(event, vocabulary, self.reveal, self.width);
            }
            None => text += &self.prose("The rules that are in force now do not read this event."),
        }
        if let Some(doubt) = &checked.doubt {
            text += &self.prose(&printable(doubt));
        }
        text
    }

    /// The end, where the capture could not be checked.
    fn unchecked(&self, obstacles: &[String]) -> String {
        let mut text = format!("{}\n", heading("The capture could not be checked"));
        for obstacle in obstacles {
            text += &self.prose(&format!("{}.", printable(obstacle)));
        }
        text += &self.prose(
            "All of the above is from the dataset alone. Without the capture nobody can see that the request says so.",
        );
        text
    }

    fn prose(&self, text: &str) -> String {
        format!("{}\n", wrapped(text, 0, self.width))
    }

    /// A name, and behind it a text that is broken beside it.
    fn row(&self, name: &str, text: &str) -> String {
        const BESIDE: usize = 18;
        format!("  {name:<14}  {}\n", wrapped(text, BESIDE, self.width))
    }

    /// A text of the dataset as it may be shown: the dataset itself may have been made with --reveal.
    fn shown(&self, text: &str, show: Show) -> String {
        printable(&shown(text, show, self.reveal)).into_owned()
    }
}
