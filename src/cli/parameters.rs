//! Every parameter and cookie of an event in lines: name, value, item, and beneath it what it means and who says so.

use super::output::wrapped;
use crate::disclosure::{Explained, Reveal, Vocabulary, explain};
use crate::exchange::Location;
use crate::figures::printable;
use crate::tracker::Event;

/// The lines, in wire order, the cookies last; what was sent empty is left out. Meanings keep to a width, values do not.
pub fn lines(
    event: &Event,
    vocabulary: &Vocabulary,
    reveal: Reveal,
    width: Option<usize>,
) -> String {
    let explained = explain(event, vocabulary).into_iter();
    explained.map(|one| of_one(&one, reveal, width)).collect()
}

fn of_one(parameter: &Explained, reveal: Reveal, width: Option<usize>) -> String {
    let (name, value) = (parameter.name(reveal), parameter.value(reveal));
    if value.is_empty() {
        return String::new();
    }
    let kind = match parameter.location {
        Location::Cookie => "cookie ",
        _ => "",
    };
    let item = parameter
        .item
        .map_or(String::new(), |item| format!("  [{item}]"));
    let meaning = match parameter.meaning.zip(parameter.source) {
        Some((meaning, source)) => format!("{meaning} ({source})"),
        None => "no rule says what this means".to_string(),
    };
    const BESIDE: usize = 6;
    format!(
        "  {kind}{} = {}{item}\n      {meaning}\n",
        printable(&name),
        printable(&value),
        meaning = wrapped(&meaning, BESIDE, width),
    )
}
