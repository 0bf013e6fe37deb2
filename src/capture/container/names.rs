//! What the names inside an archive say: which members are captures, and what they are called in the tables.

use std::collections::HashSet;

/// Extensions of the files that people keep beside captures.
const COMPANIONS: &[&str] = &[
    "csv", "docx", "jpeg", "jpg", "md", "pdf", "png", "txt", "xlsx",
];

/// Extensions of containers.
const CONTAINERS: &[&str] = &["gz", "tar", "tgz", "zip", "zst"];

/// What a member without a name is called.
const NAMELESS: &str = "(no name)";

/// Whether a file is named as notes, sheets and pictures are. A capture may be named so, too: its content tells.
pub fn is_companion_name(name: &str) -> bool {
    extension(name).is_some_and(|extension| COMPANIONS.contains(&extension.as_str()))
}

/// Whether a member is none that a person put there: hidden files, and what macOS adds to every archive.
pub fn is_hidden(name: &str) -> bool {
    let mut parts = name
        .split(['/', '\\'])
        .filter(|part| !matches!(*part, "." | ".."));
    parts.any(|part| part.starts_with('.') || part == "__MACOSX")
}

/// The members to read, by position. Where some are named as captures are, the others belong to these: Playwright packs
/// every body as a file of its own, and many of those are JSON.
pub fn chosen(names: &[String]) -> Vec<usize> {
    let visible =
        || (0..names.len()).filter(|&at| names.get(at).is_some_and(|name| !is_hidden(name)));
    let is = |at: usize, test: fn(&str) -> bool| names.get(at).is_some_and(|name| test(name));
    if visible().any(|at| is(at, is_named_capture)) {
        let wanted =
            |name: &str| is_named_capture(name) || is_named_container(name) && !is_digest(name);
        visible().filter(|&at| is(at, wanted)).collect()
    } else {
        visible().collect()
    }
}

/// Sessions of other programs that are zips.
pub fn foreign_session(names: &[String]) -> Option<&'static str> {
    let any =
        |test: &dyn Fn(&str) -> bool| names.iter().any(|name| test(&name.to_ascii_lowercase()));
    if any(&|name| name == "[content_types].xml") && any(&|name| name.starts_with("raw/")) {
        Some("a Fiddler session (.saz); export it as HAR instead")
    } else if any(&|name| name == "meta.json" || name.ends_with("-meta.json")) {
        Some("a Charles session (.chlz); export it as HAR instead")
    } else {
        None
    }
}

/// `x.har.gz` holds `x.har`, `x.tgz` holds `x.tar`; a name that says nothing is kept.
pub fn unpacked(name: &str) -> String {
    let stem_of = |ending: &str| {
        let at = name.len().checked_sub(ending.len())?;
        let found = name.get(at..)?.eq_ignore_ascii_case(ending);
        name.get(..at).filter(|stem| found && !stem.is_empty())
    };
    match stem_of(".tgz") {
        Some(stem) => format!("{stem}.tar"),
        None => [".gz", ".zst"]
            .into_iter()
            .find_map(stem_of)
            .unwrap_or(name)
            .to_owned(),
    }
}

/// A member's whole name, from the container that holds it. In the tables an empty name would be none at all, and the member
/// the archive itself.
pub fn inside(container: Option<&str>, name: &str) -> String {
    let name = if name.is_empty() { NAMELESS } else { name };
    match container {
        Some(container) => format!("{container}/{name}"),
        None => name.to_owned(),
    }
}

/// The name itself, or, where another member has it, with a number.
pub fn free(name: String, taken: &mut HashSet<String>) -> String {
    let numbered = (2..).map(|number: u64| format!("{name} ({number})"));
    let free = std::iter::once(name.clone())
        .chain(numbered)
        .find(|name| !taken.contains(name))
        .unwrap_or(name);
    taken.insert(free.clone());
    free
}

/// The last part of a name.
pub fn file_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

fn is_named_capture(name: &str) -> bool {
    let name = file_name(name).to_ascii_lowercase();
    name.split('.').skip(1).any(|part| part == "har")
}

fn is_named_container(name: &str) -> bool {
    extension(name).is_some_and(|extension| CONTAINERS.contains(&extension.as_str()))
}

/// Whether a file is named by the SHA-1 of what it holds.
fn is_digest(name: &str) -> bool {
    let stem = file_name(name).split('.').next().unwrap_or_default();
    stem.len() == 40 && stem.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn extension(name: &str) -> Option<String> {
    let (_, extension) = file_name(name).rsplit_once('.')?;
    Some(extension.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen_of(names: &[&str]) -> Vec<String> {
        let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        chosen(&names)
            .into_iter()
            .map(|at| names[at].clone())
            .collect()
    }

    #[test]
    fn where_members_are_named_as_captures_the_others_belong_to_them() {
        let digest = "3fa1c0de3fa1c0de3fa1c0de3fa1c0de3fa1c0de.zip";
        let names = ["har.har", "a.json", "old/B.HAR.gz", "more.zip", digest];
        assert_eq!(chosen_of(&names), ["har.har", "old/B.HAR.gz", "more.zip"]);
        assert_eq!(
            chosen_of(&["export.json", "notes.md"]),
            ["export.json", "notes.md"]
        );
    }

    #[test]
    fn what_nobody_put_there_is_hidden() {
        let names = [
            "__MACOSX/._a.har",
            ".git/x.har",
            "a/.b.har",
            "./a.har",
            "../b.har",
        ];
        assert_eq!(chosen_of(&names), ["./a.har", "../b.har"]);
    }

    #[test]
    fn equal_names_get_numbers() {
        let mut taken = HashSet::new();
        let mut free = |name: &str| free(name.to_owned(), &mut taken);
        assert_eq!(
            [free("a"), free("a"), free("a (2)"), free("a")],
            ["a", "a (2)", "a (2) (2)", "a (3)"]
        );
    }

    #[test]
    fn compressed_files_are_called_by_what_they_hold() {
        for (name, inside) in [
            ("a.har.gz", "a.har"),
            ("B.TGZ", "B.tar"),
            ("c", "c"),
            (".gz", ".gz"),
            ("é.gz", "é"),
        ] {
            assert_eq!(unpacked(name), inside);
        }
    }
}
