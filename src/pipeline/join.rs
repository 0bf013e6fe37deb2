//! All parts put together to the rows of the tables: captures compared, pages judged, equal values labelled. It asks the parts
//! of all inputs and nothing else.

use super::Knowledge;
use super::compare::compared;
use super::labels::{Labels, kind};
use super::pages::{Pages, judge_pages};
use super::part::{CapturePart, EventPart, ItemPart, OfPage, Part};
use super::rest::{Rest, Searched};
use crate::dataset::{
    ContactRow, DisclosureRow, EventRow, MatchRow, ParameterRow, ProblemRow, Rows,
};

/// Makes the rows of every table but the counts that come with the tables. `problems` are those of inputs that never became
/// captures. The order of the parts shows nowhere.
pub fn rows_of(parts: Vec<Part>, knowledge: &Knowledge, problems: Vec<ProblemRow>) -> Rows {
    let mut captures = compared(parts, knowledge);
    let places = captures.iter().flat_map(|capture| capture.row.names());
    let mut rest = Rest::of(places, Searched::of(&captures), knowledge, problems);
    let told = each(&mut captures, |capture| &mut capture.problems);
    rest.problems.extend(told);
    let pages = judge_pages(&mut captures, knowledge);
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
            .into_iter()
            .map(contact)
            .collect(),
        matches: each(&mut captures, |capture| &mut capture.matches)
            .into_iter()
            .map(matched)
            .collect(),
        settings: each(&mut captures, |capture| &mut capture.settings),
        captures: captures.into_iter().map(|capture| capture.row).collect(),
        organisations: pages.organisations,
        visits: pages.visits,
        pages: pages.rows,
        events,
        disclosures,
        searches: rest.searches,
        vocabulary: rest.vocabulary,
        parameters: knowledge.with_parameters.then_some(parameters),
        problems: rest.problems,
    }
}

/// Takes one kind of rows out of every capture.
fn each<'a, R>(
    captures: impl IntoIterator<Item = &'a mut CapturePart>,
    rows: impl Fn(&mut CapturePart) -> &mut Vec<R>,
) -> Vec<R> {
    let taken = captures.into_iter();
    let mut taken: Vec<Vec<R>> = taken.map(|capture| std::mem::take(rows(capture))).collect();
    // Rows are large: each is moved once, into a list with room for all.
    let mut all = Vec::with_capacity(taken.iter().map(Vec::len).sum());
    taken.iter_mut().for_each(|rows| all.append(rows));
    all
}

/// All events, sorted as the events table is: labels are numbered so.
fn take_events(captures: &mut [CapturePart]) -> Vec<EventPart> {
    // Their ids begin with that of the capture, so they are nearly in order then.
    let mut by_id: Vec<&mut CapturePart> = captures.iter_mut().collect();
    by_id.sort_by(|one, other| one.row.capture_id.cmp(&other.row.capture_id));
    let mut events = each(by_id, |capture| &mut capture.events);
    events.sort_by(|one, other| one.row.event_id.cmp(&other.row.event_id));
    events
}

fn event_tables(
    events: Vec<EventPart>,
    pages: &Pages,
) -> (Vec<EventRow>, Vec<DisclosureRow>, Vec<ParameterRow>) {
    let mut labels = Labels::default();
    let mut rows = Vec::with_capacity(events.len());
    let mut disclosures = Vec::new();
    let mut parameters = Vec::new();
    for event in events {
        let recipient = &event.row.recipient;
        let items = event.items.into_iter();
        disclosures.extend(items.map(|item| labelled(item, recipient, &mut labels)));
        parameters.extend(event.parameters);
        rows.push(EventRow {
            page_id: pages.id(event.page_key),
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
