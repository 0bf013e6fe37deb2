//! What a persona typed, found in the parameters of an event: it proves an item that a rule names, and adds one that no rule does.

use super::search::{Hit, Search};
use super::{Disclosure, PersonaFound, Vocabulary};
use crate::tracker::{Event, Told};

/// Marks the disclosures that are a persona's value, and adds those that only the persona shows.
pub fn add_personas<'a>(
    event: &'a Event,
    vocabulary: &'a Vocabulary,
    search: &Search,
    disclosures: &mut Vec<Disclosure<'a>>,
) {
    if !search.has_personas() {
        return;
    }
    // What was unpacked out of a parameter is a piece of it, and would be found twice: the piece comes first.
    let by_depth = [true, false].into_iter();
    let told = by_depth.flat_map(|derived| event.told.iter().filter(move |t| t.derived == derived));
    for told in told {
        let of_rule = event.meaning_of(told).and_then(|rule| rule.item.as_deref());
        let mut hits = search.personas_in(&told.parameter.name, &told.parameter.value);
        // One text may be two things: a persona's first name and its town. What the rule says comes first.
        hits.sort_by_key(|hit| search.persona(hit.value).map(|value| value.kind.item()) != of_rule);
        for hit in hits {
            add(told, hit, vocabulary, search, disclosures);
        }
    }
}

fn add<'a>(
    told: &'a Told,
    hit: Hit,
    vocabulary: &'a Vocabulary,
    search: &Search,
    disclosures: &mut Vec<Disclosure<'a>>,
) {
    let Some(value) = search.persona(hit.value) else {
        return;
    };
    let parameter = &told.parameter;
    let item = value.kind.item();
    let found = PersonaFound {
        persona: value.persona.clone(),
        chain: hit.chain,
    };
    let is_whole =
        hit.encoding.is_hash() || parameter.value.trim().eq_ignore_ascii_case(&hit.found);
    let is_named = |d: &&mut Disclosure| {
        let is_here = d.parameter == parameter.name && d.location == parameter.location;
        is_here && (is_whole || d.item.name == item)
    };
    if let Some(named) = disclosures.iter_mut().find(is_named) {
        named.persona.get_or_insert(found);
        return;
    }
    let is_piece_of_it = |d: &Disclosure| {
        let is_same =
            d.item.name == item && d.encoding == hit.encoding && d.location == parameter.location;
        is_same && d.persona.is_some() && d.parameter.starts_with(&parameter.name)
    };
    let Some(item) = vocabulary.get(item) else {
        return;
    };
    if !disclosures.iter().any(is_piece_of_it) {
        disclosures.push(Disclosure {
            item,
            parameter: &parameter.name,
            location: parameter.location,
            encoding: hit.encoding,
            collected_by: None,
            hash_expected: false,
            value: hit.found.into(),
            persona: Some(found),
            shape: None,
        });
    }
}
