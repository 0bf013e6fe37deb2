//! Every distinct page of the captures, judged once.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::Knowledge;
use super::reading::Reading;
use super::sighting::Sighting;
use crate::dataset::{PageRow, VisitRow};
use crate::disclosure::{Reveal, masked_address, masked_typed};
use crate::exchange::{Address, registrable_domain};
use crate::page::{Judgement, MatchedIn, Organisation, search_term};

/// The judged pages, and their ids by key.
#[derive(Debug, Default)]
pub struct Pages {
    pub rows: Vec<PageRow>,
    pub ids: HashMap<String, String>,
    /// The organisations whose pages they are, by id.
    pub organisations: BTreeMap<String, Organisation>,
    /// Which page was seen in which capture.
    pub visits: Vec<VisitRow>,
}

/// What all captures together say of one page.
#[derive(Debug, Clone)]
struct Gathered {
    address: Address,
    titles: BTreeMap<String, u64>,
}

/// Gathers the pages of all captures and judges each.
pub fn judge_pages(readings: &[Reading], knowledge: &Knowledge) -> Pages {
    let mut gathered: BTreeMap<String, Gathered> = BTreeMap::new();
    for sighting in readings.iter().flat_map(|reading| &reading.sightings) {
        gather(&mut gathered, sighting);
    }
    let width = gathered.len().to_string().len();
    let numbered: Vec<(String, (String, Gathered))> = gathered
        .into_iter()
        .enumerate()
        .map(|(number, page)| (format!("page-{:0width$}", number + 1), page))
        .collect();
    let judged: Vec<(PageRow, Organisation)> = numbered
        .par_iter()
        .map(|(id, (key, page))| judge(id, key, page, knowledge))
        .collect();
    let ids: HashMap<String, String> = numbered
        .into_iter()
        .map(|(id, (key, _))| (key, id))
        .collect();
    let mut pages = Pages {
        visits: visits(readings, &ids),
        ids,
        ..Pages::default()
    };
    for (row, organisation) in judged {
        pages
            .organisations
            .insert(organisation.id.clone(), organisation);
        pages.rows.push(row);
    }
    pages
}

fn visits(readings: &[Reading], ids: &HashMap<String, String>) -> Vec<VisitRow> {
    let mut seen: BTreeSet<(&String, &str)> = BTreeSet::new();
    for reading in readings {
        let keys = reading.sightings.iter().map(|sighting| &sighting.key);
        let pages = keys.filter_map(|key| ids.get(key));
        seen.extend(pages.map(|page_id| (page_id, reading.capture.id())));
    }
    seen.into_iter()
        .map(|(page_id, capture_id)| VisitRow::of(capture_id, page_id))
        .collect()
}

/// Of several addresses of one page the smallest stands for it, https before http.
fn gather(gathered: &mut BTreeMap<String, Gathered>, sighting: &Sighting) {
    let page = gathered
        .entry(sighting.key.clone())
        .or_insert_with(|| Gathered {
            address: sighting.address.clone(),
            titles: BTreeMap::new(),
        });
    let order = |address: &Address| (address.scheme == "http", address.raw.clone());
    if order(&sighting.address) < order(&page.address) {
        page.address = sighting.address.clone();
    }
    let title = sighting
        .title
        .as_deref()
        .map(str::trim)
        .filter(|t| !t.is_empty());
    // Producers put the address where they know no title; that is none.
    if let Some(title) = title.filter(|title| Address::parse(title).is_none()) {
        *page.titles.entry(title.to_string()).or_insert(0) += 1;
    }
}

fn judge(id: &str, key: &str, page: &Gathered, knowledge: &Knowledge) -> (PageRow, Organisation) {
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
    let row = row(
        id,
        key,
        page,
        title,
        &organisation,
        judgement,
        knowledge.reveal,
    );
    (row, organisation)
}

fn row(
    id: &str,
    key: &str,
    page: &Gathered,
    title: Option<&str>,
    organisation: &Organisation,
    judgement: Judgement,
    reveal: Reveal,
) -> PageRow {
    let address = &page.address;
    let url = format!("{}://{key}", address.scheme);
    let revealed = reveal == Reveal::Yes;
    PageRow {
        page_id: id.to_string(),
        url: if revealed { url } else { masked_address(&url) },
        host: address.host.clone(),
        site: registrable_domain(&address.host),
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
