//! Charts as SVG: each has a title and a description, needs no script, and says nothing that a table beside it does not
//! say too. Positions are percentages where a chart must fit a telephone.

mod bars;
mod grid;
mod sequence;

pub(super) use bars::{Bar, Segment, bars};
pub(super) use grid::{Grid, Mark, grid, legend_mark};
pub(super) use sequence::{Arrow, sequence};

use maud::{Markup, html};

/// A colour for each degree of identifiability. White letters can be read on all but the last.
pub(super) fn colour_of(degree: &str) -> &'static str {
    match degree {
        "named" => "#8b0020",
        "matchable" => "#a8480a",
        "pseudonymous" => "#1f5f99",
        "none" => "#5b6673",
        _ => "#ffffff",
    }
}

/// A little square of a colour, for a legend; the words stand beside it.
pub(super) fn swatch(colour: &str) -> Markup {
    html! {
        svg width="14" height="14" aria-hidden="true" {
            rect x="1" y="1" width="12" height="12" fill=(colour) stroke="#1b2129" {}
        }
    }
}

/// Hundredths of a percent as a length: whole numbers, so that no rounding depends on the machine.
fn percent(hundredths: u64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// The share of a whole, in hundredths of a percent of `room` hundredths.
fn share(part: u64, whole: u64, room: u64) -> u64 {
    u64::try_from(u128::from(part) * u128::from(room) / u128::from(whole.max(1))).unwrap_or(room)
}
