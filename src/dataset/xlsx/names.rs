//! What the sheets of a workbook are called: a name has few characters, not all signs, and no two are equal.

/// As many UTF-16 units as a spreadsheet takes for the name of a sheet.
const LONGEST: usize = 31;

/// The names of the sheets behind the first one, in their order: as wanted, where a spreadsheet takes that.
pub(super) fn of_sheets<'a>(first: &str, wanted: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut names = vec![first.to_owned()];
    for wanted in wanted {
        let allowed: String = wanted.chars().map(allowed).collect();
        let free = (1..).map(|number| numbered(&allowed, number));
        let mut free = free.filter(|name| !names.iter().any(|taken| same(taken, name)));
        names.extend(free.next());
    }
    names.split_off(1)
}

/// Signs that mean something in the reference to a cell, and those that nobody sees.
fn allowed(character: char) -> char {
    match character {
        '*' | '?' | ':' | '[' | ']' | '\\' | '/' | '\'' => '_',
        control if control.is_control() => '_',
        other => other,
    }
}

/// The first of its name has no number.
fn numbered(name: &str, number: usize) -> String {
    let end = match number {
        1 if name.is_empty() => "_".to_owned(),
        1 => String::new(),
        _ => format!("~{number}"),
    };
    let mut room = LONGEST.saturating_sub(end.len());
    let fits = name.chars().take_while(|character| {
        let used = character.len_utf16();
        let fits = used <= room;
        room = room.saturating_sub(used);
        fits
    });
    fits.collect::<String>() + &end
}

/// Spreadsheets take a small and a capital letter for the same.
fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(wanted: &[&str]) -> Vec<String> {
        of_sheets("read me", wanted.iter().copied())
    }

    #[test]
    fn a_name_stays_where_it_may() {
        assert_eq!(named(&["events", "Seiten"]), ["events", "Seiten"]);
        let longest = "x".repeat(LONGEST);
        assert_eq!(named(&[&longest]), [longest.as_str()]);
    }

    #[test]
    fn other_names_are_made_to_fit() {
        assert_eq!(
            named(&["buttons-clicked-on-sensitive-pages", "a/b:'c'"]),
            ["buttons-clicked-on-sensitive-pa", "a_b__c_"]
        );
        assert_eq!(named(&[&"🫖".repeat(40)]), ["🫖".repeat(15)]);
        assert_eq!(named(&["", "\u{0}"]), ["_", "_~2"]);
    }

    #[test]
    fn no_two_are_equal() {
        assert_eq!(
            named(&["Read me", "events", "EVENTS", "events"]),
            ["Read me~2", "events", "EVENTS~2", "events~3"]
        );
        let long = "x".repeat(40);
        let names = named(&[&long, &long]);
        assert!(names[1].ends_with("xxx~2") && names[1].len() == LONGEST);
    }
}
