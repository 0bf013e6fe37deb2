//! Rewrites illegal JSON into legal JSON that says the same, as far as it can be said.
//!
//! The text has been stepped over by the scanner before, so its structure holds; what may be wrong are strings
//! (lone surrogates, raw control characters, unknown escapes, bytes that are no UTF-8), bare words (`NaN`) and
//! commas before a closing bracket.

use std::collections::BTreeSet;

use super::string_repair::repair_string;

/// What was wrong, in words for a person; one of each.
pub type Repairs = BTreeSet<&'static str>;

const STRANGE_NUMBER: &str = "number in a form JSON does not know";
const STRANGE_WORD: &str = "word that is no JSON value";

/// The repairs that change what is no string.
pub const OF_WORDS: [&str; 2] = [STRANGE_NUMBER, STRANGE_WORD];

/// The legal twin of `text`, and in `repairs` what had to be changed.
pub fn repair(text: &[u8], repairs: &mut Repairs) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((&first, behind)) = rest.split_first() {
        rest = match first {
            b'"' => {
                out.push('"');
                let behind = repair_string(behind, &mut out, repairs);
                out.push('"');
                behind
            }
            b',' if ends_container(behind) => {
                repairs.insert("comma before a closing bracket");
                behind
            }
            b'{' | b'}' | b'[' | b']' | b':' | b',' | b' ' | b'\n' | b'\r' | b'\t' => {
                out.push(char::from(first));
                behind
            }
            _ => repair_word(rest, &mut out, repairs),
        };
    }
    out
}

fn ends_container(behind: &[u8]) -> bool {
    matches!(behind.trim_ascii_start().first(), Some(b'}' | b']'))
}

/// A word is everything up to the next mark of structure. Legal ones stay; numbers in a form that JSON does not
/// know become texts; whatever else stands for "no value".
fn repair_word<'a>(rest: &'a [u8], out: &mut String, repairs: &mut Repairs) -> &'a [u8] {
    let is_mark = |byte: &u8| b"\"{}[]:, \n\r\t".contains(byte);
    let length = rest.iter().position(is_mark).unwrap_or(rest.len());
    let (word, behind) = rest.split_at_checked(length).unwrap_or((rest, &[]));
    let word = String::from_utf8_lossy(word);
    if matches!(&*word, "null" | "true" | "false") || serde_json::from_str::<f64>(&word).is_ok() {
        out.push_str(&word);
    } else if word.parse::<f64>().is_ok_and(f64::is_finite) {
        repairs.insert(STRANGE_NUMBER);
        out.push_str(&format!("\"{word}\""));
    } else {
        repairs.insert(STRANGE_WORD);
        out.push_str("null");
    }
    behind
}
