//! The hashes to be turned back: their values are in no table, so they are read out of the captures again, each of which
//! must be the file that was analysed.

use std::collections::{BTreeMap, BTreeSet};

use crate::capture::Capture;
use crate::cli::evidence::{Evidence, request_again};
use crate::disclosure::recover::digest_of;
use crate::disclosure::{Disclosure, Encoding, disclosures_of};
use crate::figures::{CaptureHashes, HashedItem, count};
use crate::pipeline::Knowledge;
use crate::tracker::Decoding;

/// One hash: equal ones of an item are one.
#[derive(Debug, Clone)]
pub struct Target {
    pub item: String,
    pub encoding: Encoding,
    pub digest: Vec<u8>,
    /// Its pseudonyms in the dataset.
    pub labels: BTreeSet<String>,
    /// Events that carry it, repeats left out.
    pub events: BTreeSet<String>,
    /// Masks of the same item in the same events.
    pub masks: BTreeSet<String>,
    /// The latest year of a request that carries it.
    pub year: u16,
}

/// What came together.
#[derive(Debug, Default)]
pub struct Gathered {
    /// In the order of item, kind of hash and first event.
    pub targets: Vec<Target>,
    /// What is wrong with captures that could not be used.
    pub obstacles: Vec<String>,
    /// Hashed values of the dataset that usable captures did not give again.
    pub unread: u64,
}

type Targets = BTreeMap<(String, &'static str, Vec<u8>), Target>;

/// Reads the hashes out of the captures, one capture after the other.
pub struct Gathering<'a> {
    evidence: &'a Evidence,
    knowledge: &'a Knowledge,
    gathered: Gathered,
    targets: Targets,
}

impl<'a> Gathering<'a> {
    pub fn new(evidence: &'a Evidence, knowledge: &'a Knowledge) -> Self {
        Gathering {
            evidence,
            knowledge,
            gathered: Gathered::default(),
            targets: Targets::new(),
        }
    }

    /// Takes in the hashes of a capture.
    pub fn take(&mut self, of_capture: &CaptureHashes) {
        let mut read = 0;
        let outcome = self.evidence.read(&of_capture.places, &mut |capture, _| {
            read = of_one(capture, of_capture, self.knowledge, &mut self.targets);
        });
        match outcome {
            Ok(_) => {
                self.gathered.unread += (of_capture.items.len() as u64).saturating_sub(read);
            }
            Err(obstacles) => {
                let why: Vec<String> = obstacles.iter().map(ToString::to_string).collect();
                let lost = count(
                    of_capture.items.len() as u64,
                    "hashed value",
                    "hashed values",
                );
                let obstacle = format!("{}: {lost} not tried", why.join("; "));
                self.gathered.obstacles.push(obstacle);
            }
        }
    }

    pub fn finish(mut self) -> Gathered {
        self.gathered.targets = self.targets.into_values().collect();
        self.gathered.targets.sort_by_cached_key(|target| {
            (target.item.clone(), target.encoding.name(), first(target))
        });
        self.gathered
    }
}

/// The first event in which a hash stands, by which equal items keep an order that says nothing of the value.
fn first(target: &Target) -> (Option<String>, Option<String>) {
    (
        target.events.first().cloned(),
        target.labels.first().cloned(),
    )
}

/// The hashed values of one capture; says how many were found again.
fn of_one(
    capture: &Capture,
    wanted: &CaptureHashes,
    knowledge: &Knowledge,
    targets: &mut Targets,
) -> u64 {
    let mut by_entry: BTreeMap<u64, Vec<&HashedItem>> = BTreeMap::new();
    for item in &wanted.items {
        by_entry.entry(item.entry_index).or_default().push(item);
    }
    let mut read = 0;
    for (entry, items) in by_entry {
        let request = request_again(capture, entry, Some(knowledge));
        let Some((_, Some(decoding))) = request else {
            continue;
        };
        for item in items {
            let added = add(item, &decoding, knowledge, targets);
            read += u64::from(added.is_some());
        }
    }
    read
}

/// Takes one hashed value in; `None`: the rules do not find it there any more.
fn add(
    wanted: &HashedItem,
    decoding: &Decoding,
    knowledge: &Knowledge,
    targets: &mut Targets,
) -> Option<()> {
    let mut events = decoding.events.iter();
    let event = events.find(|event| event.number as u64 == wanted.event_number)?;
    let given = disclosures_of(event, &knowledge.vocabulary);
    let disclosure = given.get(usize::try_from(wanted.number).ok()?)?;
    let is_it =
        disclosure.item.name == wanted.item && disclosure.encoding.name() == wanted.encoding;
    let digest = digest_of(disclosure).filter(|_| is_it)?;
    let key = (
        wanted.item.clone(),
        disclosure.encoding.name(),
        digest.clone(),
    );
    let target = targets.entry(key).or_insert_with(|| Target {
        item: wanted.item.clone(),
        encoding: disclosure.encoding,
        digest,
        labels: BTreeSet::new(),
        events: BTreeSet::new(),
        masks: BTreeSet::new(),
        year: 0,
    });
    target.year = target.year.max(wanted.year);
    target.masks.extend(masks(&given, &wanted.item));
    if !wanted.label.is_empty() {
        target.labels.insert(wanted.label.clone());
    }
    if !wanted.is_repeat {
        target.events.insert(wanted.event_id.clone());
    }
    Some(())
}

fn masks(given: &[Disclosure], item: &str) -> Vec<String> {
    let masks = given
        .iter()
        .filter(|other| other.encoding == Encoding::Mask && other.item.name == item);
    masks.map(|mask| mask.value.to_string()).collect()
}
