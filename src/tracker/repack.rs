//! The steps of a rule, backwards: a payload is taken apart as `unpack` does it, each value in it is shown with what the rule
//! says of it, and the whole is put together again with the values that came back.
//!
//! What was compressed is written plain: every step that unpacks reads that too.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use super::decode::Decoding;
use super::library::{CompiledRule, Library};
use super::pattern::name_fits;
use super::rule::{Column, Condition, ParameterRule, Role, Step};
use super::steps;
use super::unpack::{BODY, OpenBlocks};
use crate::exchange::{
    BodyForm, DecodedBody, Exchange, Location, Parameter, encode_component, json, rewrite_json,
    rewrite_matrix, rewrite_pairs, rewrite_parts,
};

/// One value of a payload.
#[derive(Debug, Clone, Copy)]
pub struct Leaf<'a> {
    pub location: Location,
    /// As the rule's steps name it; empty: it has none.
    pub name: &'a str,
    pub value: &'a str,
    /// `None`: nobody says what it means.
    pub rule: Option<&'a ParameterRule>,
    /// What an event is recognised by, or what it is called by: a condition of the rule looks at it.
    pub decides: bool,
}

/// Says what becomes of a value; `None`: it stays.
type Change<'c> = dyn FnMut(&Leaf) -> Option<String> + 'c;

/// Takes the payloads of one endpoint apart and puts them together again.
pub struct Repacker<'l> {
    steps: &'l [Step],
    /// `None`: no rule knows the request, and its values have no meaning.
    known: Option<Known<'l>>,
}

struct Known<'l> {
    compiled: &'l CompiledRule,
    endpoint: usize,
}

impl Library {
    /// For a request, given what it was decoded as.
    pub fn repacker(&self, decoding: Option<&Decoding>) -> Repacker<'_> {
        let known = decoding.and_then(|decoding| {
            let name = &decoding.rule.name;
            let compiled = self.rules.iter().find(|known| known.rule.name == *name)?;
            let declared = compiled.rule.endpoints.get(decoding.endpoint)?;
            let steps: &[Step] = match decoding.role() {
                // A presence is not unpacked: its query stands for itself.
                Role::Presence => &[Step::Query],
                _ => declared.unpack.as_ref().unwrap_or(&compiled.rule.unpack),
            };
            let endpoint = decoding.endpoint;
            Some((steps, Known { compiled, endpoint }))
        });
        let (steps, known) = known.map_or((&[][..], None), |(steps, known)| (steps, Some(known)));
        Repacker { steps, known }
    }
}

/// A request's payload, put together again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repacked {
    pub path: String,
    pub query: Option<String>,
    /// The body's text; empty where it has none.
    pub body: String,
    /// The values of the producer's list of parameters, where that is all there is of the body.
    pub listed: Vec<String>,
}

impl<'l> Repacker<'l> {
    /// For values that are taken apart by some steps and have no rule.
    pub fn of_steps(steps: &'l [Step]) -> Repacker<'l> {
        Repacker { steps, known: None }
    }

    /// Puts a request together again with the values that `change` gives.
    pub fn repack(&self, exchange: &Exchange, change: &mut Change) -> Repacked {
        // Open blocks reach from the query into the body.
        let mut blocks = OpenBlocks::default();
        let path = self.path(&exchange.address.path, change);
        let query = exchange.address.query.as_deref();
        let query = query.map(|query| self.query(query, &mut blocks, change));
        let (body, listed) = self.body(&exchange.body, &mut blocks, change);
        Repacked {
            path,
            query,
            body,
            listed,
        }
    }

    fn path(&self, path: &str, change: &mut Change) -> String {
        let Some(known) = &self.known else {
            return path.to_owned();
        };
        let endpoint = known.compiled.endpoints.get(known.endpoint);
        let segments = endpoint.and_then(|endpoint| endpoint.path_segments(path));
        let mut out = path.to_owned();
        for (name, value) in segments.unwrap_or_default() {
            if let Some(new) = self.value(Location::Path, &name, &value, 0, change) {
                out = out.replacen(&value, &new, 1);
            }
        }
        match self.after(&Step::Matrix) {
            Some(from) => rewrite_matrix(&out, &mut |name, value| {
                self.value(Location::Path, name, value, from, change)
            }),
            None => out,
        }
    }

    fn query(&self, query: &str, blocks: &mut OpenBlocks, change: &mut Change) -> String {
        let from = self.after(&Step::Query);
        self.pairs(query, Location::Query, from, blocks, change)
    }

    fn body(
        &self,
        body: &DecodedBody,
        blocks: &mut OpenBlocks,
        change: &mut Change,
    ) -> (String, Vec<String>) {
        let text = body.text.as_str();
        if let Some(from) = self.after(&Step::BodyText).filter(|_| !text.is_empty()) {
            let new = self.value(Location::Body, BODY, text, from, change);
            return (new.unwrap_or_else(|| text.to_owned()), Vec::new());
        }
        if let Some(from) = self.after(&Step::Lines).filter(|_| !text.is_empty()) {
            let lines = text.split_inclusive('\n');
            let lines =
                lines.map(|line| self.pairs(line, Location::Body, Some(from), blocks, change));
            return (lines.collect(), Vec::new());
        }
        let from = self.after(&Step::Body);
        match body.form {
            BodyForm::ParameterList => {
                let (listed, _) = body.parameters();
                let listed = listed.iter().map(|parameter| {
                    let Parameter { name, value, .. } = parameter;
                    let new = self.named(Location::Body, name, value, from, blocks, change);
                    new.unwrap_or_else(|| value.clone())
                });
                (String::new(), listed.collect())
            }
            _ => (self.body_text(body, from, blocks, change), Vec::new()),
        }
    }

    fn body_text(
        &self,
        body: &DecodedBody,
        from: Option<usize>,
        blocks: &mut OpenBlocks,
        change: &mut Change,
    ) -> String {
        let text = body.text.as_str();
        let mut each =
            |name: &str, value: &str| self.named(Location::Body, name, value, from, blocks, change);
        let whole = match body.form {
            BodyForm::Urlencoded => return rewrite_pairs(text, &mut each),
            BodyForm::Multipart => return rewrite_parts(text, body.content_type(), &mut each),
            BodyForm::Json => rewrite_json(text, "", &mut each),
            BodyForm::Opaque | BodyForm::ParameterList => None,
        };
        // What cannot be taken apart is one value that nobody knows.
        whole
            .or_else(|| self.leaf(Location::Body, "", text, None, change))
            .unwrap_or_else(|| text.to_owned())
    }

    fn pairs(
        &self,
        text: &str,
        location: Location,
        from: Option<usize>,
        blocks: &mut OpenBlocks,
        change: &mut Change,
    ) -> String {
        rewrite_pairs(text, &mut |name, value| {
            self.named(location, name, value, from, blocks, change)
        })
    }

    /// A parameter as it stands on the wire. `from`: `None` where the rule does not read it.
    fn named(
        &self,
        location: Location,
        name: &str,
        value: &str,
        from: Option<usize>,
        blocks: &mut OpenBlocks,
        change: &mut Change,
    ) -> Option<String> {
        let Some(from) = from else {
            return self.leaf(location, name, value, None, change);
        };
        // A value without a name may be a flag that the rule names.
        if name.is_empty() {
            let (rule, decides) = self.said_of(value);
            return (rule.is_none() && !decides)
                .then(|| self.leaf(location, "", value, None, change))
                .flatten();
        }
        let has_blocks = self.steps.contains(&Step::Blocks);
        match blocks.around(name).filter(|_| has_blocks) {
            Some(around) => {
                let full = format!("{around}{name}");
                self.value(location, &full, value, from, change)
            }
            None => self.value(location, name, value, from, change),
        }
    }

    /// A value that the steps from `from` on may take apart.
    pub fn value(
        &self,
        location: Location,
        name: &str,
        value: &str,
        from: usize,
        change: &mut Change,
    ) -> Option<String> {
        let (rule, _) = self.said_of(name);
        // An address is changed as a whole, so that it is the same wherever it stands.
        let is_address = rule.is_some_and(|rule| {
            matches!(
                rule.fills,
                Some(Column::PageUrl | Column::Referrer | Column::ClickedDestination)
            )
        });
        if !is_address && !value.is_empty() {
            for (at, step) in self.steps.iter().enumerate().skip(from) {
                if let Some(new) = self.through(step, location, name, value, at + 1, change) {
                    return Some(new).filter(|new| new != value);
                }
            }
        }
        self.leaf(location, name, value, rule, change)
    }

    /// One step, there and back. `None`: it does nothing to this value.
    fn through(
        &self,
        step: &Step,
        location: Location,
        name: &str,
        value: &str,
        from: usize,
        change: &mut Change,
    ) -> Option<String> {
        let mut inside = |name: &str, value: &str| self.value(location, name, value, from, change);
        let fits = |of: &[String]| of.iter().any(|pattern| name_fits(pattern, name));
        let parameter = || Parameter::new(name, value, location);
        match step {
            Step::Json { of, into } if fits(of) && json::looks_json(value) => {
                rewrite_json(value, into.as_deref().unwrap_or(name), &mut inside)
            }
            Step::NestedQuery { of, into } if fits(of) && value.contains('=') => {
                let prefix = into.as_deref().unwrap_or(name);
                Some(nested_query(value, prefix, &mut inside))
            }
            Step::Base64 { of } if fits(of) => {
                let plain = steps::from_base64(&parameter()).ok()?;
                Some(match inside(name, &plain) {
                    Some(new) if plain == value => new,
                    Some(new) => base64_like(value, &new),
                    None => value.to_owned(),
                })
            }
            Step::Inflate { of } if fits(of) => {
                let plain = steps::inflated(&parameter()).ok()?;
                Some(inside(name, &plain).unwrap_or_else(|| value.to_owned()))
            }
            Step::Decode { of } if fits(of) => {
                let plain = steps::decoded_again(&parameter()).ok()?;
                let new = inside(name, &plain).map(|new| encode_component(&new));
                Some(new.unwrap_or_else(|| value.to_owned()))
            }
            Step::Jwt { of } if fits(of) => token(value, name, &mut inside),
            Step::Split {
                of,
                separator,
                trim,
            } if fits(of) => {
                let trim = trim.as_deref().unwrap_or_default();
                Some(split(value, separator, trim, name, &mut inside))
            }
            Step::Pieces {
                of,
                separator,
                key_separator,
                key_length,
            } if fits(of) => {
                let key = steps::Key {
                    separator: key_separator.as_deref(),
                    length: *key_length,
                };
                Some(pieces(value, separator, key, name, &mut inside))
            }
            _ => None,
        }
    }

    fn leaf(
        &self,
        location: Location,
        name: &str,
        value: &str,
        rule: Option<&ParameterRule>,
        change: &mut Change,
    ) -> Option<String> {
        let decides = self.said_of(name).1;
        change(&Leaf {
            location,
            name,
            value,
            rule,
            decides,
        })
    }

    /// What the rule says of a name, and whether it looks at its value. Parts of what is put together mean what the whole
    /// does, where they have no meaning of their own.
    fn said_of(&self, name: &str) -> (Option<&ParameterRule>, bool) {
        let Some(known) = self.known.as_ref().filter(|_| !name.is_empty()) else {
            return (None, false);
        };
        let of_name = |name: &str| {
            let at = known.compiled.meanings.position(name)?;
            known.compiled.rule.parameters.get(at)
        };
        let whole = self.steps.iter().find_map(|step| match step {
            Step::Join { of, into, .. } if of.iter().any(|part| part == name) => Some(into),
            _ => None,
        });
        let rule = of_name(name).or_else(|| of_name(whole?));
        let decides = known.conditions().any(|condition| {
            let mut names = condition.keys();
            names.any(|pattern| name_fits(pattern, name))
        });
        let decides = decides || self.holds_names(name);
        (rule, decides)
    }

    /// Whether the values of a parameter are names of others.
    fn holds_names(&self, name: &str) -> bool {
        self.steps.iter().any(|step| match step {
            Step::MarkedNames { of, .. } => of.iter().any(|pattern| name_fits(pattern, name)),
            _ => false,
        })
    }

    /// Where the steps go on after one of them; `None`: the rule does not have it.
    fn after(&self, step: &Step) -> Option<usize> {
        self.steps
            .iter()
            .position(|known| known == step)
            .map(|at| at + 1)
    }
}

impl Known<'_> {
    fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let rule = &self.compiled.rule;
        let of_rule = rule.automatic.iter().chain(&rule.in_frame);
        let of_actions = rule.actions.iter().map(|action| &action.when);
        let of_endpoints = rule
            .endpoints
            .iter()
            .flat_map(|endpoint| [&endpoint.parameters, &endpoint.unless]);
        let of_collectors = rule.collectors.iter().map(|collector| &collector.when);
        of_rule
            .chain(of_actions)
            .chain(of_endpoints)
            .chain(of_collectors)
    }
}

/// Names a value inside another.
type Inside<'i> = dyn FnMut(&str, &str) -> Option<String> + 'i;

/// What stands before a question mark is a value of the whole name.
fn nested_query(value: &str, prefix: &str, inside: &mut Inside) -> String {
    let full = |name: &str| match (prefix, name) {
        ("", _) => name.to_owned(),
        (_, "") => String::new(),
        _ => format!("{prefix}.{name}"),
    };
    match value.split_once('?') {
        Some((front, query)) => {
            let front = inside(prefix, front).unwrap_or_else(|| front.to_owned());
            let query = rewrite_pairs(query, &mut |name, value| inside(&full(name), value));
            format!("{front}?{query}")
        }
        None => rewrite_pairs(value, &mut |name, value| inside(&full(name), value)),
    }
}

/// In the alphabet and with the padding of what was there.
fn base64_like(before: &str, text: &str) -> String {
    let is_for_addresses = before.contains(['-', '_']);
    match (is_for_addresses, before.ends_with('=')) {
        (true, true) => URL_SAFE.encode(text),
        (true, false) => URL_SAFE_NO_PAD.encode(text),
        (false, true) => STANDARD.encode(text),
        (false, false) => STANDARD_NO_PAD.encode(text),
    }
}

/// The head stays; what follows the payload, its signature, is a value that nobody knows.
fn token(value: &str, name: &str, inside: &mut Inside) -> Option<String> {
    let mut parts = value.splitn(3, '.');
    let (head, payload) = (parts.next()?, parts.next()?);
    let text = String::from_utf8(steps::base64_bytes(payload)?).ok()?;
    let new = rewrite_json(&text, name, inside)?;
    let signature = parts.next().map(|signature| {
        let new = inside("", signature);
        format!(".{}", new.as_deref().unwrap_or(signature))
    });
    let payload = URL_SAFE_NO_PAD.encode(new);
    Some(format!("{head}.{payload}{}", signature.unwrap_or_default()))
}

fn split(value: &str, separator: &str, trim: &str, name: &str, inside: &mut Inside) -> String {
    let list = value.trim_matches(|c| trim.contains(c));
    if list.is_empty() {
        return value.to_owned();
    }
    let elements: Vec<String> = list
        .split(separator)
        .enumerate()
        .map(|(place, element)| {
            let new = inside(&format!("{name}[{place}]"), element);
            new.unwrap_or_else(|| element.to_owned())
        })
        .collect();
    value.replacen(list, &elements.join(separator), 1)
}

/// A piece without a key is a value without a name.
fn pieces(
    value: &str,
    separator: &str,
    key: steps::Key,
    name: &str,
    inside: &mut Inside,
) -> String {
    let piece = |piece: &str, inside: &mut Inside| {
        let parts = match (key.separator, key.length) {
            (Some(between), _) => piece.split_once(between).map(|(k, v)| (k, between, v)),
            (None, Some(length)) => piece.split_at_checked(length).map(|(k, v)| (k, "", v)),
            (None, None) => None,
        };
        match parts {
            Some((key, between, value)) => {
                let new = inside(&format!("{name}.{key}"), value);
                format!("{key}{between}{}", new.as_deref().unwrap_or(value))
            }
            None => inside("", piece).unwrap_or_else(|| piece.to_owned()),
        }
    };
    let pieces: Vec<String> = value
        .split(separator)
        .map(|text| piece(text, inside))
        .collect();
    pieces.join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(text: &str) -> Vec<Step> {
        #[derive(serde::Deserialize)]
        struct File {
            unpack: Vec<Step>,
        }
        let file: File = toml::from_str(text).unwrap();
        file.unpack
    }

    /// What becomes of `p` by these steps, where every value but `stay` becomes stars; and the names that were met.
    fn starred(unpack: &str, value: &str) -> (String, Vec<String>) {
        let steps = steps(&format!("unpack = [{unpack}]"));
        let mut met = Vec::new();
        let new = Repacker::of_steps(&steps).value(Location::Query, "p", value, 0, &mut |leaf| {
            met.push(leaf.name.to_owned());
            (leaf.value != "stay").then(|| "*".repeat(leaf.value.len()))
        });
        (new.unwrap_or_else(|| value.to_owned()), met)
    }

    #[test]
    fn every_step_is_gone_back() {
        let of_p = |step: &str| format!(r#"{{ step = "{step}", of = ["p*"] }}"#);
        let json = of_p("json");
        let cases = [
            (
                json.clone(),
                r#"{"a":"stay","b":["xy"]}"#,
                r#"{"a":"stay","b":["**"]}"#,
            ),
            (of_p("nested-query"), "/x?a=stay&b=xy&z", "**?a=stay&b=**&*"),
            (
                format!("{}, {json}", of_p("base64")),
                "eyJhIjoic3RheSJ9",
                "eyJhIjoic3RheSJ9",
            ),
            (
                format!("{}, {json}", of_p("base64")),
                "eyJhIjoieHkifQ==",
                "eyJhIjoiKioifQ==",
            ),
            (
                format!("{}, {json}", of_p("decode")),
                "%7B%22a%22%3A%22stay%22%7D",
                "%7B%22a%22%3A%22stay%22%7D",
            ),
            (
                format!("{}, {json}", of_p("decode")),
                "%7B%22a%22%3A%22xy%22%7D",
                "%7B%22a%22%3A%22%2A%2A%22%7D",
            ),
            (
                of_p("jwt"),
                "eyJ4IjoxfQ.eyJhIjoieHkifQ.sig",
                "eyJ4IjoxfQ.eyJhIjoiKioifQ.***",
            ),
            (
                r#"{ step = "split", of = ["p"], separator = ",", trim = "[]" }"#.to_owned(),
                "[stay,xy]",
                "[stay,**]",
            ),
            (
                r#"{ step = "pieces", of = ["p"], separator = "~", key_separator = "." }"#
                    .to_owned(),
                "a.stay~b.xy~c.~d",
                "a.stay~b.**~c.~*",
            ),
            (r#"{ step = "inflate", of = ["p"] }"#.to_owned(), "xy", "**"),
        ];
        for (step, value, wanted) in cases {
            assert_eq!(starred(&step, value).0, wanted, "{step}");
        }
    }

    #[test]
    fn names_are_those_that_the_steps_give() {
        let unpack = r#"{ step = "json", of = ["p"], into = "" }, { step = "pieces", of = ["t"], separator = "~", key_length = 1 }"#;
        let (_, met) = starred(unpack, r#"{"t":"a1~b2","u":{"v":[3]}}"#);
        assert_eq!(met, ["t.a", "t.b", "u.v[0]"]);
    }

    /// What comes back unchanged is the request itself, for every example of every rule.
    #[test]
    fn nothing_changed_is_nothing_lost() {
        use crate::capture::Entry;
        use crate::exchange::ProducerHabits;
        let library = Library::built_in().unwrap();
        let mut repacked = 0;
        for rule in library.rules() {
            for example in &rule.examples {
                let kind = example.content_type.as_deref();
                let body = example.body.as_deref().map(|body| (body, kind));
                let entry = Entry::of_request(&example.method, &example.url, None, body);
                let Some(exchange) = Exchange::decode(&entry, ProducerHabits::default()) else {
                    continue;
                };
                let decoding = library.decode(&exchange);
                let repacker = library.repacker(decoding.as_ref());
                let same = repacker.repack(&exchange, &mut |_| None);
                assert_eq!(same.path, exchange.address.path);
                assert_eq!(same.query, exchange.address.query, "{}", example.title);
                if exchange.body.form != BodyForm::Json {
                    assert_eq!(same.body, exchange.body.text, "{}", example.title);
                }
                repacked += 1;
            }
        }
        assert!(repacked > 200, "{repacked}");
    }
}
