//! The strongest leaks of each organisation, with all that is told of them.

use super::super::answer::{Answer, ask};
use super::super::slices::Slice;
use super::telling::{COLUMNS, given};
use super::{FigureError, Organisation, Tables, Telling, places};
use std::collections::BTreeMap;

/// Examples of one organisation.
const EXAMPLES: usize = 5;

/// Where an example stands: the strongest first, by the most critical tier, then the furthest identification, then what the
/// visitor did rather than that a page was opened; then by its id.
type Place = (u64, u64, u64, String);

/// Looks for them slice by slice: the strongest of all are among the strongest of each.
pub(super) fn add_examples(
    tables: &Tables,
    chosen: &str,
    slices: &[Slice],
    found: &mut [Organisation],
) -> Result<(), FigureError> {
    let mut strongest: BTreeMap<String, BTreeMap<Place, Telling>> = BTreeMap::new();
    for slice in slices {
        for row in ask(tables, "examples", &strongest_in(slice, chosen))? {
            let of_one = strongest.entry(row.text(0)).or_default();
            let (place, telling) = example(&row);
            of_one.insert(place, telling);
            if of_one.len() > EXAMPLES {
                of_one.pop_last();
            }
        }
    }
    let mut places = places(found);
    for (id, examples) in strongest {
        if let Some(found) = places.get_mut(id.as_str()) {
            found.examples = examples.into_values().collect();
        }
    }
    Ok(())
}

fn strongest_in(slice: &Slice, chosen: &str) -> String {
    let given = given("strongest", &slice.holds("event_id"));
    let in_slice = slice.holds("e.event_id");
    format!(
        "WITH weighed AS (
            SELECT e.event_id, e.organisation_id, e.tier,
                CASE e.identifiability WHEN 'named' THEN 0 WHEN 'matchable' THEN 1 WHEN 'pseudonymous' THEN 2 ELSE 3 END AS degree,
                CASE WHEN e.action IN ('click', 'form_submit', 'search', 'purchase', 'identify') THEN 0 ELSE 1 END AS deed
            FROM events AS e WHERE {chosen} AND {in_slice}
        ), ranked AS (
            SELECT w.*, ROW_NUMBER() OVER (
                PARTITION BY w.organisation_id ORDER BY w.tier, w.degree, w.deed, w.event_id
            ) AS place
            FROM weighed AS w
        ), strongest AS (
            SELECT * FROM ranked WHERE place <= {EXAMPLES}
        ), {given}
        SELECT s.organisation_id, s.degree, s.deed, {COLUMNS}
        FROM strongest AS s
        JOIN (SELECT * FROM events AS e WHERE {in_slice}) AS e ON s.event_id = e.event_id
        LEFT JOIN pages AS p ON e.page_id = p.page_id
        LEFT JOIN given AS g ON e.event_id = g.event_id
        ORDER BY s.organisation_id, s.place"
    )
}

fn example(row: &Answer) -> (Place, Telling) {
    let telling = Telling::at(row, 3);
    let id = telling.event_id.clone();
    ((telling.tier, row.number(1), row.number(2), id), telling)
}
