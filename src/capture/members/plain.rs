//! The short way for what nearly every producer writes: a request without a body, and lists of names and values, exactly in
//! the types that the format gives them. Anything else, were it a number in the place of a text, is `None`: then the careful
//! way reads it, which takes what it finds and says what was wrong. What the short way reads, the careful way reads equally;
//! the tests of `request.rs` hold the two together.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::capture::entry::Request;
use crate::capture::lenient::{Json, MAX_VALUE_BYTES, Name};
use crate::capture::pairs::Pairs;

/// Members with which a request is read with care.
const CAREFUL: [&str; 4] = ["postData", "_content", "_requestBody", "comment"];

/// A request without a body. `None`: read it with care.
pub fn request(text: &[u8]) -> Option<Request> {
    read::<PlainRequest>(text).map(|plain| plain.0)
}

/// A list of names and values. `None`: read it with care.
pub fn pairs(text: &[u8]) -> Option<Pairs> {
    read::<PlainPairs>(text).map(|plain| plain.0)
}

/// Reads a text in which none can be too long to be kept.
fn read<'a, T: Deserialize<'a>>(text: &'a [u8]) -> Option<T> {
    if text.len() > MAX_VALUE_BYTES {
        return None;
    }
    // Checked once as a whole: string by string it takes three times as long.
    let text = std::str::from_utf8(text).ok()?;
    serde_json::from_str(text).ok()
}

/// Fills a place once; a member that stands twice is read with care.
fn fill<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    place: &mut Option<T>,
    members: &mut A,
) -> Result<(), A::Error> {
    if place.is_some() {
        return Err(Error::custom("it stands twice"));
    }
    *place = Some(members.next_value()?);
    Ok(())
}

/// Steps over a member that nobody wants, and makes sure that it is legal: what the careful way would have to repair, it must
/// see. (serde's own way to ignore a value does not look into texts.)
fn legal<'de, A: MapAccess<'de>>(members: &mut A) -> Result<(), A::Error> {
    members.next_value::<Json>().map(drop)
}

struct PlainRequest(Request);

impl<'de> Deserialize<'de> for PlainRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RequestVisitor)
    }
}

struct RequestVisitor;

impl<'de> Visitor<'de> for RequestVisitor {
    type Value = PlainRequest;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a request")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<PlainRequest, A::Error> {
        let (mut method, mut url, mut http_version) = (None, None, None);
        let (mut headers, mut cookies, mut query) = (None, None, None);
        let mut body_size: Option<i32> = None;
        while let Some(Name(key)) = members.next_key()? {
            match &*key {
                "method" => fill::<String, A>(&mut method, &mut members)?,
                "url" => fill::<String, A>(&mut url, &mut members)?,
                "httpVersion" => fill::<String, A>(&mut http_version, &mut members)?,
                "headers" => fill(&mut headers, &mut members)?,
                "cookies" => fill(&mut cookies, &mut members)?,
                "queryString" => fill(&mut query, &mut members)?,
                "bodySize" => fill(&mut body_size, &mut members)?,
                key if CAREFUL.contains(&key) => return Err(Error::custom("it has more to say")),
                _ => legal(&mut members)?,
            }
        }
        Ok(PlainRequest(Request {
            method: method.unwrap_or_default(),
            url: url.unwrap_or_default(),
            http_version,
            headers: all(headers),
            cookies: all(cookies),
            query: all(query),
            body: None,
            body_size: body_size.map(i64::from),
        }))
    }
}

fn all(pairs: Option<PlainPairs>) -> Pairs {
    pairs.map(|plain| plain.0).unwrap_or_default()
}

struct PlainPairs(Pairs);

impl<'de> Deserialize<'de> for PlainPairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = PlainPairs;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a list of names and values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<PlainPairs, A::Error> {
        let mut pairs = Pairs::default();
        while list.next_element_seed(OnePair(&mut pairs))?.is_some() {}
        pairs.shrink();
        Ok(PlainPairs(pairs))
    }
}

/// Adds one to the others.
struct OnePair<'p>(&'p mut Pairs);

impl<'de> DeserializeSeed<'de> for OnePair<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OnePair<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a name and a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let (mut name, mut value): (Option<Name>, Option<Name>) = (None, None);
        while let Some(Name(key)) = members.next_key()? {
            match &*key {
                "name" => fill(&mut name, &mut members)?,
                "value" => fill(&mut value, &mut members)?,
                _ => legal(&mut members)?,
            }
        }
        let name = name.ok_or_else(|| Error::missing_field("name"))?;
        let value = value.ok_or_else(|| Error::missing_field("value"))?;
        self.0.push(&name.0, &value.0);
        Ok(())
    }
}
