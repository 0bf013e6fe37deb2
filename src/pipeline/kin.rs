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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::super::compare::compared;
    use super::super::part::Part;
    use super::super::{Knowledge, Sources};
    use crate::capture::find_inputs;

    /// By what a part is tied to others.
    fn ties(part: &Part) -> BTreeSet<i64> {
        let traces = part.captures.iter().flat_map(|capture| &capture.traces);
        traces.chain(&part.kin).copied().collect()
    }

    fn families(parts: Vec<Part>) -> Vec<Vec<Part>> {
        let mut families: Vec<(BTreeSet<i64>, Vec<Part>)> = Vec::new();
        for part in parts {
            let mut family = (ties(&part), vec![part]);
            let (kin, others): (Vec<_>, Vec<_>) = families
                .into_iter()
                .partition(|(ties, _)| !ties.is_disjoint(&family.0));
            for (ties, parts) in kin {
                family.0.extend(ties);
                family.1.extend(parts);
            }
            families = others;
            families.push(family);
        }
        families.into_iter().map(|(_, parts)| parts).collect()
    }

    /// Each capture with all that is known of it, in any order.
    fn told(parts: Vec<Part>, knowledge: &Knowledge) -> Vec<String> {
        let captures = compared(parts, knowledge).into_iter();
        let told = captures.map(|capture| serde_json::to_string(&capture).unwrap());
        told.collect()
    }

    #[test]
    fn families_apart_are_told_what_all_together_are_told() {
        let knowledge = Knowledge::load(&Sources::default(), &[]).unwrap();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
        let found = find_inputs(&[folder]).unwrap().files;
        let parts = found.iter().enumerate();
        let mut parts: Vec<Part> = parts
            .map(|(place, file)| Part::of_file(file, place, &knowledge))
            .collect();
        // Every second capture again under another name, as if it had been sent in twice.
        let again: Vec<Part> = parts.iter().step_by(2).cloned().collect();
        parts.extend(again.into_iter().map(|mut part| {
            part.path = format!("again/{}", part.path);
            part.input_id.push('b');
            for capture in &mut part.captures {
                capture.row.path.clone_from(&part.path);
            }
            part
        }));
        let mut together = told(parts.clone(), &knowledge);
        let families = families(parts.clone());
        assert!(families.len() > 3 && families.len() < parts.len());
        let apart = families
            .into_iter()
            .flat_map(|family| told(family, &knowledge));
        let mut apart: Vec<String> = apart.collect();
        together.sort();
        apart.sort();
        assert_eq!(together, apart);
        let is_repeat = |told: &&String| told.contains("same_request_in_other_capture");
        assert!(together.iter().any(|told| is_repeat(&told)));
    }
}
