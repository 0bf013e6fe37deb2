//! The report of a check, for a reporter: a line for each check, then each difference, then what that means. The
//! verdict comes last.

use std::path::Path;

use super::findings::Findings;
use super::knowledge::Known;
use crate::cli::record::VERSION;
use crate::dataset::{CellDifference, Checked, Difference, MANIFEST, RUN_RECORD, Sameness, State};
use crate::figures::{count, printable};

/// Characters of a cell that are shown, and those before the place that matters.
const SHOWN: usize = 60;
const BEFORE: usize = 20;

/// A line for each check, with its counts.
pub fn checks(findings: &Findings, dataset: &Path) -> String {
    let hashes = &findings.hashes;
    let dataset = shown(dataset);
    let about = match (&findings.made_by, findings.other_version()) {
        (Some(_), Some(version)) => {
            format!("{dataset} was made by pixelhound {version}; this is pixelhound {VERSION}")
        }
        (Some(version), None) => format!("{dataset} was made by pixelhound {version}"),
        (None, _) => dataset,
    };
    let lines = [
        ("files of the dataset", tally(&hashes.files)),
        ("inputs", tally(&hashes.inputs)),
        ("rules and lists", rules(findings)),
        ("made again", again(findings)),
    ];
    let lines = lines.map(|(name, outcome)| format!("{name:<20}  {outcome}\n"));
    format!("{about}\n\n{}\n", lines.concat())
}

fn tally(checked: &[Checked]) -> String {
    let number = |wanted: &dyn Fn(&State) -> bool| {
        let those = checked.iter().filter(|one| wanted(&one.state));
        those.count()
    };
    let unchanged = number(&|state| *state == State::Unchanged);
    let mut line = format!("{unchanged} of {} unchanged", checked.len());
    for (number, what) in [
        (number(&|state| *state == State::Changed), "changed"),
        (number(&|state| *state == State::Missing), "missing"),
        (
            number(&|state| matches!(state, State::Renamed(_))),
            "renamed",
        ),
        (
            number(&|state| matches!(state, State::Unreadable(_))),
            "unreadable",
        ),
    ] {
        if number > 0 {
            line += &format!(", {number} {what}");
        }
    }
    line
}

fn rules(findings: &Findings) -> String {
    match &findings.known {
        None => "not compared".to_owned(),
        Some(Known::Missing(_)) => "missing".to_owned(),
        Some(Known::Faulty(_)) => "cannot be loaded".to_owned(),
        Some(Known::Compared(files)) => {
            let then = files.same + files.changed.len() + files.gone.len();
            let mut line = format!("{} of {then} unchanged", files.same);
            for (names, what) in [
                (&files.changed, "changed"),
                (&files.gone, "gone"),
                (&files.new, "new"),
            ] {
                if !names.is_empty() {
                    line += &format!(", {} {what}", names.len());
                }
            }
            line
        }
    }
}

fn again(findings: &Findings) -> String {
    let Some(made) = &findings.again else {
        let reason = match (&findings.obstacle, findings.hashes_only) {
            (_, true) => "not asked for",
            (Some(obstacle), false) => obstacle,
            (None, false) if findings.inputs_missing() > 0 => "inputs are missing",
            (None, false) => "rules and lists are missing or cannot be loaded",
        };
        return format!("no: {reason}");
    };
    let same = made.files.len() - made.differing().count();
    let files = count(made.files.len() as u64, "file", "files");
    format!("{same} of {files} the same, byte for byte")
}

/// Every difference, and what they mean; empty: there is none.
pub fn differences(findings: &Findings) -> String {
    let mut lines = of_hashes(findings);
    lines.extend(of_rules(findings));
    lines.extend(of_made_again(findings));
    let mut text = String::new();
    for paragraph in [lines, findings.meaning()] {
        if !paragraph.is_empty() {
            text += &(paragraph.join("\n") + "\n\n");
        }
    }
    text
}

fn of_hashes(findings: &Findings) -> Vec<String> {
    let hashes = &findings.hashes;
    let files = hashes.files.iter().chain(&hashes.inputs);
    let mut lines: Vec<String> = files.filter_map(of_file).collect();
    for number in &hashes.faulty_lines {
        lines.push(format!(
            "{MANIFEST}: line {number} is not as pixelhound writes it"
        ));
    }
    for path in &hashes.foreign {
        let path = shown(path);
        lines.push(format!(
            "{path}: no part of the dataset, {MANIFEST} does not list it"
        ));
    }
    lines
}

fn of_file(file: &Checked) -> Option<String> {
    let path = shown(&file.path);
    Some(match &file.state {
        State::Unchanged => return None,
        State::Changed => format!("{path}: not the file that {MANIFEST} lists"),
        State::Missing => format!("{path}: missing, {MANIFEST} lists it"),
        State::Renamed(name) => {
            format!(
                "{path}: {MANIFEST} lists it, the file of these bytes is {}",
                shown(name)
            )
        }
        State::Unreadable(cause) => format!("{path}: cannot be read: {cause}"),
    })
}

fn of_rules(findings: &Findings) -> Vec<String> {
    match &findings.known {
        None => Vec::new(),
        Some(Known::Missing(paths)) => {
            let lines = paths.iter().map(|path| shown(path));
            let lines = lines.map(|path| format!("{path}: missing, the analysis used it"));
            lines.collect()
        }
        Some(Known::Faulty(fault)) => {
            let fault = fault.trim_end().lines().map(printable);
            vec![fault.collect::<Vec<_>>().join("\n    ")]
        }
        Some(Known::Compared(files)) => {
            let kinds = [
                (&files.changed, "changed since the analysis"),
                (&files.gone, "in force at the analysis, and not now"),
                (&files.new, "in force now, and not at the analysis"),
            ];
            let lines = kinds.into_iter().flat_map(|(names, what)| {
                let names = names.iter();
                names.map(move |name| format!("{}: {what}", printable(name)))
            });
            lines.collect()
        }
    }
}

fn of_made_again(findings: &Findings) -> Vec<String> {
    let Some(made) = &findings.again else {
        return Vec::new();
    };
    let new = made.new_inputs.iter();
    let mut lines: Vec<String> = new
        .map(|path| format!("{}: an input now, and not at the analysis", shown(path)))
        .collect();
    for (name, sameness) in &made.files {
        lines.push(match sameness {
            Sameness::Same => continue,
            Sameness::NotRecorded => format!("{name}: made again, and not in the dataset"),
            Sameness::NotMade => format!("{name}: in the dataset, and not made again"),
            Sameness::Differs(difference) => {
                let members = Some(made.record_differs_in.join(", "))
                    .filter(|members| name == RUN_RECORD && !members.is_empty());
                of_bytes(name, difference, members)
            }
        });
    }
    lines
}

fn of_bytes(name: &str, difference: &Difference, members: Option<String>) -> String {
    let mut line = format!(
        "{name}: made again it differs from byte {} on",
        difference.offset
    );
    if let Some(members) = members {
        line += &format!(", in {members}");
    }
    if let Some(cell) = &difference.cell {
        line += &of_cell(cell);
    }
    line
}

fn of_cell(cell: &CellDifference) -> String {
    let (recorded, made) = (cell.recorded.as_deref(), cell.made.as_deref());
    let pairs = recorded.unwrap_or_default().chars();
    let pairs = pairs.zip(made.unwrap_or_default().chars());
    let equal = pairs.take_while(|(one, other)| one == other).count();
    let excerpt = |text: Option<&str>| text.map_or("nothing".to_owned(), |t| excerpt(t, equal));
    format!(
        "; line {}, column {}: {} in the dataset, {} made again",
        cell.line,
        printable(&cell.column),
        excerpt(recorded),
        excerpt(made)
    )
}

/// The part of a text around a place, in quotation marks.
fn excerpt(text: &str, place: usize) -> String {
    let skipped = if text.chars().count() > SHOWN {
        place.saturating_sub(BEFORE)
    } else {
        0
    };
    let part: String = text.chars().skip(skipped).take(SHOWN).collect();
    let before = if skipped > 0 { "…" } else { "" };
    let after = if text.chars().count() > skipped + SHOWN {
        "…"
    } else {
        ""
    };
    format!("\"{before}{}{after}\"", printable(&part))
}

fn shown(path: &Path) -> String {
    printable(&path.display().to_string()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_cell_is_cut_around_the_place_that_differs() {
        assert_eq!(excerpt("read", 0), "\"read\"");
        assert_eq!(excerpt("a\u{202e}b\n", 0), "\"a\\u{202e}b\\n\"");
        let long = format!("{}X{}", "a".repeat(100), "b".repeat(100));
        let cut = excerpt(&long, 100);
        assert!(cut.starts_with("\"…aaa") && cut.contains("aXb") && cut.ends_with("b…\""));
        assert_eq!(cut.chars().count(), SHOWN + 4);
        assert_eq!(
            excerpt(&"é".repeat(61), 61),
            format!("\"…{}\"", "é".repeat(20))
        );
    }

    #[test]
    fn a_missing_cell_is_nothing_and_an_empty_one_is_empty() {
        let cell = CellDifference {
            line: 3,
            column: "tier".to_owned(),
            recorded: None,
            made: Some(String::new()),
        };
        assert_eq!(
            of_cell(&cell),
            "; line 3, column tier: nothing in the dataset, \"\" made again"
        );
    }
}
