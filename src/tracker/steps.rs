//! What a step does to one parameter: its value becomes another, or it is taken apart into further parameters.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::TrackerError;
use crate::exchange::{
    Compression, Location, Parameter, inflate, json, latin_1_bytes, percent, split_pairs,
};

/// Elements of one list that are read.
const MAX_ELEMENTS: usize = 1_000;

/// How a piece of a value says its key.
#[derive(Debug, Clone, Copy)]
pub struct Key<'a> {
    pub separator: Option<&'a str>,
    pub length: Option<usize>,
}

/// The leaves of a JSON value; a value that does not begin like JSON has none.
pub fn json_leaves(
    parameter: &Parameter,
    into: Option<&str>,
) -> Result<Vec<Parameter>, TrackerError> {
    if !json::looks_json(&parameter.value) {
        return Ok(Vec::new());
    }
    let flat = json::flatten(&parameter.value, into.unwrap_or(&parameter.name))
        .map_err(|_| TrackerError::ParameterNotJson(parameter.name.clone()))?;
    if flat.is_cut {
        return Err(TrackerError::ParameterCut(parameter.name.clone()));
    }
    let leaf = |(name, value): (String, String)| Parameter::new(name, value, parameter.location);
    Ok(flat.leaves.into_iter().map(leaf).collect())
}

/// The pairs of a query inside a value, also of an address or a path with a query.
pub fn nested_query(parameter: &Parameter, into: Option<&str>) -> Vec<Parameter> {
    let value = &parameter.value;
    let query = value
        .split_once('?')
        .map_or(value.as_str(), |(_, query)| query);
    let prefix = into.unwrap_or(&parameter.name);
    split_pairs(query, parameter.location)
        .into_iter()
        .map(|pair| Parameter {
            name: match prefix {
                "" => pair.name,
                _ => format!("{prefix}.{}", pair.name),
            },
            ..pair
        })
        .collect()
}

/// The leaves of a token's payload: its second part, JSON in base64.
pub fn token_payload(parameter: &Parameter) -> Result<Vec<Parameter>, TrackerError> {
    let payload = parameter.value.split('.').nth(1).unwrap_or_default();
    let text = base64_bytes(payload)
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| TrackerError::ParameterNotDecoded(parameter.name.clone()))?;
    json_leaves(
        &Parameter::new(parameter.name.as_str(), text, parameter.location),
        None,
    )
}

/// `[a,b]` → `p[0]` = a, `p[1]` = b.
pub fn split(parameter: &Parameter, separator: &str, trim: &str) -> Vec<Parameter> {
    let list = parameter.value.trim_matches(|c| trim.contains(c));
    let elements = list.split(separator).take(MAX_ELEMENTS).enumerate();
    elements
        .map(|(place, element)| {
            let name = format!("{}[{place}]", parameter.name);
            Parameter::new(name, element, parameter.location)
        })
        .collect()
}

/// Pieces of a value, each with its key.
pub fn pieces(parameter: &Parameter, separator: &str, key: Key) -> Vec<Parameter> {
    parameter
        .value
        .split(separator)
        .filter(|piece| !piece.is_empty())
        .filter_map(|piece| {
            let (name, value) = match (key.separator, key.length) {
                (Some(between), _) => piece.split_once(between)?,
                (None, Some(length)) => piece.split_at_checked(length)?,
                (None, None) => (piece, ""),
            };
            let full = format!("{}.{name}", parameter.name);
            Some(Parameter::new(full, value, parameter.location))
        })
        .collect()
}

/// `https://a.example/?dob=_removed_` → `p?dob` = _removed_; also where the query stands in the fragment, as in pages that
/// are built in the browser.
pub fn marked(parameter: &Parameter, mark: &str) -> Vec<Parameter> {
    let queries = parameter.value.split(['?', '#']).skip(1);
    queries
        .flat_map(|query| split_pairs(query, parameter.location))
        .filter(|pair| pair.value == mark)
        .map(|pair| {
            let name = format!("{}?{}", parameter.name, pair.name);
            Parameter::new(name, pair.value, parameter.location)
        })
        .collect()
}

/// `p[0]` = dob → `p?dob` = _removed_.
pub fn marked_name(parameter: &Parameter, mark: &str) -> Parameter {
    let list = match parameter.name.rsplit_once('[') {
        Some((list, number)) if number.ends_with(']') => list,
        _ => &parameter.name,
    };
    let name = format!("{list}?{}", parameter.value);
    Parameter::new(name, mark, parameter.location)
}

/// `/activityi;src=1;type=x` → `src`, `type`.
pub fn matrix(path: &str) -> Vec<Parameter> {
    let pair = |piece: &str| {
        let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
        Parameter {
            name: percent::decode(name),
            value: percent::decode(value),
            raw: piece.to_string(),
            location: Location::Path,
        }
    };
    let pieces = path.split(';').skip(1).filter(|piece| !piece.is_empty());
    pieces.map(pair).collect()
}

/// The text inside base64; where that is compressed, the text inside it. Some trackers send plain JSON in the same place:
/// that stays as it is.
pub fn from_base64(parameter: &Parameter) -> Result<String, TrackerError> {
    if json::looks_json(&parameter.value) {
        return Ok(parameter.value.clone());
    }
    let bytes = base64_bytes(&parameter.value)
        .ok_or_else(|| TrackerError::ParameterNotDecoded(parameter.name.clone()))?;
    text_of(bytes, parameter)
}

/// The text inside compressed bytes, which captures hold as text with one character a byte. JSON stays as it is: some
/// captures hold what was sent before it was compressed.
pub fn inflated(parameter: &Parameter) -> Result<String, TrackerError> {
    if json::looks_json(&parameter.value) {
        return Ok(parameter.value.clone());
    }
    match latin_1_bytes(&parameter.value) {
        Some(bytes) => text_of(bytes, parameter),
        // A capture that replaced what it could not write has destroyed the body.
        None if parameter.value.contains('\u{fffd}') => {
            Err(TrackerError::ParameterNotDecoded(parameter.name.clone()))
        }
        None => Ok(parameter.value.clone()),
    }
}

/// A value encoded twice.
pub fn decoded_again(parameter: &Parameter) -> Result<String, TrackerError> {
    Ok(percent::decode_component(&parameter.value))
}

fn text_of(bytes: Vec<u8>, parameter: &Parameter) -> Result<String, TrackerError> {
    let broken = || TrackerError::ParameterNotDecoded(parameter.name.clone());
    let compression = Compression::of(&bytes);
    let is_text = compression.is_none() && std::str::from_utf8(&bytes).is_ok();
    let plain = if is_text {
        bytes
    } else {
        inflate(&bytes, compression).ok_or_else(broken)?
    };
    String::from_utf8(plain).map_err(|_| broken())
}

/// Reads base64 with or without padding, and where bits are left over.
static LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The bytes inside base64, plain or for addresses, with or without padding.
pub fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    let signs: Vec<u8> = text.trim().bytes().map(standard_sign).collect();
    let mut bytes = Vec::new();
    base64_into(&signs, &mut bytes).then_some(bytes)
}

/// The same of signs in the standard alphabet, into a buffer that is emptied before. `false`: it is none, and what the buffer
/// holds means nothing.
pub fn base64_into(signs: &[u8], bytes: &mut Vec<u8>) -> bool {
    bytes.clear();
    LENIENT.decode_vec(signs, bytes).is_ok()
}

/// A sign of base64 in the standard alphabet. A plus that went through a query came out as a space.
pub fn standard_sign(sign: u8) -> u8 {
    match sign {
        b'-' | b' ' => b'+',
        b'_' => b'/',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(value: &str) -> Parameter {
        Parameter::new("p", value, Location::Query)
    }

    fn names(parameters: &[Parameter]) -> Vec<(&str, &str)> {
        parameters
            .iter()
            .map(|p| (p.name.as_str(), p.value.as_str()))
            .collect()
    }

    #[test]
    fn json_in_a_parameter_becomes_its_leaves() {
        let given = parameter(r#"{"innerText":"Go","n":[1]}"#);
        assert_eq!(
            names(&json_leaves(&given, None).unwrap()),
            [("p.innerText", "Go"), ("p.n[0]", "1")]
        );
        assert_eq!(
            names(&json_leaves(&given, Some("")).unwrap())[0].0,
            "innerText"
        );
        assert!(json_leaves(&parameter("{\"a\":"), None).is_err());
        assert_eq!(json_leaves(&parameter("hello"), None).unwrap(), []);
    }

    #[test]
    fn a_query_in_a_parameter_becomes_its_pairs() {
        assert_eq!(
            names(&nested_query(&parameter("e=vh&m=%5Ba%40b%5D"), None)),
            [("p.e", "vh"), ("p.m", "[a@b]")]
        );
        assert_eq!(
            names(&nested_query(&parameter("/g/collect?v=2&en=x"), Some(""))),
            [("v", "2"), ("en", "x")]
        );
    }

    #[test]
    fn pieces_have_keys_by_separator_or_by_length() {
        let by_dot = Key {
            separator: Some("."),
            length: None,
        };
        let tokens = parameter("tv.1~em.AbC~pn.~fn0.x");
        let wanted = [("p.tv", "1"), ("p.em", "AbC"), ("p.pn", ""), ("p.fn0", "x")];
        assert_eq!(names(&pieces(&tokens, "~", by_dot)), wanted);
        let by_two = Key {
            separator: None,
            length: Some(2),
        };
        let item = parameter("idS1~nmTest kit~é");
        assert_eq!(
            names(&pieces(&item, "~", by_two)),
            [("p.id", "S1"), ("p.nm", "Test kit"), ("p.é", "")]
        );
    }

    #[test]
    fn a_list_becomes_its_elements() {
        let list = parameter("[i=1&q=2,i=3]");
        assert_eq!(
            names(&split(&list, ",", "[]")),
            [("p[0]", "i=1&q=2"), ("p[1]", "i=3")]
        );
    }

    #[test]
    fn what_a_filter_took_out_is_named() {
        let page = "https://www.clinic.example/book?dob=_removed_&step=2#/next?nhs=_removed_";
        let found = marked(&parameter(page), "_removed_");
        let wanted = [("p?dob", "_removed_"), ("p?nhs", "_removed_")];
        assert_eq!(names(&found), wanted);
        assert_eq!(marked(&parameter("_removed_"), "_removed_"), []);
        let list = Parameter::new("cd[f].unwanted[1]", "email", Location::Body);
        let named = [marked_name(&list, "_removed_")];
        assert_eq!(names(&named), [("cd[f].unwanted?email", "_removed_")]);
    }

    #[test]
    fn parameters_in_the_path_are_read() {
        let found = matrix("/activityi;src=1;~oref=https%3A%2F%2Fa.example%2F;");
        assert_eq!(
            names(&found),
            [("src", "1"), ("~oref", "https://a.example/")]
        );
    }

    #[test]
    fn base64_in_both_alphabets_and_compressed() {
        assert_eq!(from_base64(&parameter("eyJhIjoxfQ")).unwrap(), "{\"a\":1}");
        assert_eq!(
            from_base64(&parameter("eyJhIjoxfQ==")).unwrap(),
            "{\"a\":1}"
        );
        assert_eq!(from_base64(&parameter("Pz8_Pj4-")).unwrap(), "???>>>");
        assert_eq!(from_base64(&parameter("{\"a\":1}")).unwrap(), "{\"a\":1}");
        assert!(from_base64(&parameter("not base64!")).is_err());
        let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(gzip(b"{\"a\":1}"));
        assert_eq!(from_base64(&parameter(&text)).unwrap(), "{\"a\":1}");
    }

    fn gzip(plain: &[u8]) -> Vec<u8> {
        use std::io::Write;
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(plain).unwrap();
        packer.finish().unwrap()
    }

    fn as_text(bytes: Vec<u8>) -> String {
        bytes.into_iter().map(char::from).collect()
    }

    #[test]
    fn a_bomb_is_refused() {
        let packed = as_text(gzip(&vec![b'x'; 20 << 20]));
        assert!(packed.len() < 100_000);
        assert!(inflated(&parameter(&packed)).is_err());
    }

    #[test]
    fn compressed_bytes_that_came_as_text_are_read() {
        let packed = as_text(gzip(b"{\"a\":1}"));
        assert_eq!(inflated(&parameter(&packed)).unwrap(), "{\"a\":1}");
        assert!(inflated(&parameter("\u{1f}\u{fffd}")).is_err());
        assert_eq!(
            inflated(&parameter("{\"plain\":1}")).unwrap(),
            "{\"plain\":1}"
        );
    }

    #[test]
    fn a_token_gives_its_payload() {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1LTEifQ.sig";
        assert_eq!(
            names(&token_payload(&parameter(token)).unwrap()),
            [("p.sub", "u-1")]
        );
    }
}
