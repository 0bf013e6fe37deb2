//! The request as it stands in the capture: method, address, headers, body. Without --reveal its structure stays and its
//! values are masked, each by what the rules know of it; what no rule knows is masked too. Secrets of logins are withheld
//! in any case, and so are the cookies and headers of which nobody knows whether they are one.

use super::Checked;
use crate::cli::output::heading;
use crate::disclosure::{Explained, Reveal, Show, Vocabulary, explain, masked_address, shown};
use crate::exchange::{BodyForm, BodyState, Exchange, Location, Parameter, split_pairs};
use crate::figures::printable;

/// Headers that say nothing of the person.
const HARMLESS: [&str; 19] = [
    ":authority",
    ":method",
    ":scheme",
    "accept",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "dnt",
    "host",
    "keepalive",
    "pragma",
    "priority",
    "te",
    "upgrade-insecure-requests",
    "user-agent",
    "x-requested-with",
];

/// Headers that hold an address.
const ADDRESSES: [&str; 4] = [":path", "location", "origin", "referer"];

/// Parts of the names of headers that may hold the secret of a login.
const SECRET: [&str; 6] = ["auth", "cookie", "csrf", "secret", "session", "token"];

/// What stands for a value that is shown to nobody.
const WITHHELD: &str = "[withheld]";

/// The request, with a heading.
pub(super) fn section(checked: &Checked, vocabulary: &Vocabulary, reveal: Reveal) -> String {
    let events = checked
        .decoding
        .iter()
        .flat_map(|decoding| &decoding.events);
    let known: Vec<Explained> = events
        .flat_map(|event| explain(event, vocabulary))
        .filter(|parameter| !parameter.derived)
        .collect();
    let request = Request {
        exchange: &checked.exchange,
        known: &known,
        reveal,
    };
    let title = match reveal {
        Reveal::Yes => "The request, as it stands in the capture, without the secrets of logins",
        Reveal::No => "The request, as it stands in the capture, its values masked",
    };
    let text = format!(
        "{}\n{}{}{}",
        heading(title),
        request.address(),
        request.head(),
        request.body()
    );
    without_secrets(text, &known)
}

/// A secret may stand in another place than its own, too. One of few letters would also be found in other words.
fn without_secrets(mut text: String, known: &[Explained]) -> String {
    const FEW: usize = 6;
    for secret in known.iter().filter_map(Explained::secret) {
        if secret.len() >= FEW {
            text = text.replace(secret, WITHHELD);
        }
    }
    text
}

/// An address without the name and password that may stand before its host.
fn without_user(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    match authority.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://{WITHHELD}@{host}{tail}"),
        None => address.to_owned(),
    }
}

struct Request<'a> {
    exchange: &'a Exchange,
    known: &'a [Explained<'a>],
    reveal: Reveal,
}

impl Request<'_> {
    fn address(&self) -> String {
        let method = printable(&self.exchange.method);
        let address = &self.exchange.address;
        if self.reveal == Reveal::Yes {
            return format!("  {method} {}\n", printable(&without_user(&address.raw)));
        }
        let page = masked_address(&address.without_query());
        let mut text = format!("  {method} {}\n", printable(&page));
        for (number, parameter) in self.exchange.query_parameters().iter().enumerate() {
            let sign = if number == 0 { '?' } else { '&' };
            text += &format!("    {sign} {}\n", self.pair(parameter));
        }
        text
    }

    fn head(&self) -> String {
        let headers = self.exchange.headers.iter();
        let mut text: String = headers
            .filter(|header| !header.name.eq_ignore_ascii_case("cookie"))
            .map(|header| {
                let value = self.header(&header.name, &header.value);
                format!("  {}: {}\n", printable(&header.name), printable(&value))
            })
            .collect();
        for cookie in &self.exchange.cookies {
            let value = self.cookie(&cookie.name, &cookie.value);
            text += &format!(
                "  cookie {} = {}\n",
                printable(&cookie.name),
                printable(&value)
            );
        }
        text
    }

    fn header(&self, name: &str, value: &str) -> String {
        let name = name.to_ascii_lowercase();
        let show = if SECRET
            .iter()
            .any(|part| name.contains(part) && name != ":authority")
        {
            Show::Never
        } else if ADDRESSES.contains(&name.as_str()) {
            Show::Address
        } else if HARMLESS.contains(&name.as_str()) || name.starts_with("sec-") {
            Show::Content
        } else {
            Show::Masked
        };
        shown(value, show, self.reveal)
    }

    /// A cookie of which no rule knows what it is may be a login.
    fn cookie(&self, name: &str, value: &str) -> String {
        match self.known_at(Location::Cookie, name, value) {
            Some(known) => known.value(self.reveal),
            None => format!(
                "{} (no rule knows this cookie; it may be a login)",
                shown(value, Show::Masked, Reveal::No)
            ),
        }
    }

    fn body(&self) -> String {
        let body = &self.exchange.body;
        let evidence = shown(&body.evidence.to_string(), Show::Content, self.reveal);
        let evidence = printable(&evidence);
        match body.state {
            BodyState::None => "  (no body)\n".to_owned(),
            BodyState::NotRecorded => format!("  (the body is not recorded: {evidence})\n"),
            BodyState::Recorded | BodyState::Lossy if self.reveal == Reveal::Yes => {
                let lines = body.text.lines();
                let lines = lines.map(|line| format!("    {}\n", printable(line)));
                let listed = self.listed().filter(|_| body.text.is_empty());
                format!(
                    "  body ({evidence}):\n{}{}",
                    lines.collect::<String>(),
                    listed.unwrap_or_default()
                )
            }
            BodyState::Recorded | BodyState::Lossy => match self.listed() {
                Some(listed) => format!("  body ({evidence}):\n{listed}"),
                None => format!("  body ({evidence}): in no form that is read, masked\n"),
            },
        }
    }

    /// The parameters of the body, one a line; `None`: there are none.
    fn listed(&self) -> Option<String> {
        let body = &self.exchange.body;
        let parameters = match body.form {
            // Several events may stand there, one a line.
            BodyForm::Urlencoded => {
                let lines = body.text.lines();
                lines
                    .flat_map(|line| split_pairs(line, Location::Body))
                    .collect()
            }
            _ => body.parameters().0.to_vec(),
        };
        let lines = parameters.iter();
        let lines = lines.map(|parameter| format!("    {}\n", self.pair(parameter)));
        (!parameters.is_empty()).then(|| lines.collect())
    }

    fn pair(&self, parameter: &Parameter) -> String {
        let Parameter {
            name,
            value,
            location,
            ..
        } = parameter;
        let known = self.known_at(*location, name, value);
        let is_explained = known.is_some_and(|known| known.meaning.is_some());
        // A piece without a name may be anything, and it is all that stands there.
        let show = if value.is_empty() && !is_explained {
            Show::Masked
        } else {
            Show::Content
        };
        let shown_name = shown(name, show, self.reveal);
        let value = match known {
            Some(known) => known.value(self.reveal),
            None => shown(value, Show::Masked, self.reveal),
        };
        format!("{} = {}", printable(&shown_name), printable(&value))
    }

    fn known_at(&self, location: Location, name: &str, value: &str) -> Option<&Explained<'_>> {
        let mut known = self.known.iter();
        known.find(|known| known.is(location, name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Entry;
    use crate::exchange::ProducerHabits;
    use crate::tracker::Library;

    /// A request to Meta with a login, told with or without values.
    fn told(reveal: Reveal) -> String {
        let mut entry = Entry::of_request(
            "POST",
            "https://www.facebook.com/tr/?id=111222333444555&ev=Lead&fbp=fb.1.1700000000000.42&odd=own%20words&Jo%20Public",
            Some("c_user=100000000000001; xs=12%3AverySecret; mine=abcdef"),
            Some((
                "ud[em]=sam@mail.example&note=12%3AverySecret",
                Some("application/x-www-form-urlencoded"),
            )),
        );
        for (name, value) in [
            ("Authorization", "Bearer topsecret"),
            ("X-Client-Data", "CJW2yQE="),
            ("Referer", "https://www.clinic.example/hiv?name=Jo"),
        ] {
            entry.request.headers.push(name, value);
        }
        let exchange = Exchange::decode(&entry, ProducerHabits::default()).unwrap();
        let library = Library::built_in().unwrap();
        let decoding = library.decode(&exchange);
        assert!(decoding.is_some());
        let vocabulary = Vocabulary::built_in().unwrap();
        let events = decoding.iter().flat_map(|decoding| &decoding.events);
        let known: Vec<Explained> = events
            .flat_map(|event| explain(event, &vocabulary))
            .collect();
        let request = Request {
            exchange: &exchange,
            known: &known,
            reveal,
        };
        let text = format!("{}{}{}", request.address(), request.head(), request.body());
        without_secrets(text, &known)
    }

    #[test]
    fn structure_stays_and_values_go() {
        let text = told(Reveal::No);
        for wanted in [
            "POST https://www.facebook.com/tr/\n",
            "? id = 111222333444555",
            "& odd = [9 characters]",
            "cookie c_user = [15 digits]",
            "cookie xs = [withheld]",
            "Referer: https://www.clinic.example/hiv?name=…",
            "X-Client-Data: [8 characters]",
            "ud[em] = [e-mail address, 16 characters]",
        ] {
            assert!(text.contains(wanted), "{wanted} is not in\n{text}");
        }
        for hidden in [
            "100000000000001",
            "sam@",
            "fb.1.17",
            "own words",
            "Jo\n",
            "Public",
        ] {
            assert!(!text.contains(hidden), "{hidden} is in\n{text}");
        }
    }

    #[test]
    fn a_password_before_the_host_is_withheld_and_an_at_sign_behind_it_stays() {
        let without = without_user("https://me:pw@a.example/x@y?z=@");
        assert_eq!(without, "https://[withheld]@a.example/x@y?z=@");
        let plain = "https://a.example/u@b.example";
        assert_eq!(without_user(plain), plain);
    }

    #[test]
    fn no_secret_is_revealed_wherever_it_stands() {
        let text = told(Reveal::Yes);
        for wanted in [
            "100000000000001",
            "sam@mail.example",
            "fb.1.17",
            "own%20words",
        ] {
            assert!(text.contains(wanted), "{wanted} is not in\n{text}");
        }
        for secret in ["verySecret", "topsecret", "abcdef"] {
            assert!(!text.contains(secret), "{secret} is in\n{text}");
        }
    }
}
