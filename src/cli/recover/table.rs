//! What was found, as a table, and what was not tried, and why. No value is shown unless that is asked for.

use crate::cli::output::{heading, wrapped};
use crate::disclosure::{Item, Reveal, Vocabulary};
use crate::figures::{count, printable};

use super::hunt::{LeftOut, Tried};

const HEADER: [&str; 7] = [
    "item",
    "encoding",
    "events",
    "candidates tried",
    "seconds",
    "label",
    "outcome",
];

/// A row a hash. Candidates and time are those of all hashes of its item and kind, which are tried together.
pub fn of(tried: &[Tried], reveal: Reveal) -> String {
    if tried.is_empty() {
        return "The dataset holds no hashed value.\n".to_owned();
    }
    let header = HEADER.map(str::to_owned).to_vec();
    let rows = tried.iter().flat_map(|tried| rows_of(tried, reveal));
    let rows: Vec<Vec<String>> = std::iter::once(header).chain(rows).collect();
    let (all, found) = tally(tried);
    format!(
        "\n{}\n{found} of {} recovered. \"events\" leaves repeats out.\n",
        aligned(&rows),
        count(all, "hash", "hashes"),
    )
}

fn tally(tried: &[Tried]) -> (u64, u64) {
    let values = || tried.iter().flat_map(|tried| &tried.values);
    (
        values().count() as u64,
        values().filter(|value| value.is_some()).count() as u64,
    )
}

fn rows_of(tried: &Tried, reveal: Reveal) -> Vec<Vec<String>> {
    let targets = tried.group.targets.iter().zip(&tried.values);
    let row = |(target, value): (&super::gather::Target, &Option<String>)| {
        let labels: Vec<&str> = target.labels.iter().map(String::as_str).collect();
        vec![
            target.item.clone(),
            target.encoding.name().to_owned(),
            target.events.len().to_string(),
            grouped(tried.candidates),
            format!("{:.1}", tried.took.as_secs_f64()),
            printable(&labels.join(" ")).into_owned(),
            outcome(value.as_deref(), tried.candidates, reveal),
        ]
    };
    targets.map(row).collect()
}

fn outcome(value: Option<&str>, candidates: u64, reveal: Reveal) -> String {
    match (value, reveal) {
        (Some(value), Reveal::Yes) => format!("recovered: {}", printable(value)),
        (Some(value), Reveal::No) => {
            let length = value.chars().count();
            format!("recovered, {length} of {length} characters")
        }
        (None, _) if candidates == 0 => "not tried".to_owned(),
        (None, _) => "not found".to_owned(),
    }
}

/// Columns side by side, numbers to the right.
fn aligned(rows: &[Vec<String>]) -> String {
    const NUMBERS: [usize; 3] = [2, 3, 4];
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..HEADER.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).enumerate();
        let cells = cells.map(|(column, (cell, &width))| {
            if NUMBERS.contains(&column) {
                format!("{cell:>width$}")
            } else {
                format!("{cell:<width$}")
            }
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        format!("{}\n", line.trim_end())
    };
    rows.iter().map(line).collect()
}

/// What was not tried, with how much there would have been to try.
pub fn not_tried(tried: &[Tried], vocabulary: &Vocabulary, width: Option<usize>) -> String {
    let open = tried
        .iter()
        .filter(|tried| tried.values.iter().any(Option::is_none));
    let lines: Vec<String> = open.flat_map(|tried| reasons(tried, vocabulary)).collect();
    if lines.is_empty() {
        return String::new();
    }
    let mut text = format!("{}\n", heading("Not tried"));
    for line in lines {
        text += &format!("  {}\n", wrapped(&line, 4, width));
    }
    text
}

fn reasons(tried: &Tried, vocabulary: &Vocabulary) -> Vec<String> {
    let group = &tried.group;
    let open = tried.values.iter().filter(|value| value.is_none()).count();
    let what = format!(
        "{} ({}), {}",
        group.item(),
        group.encoding().name(),
        count(open as u64, "hash", "hashes")
    );
    let alike = tried
        .left_out
        .chunk_by(|one, other| one.count == other.count && one.speed == other.speed);
    let mut reasons: Vec<String> = alike.map(too_long).collect();
    if tried.candidates == 0 && tried.left_out.is_empty() {
        reasons.push(needs_a_list(vocabulary.get(group.item())));
    }
    let reasons = reasons.into_iter();
    reasons.map(|why| format!("{what}: {why}")).collect()
}

/// Why a list is needed, and how long one there would be, where that is known.
fn needs_a_list(item: Option<&Item>) -> String {
    let by_list = item.is_some_and(|item| item.turned_back.as_deref() == Some("dictionary"));
    let number = item.and_then(|item| item.candidates);
    let values = match (by_list, number) {
        (_, Some(number)) => format!("about {} values, of which no list is here", grouped(number)),
        (true, None) => "more values than can be counted".to_owned(),
        (false, None) => "any text may stand there".to_owned(),
    };
    format!("{values}; list those that you expect: --candidates FILE")
}

/// Spaces of one size in one line.
fn too_long(spaces: &[LeftOut]) -> String {
    let names: Vec<&str> = spaces.iter().map(|space| space.name.as_str()).collect();
    let each = if spaces.len() > 1 { " each" } else { "" };
    let Some(space) = spaces.first() else {
        return String::new();
    };
    let seconds = space.seconds();
    format!(
        "{}: {} candidates{each}, {}{each} at {} a second; begun only with --seconds {}",
        names.join("; "),
        grouped(space.count),
        lasting(seconds),
        grouped(space.speed),
        // A little more, because the speed is measured anew each time.
        seconds.saturating_add(seconds / 4).saturating_add(1)
    )
}

/// About how long: `about 2 minutes`.
fn lasting(seconds: u64) -> String {
    let (number, one, several) = match seconds {
        0..120 => (seconds, "second", "seconds"),
        120..7200 => (seconds.div_ceil(60), "minute", "minutes"),
        _ => (seconds.div_ceil(3600), "hour", "hours"),
    };
    format!("about {}", count(number, one, several))
}

/// A number with a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_shown_only_where_that_is_asked_for() {
        let masked = outcome(Some("wy"), 9, Reveal::No);
        assert_eq!(masked, "recovered, 2 of 2 characters");
        assert_eq!(outcome(Some("wy"), 9, Reveal::Yes), "recovered: wy");
        assert_eq!(outcome(None, 9, Reveal::Yes), "not found");
        assert_eq!(outcome(None, 0, Reveal::Yes), "not tried");
    }

    #[test]
    fn numbers_and_times_are_for_people() {
        assert_eq!(grouped(1_000_000_000), "1,000,000,000");
        assert_eq!(grouped(999), "999");
        assert_eq!(lasting(125), "about 3 minutes");
        assert_eq!(lasting(1), "about 1 second");
        let space = |name: &str| LeftOut {
            name: name.to_owned(),
            count: 1_000_000_000,
            speed: 8_000_000,
        };
        assert_eq!(
            too_long(&[space("447…"), space("07…")]),
            "447…; 07…: 1,000,000,000 candidates each, about 3 minutes each at 8,000,000 a second; begun only with --seconds 157"
        );
    }
}
