//! The Meta requests of captures, read with the crate `har` into its own types. A line of JSON for each.

use std::io::{self, BufWriter, Write, stdout};

use har::Spec;
use har::v1_2::Entries;

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    for name in std::env::args().skip(1) {
        let log = match har::from_path(&name).map(|har| har.log) {
            Ok(Spec::V1_2(log)) => log,
            Ok(Spec::V1_3(_)) => {
                eprintln!("{name}: version 1.3");
                continue;
            }
            Err(error) => {
                eprintln!("{name}: {error}");
                continue;
            }
        };
        for (index, entry) in log.entries.iter().enumerate() {
            if is_pixel(&entry.request.url) {
                writeln!(out, "{}", row(&name, index, entry))?;
            }
        }
    }
    Ok(())
}

fn is_pixel(url: &str) -> bool {
    url.strip_prefix("https://www.facebook.com/tr")
        .is_some_and(|rest| rest.starts_with(['?', '/']))
}

fn row(name: &str, index: usize, entry: &Entries) -> serde_json::Value {
    let request = &entry.request;
    let body = request
        .post_data
        .as_ref()
        .and_then(|data| data.text.as_deref());
    let cookies: Vec<_> = request.cookies.iter().map(|cookie| &cookie.name).collect();
    serde_json::json!([
        name,
        index,
        entry.started_date_time,
        request.url,
        body,
        cookies
    ])
}
