//! Who stands behind a host: the company, its country and the product's public name (`recipients.csv`), also for hosts of
//! which no rule can read a word.

use std::collections::HashMap;

use serde::Deserialize;

use super::TrackerError;

/// The file as compiled in.
pub const RECIPIENTS_TEXT: &str = include_str!("recipients.csv");

/// One row: a domain stands for itself and everything below it; the longest one wins.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Recipient {
    pub domain: String,
    pub company: String,
    /// ISO 3166, two letters.
    pub country: String,
    pub product: String,
    /// What the product does: advertising, analytics, fonts, cdn …
    pub role: String,
    /// Where the fact is from.
    pub source: String,
}

/// The table of recipients.
#[derive(Debug, Default)]
pub struct Recipients {
    by_domain: HashMap<String, Recipient>,
}

impl Recipients {
    /// The built-in table.
    ///
    /// # Errors
    /// Never, for the file as shipped: a test holds it to that.
    pub fn built_in() -> Result<Recipients, TrackerError> {
        let mut by_domain = HashMap::new();
        for row in csv::Reader::from_reader(RECIPIENTS_TEXT.as_bytes()).deserialize() {
            let row: Recipient = row.map_err(|error| TrackerError::BadRule {
                file: "recipients.csv".to_string(),
                message: error.to_string(),
            })?;
            by_domain.insert(row.domain.clone(), row);
        }
        Ok(Recipients { by_domain })
    }

    /// The recipient behind a host.
    pub fn of_host(&self, host: &str) -> Option<&Recipient> {
        domains_above(host).find_map(|domain| self.by_domain.get(domain))
    }

    pub fn len(&self) -> usize {
        self.by_domain.len()
    }

    pub fn is_empty(&self) -> bool {
        self.by_domain.is_empty()
    }
}

/// A host, and every domain above it: `a.b.example`, `b.example`, `example`.
pub(super) fn domains_above(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |domain| {
        domain.split_once('.').map(|(_, above)| above)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tracker::Library;

    #[test]
    fn the_longest_domain_wins() {
        let recipients = Recipients::built_in().unwrap();
        assert!(recipients.len() > 200);
        let of = |host| recipients.of_host(host).map(|r| r.company.as_str());
        assert_eq!(of("www.facebook.com"), Some("Meta"));
        assert_eq!(of("region1.google-analytics.com"), Some("Google"));
        assert_eq!(of("facebook.com.evil.example"), None);
    }

    #[test]
    fn rules_and_table_name_the_same_company() {
        let library = Library::built_in().unwrap();
        for rule in library.rules() {
            for host in rule.endpoints.iter().flat_map(|endpoint| &endpoint.hosts) {
                let known = library.recipients.of_host(host);
                let known = known.unwrap_or_else(|| panic!("{host} is not in the table"));
                assert_eq!(known.company, rule.recipient, "{}: {host}", rule.name);
            }
        }
    }
}
