//! What stands in a text exactly as JSON has it, and needs no repair.

use memchr::memchr2;

use super::json::Json;

/// Whether a value is legal JSON.
pub fn is_legal(value: &[u8]) -> bool {
    is_simple(value)
        || std::str::from_utf8(value).is_ok_and(|text| serde_json::from_str::<Json>(text).is_ok())
}

/// What nearly all values are that nobody reads: a word of JSON's, a number that is not too long, an empty list.
fn is_simple(value: &[u8]) -> bool {
    match value {
        b"true" | b"false" | b"null" | b"[]" | b"{}" | b"\"\"" => true,
        _ => is_simple_number(value),
    }
}

fn is_simple_number(value: &[u8]) -> bool {
    /// So many digits are never too large for a number.
    const LONGEST: usize = 30;
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    let length = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = length(digits);
    let begins_well = whole == 1 || whole > 1 && !digits.starts_with(b"0");
    let is_number = match digits.get(whole..) {
        Some([]) => true,
        Some([b'.', fraction @ ..]) => !fraction.is_empty() && length(fraction) == fraction.len(),
        _ => false,
    };
    begins_well && is_number && value.len() <= LONGEST
}

/// What a quoted text says. `None`: it is no text, or no legal one.
pub fn legal_text(quoted: &str) -> Option<String> {
    let mut text = String::new();
    say(quoted, &mut text)?;
    Some(text)
}

/// Puts what a quoted text says in the place of what stood in `text`. `None`: it is no text, or no legal one; what stands in
/// `text` then means nothing.
pub fn say(quoted: &str, text: &mut String) -> Option<()> {
    if say_simple(quoted, text).is_none() {
        *text = serde_json::from_str(quoted).ok()?;
    }
    Some(())
}

/// The same of a text in which nothing is escaped but signs that stand for themselves, as the quotation marks in headers are.
fn say_simple(quoted: &str, text: &mut String) -> Option<()> {
    let mut rest = quoted.strip_prefix('"')?.strip_suffix('"')?;
    text.clear();
    text.reserve_exact(rest.len());
    while let Some(at) = memchr2(b'"', b'\\', rest.as_bytes()) {
        let escaped = rest.get(at..at + 2)?;
        if !matches!(escaped, r#"\""# | r"\\" | r"\/") {
            return None;
        }
        text.push_str(rest.get(..at)?);
        text.push_str(escaped.get(1..)?);
        rest = rest.get(at + 2..)?;
    }
    text.push_str(rest);
    let is_legal = !text.bytes().any(|byte| byte < b' ');
    is_legal.then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_simple_text_says_what_it_says(inside in r#"(\\["\\/]|[a\u{e9} \x7f]|\\?["\\\x01\n]|\\u00e9){0,8}"#) {
            let quoted = format!("\"{inside}\"");
            let expected = serde_json::from_str::<String>(&quoted).ok();
            prop_assert_eq!(&legal_text(&quoted), &expected);
            let mut used = "used before".to_owned();
            prop_assert_eq!(say(&quoted, &mut used).map(|()| used), expected);
        }

        #[test]
        fn what_is_simple_is_legal(value in r#"-?[0-9]{0,4}(\.[0-9]{0,3})?([eE]-?[0-9])?|[\[\]{}"]{1,2}|true|nul{1,2}|-"#) {
            let is_really = serde_json::from_str::<serde_json::Value>(&value).is_ok();
            prop_assert_eq!(is_legal(value.as_bytes()), is_really);
            prop_assert!(is_really || !is_simple(value.as_bytes()));
        }
    }
}
