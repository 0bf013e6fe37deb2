//! Every distinct page of the captures, judged once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Knowledge;
use super::part::CapturePart;
use super::sighting::Sighting;
use crate::dataset::{OrganisationRow, PageRow, VisitRow};
use crate::disclosure::{Reveal, masked_address, masked_typed};
use crate::exchange::{Address, registrable_domain};
use crate::page::{Judgement, MatchedIn, Organisation, search_term};

/// The judged pages, and their ids by key.
#[derive(Debug, Default)]
pub struct Pages {
    pub rows: Vec<PageRow>,
    pub ids: HashMap<String, String>,
    /// The organisations whose pages they are, each once.
    pub organisations: Vec<OrganisationRow>,
    /// Which page was seen in which capture.
    pub visits: Vec<VisitRow>,
}

impl Pages {
    /// The id of a page by its key.
    pub fn id(&self, key: Option<String>) -> Option<String> {
        self.ids.get(&key?).cloned()
    }
}

/// One page, as one capture or all of them together show it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SeenPage {
    pub key: String,
    pub address: Address,
    /// What it was titled, and how often.
    pub titles: BTreeMap<String, u64>,
}

impl From<Sighting> for SeenPage {
    fn from(sighting: Sighting) -> SeenPage {
        let title = sighting.title.as_deref().map(str::trim);
        let title = title.filter(|title| !title.is_empty());
        // Producers put the address where they know no title; that is none.
        let title = title.filter(|title| Address::parse(title).is_none());
        SeenPage {
            titles: title
                .map(|title| (title.to_string(), 1))
                .into_iter()
                .collect(),
            key: sighting.key,
            address: sighting.address,
        }
    }
}

impl SeenPage {
    /// Takes in the same page, seen elsewhere. Of several addresses the smallest stands for it, https before http.
    fn add(&mut self, other: SeenPage) {
        let order = |address: &Address| (address.scheme == "http", address.raw.clone());
        if order(&other.address) < order(&self.address) {
            self.address = other.address;
        }
        for (title, times) in other.titles {
            *self.titles.entry(title).or_insert(0) += times;
        }
    }
}

/// Each page once, by its key.
pub fn gathered(seen: impl Iterator<Item = SeenPage>) -> BTreeMap<String, SeenPage> {
    let mut pages: BTreeMap<String, SeenPage> = BTreeMap::new();
    for page in seen {
        match pages.get_mut(&page.key) {
            Some(known) => known.add(page),
            None => drop(pages.insert(page.key.clone(), page)),
        }
    }
    pages
}

/// One page, judged.
#[derive(Debug, Serialize, Deserialize)]
pub struct JudgedPage {
    pub key: String,
    /// Still without its id, which is its place among the keys of all pages.
    pub row: PageRow,
    /// Whose page it is.
    pub organisation: OrganisationRow,
}

/// Gathers the pages of all captures and judges each.
pub fn judge_pages(captures: &mut [CapturePart], knowledge: &Knowledge) -> Pages {
    let seen = visited(captures);
    let pages = captures
        .iter_mut()
        .flat_map(|capture| std::mem::take(&mut capture.pages));
    let judged = judged(pages, knowledge);
    let width = judged.len().to_string().len();
    let mut pages = Pages::default();
    let mut organisations = BTreeMap::new();
    for (number, page) in (1..).zip(judged) {
        let id = format!("page-{number:0width$}");
        pages.ids.insert(page.key, id.clone());
        pages.rows.push(PageRow {
            page_id: id,
            ..page.row
        });
        let organisation = page.organisation;
        organisations.insert(organisation.organisation_id.clone(), organisation);
    }
    pages.organisations = organisations.into_values().collect();
    pages.visits = visits(&seen, &pages.ids);
    pages
}

/// Gathers pages and judges each, in the order of their keys.
pub fn judged(seen: impl Iterator<Item = SeenPage>, knowledge: &Knowledge) -> Vec<JudgedPage> {
    let gathered: Vec<SeenPage> = gathered(seen).into_values().collect();
    let judged = gathered.into_par_iter();
    judged.map(|page| judge(page, knowledge)).collect()
}

/// Which page, by its key, was seen in which capture.
fn visited(captures: &[CapturePart]) -> BTreeSet<(String, String)> {
    let of_capture = |capture: &CapturePart| {
        let id = capture.row.capture_id.clone();
        let keys: Vec<String> = capture.pages.iter().map(|page| page.key.clone()).collect();
        keys.into_iter().map(move |key| (key, id.clone()))
    };
    captures.iter().flat_map(of_capture).collect()
}

/// Pages are numbered as their keys sort, so these sort as the pages do.
fn visits(seen: &BTreeSet<(String, String)>, ids: &HashMap<String, String>) -> Vec<VisitRow> {
    let row = |(key, capture_id): &(String, String)| Some(VisitRow::of(capture_id, ids.get(key)?));
    seen.iter().filter_map(row).collect()
}

fn judge(page: SeenPage, knowledge: &Knowledge) -> JudgedPage {
    let address = &page.address;
    let organisation = knowledge.registries.of_host(&address.host);
    let title = most_frequent(&page.titles);
    let search = search_term(address);
    let texts: Vec<(MatchedIn, &str)> = [
        (MatchedIn::Path, Some(address.path.as_str())),
        (MatchedIn::Title, title),
        (MatchedIn::Search, search.as_deref()),
    ]
    .into_iter()
    .filter_map(|(place, text)| Some((place, text?)))
    .collect();
    let police_page = address.is_under("police.uk").then_some(address);
    let topic = organisation.default_category.as_deref();
    let judgement = knowledge.taxonomy.judge(&texts, police_page, topic);
    JudgedPage {
        row: row(&page, title, &organisation, judgement, knowledge.reveal),
        organisation: organisation_row(&organisation),
        key: page.key,
    }
}

fn organisation_row(organisation: &Organisation) -> OrganisationRow {
    let Organisation { id, name, .. } = organisation;
    OrganisationRow {
        sector: organisation.sector.clone(),
        registry: organisation.registry.clone(),
        registry_code: organisation.registry_code.clone(),
        ..OrganisationRow::of(id, name, organisation.in_registry)
    }
}

fn row(
    page: &SeenPage,
    title: Option<&str>,
    organisation: &Organisation,
    judgement: Judgement,
    reveal: Reveal,
) -> PageRow {
    let address = &page.address;
    let url = format!("{}://{}", address.scheme, page.key);
    let revealed = reveal == Reveal::Yes;
    PageRow {
        page_id: String::new(),
        url: if revealed { url } else { masked_address(&url) },
        host: address.host.clone(),
        site: registrable_domain(&address.host).to_owned(),
        title: title.map(|title| {
            if revealed {
                title.to_string()
            } else {
                masked_typed(title)
            }
        }),
        organisation_id: organisation.id.clone(),
        category: judgement.category,
        tier: i64::from(judgement.tier),
        also: Some(judgement.also.join(" ")),
        matched_text: judgement.matched_text,
        matched_in: judgement.matched_in.map(|place| place.name().to_string()),
        reader: judgement.reader.name().to_string(),
        purpose: judgement.purpose,
        captures: 0,
        volunteers: 0,
    }
}

/// The most frequent title; among equals the first by alphabet, so that every run takes the same.
fn most_frequent(titles: &BTreeMap<String, u64>) -> Option<&str> {
    let best = titles.values().max()?;
    let (title, _) = titles.iter().find(|(_, count)| *count == best)?;
    Some(title)
}
