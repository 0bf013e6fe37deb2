//! A request written as a person would write one down, so that seeds and findings can be read and changed by hand:
//!
//! ```text
//! POST https://www.facebook.com/tr/?id=1
//! Content-Type: text/plain
//! !param: a=b
//!
//! the body
//! ```
//!
//! A name that begins with `!` is no header but another member of the entry. Anything is a request, if an odd one.

use pixelhound::capture::{Body, Entry, Pair, Pairs, Request, Response};

/// As long as a repeated body may become.
const LONGEST_BODY: usize = 1 << 18;

/// The entry that the bytes describe.
pub fn entry(bytes: &[u8]) -> Entry {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.split('\n');
    let (method, url) = lines
        .next()
        .and_then(|line| line.split_once(' '))
        .unwrap_or(("GET", "https://a.example/"));
    let mut entry = Entry {
        request: Request {
            method: method.to_owned(),
            url: url.to_owned(),
            ..Request::default()
        },
        ..Entry::default()
    };
    let mut members = Members::default();
    for line in lines {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        members.put(&mut entry, name, value.trim_start());
    }
    entry.request.body = members.body(body).map(Box::new);
    entry
}

/// How many bytes the entry holds in the members that are decoded.
pub fn length(entry: &Entry) -> usize {
    let of_pairs = |pairs: &[Pair]| -> usize {
        let lengths = pairs.iter().map(|pair| pair.name.len() + pair.value.len());
        lengths.sum::<usize>() + pairs.len()
    };
    let request = &entry.request;
    let body = request.body.as_ref().map_or(0, |body| {
        body.text.as_ref().map_or(0, String::len) + of_pairs(&body.params)
    });
    let lists = [&request.headers, &request.cookies];
    let listed: Vec<Pair> = lists
        .into_iter()
        .flat_map(Pairs::iter)
        .map(Pair::from)
        .collect();
    request.url.len() + of_pairs(&listed) + body
}

/// The members of the body, as they are met.
#[derive(Default)]
struct Members {
    body: Body,
    named: bool,
    times: usize,
}

impl Members {
    fn put(&mut self, entry: &mut Entry, name: &str, value: &str) {
        let text = || Some(value.to_owned());
        let response = entry.response.as_mut();
        match name {
            "!cookie" => {
                let Pair { name, value } = pair(value);
                entry.request.cookies.push(&name, &value);
            }
            "!size" => entry.request.body_size = value.trim().parse().ok(),
            "!started" => entry.started_at = text(),
            "!type" => entry.resource_type = text(),
            "!status" => {
                entry.response = Some(Response {
                    status: value.trim().parse().ok(),
                    ..Response::default()
                });
            }
            "!redirect" => {
                if let Some(response) = response {
                    response.redirect_url = text();
                }
            }
            "!times" => self.times = value.trim().parse().unwrap_or_default(),
            "!param" => {
                self.named = true;
                self.body.params.push(pair(value));
            }
            "!mime" => (self.named, self.body.mime_type) = (true, text()),
            "!encoding" => (self.named, self.body.encoding) = (true, text()),
            "!comment" => (self.named, self.body.comment) = (true, text()),
            _ => entry.request.headers.push(name, value),
        }
    }

    /// The body with its text, which a number of times shows what grows faster than its input.
    fn body(mut self, text: &str) -> Option<Body> {
        if text.is_empty() {
            return self.named.then_some(self.body);
        }
        let times = self.times.clamp(1, (LONGEST_BODY / text.len()).max(1));
        self.body.text = Some(text.repeat(times));
        Some(self.body)
    }
}

fn pair(text: &str) -> Pair {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    Pair {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}
