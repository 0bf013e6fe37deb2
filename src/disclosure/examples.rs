//! Runs the examples of the rules once more, for what only this room can tell: in what form a value was sent, and whether
//! it should have been hashed.

use super::{Disclosure, Encoding, Vocabulary, disclosures_of};
use crate::exchange::{Exchange, ProducerHabits};
use crate::tracker::{Event, Example, ExpectedEvent, Library};

/// A line for each value of an example that has another form than its rule says: rule, example, what came.
pub fn check_encodings(library: &Library, vocabulary: &Vocabulary) -> Vec<String> {
    let mut faults = Vec::new();
    for rule in library.rules() {
        for example in &rule.examples {
            let found = faults_of(library, vocabulary, example);
            faults.extend(
                found
                    .into_iter()
                    .map(|fault| format!("{}: {}: {fault}", rule.name, example.title)),
            );
        }
    }
    faults
}

/// Whether the request is recognised at all, room `tracker` has checked.
fn faults_of(library: &Library, vocabulary: &Vocabulary, example: &Example) -> Vec<String> {
    let exchange = Exchange::decode(&example.entry(), ProducerHabits::default());
    let decoding = exchange.and_then(|exchange| library.decode(&exchange));
    let events = decoding.map(|decoding| decoding.events).unwrap_or_default();
    let pairs = events.iter().zip(&example.events);
    pairs
        .flat_map(|(event, wanted)| differences(event, wanted, vocabulary))
        .collect()
}

fn differences(event: &Event, wanted: &ExpectedEvent, vocabulary: &Vocabulary) -> Vec<String> {
    let found = disclosures_of(event, vocabulary);
    let named = |name: &str| found.iter().find(|disclosure| disclosure.parameter == name);
    let mut faults = Vec::new();
    for (name, encoding) in &wanted.encodings {
        let came = named(name).map_or("(nothing)", |disclosure| disclosure.encoding.name());
        if came != encoding {
            faults.push(format!("{name} is {came}; {encoding} was wanted"));
        }
    }
    for name in &wanted.unhashed {
        if !named(name).is_some_and(is_unhashed) {
            faults.push(format!("{name} is not plain text in the place of a hash"));
        }
    }
    faults
}

fn is_unhashed(disclosure: &Disclosure) -> bool {
    disclosure.hash_expected && disclosure.encoding == Encoding::Plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_examples_come_out_in_the_form_they_say() {
        let (library, vocabulary) = (Library::built_in(), Vocabulary::built_in());
        let faults = check_encodings(&library.unwrap(), &vocabulary.unwrap());
        assert_eq!(faults, Vec::<String>::new());
    }
}
