//! A request's body: what of it was recorded, as text, and its parameters by whatever form it has.

use std::fmt;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use super::inflate::{Compression, inflate, latin_1_bytes};
use super::listed::{self, Listed};
use super::parameter::{Location, Parameter, split_pairs};
use super::{ExchangeError, json, multipart, percent};
use crate::capture::{Body, Entry, Lists};

/// Whether the capture holds the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BodyState {
    /// The request had none, as far as the capture tells.
    None,
    Recorded,
    /// It holds a body in which bytes were replaced when it was written: what is left is not what was sent.
    Lossy,
    /// A size was announced, or a body was possible and nothing says that it was empty.
    NotRecorded,
}

impl BodyState {
    pub fn name(self) -> &'static str {
        match self {
            BodyState::None => "none",
            BodyState::Recorded => "yes",
            BodyState::Lossy => "lossy",
            BodyState::NotRecorded => "no",
        }
    }
}

/// Why a body is judged recorded or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BodyEvidence {
    /// Bytes of text that the capture holds.
    Text(usize),
    /// Parameters in the producer's list, without a text.
    List(usize),
    /// Signs that stand for bytes which the exporter could not write.
    Replaced(usize),
    /// The header `Content-Length`, in bytes.
    ContentLength(u64),
    /// `bodySize`, in bytes.
    BodySize(i64),
    /// What the producer says in `comment`, verbatim.
    Comment(String),
    /// Named a file that is not there.
    Elsewhere,
    /// A request of this method has a body by nature, and no size of one is recorded.
    NoSize(String),
    /// Nothing speaks for a body.
    Nothing,
}

impl fmt::Display for BodyEvidence {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            BodyEvidence::Text(bytes) => write!(out, "{bytes} bytes of text"),
            BodyEvidence::List(count) => {
                write!(out, "a list of {count} parameters, without the text")
            }
            BodyEvidence::Replaced(count) => {
                write!(
                    out,
                    "{count} signs in it were replaced when it was exported"
                )
            }
            BodyEvidence::ContentLength(bytes) => write!(out, "Content-Length: {bytes}"),
            BodyEvidence::BodySize(bytes) => write!(out, "bodySize {bytes}"),
            BodyEvidence::Comment(comment) => write!(out, "the producer says: {comment}"),
            BodyEvidence::Elsewhere => out.write_str("it is in another file, which is not there"),
            BodyEvidence::NoSize(method) => write!(out, "a {method} without a size"),
            BodyEvidence::Nothing => out.write_str("no size was announced"),
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
    /// What the state rests on.
    pub evidence: BodyEvidence,
    pub form: BodyForm,
    pub text: String,
    content_type: Option<String>,
    listed: Vec<Parameter>,
    /// Read when first asked for.
    parameters: OnceLock<ReadParameters>,
}

/// Parameters, and what could not be read of them.
type ReadParameters = (Vec<Parameter>, Option<ExchangeError>);

impl DecodedBody {
    /// Reads the body of an entry; `text` before `params`, because producers disagree about decoding `params`: `lists`
    /// is how this one writes them. Beside it what could not be read or had to be guessed.
    pub fn of_entry(entry: &Entry, lists: Lists) -> (DecodedBody, Vec<ExchangeError>) {
        let recorded = entry.request.body.as_deref();
        let header = entry.request.headers.header("content-type");
        let declared = recorded
            .and_then(|body| body.mime_type.clone())
            .filter(|kind| !kind.is_empty());
        let content_type = more_telling(declared, header.map(str::to_owned));
        let (text, error) = recorded.map_or((String::new(), None), recorded_text);
        let params = recorded.map_or(&[][..], |body| &body.params);
        let Listed {
            parameters: listed,
            is_guessed,
        } = listed::read(params, lists);
        let (state, evidence) = recorded_as(&text, listed.len())
            .or_else(|| announced(entry, recorded).map(|why| (BodyState::NotRecorded, why)))
            .unwrap_or((BodyState::None, BodyEvidence::Nothing));
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
            evidence,
            form,
            text,
            content_type,
            listed,
            parameters: OnceLock::new(),
        };
        (body, error.into_iter().chain(doubt).collect())
    }

    /// The parameters in wire order; none for an opaque body. Beside them what could not be read: a body that begins like
    /// JSON and is not, or one that holds more values than are read.
    pub fn parameters(&self) -> (&[Parameter], Option<&ExchangeError>) {
        let (parameters, fault) = self.parameters.get_or_init(|| self.read_parameters());
        (parameters, fault.as_ref())
    }

    fn read_parameters(&self) -> ReadParameters {
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

    /// Its own type, or what the header says of it.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    fn json_parameters(&self) -> ReadParameters {
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

/// The body's own type, unless only the header says where its parts divide.
fn more_telling(declared: Option<String>, header: Option<String>) -> Option<String> {
    let divides = |kind: &Option<String>| {
        kind.as_ref()
            .is_some_and(|kind| kind.to_ascii_lowercase().contains("boundary="))
    };
    match declared {
        Some(kind) if is_multipart(&kind) && !divides(&Some(kind.clone())) && divides(&header) => {
            header
        }
        declared => declared.or(header),
    }
}

fn is_multipart(kind: &str) -> bool {
    kind.trim_start()
        .to_ascii_lowercase()
        .starts_with("multipart/")
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
    if multipart::looks_multipart(text) || is_multipart(&kind) {
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

/// What a body is that the capture holds.
fn recorded_as(text: &str, listed: usize) -> Option<(BodyState, BodyEvidence)> {
    let replaced = text.matches(char::REPLACEMENT_CHARACTER).count();
    if replaced > 0 {
        Some((BodyState::Lossy, BodyEvidence::Replaced(replaced)))
    } else if !text.is_empty() {
        Some((BodyState::Recorded, BodyEvidence::Text(text.len())))
    } else if listed > 0 {
        Some((BodyState::Recorded, BodyEvidence::List(listed)))
    } else {
        None
    }
}

/// A body member that is not there says nothing; a size that was announced says that something is missing, and so
/// does a POST without any size.
fn announced(entry: &Entry, recorded: Option<&Body>) -> Option<BodyEvidence> {
    let size = entry.request.body_size.unwrap_or(-1);
    let length = entry
        .request
        .headers
        .header("content-length")
        .and_then(|value| value.trim().parse::<u64>().ok());
    let comment = recorded.and_then(|body| body.comment.clone());
    let by_nature = has_body_by_nature(&entry.request.method) && size < 0 && length.is_none();
    let elsewhere = recorded.is_some_and(|body| body.attached.is_some());
    comment
        .filter(|comment| !comment.is_empty())
        .map(BodyEvidence::Comment)
        .or(elsewhere.then_some(BodyEvidence::Elsewhere))
        .or(length
            .filter(|bytes| *bytes > 0)
            .map(BodyEvidence::ContentLength))
        .or((size > 0).then_some(BodyEvidence::BodySize(size)))
        .or(by_nature.then(|| BodyEvidence::NoSize(entry.request.method.to_ascii_uppercase())))
}

fn has_body_by_nature(method: &str) -> bool {
    ["POST", "PUT", "PATCH"]
        .iter()
        .any(|m| method.eq_ignore_ascii_case(m))
}

fn recorded_text(body: &Body) -> (String, Option<ExchangeError>) {
    let text = body.text.clone().unwrap_or_default();
    if !says_base64(body) || text.is_empty() {
        return (unpacked_text(text), None);
    }
    match decode_base64(&text) {
        Some(bytes) => (unpacked_text(percent::text_of(bytes)), None),
        None => (text, Some(ExchangeError::BodyNotBase64)),
    }
}

/// The format has no member for it: some exporters write `encoding`, others a remark.
fn says_base64(body: &Body) -> bool {
    let named = body.encoding.as_deref().map(str::trim);
    let remark = body.comment.as_deref().unwrap_or_default();
    named.is_some_and(|name| name.eq_ignore_ascii_case("base64"))
        || named.is_none() && remark.to_ascii_lowercase().contains("base64")
}

/// What a script compressed, unpacked; every other text, and one that does not unpack to text, as it is.
fn unpacked_text(text: String) -> String {
    // The mark of gzip (RFC 1952) as exporters write bytes that are no text: one character a byte.
    if !text.starts_with("\u{1f}\u{8b}") {
        return text;
    }
    latin_1_bytes(&text)
        .and_then(|bytes| inflate(&bytes, Some(Compression::Gzip)))
        .and_then(|plain| String::from_utf8(plain).ok())
        .unwrap_or(text)
}

/// Base64 with or without padding.
pub(super) fn decode_base64(text: &str) -> Option<Vec<u8>> {
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
    use crate::capture::{Pair, Request};

    fn post(body: Option<Body>, headers: Vec<Pair>, size: Option<i64>) -> Entry {
        Entry {
            request: Request {
                method: "POST".into(),
                url: "https://www.facebook.com/tr/".into(),
                body: body.map(Box::new),
                headers: headers.into(),
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
            .iter()
            .map(|p| (p.name.clone(), p.value.clone()))
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
        let parameters = body.parameters().0.iter();
        (
            parameters
                .map(|parameter| parameter.value.clone())
                .collect(),
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
    fn q12_a_compressed_body_is_unpacked_and_a_lossy_one_is_said() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, b"id=1&ev=Lead").unwrap();
        let smuggled: String = packed
            .finish()
            .unwrap()
            .into_iter()
            .map(char::from)
            .collect();
        assert_eq!(values(&post(text("", &smuggled), vec![], None)).len(), 2);
        let (lossy, _) = DecodedBody::of_entry(
            &post(text("", "id=1&name=Ren\u{fffd}"), vec![], None),
            Lists::Unknown,
        );
        assert_eq!(lossy.state, BodyState::Lossy);
        assert!(lossy.evidence.to_string().starts_with("1 signs"));
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
