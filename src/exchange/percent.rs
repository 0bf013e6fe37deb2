//! Percent-decoding, once: an escape that is not valid stays as it is, and bytes that are not UTF-8 are read as
//! Latin-1 so that nothing of the evidence is lost.

/// Decodes a query or form component: `+` is a space.
pub fn decode_component(raw: &str) -> String {
    if raw.contains('+') {
        decode(&raw.replace('+', " "))
    } else {
        decode(raw)
    }
}

/// Decodes percent escapes only: for paths and for values that were never form-encoded.
pub fn decode(raw: &str) -> String {
    if !raw.contains('%') {
        return raw.to_string();
    }
    text_of(percent_encoding::percent_decode_str(raw).collect())
}

/// Bytes as text: UTF-8, or else one character a byte, so that the bytes can be had back.
pub fn text_of(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => error.into_bytes().iter().map(|&b| char::from(b)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_once_and_only_once() {
        assert_eq!(decode_component("50%2525%20off"), "50%25 off");
        assert_eq!(decode_component("a%2Bb+c"), "a+b c");
    }

    #[test]
    fn a_bad_escape_stays_literal() {
        assert_eq!(decode_component("ord=%RAND%"), "ord=%RAND%");
        assert_eq!(decode_component("100%"), "100%");
    }

    #[test]
    fn latin_1_is_understood() {
        assert_eq!(decode_component("M%FCnchen"), "München");
    }
}
