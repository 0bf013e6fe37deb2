//! A request's body: what of it was recorded, as text, and its parameters by whatever form it has.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::listed::{self, Listed};
use super::parameter::{Location, Parameter, split_pairs};
use super::{ExchangeError, json, multipart, percent};
use crate::capture::{Body, Entry, Lists, Pair};

/// Whether the capture holds the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BodyState {
    /// The request had none, as far as the capture tells.
    None,
    Recorded,
    /// A size was announced, or a body was possible and nothing says that it was empty.
    NotRecorded,
}

impl BodyState {
    pub fn name(self) -> &'static str {
        match self {
            BodyState::None => "none",
            BodyState::Recorded => "yes",
            BodyState::NotRecorded => "no",
        }
    }
}

/// The form in which a body holds its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyForm {
    Urlencoded,
    Multipart,
    Json,
    /// Only the producer's list of parameters is left.
    ParameterList,
    /// Text or bytes with no parameters in it.
    Opaque,
}

/// The body of one request.
#[derive(Debug, Clone, PartialEq)]
pub struct DecodedBody {
    pub state: BodyState,
    pub form: BodyForm,
    pub text: String,
    content_type: Option<String>,
    listed: Vec<Parameter>,
}

impl DecodedBody {
    /// Reads the body of an entry; `text` before `params`, because producers disagree about decoding `params`: `lists`
    /// is how this one writes them. Beside it what could not be read or had to be guessed.
    pub fn of_entry(entry: &Entry, lists: Lists) -> (DecodedBody, Vec<ExchangeError>) {
        let recorded = entry.request.body.as_ref();
        let header = header_value(&entry.request.headers, "content-type");
        let declared = recorded
            .and_then(|body| body.mime_type.clone())
            .filter(|kind| !kind.is_empty());
        let content_type = declared.or(header);
        let (text, error) = recorded.map_or((String::new(), None), recorded_text);
        let params = recorded.map_or(&[][..], |body| &body.params);
        let Listed {
            parameters: listed,
            is_guessed,
        } = listed::read(params, lists);
        let state = if !text.is_empty() || !listed.is_empty() {
            BodyState::Recorded
        } else if announces_body(entry, recorded) {
            BodyState::NotRecorded
        } else {
            BodyState::None
        };
        let form = form_of(&text, content_type.as_deref(), !listed.is_empty());
        let doubt = match form {
            BodyForm::ParameterList if is_guessed => Some(ExchangeError::BodyParamsGuessed),
            BodyForm::Urlencoded if !listed.is_empty() && !listed::agrees(&text, params) => {
                Some(ExchangeError::BodyParamsDiffer)
            }
            _ => None,
        };
        let body = DecodedBody {
            state,
            form,
            text,
            content_type,
            listed,
        };
        (body, error.into_iter().chain(doubt).collect())
    }

    /// The parameters in wire order; none for an opaque body. Beside them what could not be read: a body that begins like
    /// JSON and is not, or one that holds more values than are read.
    pub fn parameters(&self) -> (Vec<Parameter>, Option<ExchangeError>) {
        match self.form {
            BodyForm::Urlencoded => (split_pairs(&self.text, Location::Body), None),
            BodyForm::Multipart => {
                let content_type = self.content_type.as_deref();
                (multipart::split_parts(&self.text, content_type), None)
            }
            BodyForm::Json => self.json_parameters(),
            BodyForm::ParameterList => (self.listed.clone(), None),
            BodyForm::Opaque => (Vec::new(), None),
        }
    }

    fn json_parameters(&self) -> (Vec<Parameter>, Option<ExchangeError>) {
        let flat = match json::flatten(&self.text, "") {
            Ok(flat) => flat,
            Err(error) => {
                return (
                    Vec::new(),
                    Some(ExchangeError::BodyNotJson(error.to_string())),
                );
            }
        };
        let parameter =
            |(name, value): (String, String)| Parameter::new(name, value, Location::Body);
        let cut = flat.is_cut.then_some(ExchangeError::BodyCut);
        (flat.leaves.into_iter().map(parameter).collect(), cut)
    }
}

/// The first value of a header, by name without regard to case.
pub fn header_value(headers: &[Pair], name: &str) -> Option<String> {
    headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case(name))
        .map(|header| header.value.clone())
}

fn form_of(text: &str, content_type: Option<&str>, has_list: bool) -> BodyForm {
    let kind = content_type.unwrap_or("").to_ascii_lowercase();
    if text.is_empty() {
        return if has_list {
            BodyForm::ParameterList
        } else {
            BodyForm::Opaque
        };
    }
    if multipart::looks_multipart(text) || kind.starts_with("multipart/") {
        BodyForm::Multipart
    } else if json::looks_json(text) {
        BodyForm::Json
    } else if kind.contains("urlencoded") || looks_like_pairs(text) {
        BodyForm::Urlencoded
    } else {
        BodyForm::Opaque
    }
}

/// Beacons send `a=1&b=2` as text/plain or with no type at all.
fn looks_like_pairs(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_.-[]%~".contains(&b))
    })
}

/// A body member that is not there says nothing; a size that was announced says that something is missing, and so
/// does a POST without any size.
fn announces_body(entry: &Entry, recorded: Option<&Body>) -> bool {
    let size = entry.request.body_size.unwrap_or(-1);
    let length = header_value(&entry.request.headers, "content-length")
        .and_then(|value| value.trim().parse::<u64>().ok());
    let explained = recorded
        .and_then(|body| body.comment.as_deref())
        .is_some_and(|comment| !comment.is_empty());
    size > 0
        || length.is_some_and(|bytes| bytes > 0)
        || explained
        || (has_body_by_nature(&entry.request.method) && size < 0 && length.is_none())
}

fn has_body_by_nature(method: &str) -> bool {
    ["POST", "PUT", "PATCH"]
        .iter()
        .any(|m| method.eq_ignore_ascii_case(m))
}

fn recorded_text(body: &Body) -> (String, Option<ExchangeError>) {
    let text = body.text.clone().unwrap_or_default();
    let is_base64 = body
        .encoding
        .as_deref()
        .is_some_and(|e| e.eq_ignore_ascii_case("base64"));
    if !is_base64 || text.is_empty() {
        return (text, None);
    }
    match decode_base64(&text) {
        Some(bytes) => (percent::text_of(bytes), None),
        None => (text, Some(ExchangeError::BodyNotBase64)),
    }
}

/// Base64 with or without padding.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let engine = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let packed: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    engine.decode(packed).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Request;

    fn post(body: Option<Body>, headers: Vec<Pair>, size: Option<i64>) -> Entry {
        Entry {
            request: Request {
                method: "POST".into(),
                url: "https://www.facebook.com/tr/".into(),
                body,
                headers,
                body_size: size,
                ..Request::default()
            },
            ..Entry::default()
        }
    }

    fn text(kind: &str, text: &str) -> Option<Body> {
        Some(Body {
            mime_type: Some(kind.into()),
            text: Some(text.into()),
            ..Body::default()
        })
    }

    fn values(entry: &Entry) -> Vec<(String, String)> {
        let (body, _) = DecodedBody::of_entry(entry, Lists::Unknown);
        body.parameters()
            .0
            .into_iter()
            .map(|p| (p.name, p.value))
            .collect()
    }

    #[test]
    fn urlencoded_json_and_untyped_bodies_are_read() {
        let wanted = [("id".to_string(), "1".to_string())];
        assert_eq!(
            values(&post(
                text("application/x-www-form-urlencoded", "id=1"),
                vec![],
                None
            )),
            wanted
        );
        assert_eq!(
            values(&post(text("text/plain", "{\"id\":1}"), vec![], None)),
            wanted
        );
        assert_eq!(values(&post(text("", "id=1"), vec![], None)), wanted);
        assert_eq!(
            values(&post(text("text/plain", "hello, id=1"), vec![], None)),
            []
        );
    }

    fn pair(name: &str, value: &str) -> Pair {
        Pair {
            name: name.into(),
            value: value.into(),
        }
    }

    /// The values of a body with this text and these params, and what was found wrong.
    fn told(body: &str, params: &[Pair], lists: Lists) -> (Vec<String>, Vec<ExchangeError>) {
        let mut recorded = text("application/x-www-form-urlencoded", body).unwrap();
        recorded.params = params.to_vec();
        let (body, errors) = DecodedBody::of_entry(&post(Some(recorded), vec![], None), lists);
        let parameters = body.parameters().0.into_iter();
        (
            parameters.map(|parameter| parameter.value).collect(),
            errors,
        )
    }

    #[test]
    fn q08_q09_params_serve_where_text_is_empty_as_their_producer_writes_them() {
        let params = [pair("q", "50%2525%20off"), pair("plain", "100% sure")];
        let values = |lists| told("", &params, lists);
        let (off, sure) = ("50%25 off".to_string(), "100% sure".to_string());
        assert_eq!(
            values(Lists::Encoded),
            (vec![off.clone(), sure.clone()], vec![])
        );
        let as_it_is = vec!["50%2525%20off".to_string(), sure.clone()];
        assert_eq!(values(Lists::Decoded), (as_it_is, vec![]));
        let guessed = vec![ExchangeError::BodyParamsGuessed];
        assert_eq!(values(Lists::Unknown), (vec![off, sure], guessed));
        assert_eq!(told("", &params[1..], Lists::Unknown).1, []);
    }

    #[test]
    fn q08_text_wins_over_params_and_a_difference_is_said() {
        let value = vec!["a@b.example".to_string()];
        let with = |params: &[Pair], lists| told("em=a%40b.example", params, lists);
        for lists in [Lists::Encoded, Lists::Decoded, Lists::Unknown] {
            for same in ["a%40b.example", "a@b.example"] {
                assert_eq!(with(&[pair("em", same)], lists), (value.clone(), vec![]));
            }
            let differ = vec![ExchangeError::BodyParamsDiffer];
            assert_eq!(with(&[pair("em", "other")], lists), (value.clone(), differ));
            assert_eq!(with(&[], lists), (value.clone(), vec![]));
        }
    }

    #[test]
    fn q08_only_forms_are_compared() {
        let mut json = text("application/json", "{\"id\":1}").unwrap();
        json.params = vec![pair("id", "2")];
        let (_, errors) = DecodedBody::of_entry(&post(Some(json), vec![], None), Lists::Unknown);
        assert_eq!(errors, []);
    }

    #[test]
    fn a_list_with_nothing_in_it_is_no_body() {
        let empty = Body {
            params: vec![pair("", "")],
            ..Body::default()
        };
        let entry = post(Some(empty), vec![], Some(0));
        let (body, _) = DecodedBody::of_entry(&entry, Lists::Encoded);
        assert_eq!(body.state, BodyState::None);
    }

    #[test]
    fn q11_base64_bodies_are_decoded() {
        let mut body = text("application/x-www-form-urlencoded", "aWQ9MSZldj1MZWFk").unwrap();
        body.encoding = Some("Base64".into());
        assert_eq!(values(&post(Some(body.clone()), vec![], None)).len(), 2);
        body.text = Some("H4sI/w==".into());
        let (packed, _) =
            DecodedBody::of_entry(&post(Some(body.clone()), vec![], None), Lists::Unknown);
        assert_eq!(
            packed.text, "\u{1f}\u{8b}\u{8}\u{ff}",
            "bytes that are no text stay bytes"
        );
        body.text = Some("not base64 &".into());
        let (kept, errors) = DecodedBody::of_entry(&post(Some(body), vec![], None), Lists::Unknown);
        assert_eq!(kept.text, "not base64 &");
        assert_eq!(errors, [ExchangeError::BodyNotBase64]);
    }

    #[test]
    fn q07_an_announced_body_that_is_missing_is_not_an_empty_one() {
        let length = |n: &str| {
            vec![Pair {
                name: "Content-Length".into(),
                value: n.into(),
            }]
        };
        let state = |entry: &Entry| DecodedBody::of_entry(entry, Lists::Unknown).0.state;
        assert_eq!(
            state(&post(None, length("812"), None)),
            BodyState::NotRecorded
        );
        assert_eq!(
            state(&post(None, vec![], Some(812))),
            BodyState::NotRecorded
        );
        assert_eq!(state(&post(None, vec![], None)), BodyState::NotRecorded);
        assert_eq!(state(&post(None, vec![], Some(0))), BodyState::None);
        assert_eq!(state(&post(None, length("0"), None)), BodyState::None);
        assert_eq!(
            state(&post(text("", "id=1"), vec![], None)),
            BodyState::Recorded
        );
        assert_eq!(state(&Entry::default()), BodyState::None);
    }
}
