//! What happened one after another: each row says when and what, and an arrow goes from the visitor's browser to the
//! company that was told.

use maud::{Markup, html};

use super::percent;
use crate::report::text::short;

/// One row.
pub(in crate::report) struct Arrow {
    /// The number under which the table beside the chart has it.
    pub(in crate::report) number: usize,
    pub(in crate::report) when: String,
    pub(in crate::report) what: String,
    /// The place of the company among the lanes.
    pub(in crate::report) lane: usize,
    pub(in crate::report) colour: &'static str,
}

const HEAD: usize = 48;
const ROW: usize = 52;
/// Letters of a row's text that fit a telephone.
const LETTERS: usize = 48;
/// Where the last lane stands, and how far apart two are, in hundredths of a percent.
const LAST: u64 = 9_300;
const APART: u64 = 1_300;
/// Letters of a company's name.
const NAME: usize = 12;

/// Draws the rows; `lanes` are the companies.
pub(in crate::report) fn sequence(
    id: &str,
    title: &str,
    description: &str,
    lanes: &[String],
    arrows: &[Arrow],
) -> Markup {
    let height = HEAD + arrows.len() * ROW + 8;
    html! {
        svg role="img" aria-labelledby={ (id) "-title " (id) "-desc" } width="100%" height=(height) {
            title id={ (id) "-title" } { (title) }
            desc id={ (id) "-desc" } { (description) }
            text x="0" y="16" font-size="13" font-weight="bold" fill="#1b2129" { "Browser" }
            (lifeline("1%", height))
            @for (place, name) in lanes.iter().enumerate() { (lane(name, place, lanes.len(), height)) }
            @for (place, arrow) in arrows.iter().enumerate() {
                (row(arrow, HEAD + place * ROW, at(arrow.lane, lanes.len())))
            }
        }
    }
}

/// Where a lane stands, in hundredths of a percent.
fn at(place: usize, lanes: usize) -> u64 {
    let behind = lanes.saturating_sub(place + 1) as u64;
    match lanes {
        0 | 1 => 8_000,
        2 => LAST - 2 * APART * behind,
        _ => LAST.saturating_sub(APART * behind),
    }
}

/// A lane with its name; where there are more than two, every other name stands lower, so that neighbours keep apart.
fn lane(name: &str, place: usize, lanes: usize, height: usize) -> Markup {
    let x = percent(at(place, lanes));
    let last = lanes > 1 && place + 1 == lanes;
    let lower = if lanes > 2 { 16 * (place % 2) } else { 0 };
    let (anchor, shift) = if last { ("end", "14") } else { ("middle", "0") };
    html! {
        text x=(x) y=(16 + lower) dx=(shift) font-size="13" font-weight="bold" text-anchor=(anchor) fill="#1b2129" { (short(name, NAME)) }
        (lifeline(&x, height))
    }
}

fn lifeline(x: &str, height: usize) -> Markup {
    html! { line x1=(x) y1="38" x2=(x) y2=(height) stroke="#8a939d" stroke-width="1" stroke-dasharray="3 3" {} }
}

fn row(arrow: &Arrow, top: usize, end: u64) -> Markup {
    let text = format!("{}  {}", arrow.when, arrow.what);
    let (line, end) = (top + 34, percent(end));
    html! {
        text x="1%" y=(top + 22) dx="6" font-size="12.5" fill="#1b2129" stroke="#ffffff" stroke-width="4" paint-order="stroke" { (short(&text, LETTERS)) }
        line x1="1%" y1=(line) x2=(end) y2=(line) stroke=(arrow.colour) stroke-width="2.5" {}
        circle cx="1%" cy=(line) r="4" fill=(arrow.colour) {}
        circle cx=(end) cy=(line) r="10" fill=(arrow.colour) {}
        text x=(end) y=(line + 4) font-size="11" text-anchor="middle" fill="#ffffff" { (arrow.number) }
    }
}
