//! Whose site is it? Registries of organisations by domain (`organisations/*.csv`); a site that no registry has stands
//! for itself.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

use super::PageError;
use crate::exchange::registrable_domain;

/// The built-in registries.
pub const BUILT_IN: &[(&str, &str)] = &[
    (
        "uk-charities.csv",
        include_str!("organisations/uk-charities.csv"),
    ),
    ("uk-nhs.csv", include_str!("organisations/uk-nhs.csv")),
    ("uk-police.csv", include_str!("organisations/uk-police.csv")),
    (
        "us-health-exchanges.csv",
        include_str!("organisations/us-health-exchanges.csv"),
    ),
];

/// One row of a registry: an organisation and one of its domains.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct RegistryRow {
    org_id: String,
    name: String,
    #[serde(default)]
    sector: String,
    #[serde(default)]
    registry: String,
    #[serde(default)]
    registry_code: String,
    domain: String,
    /// `exact`: this host (and its `www`); `suffix` or empty: the domain and everything below it.
    #[serde(default)]
    r#match: String,
    #[serde(default)]
    org_default_category: String,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    pub id: String,
    pub name: String,
    pub sector: Option<String>,
    pub registry: Option<String>,
    pub registry_code: Option<String>,
    pub default_category: Option<String>,
    pub in_registry: bool,
}

impl Organisation {
    fn of_site(host: &str) -> Organisation {
        let site = registrable_domain(host);
        Organisation {
            id: site.to_owned(),
            name: site.to_owned(),
            sector: None,
            registry: None,
            registry_code: None,
            default_category: None,
            in_registry: false,
        }
    }
}

/// The registries in force.
#[derive(Debug, Default)]
pub struct Registries {
    organisations: Vec<Organisation>,
    by_suffix: HashMap<String, usize>,
    by_host: HashMap<String, usize>,
    /// Name and text of every file, for the record of the run.
    pub sources: Vec<(String, String)>,
}

impl Registries {
    /// The built-in registries.
    ///
    /// # Errors
    /// Never, for the files as shipped: a test holds them to that.
    pub fn built_in() -> Result<Registries, PageError> {
        let mut registries = Registries::default();
        for (file, text) in BUILT_IN {
            registries.add(file, text)?;
        }
        Ok(registries)
    }

    /// The built-in registries and a file with the same columns (`org_id`, `name` and `domain` suffice); its domains win
    /// over the built-in ones.
    ///
    /// # Errors
    /// A file that cannot be read, or has a fault: named, with the fault.
    pub fn with_file(path: &Path) -> Result<Registries, PageError> {
        let mut registries = Registries::built_in()?;
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| PageError::Unreadable {
            file: name.clone(),
            message: error.to_string(),
        })?;
        registries.add(&name, &text)?;
        Ok(registries)
    }

    fn add(&mut self, file: &str, text: &str) -> Result<(), PageError> {
        let fault = |message: String| PageError::BadFile {
            file: file.to_string(),
            message,
        };
        let unmarked = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(unmarked.as_bytes());
        let mut of_this_file: HashMap<String, usize> = HashMap::new();
        for row in reader.deserialize() {
            let row: RegistryRow = row.map_err(|error| fault(error.to_string()))?;
            if row.org_id.is_empty() || row.domain.is_empty() {
                return Err(fault(format!(
                    "{}: org_id and domain must not be empty",
                    row.name
                )));
            }
            let place = *of_this_file.entry(row.org_id.clone()).or_insert_with(|| {
                self.organisations.push(organisation_of(&row));
                self.organisations.len() - 1
            });
            let domain = row.domain.to_lowercase();
            match row.r#match.as_str() {
                "exact" => self.by_host.insert(domain, place),
                "suffix" | "" => self.by_suffix.insert(domain, place),
                other => {
                    return Err(fault(format!(
                        "{domain}: match is {other:?}; exact or suffix"
                    )));
                }
            };
        }
        self.sources.push((file.to_string(), text.to_string()));
        Ok(())
    }

    /// The organisation behind a host: by its exact name, then by the longest domain above it, else the site itself.
    pub fn of_host(&self, host: &str) -> Organisation {
        let bare = host.strip_prefix("www.").unwrap_or(host);
        let exact = self.by_host.get(host).or_else(|| self.by_host.get(bare));
        let mut domain = Some(host);
        let above = std::iter::from_fn(|| {
            let name = domain?;
            domain = name.split_once('.').map(|(_, rest)| rest);
            Some(name)
        });
        let by_suffix = above.filter_map(|name| self.by_suffix.get(name)).next();
        let place = exact.or(by_suffix);
        place
            .and_then(|&place| self.organisations.get(place).cloned())
            .unwrap_or_else(|| Organisation::of_site(host))
    }

    /// Every organisation of the registries, in the order of the files.
    pub fn organisations(&self) -> &[Organisation] {
        &self.organisations
    }
}

fn organisation_of(row: &RegistryRow) -> Organisation {
    let some = |text: &String| Some(text.clone()).filter(|t| !t.is_empty());
    Organisation {
        id: row.org_id.clone(),
        name: row.name.clone(),
        sector: some(&row.sector),
        registry: some(&row.registry),
        registry_code: some(&row.registry_code),
        default_category: some(&row.org_default_category),
        in_registry: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_43_forces_and_the_national_ones_are_there() {
        let registries = Registries::built_in().unwrap();
        let forces = |sector: &str| {
            registries
                .organisations()
                .iter()
                .filter(|o| o.sector.as_deref() == Some(sector))
                .count()
        };
        // 43 territorial forces of England and Wales, PSNI, Police Scotland, BTP and MDP.
        assert_eq!(forces("police"), 47);
        for host in [
            "www.met.police.uk",
            "www.norfolk.police.uk",
            "scotland.police.uk",
        ] {
            assert!(registries.of_host(host).in_registry, "{host}");
        }
        let old = registries.of_host("www.west-midlands.police.uk");
        assert_eq!(old.id, registries.of_host("www.westmidlands.police.uk").id);
    }

    #[test]
    fn the_twenty_trusts_of_may_2023_are_there() {
        let registries = Registries::built_in().unwrap();
        for label in [
            "alderhey",
            "bhrhospitals",
            "bartshealth",
            "buckshealthcare",
            "cnwl",
            "croydonhealthservices",
            "dpt",
            "hpft",
            "midyorks",
            "mpft",
            "nbt",
            "northamptongeneral",
            "penninecare",
            "ruh",
            "sath",
            "sabp",
            "tavistockandportman",
            "christie",
            "royalmarsden",
            "uhnm",
        ] {
            assert!(
                registries
                    .of_host(&format!("www.{label}.nhs.uk"))
                    .in_registry,
                "{label}"
            );
        }
    }

    #[test]
    fn a_site_in_no_registry_stands_for_itself() {
        let registries = Registries::built_in().unwrap();
        let site = registries.of_host("shop.somewhere.example");
        assert_eq!(
            (site.id.as_str(), site.in_registry),
            ("somewhere.example", false)
        );
        assert!(!registries.of_host("xmet.police.uk").in_registry);
    }
}
