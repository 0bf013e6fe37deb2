//! What needs all captures: which are duplicates or one session, which pages there are and what is on them, which events repeat
//! others, and the labels of equal values. It asks the parts of all inputs and nothing else.

use std::collections::HashMap;

use super::Knowledge;
use super::labels::{Labels, kind};
use super::pages::{Pages, judge_pages};
use super::part::{CapturePart, EventPart, ItemPart, OfPage, Part};
use super::repeats::{Witness, find_repeats};
use super::rows::{input_problem, state_name};
use super::searching::search_rows;
use super::sessions::find_same_sessions;
use crate::capture::{Problem, Stage, State};
use crate::dataset::{
    ContactRow, DisclosureRow, EventRow, MatchRow, OrganisationRow, ParameterRow, ProblemRow, Rows,
    VocabularyRow,
};
use crate::disclosure::Item;
use crate::page::Organisation;

/// Makes the rows of every table but the counts that come with the tables. `problems` are those of inputs that never became
/// captures. The order of the parts shows nowhere.
pub fn rows_of(parts: Vec<Part>, knowledge: &Knowledge, mut problems: Vec<ProblemRow>) -> Rows {
    let mut captures = compared(parts);
    add_remarks(&mut captures, knowledge);
    problems.extend(unused_patterns(&captures, knowledge));
    problems.extend(each(&mut captures, |capture| &mut capture.problems));
    let pages = judge_pages(&mut captures, knowledge);
    let searches = search_rows(&captures, knowledge);
    let contact = |OfPage { page_key, row }| ContactRow {
        page_id: pages.id(page_key),
        ..row
    };
    let matched = |OfPage { page_key, row }| MatchRow {
        page_id: pages.id(page_key),
        ..row
    };
    let (events, disclosures, parameters) = event_tables(take_events(&mut captures), &pages);
    Rows {
        contacts: each(&mut captures, |capture| &mut capture.contacts)
            .map(contact)
            .collect(),
        matches: each(&mut captures, |capture| &mut capture.matches)
            .map(matched)
            .collect(),
        settings: each(&mut captures, |capture| &mut capture.settings).collect(),
        captures: captures.into_iter().map(|capture| capture.row).collect(),
        organisations: pages.organisations.values().map(organisation_row).collect(),
        visits: pages.visits,
        pages: pages.rows,
        events,
        disclosures,
        searches,
        vocabulary: knowledge
            .vocabulary
            .items()
            .iter()
            .map(vocabulary_row)
            .collect(),
        parameters: knowledge.with_parameters.then_some(parameters),
        problems,
    }
}

/// All captures in the order of their paths; those that say again what another says are marked.
fn compared(mut parts: Vec<Part>) -> Vec<CapturePart> {
    parts.sort_by(|one, other| (&one.path, &one.input_id).cmp(&(&other.path, &other.input_id)));
    let mut captures: Vec<CapturePart> = parts.into_iter().flat_map(|part| part.captures).collect();
    mark_duplicates(&mut captures);
    mark_same_sessions(&mut captures);
    captures
}

/// Takes one kind of rows out of every capture.
fn each<'a, R: 'a>(
    captures: &'a mut [CapturePart],
    rows: impl Fn(&mut CapturePart) -> &mut Vec<R> + 'a,
) -> impl Iterator<Item = R> + 'a {
    captures
        .iter_mut()
        .flat_map(move |capture| std::mem::take(rows(capture)))
}

/// The first capture of equal bytes, in the order of the paths, is read; the others are duplicates of it.
fn mark_duplicates(captures: &mut [CapturePart]) {
    let mut first: HashMap<String, String> = HashMap::new();
    for capture in captures {
        if capture.row.state == state_name(State::Unreadable) {
            continue;
        }
        match first.get(&capture.row.sha256) {
            Some(original) => {
                capture.become_duplicate(state_name(State::Duplicate), original.clone());
            }
            None => {
                first.insert(capture.row.sha256.clone(), capture.row.place());
            }
        }
    }
}

fn mark_same_sessions(captures: &mut [CapturePart]) {
    let traces: Vec<&[i64]> = captures.iter().map(|c| c.traces.as_slice()).collect();
    let same = find_same_sessions(&traces);
    let id = |at: usize| captures.get(at).map(|c| c.row.capture_id.clone());
    let same: Vec<Option<String>> = same.into_iter().map(|at| at.and_then(id)).collect();
    for (capture, same) in captures.iter_mut().zip(same) {
        capture.row.same_session_as = same;
    }
}

/// What the sheet says of each; where it says nothing, what came with the capture stays.
fn add_remarks(captures: &mut [CapturePart], knowledge: &Knowledge) {
    for CapturePart { row, .. } in captures {
        if let Some(remark) = knowledge.sheet.of(&[&row.path, &row.place()]) {
            row.volunteer = remark.volunteer;
            row.wave = remark.wave;
            row.note = remark.note;
        }
    }
}

/// Lines of the sheet that fit nothing.
fn unused_patterns(captures: &[CapturePart], knowledge: &Knowledge) -> Vec<ProblemRow> {
    let places = captures
        .iter()
        .flat_map(|capture| [capture.row.path.clone(), capture.row.place()]);
    let places: Vec<String> = places.collect();
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    let sheet = knowledge.sheet.path.as_deref().unwrap_or_default();
    let problem = |pattern: &str| {
        let message = format!("the sheet's pattern {pattern:?} fits none of the captures");
        let problem = Problem::of_file(Stage::Input, "sheet_pattern_unused", message);
        input_problem(sheet, &problem)
    };
    let unused = knowledge.sheet.unused(&places);
    unused.into_iter().map(problem).collect()
}

/// All events, sorted as the events table is.
fn take_events(captures: &mut [CapturePart]) -> Vec<EventPart> {
    let mut events: Vec<EventPart> = Vec::new();
    for (place, capture) in captures.iter_mut().enumerate() {
        events.extend(capture.events.drain(..).map(|mut event| {
            event.witness.capture = place;
            event
        }));
    }
    events.sort_by(|one, other| one.row.event_id.cmp(&other.row.event_id));
    events
}

fn event_tables(
    events: Vec<EventPart>,
    pages: &Pages,
) -> (Vec<EventRow>, Vec<DisclosureRow>, Vec<ParameterRow>) {
    let witnesses: Vec<&Witness> = events.iter().map(|event| &event.witness).collect();
    let repeats = find_repeats(&witnesses);
    let ids: Vec<String> = events.iter().map(|e| e.row.event_id.clone()).collect();
    let mut labels = Labels::default();
    let mut rows = Vec::with_capacity(events.len());
    let mut disclosures = Vec::new();
    let mut parameters = Vec::new();
    for (event, repeat) in events.into_iter().zip(repeats) {
        let recipient = &event.row.recipient;
        let items = event.items.into_iter();
        disclosures.extend(items.map(|item| labelled(item, recipient, &mut labels)));
        parameters.extend(event.parameters);
        let repeat = repeat.and_then(|(original, reason)| Some((ids.get(original)?, reason)));
        rows.push(EventRow {
            page_id: pages.id(event.page_key),
            repeat_of: repeat.map(|(original, _)| original.clone()),
            repeat_reason: repeat.map(|(_, reason)| reason.name().to_string()),
            ..event.row
        });
    }
    (rows, disclosures, parameters)
}

/// With its label: the keyed one that it has, else the next number or that of the equal value.
fn labelled(item: ItemPart, recipient: &str, labels: &mut Labels) -> DisclosureRow {
    let ItemPart { row, value } = item;
    let number = value.map(|value| labels.label(&kind(recipient, &row.item), value));
    DisclosureRow {
        label: row.label.or(number),
        ..row
    }
}

fn organisation_row(organisation: &Organisation) -> OrganisationRow {
    let Organisation { id, name, .. } = organisation;
    OrganisationRow {
        sector: organisation.sector.clone(),
        registry: organisation.registry.clone(),
        registry_code: organisation.registry_code.clone(),
        ..OrganisationRow::of(id, name, organisation.in_registry)
    }
}

fn vocabulary_row(item: &Item) -> VocabularyRow {
    VocabularyRow {
        item: item.name.clone(),
        is: item.is.clone(),
        is_not: item.is_not.clone(),
        plain: item.plain.name().to_string(),
        hashed: item.hashed.name().to_string(),
        turned_back_by: item.turned_back.clone(),
        candidates: item.candidates,
    }
}
