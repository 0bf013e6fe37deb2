//! A grid of rows and columns with a mark in each cell: numbers in shades, or signs.

use maud::{Markup, html};

use crate::report::text::short;

/// A mark in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Mark {
    /// A number, darker where it is nearer to the greatest of the grid.
    Number(u64),
    Full,
    Half,
    Empty,
    None,
}

/// What to draw.
pub(in crate::report) struct Grid {
    pub(in crate::report) columns: Vec<String>,
    /// Name and marks.
    pub(in crate::report) rows: Vec<(String, Vec<Mark>)>,
}

const NAMES: usize = 216;
const CELL: usize = 58;
const ROW: usize = 34;
/// Letters of a name that stand beside the cells.
const LETTERS: usize = 28;
/// Letters of a column's name, which stands at a slant.
const SLANTED: usize = 24;
const HEAD: usize = 136;

/// Draws the grid.
pub(in crate::report) fn grid(id: &str, title: &str, description: &str, grid: &Grid) -> Markup {
    let slanted = grid.columns.iter().any(|name| name.chars().count() > 6);
    let (head, behind) = if slanted { (HEAD, 100) } else { (30, 0) };
    let width = NAMES + grid.columns.len() * CELL + behind;
    let height = head + grid.rows.len() * ROW + 4;
    let greatest = greatest(grid);
    html! {
        svg role="img" aria-labelledby={ (id) "-title " (id) "-desc" } width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } {
            title id={ (id) "-title" } { (title) }
            desc id={ (id) "-desc" } { (description) }
            @for (place, name) in grid.columns.iter().enumerate() {
                (head_of(name, NAMES + place * CELL + CELL / 2, head - 8, slanted))
            }
            @for (place, (name, marks)) in grid.rows.iter().enumerate() {
                (row(name, marks, head + place * ROW, greatest))
            }
        }
    }
}

/// A sign by itself, for a legend; the words stand beside it.
pub(in crate::report) fn legend_mark(kind: Mark) -> Markup {
    html! { svg width="18" height="18" aria-hidden="true" { (mark(kind, 9, 9, 1)) } }
}

fn greatest(grid: &Grid) -> u64 {
    let marks = grid.rows.iter().flat_map(|(_, marks)| marks);
    let numbers = marks.filter_map(|mark| match mark {
        Mark::Number(number) => Some(*number),
        _ => None,
    });
    numbers.max().unwrap_or(0)
}

fn head_of(name: &str, x: usize, y: usize, slanted: bool) -> Markup {
    let name = short(name, SLANTED);
    html! {
        @if slanted {
            text x=(x) y=(y) font-size="13" fill="#1b2129" transform={ "rotate(-40 " (x) " " (y) ")" } { (name) }
        } @else {
            text x=(x) y=(y) font-size="13" text-anchor="middle" fill="#1b2129" { (name) }
        }
    }
}

fn row(name: &str, marks: &[Mark], top: usize, greatest: u64) -> Markup {
    html! {
        text x="0" y=(top + 22) font-size="13" fill="#1b2129" { (short(name, LETTERS)) }
        @for (place, kind) in marks.iter().enumerate() {
            @let left = NAMES + place * CELL;
            rect x=(left + 1) y=(top + 1) width=(CELL - 2) height=(ROW - 2) fill=(shade(*kind, greatest).0) stroke="#b9c1ca" {}
            (mark(*kind, left + CELL / 2, top + ROW / 2, greatest))
        }
    }
}

fn mark(kind: Mark, x: usize, y: usize, greatest: u64) -> Markup {
    html! {
        @match kind {
            Mark::Number(0) | Mark::None => {},
            Mark::Number(number) => {
                text x=(x) y=(y + 5) font-size="14" text-anchor="middle" fill=(shade(kind, greatest).1) { (number) }
            },
            Mark::Full => { circle cx=(x) cy=(y) r="7" fill="#8b0020" stroke="#1b2129" {} },
            Mark::Half => {
                circle cx=(x) cy=(y) r="7" fill="#ffffff" stroke="#1b2129" {}
                path d={ "M" (x) " " (y - 7) " a7 7 0 0 0 0 14 z" } fill="#1b2129" {}
            },
            Mark::Empty => { circle cx=(x) cy=(y) r="7" fill="#ffffff" stroke="#1b2129" {} },
        }
    }
}

/// The ground of a cell, and what can be read on it.
fn shade(kind: Mark, greatest: u64) -> (&'static str, &'static str) {
    let Mark::Number(number) = kind else {
        return ("#ffffff", "#1b2129");
    };
    match number.saturating_mul(4).div_ceil(greatest.max(1)) {
        0 => ("#ffffff", "#1b2129"),
        1 => ("#f8dfe3", "#1b2129"),
        2 => ("#eba9b4", "#1b2129"),
        3 => ("#b8324f", "#ffffff"),
        _ => ("#8b0020", "#ffffff"),
    }
}
