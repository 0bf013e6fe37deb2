//! Horizontal bars, each of one or more segments, with its name above it and its sum behind it.

use maud::{Markup, html};

use super::{percent, share};
use crate::report::text::short;

/// One bar.
pub(in crate::report) struct Bar {
    pub(in crate::report) name: String,
    pub(in crate::report) segments: Vec<Segment>,
}

/// A part of a bar.
pub(in crate::report) struct Segment {
    pub(in crate::report) number: u64,
    pub(in crate::report) colour: &'static str,
}

/// Height of a bar with its name.
const ROW: usize = 50;

/// Hundredths of a percent that the longest bar takes: behind it there is room for the sum.
const ROOM: u64 = 8_800;

/// Hundredths of a percent below which no number fits into a segment.
const NARROW: u64 = 600;

/// Letters of a name that fit a telephone.
const NAME: usize = 42;

/// Draws the bars; the description tells what is seen to those who do not see it.
pub(in crate::report) fn bars(id: &str, title: &str, description: &str, bars: &[Bar]) -> Markup {
    let longest = bars.iter().map(Bar::sum).max().unwrap_or(0);
    html! {
        svg role="img" aria-labelledby={ (id) "-title " (id) "-desc" } width="100%" height=(bars.len() * ROW) {
            title id={ (id) "-title" } { (title) }
            desc id={ (id) "-desc" } { (description) }
            @for (place, bar) in bars.iter().enumerate() {
                (drawn(bar, place * ROW, longest))
            }
        }
    }
}

impl Bar {
    fn sum(&self) -> u64 {
        self.segments.iter().map(|segment| segment.number).sum()
    }
}

fn drawn(bar: &Bar, top: usize, longest: u64) -> Markup {
    let mut at = 0;
    let mut placed = Vec::new();
    for segment in bar.segments.iter().filter(|segment| segment.number > 0) {
        let width = share(segment.number, longest, ROOM);
        placed.push((at, width, segment));
        at += width;
    }
    html! {
        text x="0" y=(top + 16) font-size="14" fill="#1b2129" { (short(&bar.name, NAME)) }
        @for (start, width, segment) in placed {
            rect x=(percent(start)) y=(top + 22) width=(percent(width)) height="20" fill=(segment.colour) stroke="#1b2129" stroke-width="1" {}
            @if width >= NARROW {
                text x=(percent(start + width / 2)) y=(top + 37) font-size="13" text-anchor="middle" fill=(ink(segment.colour)) { (segment.number) }
            }
        }
        text x=(percent(at)) y=(top + 37) dx="8" font-size="14" font-weight="bold" fill="#1b2129" { (bar.sum()) }
    }
}

/// What can be read on a colour.
fn ink(colour: &str) -> &'static str {
    if colour == "#ffffff" {
        "#1b2129"
    } else {
        "#ffffff"
    }
}
