//! Captures compared with one another: which are duplicates, which hold one session, which events repeat others. It asks nothing
//! but the parts that it is given, be they all there are or those that have something in common.

use std::collections::HashMap;

use super::Knowledge;
use super::part::{CapturePart, EventPart, Part};
use super::repeats::{Witness, find_repeats};
use super::rows::state_name;
use super::sessions::find_same_sessions;
use crate::capture::State;

/// All captures in the order of their paths; those that say again what another says are marked, and so are their events. What
/// the sheet says of them is added.
pub fn compared(mut parts: Vec<Part>, knowledge: &Knowledge) -> Vec<CapturePart> {
    parts.sort_by(|one, other| (&one.path, &one.input_id).cmp(&(&other.path, &other.input_id)));
    let mut captures: Vec<CapturePart> = parts.into_iter().flat_map(|part| part.captures).collect();
    mark_duplicates(&mut captures);
    mark_same_sessions(&mut captures);
    mark_repeats(&mut captures);
    add_remarks(&mut captures, knowledge);
    captures
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

/// Events are compared in the order of their table.
fn mark_repeats(captures: &mut [CapturePart]) {
    for (place, capture) in captures.iter_mut().enumerate() {
        for event in &mut capture.events {
            event.witness.capture = place;
        }
    }
    let events = captures.iter_mut().flat_map(|capture| &mut capture.events);
    let mut events: Vec<&mut EventPart> = events.collect();
    events.sort_by(|one, other| one.row.event_id.cmp(&other.row.event_id));
    let witnesses: Vec<&Witness> = events.iter().map(|event| &event.witness).collect();
    let repeats = find_repeats(&witnesses).into_iter();
    let id = |at: usize| events.get(at).map(|event| event.row.event_id.clone());
    let repeats: Vec<_> = repeats
        .map(|repeat| repeat.map(|(original, reason)| (id(original), reason)))
        .collect();
    for (event, repeat) in events.into_iter().zip(repeats) {
        if let Some((original, reason)) = repeat {
            event.row.repeat_of = original;
            event.row.repeat_reason = Some(reason.name().to_string());
        }
    }
}

/// What the sheet says of each; where it says nothing, what came with the capture stays.
fn add_remarks(captures: &mut [CapturePart], knowledge: &Knowledge) {
    for CapturePart { row, .. } in captures {
        let names = row.names();
        if let Some(remark) = knowledge.sheet.of(&names.each_ref().map(String::as_str)) {
            row.volunteer = remark.volunteer;
            row.wave = remark.wave;
            row.note = remark.note;
        }
    }
}
