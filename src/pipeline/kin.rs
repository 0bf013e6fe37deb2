//! Which parts have to be compared with one another at all: those of equal bytes, of one session, and with an event that another
//! repeats. On a cluster only these come together; on one machine all do, and nobody asks.

use super::digest::Digest;
use super::part::CapturePart;

/// What captures share with all others that may be their duplicates or hold a repeat of one of their events; sorted, each once.
/// Two captures of one session share traces, which are not here again. It may well be that two share something and nothing comes
/// of it; that something comes of two that share nothing may not be.
pub fn kin_of(captures: &[CapturePart]) -> Vec<i64> {
    let mut kin: Vec<i64> = captures.iter().flat_map(of_capture).collect();
    kin.sort_unstable();
    kin.dedup();
    kin
}

fn of_capture(capture: &CapturePart) -> impl Iterator<Item = i64> {
    let bytes = Digest::of(&["bytes", &capture.row.sha256]);
    let events = capture.events.iter();
    let events = events.flat_map(|event| event.witness.meets());
    std::iter::once(bytes).chain(events).map(Digest::half)
}
