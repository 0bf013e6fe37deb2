//! Any request goes through the rules and what they find through the vocabulary: no panic, and no disclosure without a
//! parameter or cookie that made it.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use pixelhound::disclosure::{Identifiability, Reveal, Vocabulary, disclosures_of, explain};
use pixelhound::exchange::{BodyState, CookiesRecorded, Exchange, ProducerHabits};
use pixelhound::tracker::{Decoding, Event, Library};
use pixelhound_fuzz::memory::Allowance;
use pixelhound_fuzz::request;

static KNOWN: LazyLock<(Library, Vocabulary)> = LazyLock::new(|| {
    let library = Library::built_in().expect("the rules as shipped");
    let vocabulary = Vocabulary::built_in().expect("the vocabulary as shipped");
    (library, vocabulary)
});

const ALLOWANCE: Allowance = Allowance {
    // What the steps may add to one request, before and after.
    fixed: 160 << 20,
    each: 400,
};

fuzz_target!(init: { LazyLock::force(&KNOWN); }, |bytes: &[u8]| {
    let entry = request::entry(bytes);
    let Some(exchange) = Exchange::decode(&entry, ProducerHabits::default()) else {
        return;
    };
    let length = request::length(&entry);
    if let Some(decoding) = ALLOWANCE.hold(length, || KNOWN.0.decode(&exchange)) {
        check(&decoding);
    }
});

fn check(decoding: &Decoding) {
    decoding.role();
    for (number, event) in decoding.events.iter().enumerate() {
        assert!(number == 0 || event.number > decoding.events[number - 1].number);
        check_event(event);
    }
}

fn check_event(event: &Event) {
    let disclosures = disclosures_of(event, &KNOWN.1);
    let all = event.told.len() + event.cookies.len();
    assert!(disclosures.len() <= all);
    for disclosure in &disclosures {
        disclosure.shown(Reveal::No);
        disclosure.recoverable();
    }
    Identifiability::of(&disclosures, CookiesRecorded::Yes, BodyState::None);
    let explained = explain(event, &KNOWN.1);
    assert_eq!(explained.len(), all);
    for parameter in explained {
        parameter.name(Reveal::No);
        parameter.value(Reveal::No);
    }
}
