//! The strongest leaks of each organisation, with all that is told of them.

use super::telling::{COLUMNS, given};
use super::{FigureError, Organisation, Tables, Telling, for_each};

/// Examples of one organisation.
const EXAMPLES: usize = 5;

/// Where an example stands: the strongest first, by the most critical tier, then the furthest identification, then what the
/// visitor did rather than that a page was opened; then by its id.
const PLACE: &str = "ROW_NUMBER() OVER (
        PARTITION BY w.organisation_id ORDER BY w.tier, w.degree, w.deed, w.event_id
    ) AS place";

/// The strongest of all are among the strongest of each slice.
pub(super) fn add_examples(
    tables: &Tables,
    chosen: &str,
    found: &mut [Organisation],
) -> Result<(), FigureError> {
    let given = given("strongest", "TRUE");
    let sql = format!(
        "WITH weighed AS (
            SELECT e.event_id, e.organisation_id, e.tier,
                CASE e.identifiability WHEN 'named' THEN 0 WHEN 'matchable' THEN 1 WHEN 'pseudonymous' THEN 2 ELSE 3 END AS degree,
                CASE WHEN e.action IN ('click', 'form_submit', 'search', 'purchase', 'identify') THEN 0 ELSE 1 END AS deed
            FROM events AS e WHERE {chosen}
        ), ranked AS (
            SELECT w.event_id, w.organisation_id, w.tier, w.degree, w.deed, {PLACE} FROM weighed AS w
        ),
        -- In slices of capture_id: leading
        leading AS (
            SELECT event_id, organisation_id, tier, degree, deed FROM ranked WHERE place <= {EXAMPLES}
        ), placed AS (
            SELECT w.event_id, w.organisation_id, {PLACE} FROM leading AS w
        ), strongest AS (
            SELECT * FROM placed WHERE place <= {EXAMPLES}
        ), {given},
        -- In slices of capture_id: told
        told AS (
            SELECT s.organisation_id, s.place, {COLUMNS}
            FROM strongest AS s
            JOIN events AS e ON s.event_id = e.event_id
            LEFT JOIN pages AS p ON e.page_id = p.page_id
            LEFT JOIN given AS g ON e.event_id = g.event_id
        )
        SELECT * FROM told ORDER BY organisation_id, place"
    );
    for_each(tables, "examples", &sql, found, |of, row| {
        of.examples.push(Telling::at(row, 2));
    })
}
