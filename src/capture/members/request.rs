//! `request`: the one member without which an entry says nothing.

use crate::capture::codes;
use crate::capture::entry::Request;
use crate::capture::lenient::{self, Fields, Json, Notes};
use crate::capture::members::{body, plain};
use crate::capture::scanner::Object;

/// The request of an entry, or a note on why there is none to be used.
pub fn read(bytes: &[u8], entry: &Object, notes: &mut Notes) -> Option<Request> {
    let text = entry
        .last("request")
        .and_then(|member| bytes.get(member.value.clone()));
    let plain = text.and_then(plain::request);
    plain
        .filter(has_url)
        .or_else(|| read_with_care(text, notes))
}

fn read_with_care(text: Option<&[u8]>, notes: &mut Notes) -> Option<Request> {
    let request = match text.map(|text| lenient::parse(text, &mut notes.repairs)) {
        Some(None) => {
            notes.add(
                codes::DAMAGED_ENTRY,
                "the request could not be read, even after repair",
            );
            return None;
        }
        Some(Some(Json::Object(members))) => read_members(Fields::new("request", members), notes),
        Some(Some(Json::Text(url))) => address_only(url.into_owned(), notes),
        _ => Request::default(),
    };
    if !has_url(&request) {
        notes.add(
            codes::NO_URL,
            "the entry has no `request.url`; it was left out",
        );
        return None;
    }
    Some(request)
}

fn read_members(mut fields: Fields, notes: &mut Notes) -> Request {
    Request {
        method: fields.text("method", notes).unwrap_or_default(),
        url: fields.text("url", notes).unwrap_or_default(),
        http_version: fields.text("httpVersion", notes),
        headers: fields.pairs("headers", notes).into(),
        cookies: fields.pairs("cookies", notes).into(),
        query: fields.pairs("queryString", notes).into(),
        body: body::read(&mut fields, notes),
        body_size: fields.integer("bodySize", notes),
    }
}

fn has_url(request: &Request) -> bool {
    !request.url.trim().is_empty()
}

/// Hand-made captures write the address in the place of the request.
fn address_only(url: String, notes: &mut Notes) -> Request {
    notes.add(
        codes::WRONG_TYPE,
        "`request` is a text; it was taken as the address of a GET request",
    );
    Request {
        method: "GET".to_owned(),
        url: notes.cut("request", url),
        ..Request::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a program may write in the place of a value, the right thing most often.
    fn value() -> impl Strategy<Value = String> {
        let odd = [
            "null",
            "7",
            "-1",
            "1.5",
            "1e9",
            "true",
            "[]",
            "{}",
            "NaN",
            r#""\ud800""#,
            r#"["a"]"#,
            "99999999999",
        ];
        prop_oneof![
            6 => r#"[a-z0-9:/?=&é]{0,12}"#.prop_map(|text| format!("{text:?}")),
            1 => prop::sample::select(odd.to_vec()).prop_map(str::to_owned),
        ]
    }

    fn object(
        names: &'static [&'static str],
        value: BoxedStrategy<String>,
    ) -> BoxedStrategy<String> {
        let member = (prop::sample::select(names.to_vec()), value);
        let member = member.prop_map(|(name, value)| format!("{name:?}: {value}"));
        prop::collection::vec(member, 0..4)
            .prop_map(|members| format!("{{{}}}", members.join(",")))
            .boxed()
    }

    fn list() -> BoxedStrategy<String> {
        let whole = (value(), value()).prop_map(|(n, v)| format!(r#"{{"name":{n},"value":{v}}}"#));
        let pair =
            prop_oneof![4 => whole, 1 => object(&["name", "value", "comment"], value().boxed())];
        let list = prop::collection::vec(pair, 0..3).prop_map(|all| format!("[{}]", all.join(",")));
        prop_oneof![9 => list, 1 => value()].boxed()
    }

    fn request() -> impl Strategy<Value = String> {
        let texts = object(
            &[
                "method",
                "httpVersion",
                "comment",
                "headersSize",
                "x",
                "url",
            ],
            value().boxed(),
        );
        let lists = object(&["headers", "cookies", "queryString", "y"], list());
        let sizes = object(&["bodySize", "headersSize"], value().boxed());
        (value(), texts, lists, sizes).prop_map(|(url, texts, lists, sizes)| {
            let members = [texts, lists, sizes].map(|text| text[1..text.len() - 1].to_owned());
            let members = members.into_iter().filter(|text| !text.is_empty());
            let all: Vec<String> = members.chain([format!(r#""url": {url}"#)]).collect();
            format!("{{{}}}", all.join(", "))
        })
    }

    #[test]
    fn what_chrome_writes_is_read_the_short_way() {
        let text = r#"{"method":"GET","url":"https://a.example/?q=1","httpVersion":"h3","headers":[{"name":"a","value":"b \u00e9"}],
            "queryString":[{"name":"q","value":"1"}],"cookies":[{"name":"c","value":"d","path":"/","httpOnly":true}],
            "headersSize":-1,"bodySize":0}"#;
        assert!(plain::request(text.as_bytes()).is_some());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn both_ways_read_the_same(text in request()) {
            if let Some(plain) = plain::request(text.as_bytes()).filter(has_url) {
                let mut notes = Notes::new(None);
                prop_assert_eq!(Some(plain), read_with_care(Some(text.as_bytes()), &mut notes));
                prop_assert_eq!(notes.finish(), []);
            }
        }
    }
}
