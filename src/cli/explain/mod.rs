//! `pixelhound explain`: one event for a reporter and a lawyer. What happened and how sure that is, from the dataset; every
//! parameter with its meaning, and the request as it stands in the capture, from the capture, if it is still the file that
//! was analysed.

mod certainty;
mod proof;
mod request;
mod sentence;

use anyhow::Result;

use super::arguments::EventArguments;
use super::evidence::{Evidence, request_again};
use super::exit_code::Outcome;
use super::output::{heading, print, prose_width, wrapped};
use super::parameters;
use crate::capture::Capture;
use crate::disclosure::{Reveal, Show, Vocabulary, shown};
use crate::exchange::Exchange;
use crate::figures::{EventRecord, Tables, printable};
use crate::pipeline::Knowledge;
use crate::tracker::{Decoding, Event};
use proof::Proof;

pub fn run(arguments: &EventArguments) -> Result<Outcome> {
    let record = EventRecord::of(&mut Tables::open(&arguments.dataset)?, &arguments.event)?;
    let page = Page {
        reveal: arguments.reveal.into(),
        width: prose_width(),
    };
    let vocabulary = Vocabulary::built_in()?;
    print(&page.told(&record, &vocabulary))?;
    let evidence = match Evidence::open(&arguments.dataset) {
        Ok(evidence) => evidence,
        Err(obstacle) => return page.unchecked(&[format!("{obstacle:#}")]),
    };
    let knowledge = evidence.record.request.rules();
    let mut found = None;
    let place = evidence.read(&record.captures, &mut |capture, text| {
        found = Some(Found::of(capture, text, &record, knowledge.as_ref().ok()));
    });
    let place = match place {
        Ok(place) => place,
        Err(obstacles) => {
            let obstacles: Vec<String> = obstacles.iter().map(ToString::to_string).collect();
            return page.unchecked(&obstacles);
        }
    };
    let Some(Some(found)) = found else {
        let gone = format!("entry {} is not found in the capture", record.entry_index);
        return page.unchecked(&[gone]);
    };
    let same_rules = knowledge
        .as_ref()
        .is_ok_and(|knowledge| evidence.record.has_rules_of(knowledge));
    let (text, outcome) = page.parameters(&found, &record, &vocabulary, knowledge.as_ref());
    print(&text)?;
    if !same_rules && knowledge.is_ok() {
        print(&page.prose(RULES_CHANGED))?;
    }
    print(&request::section(&found, &vocabulary, page.reveal))?;
    print(&proof::section(
        &found.proof,
        place,
        &evidence.path_for_typing(place),
        &page,
    ))?;
    Ok(outcome)
}

const RULES_CHANGED: &str = "The rules are not those of the analysis: what is said here of a parameter may not be what was counted.";

/// What was found in the capture.
struct Found {
    proof: Proof,
    exchange: Exchange,
    decoding: Option<Decoding>,
}

impl Found {
    fn of(
        capture: &Capture,
        text: &[u8],
        record: &EventRecord,
        knowledge: Option<&Knowledge>,
    ) -> Option<Found> {
        let (exchange, decoding) = request_again(capture, record.entry_index, knowledge)?;
        Some(Found {
            proof: Proof::of(capture, text, record.entry_index)?,
            exchange,
            decoding,
        })
    }

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
        found: &Found,
        record: &EventRecord,
        vocabulary: &Vocabulary,
        knowledge: Result<&Knowledge, &crate::pipeline::PipelineError>,
    ) -> (String, Outcome) {
        let mut text = format!(
            "{}\n",
            heading("Every parameter and cookie, and who says what it means")
        );
        let told = found.event(record);
        if let Some(event) = told {
            text += &parameters::lines(event, vocabulary, self.reveal);
            return (text, Outcome::Clean);
        }
        let why = match knowledge {
            Err(fault) => format!("The rules of the analysis cannot be loaded: {fault}"),
            Ok(_) => "The rules that are in force now do not read this event in the request. The dataset was made by \
                      others."
                .to_owned(),
        };
        text += &self.prose(&why);
        (text, Outcome::Different)
    }

    /// The end, where the capture could not be checked.
    fn unchecked(&self, obstacles: &[String]) -> Result<Outcome> {
        let mut text = format!("{}\n", heading("The capture could not be checked"));
        for obstacle in obstacles {
            text += &self.prose(&format!("{}.", printable(obstacle)));
        }
        text += &self.prose(
            "All of the above is from the dataset alone. Without the capture nobody can see that the request says so.",
        );
        print(&text)?;
        Ok(Outcome::Different)
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
