//! The readers of payloads, backwards: pairs, multipart and JSON, written again with some of their values changed. What is
//! not changed stays as it was on the wire, sign for sign, but for the blanks between the parts of a JSON text.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Number;

use super::multipart::{attribute, boundary};
use super::percent;
use super::percent::decode_component;
use crate::capture::{Json, repaired_json};

/// Says what becomes of a value, given its name; `None`: it stays.
pub type Change<'c> = dyn FnMut(&str, &str) -> Option<String> + 'c;

/// What would break a query apart, or be taken for an escape.
const SEPARATORS: &AsciiSet = &CONTROLS.add(b'&').add(b'#').add(b' ').add(b'%').add(b'+');
/// Everything but what stands for itself in an address.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The mark of a lost sign, percent-encoded.
const LOST_SIGN: &str = "%EF%BF%BD";

/// A text as a component of a query.
pub fn encode_component(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// `a=1&b=2`. A piece without `=` is a value without a name: nobody knows which of the two it is.
pub fn rewrite_pairs(text: &str, change: &mut Change) -> String {
    let pieces: Vec<String> = text
        .split('&')
        .map(|piece| rewrite_pair(piece, change))
        .collect();
    pieces.join("&")
}

fn rewrite_pair(piece: &str, change: &mut Change) -> String {
    let told = piece.trim_end_matches(['\r', '\n']);
    let line_break = piece.get(told.len()..).unwrap_or_default();
    let (name, value) = match told.split_once('=') {
        Some((name, value)) => (Some(name), value),
        None => (None, told),
    };
    if value.is_empty() {
        return piece.to_owned();
    }
    let decoded_name = name.map(decode_component).unwrap_or_default();
    match change(&decoded_name, &decode_component(value)) {
        None => piece.to_owned(),
        Some(new) => {
            let new = encoded_like(&new, value);
            let front = name.map(|name| format!("{name}=")).unwrap_or_default();
            format!("{front}{new}{line_break}")
        }
    }
}

/// Escapes as much as the text did in whose place it comes.
fn encoded_like(new: &str, before: &str) -> String {
    let escaped = if before.contains('%') {
        RESERVED
    } else {
        SEPARATORS
    };
    let encoded = utf8_percent_encode(new, escaped).to_string();
    // The mark of a lost sign says that the capture lost it only where it stands as it is.
    match before.contains(char::REPLACEMENT_CHARACTER) {
        true => encoded.replace(LOST_SIGN, "\u{fffd}"),
        false => encoded,
    }
}

/// `;a=1;b=2` behind a path.
pub fn rewrite_matrix(path: &str, change: &mut Change) -> String {
    let mut pieces = path.split(';');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push(';');
        let told = piece.split_once('=').filter(|(_, value)| !value.is_empty());
        let new = told.and_then(|(name, value)| {
            let new = change(&percent::decode(name), &percent::decode(value))?;
            Some(format!("{name}={}", encode_component(&new)))
        });
        out.push_str(new.as_deref().unwrap_or(piece));
    }
    out
}

/// `multipart/form-data`. Of a file that was uploaded the name and the content are values of their own: `name.filename`
/// and `name`.
pub fn rewrite_parts(text: &str, content_type: Option<&str>, change: &mut Change) -> String {
    let Some(boundary) = boundary(text, content_type) else {
        return change("", text).unwrap_or_else(|| text.to_owned());
    };
    let parts: Vec<String> = text
        .split(boundary.as_str())
        .map(|part| rewrite_part(part, change).unwrap_or_else(|| part.to_owned()))
        .collect();
    parts.join(&boundary)
}

/// `None`: what stands between two boundaries is no part.
fn rewrite_part(part: &str, change: &mut Change) -> Option<String> {
    let begin = part.len() - part.trim_start_matches(['\r', '\n']).len();
    let behind = part.get(begin..)?;
    let head_end = match behind.find("\r\n\r\n") {
        Some(at) => at + 4,
        None => behind.find("\n\n")? + 2,
    };
    let (head, rest) = behind.split_at_checked(head_end)?;
    let value = rest
        .strip_suffix("\r\n")
        .or_else(|| rest.strip_suffix('\n'))
        .unwrap_or(rest);
    let line_break = rest.get(value.len()..)?;
    let name = attribute(head, "name")?;
    let file = attribute(head, "filename").filter(|file| !file.is_empty());
    let new_file = file
        .as_ref()
        .and_then(|file| change(&format!("{name}.filename"), file));
    let head = match file.zip(new_file) {
        Some((file, new)) => head.replace(&file, &new),
        None => head.to_owned(),
    };
    let new = (!value.is_empty()).then(|| change(&name, value)).flatten();
    let value = new.as_deref().unwrap_or(value);
    Some(format!("{}{head}{value}{line_break}", part.get(..begin)?))
}

/// A JSON text, its leaves named as `json::flatten` names them; `None`: it is no JSON.
pub fn rewrite_json(text: &str, prefix: &str, change: &mut Change) -> Option<String> {
    let read = serde_json::from_str::<Json>(text).ok().or_else(|| {
        let repaired = repaired_json(text)?;
        let read: Json = serde_json::from_str(&repaired).ok()?;
        Some(read.into_owned())
    })?;
    let mut path = prefix.to_owned();
    let written = rewrite_value(read, &mut path, change).to_json_text();
    // Half a surrogate pair became the mark of a lost sign. Escaped, it does not say that the capture lost something.
    let is_lossy = text.contains(char::REPLACEMENT_CHARACTER);
    Some(match is_lossy {
        true => written,
        false => written.replace(char::REPLACEMENT_CHARACTER, "\\ufffd"),
    })
}

fn rewrite_value<'a>(value: Json<'a>, path: &mut String, change: &mut Change) -> Json<'a> {
    let length = path.len();
    match value {
        Json::List(items) => {
            let items = items.into_iter().enumerate().map(|(index, item)| {
                path.push_str(&format!("[{index}]"));
                let item = rewrite_value(item, path, change);
                path.truncate(length);
                item
            });
            Json::List(items.collect())
        }
        Json::Object(members) => {
            let members = members.into_iter().map(|(key, member)| {
                if length > 0 {
                    path.push('.');
                }
                path.push_str(&key);
                let member = rewrite_value(member, path, change);
                path.truncate(length);
                (key, member)
            });
            Json::Object(members.collect())
        }
        leaf => rewrite_leaf(leaf, path, change),
    }
}

/// A number stays a number where its new value is one.
fn rewrite_leaf<'a>(leaf: Json<'a>, path: &str, change: &mut Change) -> Json<'a> {
    let told = match &leaf {
        Json::Text(text) => text.to_string(),
        Json::Number(number) => number_as_told(number),
        Json::Bool(value) => value.to_string(),
        Json::Null | Json::List(_) | Json::Object(_) => String::new(),
    };
    if told.is_empty() {
        return leaf;
    }
    match (change(path, &told), &leaf) {
        (None, _) => leaf,
        (Some(new), Json::Number(_)) => serde_json::from_str::<Number>(&new)
            .ok()
            .filter(|number| number_as_told(number) == new)
            .map_or(Json::Text(new.into()), Json::Number),
        (Some(new), _) => Json::Text(new.into()),
    }
}

/// As `json::flatten` tells a number: a fraction as Rust writes it.
fn number_as_told(number: &Number) -> String {
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(whole), _, _) => whole.to_string(),
        (_, Some(whole), _) => whole.to_string(),
        (_, _, Some(fraction)) => fraction.to_string(),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::multipart::split_parts;
    use crate::exchange::{Location, json, split_pairs};

    fn starred(_: &str, value: &str) -> Option<String> {
        (value != "stay").then(|| "*".repeat(value.chars().count()))
    }

    #[test]
    fn pairs_keep_their_names_and_what_stays_stays_as_it_was() {
        assert_eq!(
            rewrite_pairs("a=stay&b%5B%5D=x%40y&c=p+q&&d=&token\r\n", &mut starred),
            "a=stay&b%5B%5D=%2A%2A%2A&c=***&&d=&*****\r\n"
        );
    }

    #[test]
    fn a_new_value_is_read_as_it_is() {
        for before in ["plain", "es%20caped"] {
            let text = rewrite_pairs(&format!("a={before}"), &mut |_, _| {
                Some("1+1 & 2% #é".into())
            });
            assert_eq!(split_pairs(&text, Location::Query)[0].value, "1+1 & 2% #é");
        }
    }

    #[test]
    fn json_is_walked_as_it_is_flattened() {
        let text = r#"{"z":1,"a":{"b":[true,null,{"c":"x"},1.5,-7]},"z":"two","e":""}"#;
        let mut met = Vec::new();
        let same = rewrite_json(text, "cd[x]", &mut |name, value| {
            met.push((name.to_owned(), value.to_owned()));
            None
        });
        assert_eq!(same.as_deref(), Some(text));
        let mut flat = json::flatten(text, "cd[x]").unwrap().leaves;
        flat.retain(|(_, value)| !value.is_empty());
        assert_eq!(met, flat);
        let new = rewrite_json(r#"{"n":12,"t":"12"}"#, "", &mut |_, _| Some("34".into()));
        assert_eq!(new.as_deref(), Some(r#"{"n":34,"t":"34"}"#));
        assert_eq!(rewrite_json("{oops", "", &mut starred), None);
    }

    #[test]
    fn parts_keep_their_form_and_lose_files() {
        let text = "--x\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\nstay\r\n--x\r\nContent-Disposition: form-data; \
                    name=\"f\"; filename=\"me.txt\"\r\n\r\nhello\r\n--x--\r\n";
        let new = rewrite_parts(text, None, &mut starred);
        let told: Vec<_> = split_parts(&new, None)
            .into_iter()
            .map(|p| (p.name, p.value))
            .collect();
        assert_eq!(
            told,
            [
                ("id".to_owned(), "stay".to_owned()),
                ("f".to_owned(), "[file ******, 5 bytes]".to_owned())
            ]
        );
    }

    #[test]
    fn a_path_keeps_its_front() {
        let path = "/activityi;src=stay;u=a%40b;flag";
        assert_eq!(
            rewrite_matrix(path, &mut starred),
            "/activityi;src=stay;u=%2A%2A%2A;flag"
        );
    }
}
