//! The trying: all hashes of one item and kind together, first the values that somebody listed, then every space that can
//! be tried in the time that there is, on all cores.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::gather::Target;
use crate::disclosure::Encoding;
use crate::disclosure::recover::{Space, Wanted, forms, spaces};

/// As many candidates as one core tries before it looks up.
const CHUNK: u64 = 1 << 14;

/// Spaces of so few values are tried without a look at the time.
const FEW: u64 = 200_000;

/// Up to which year dates of birth are tried where no request says when it was.
const SOME_YEAR: u16 = 2030;

/// Hashes of one item and kind.
#[derive(Debug)]
pub struct Group {
    pub targets: Vec<Target>,
}

impl Group {
    /// In the order of the targets, which is by item and kind of hash.
    pub fn of(targets: Vec<Target>) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for target in targets {
            match groups.last_mut() {
                Some(group) if group.holds(&target) => group.targets.push(target),
                _ => groups.push(Group {
                    targets: vec![target],
                }),
            }
        }
        groups
    }

    fn holds(&self, target: &Target) -> bool {
        self.item() == target.item && self.encoding() == target.encoding
    }

    pub fn item(&self) -> &str {
        self.targets.first().map_or("", |target| &target.item)
    }

    pub fn encoding(&self) -> Encoding {
        let first = self.targets.first();
        first.map_or(Encoding::Plain, |target| target.encoding)
    }

    /// What there is to try.
    fn spaces(&self) -> Vec<Space> {
        let year = self.targets.iter().map(|target| target.year).max();
        let year = year.filter(|year| *year > 0).unwrap_or(SOME_YEAR);
        let masks: BTreeSet<&str> = self
            .targets
            .iter()
            .flat_map(|target| target.masks.iter().map(String::as_str))
            .collect();
        let masks: Vec<&str> = masks.into_iter().collect();
        spaces(self.item(), year, &masks)
    }
}

/// What came of one group.
#[derive(Debug)]
pub struct Tried {
    pub group: Group,
    /// The value of each target, where it was found.
    pub values: Vec<Option<String>>,
    pub candidates: u64,
    pub took: Duration,
    /// Spaces that were not begun.
    pub left_out: Vec<LeftOut>,
}

/// A space that would have taken too long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub name: String,
    pub count: u64,
    /// Candidates a second, as measured here.
    pub speed: u64,
}

impl LeftOut {
    /// How long it would take.
    pub fn seconds(&self) -> u64 {
        self.count.div_ceil(self.speed.max(1))
    }
}

/// What there is to hunt with.
pub struct Hunter<'a> {
    pub candidates: &'a [String],
    /// For each space.
    pub limit: Duration,
    pub keep_going: &'a (dyn Fn() -> bool + Sync),
}

impl Hunter<'_> {
    /// Tries what can be tried for a group, until every hash is found.
    pub fn try_all(&self, group: Group) -> Tried {
        let began = Instant::now();
        let search = Search::of(&group, self.keep_going);
        search.try_listed(self.candidates, group.item());
        let mut left_out = Vec::new();
        for space in group.spaces() {
            if search.is_over() {
                break;
            }
            match self.too_long(&space, &search) {
                Some(too_long) => left_out.push(too_long),
                None => search.try_space(&space),
            }
        }
        Tried {
            candidates: search.tried.load(Ordering::Relaxed),
            values: search.values(),
            took: began.elapsed(),
            left_out,
            group,
        }
    }

    /// A space that would take longer than there is time for.
    fn too_long(&self, space: &Space, search: &Search) -> Option<LeftOut> {
        if space.count() <= FEW {
            return None;
        }
        let left_out = LeftOut {
            name: space.name.clone(),
            count: space.count(),
            speed: search.speed(),
        };
        (left_out.seconds() > self.limit.as_secs().max(1)).then_some(left_out)
    }
}

/// One search, by many hands.
struct Search<'a> {
    encoding: Encoding,
    wanted: Wanted,
    found: Vec<OnceLock<String>>,
    /// How many are not found yet.
    open: AtomicUsize,
    tried: AtomicU64,
    speed: OnceLock<u64>,
    keep_going: &'a (dyn Fn() -> bool + Sync),
}

impl<'a> Search<'a> {
    fn of(group: &Group, keep_going: &'a (dyn Fn() -> bool + Sync)) -> Search<'a> {
        let targets = group.targets.iter();
        let digests: Vec<Vec<u8>> = targets.map(|target| target.digest.clone()).collect();
        Search::new(group.encoding(), &digests, keep_going)
    }

    fn new(
        encoding: Encoding,
        digests: &[Vec<u8>],
        keep_going: &'a (dyn Fn() -> bool + Sync),
    ) -> Search<'a> {
        Search {
            encoding,
            wanted: Wanted::new(encoding, digests),
            speed: OnceLock::new(),
            found: digests.iter().map(|_| OnceLock::new()).collect(),
            open: AtomicUsize::new(digests.len()),
            tried: AtomicU64::new(0),
            keep_going,
        }
    }

    fn is_over(&self) -> bool {
        self.open.load(Ordering::Relaxed) == 0 || !(self.keep_going)()
    }

    /// Candidates a second on this computer, measured on a hash that none of them has.
    fn speed(&self) -> u64 {
        *self.speed.get_or_init(|| {
            let mut samples = spaces("postcode", SOME_YEAR, &[]).into_iter();
            let Some(sample) = samples.next() else {
                return 1;
            };
            let search = Search::new(self.encoding, &[Vec::new()], self.keep_going);
            let began = Instant::now();
            search.try_space(&sample);
            let nanoseconds = began.elapsed().as_nanos().max(1);
            let speed = u128::from(sample.count()) * 1_000_000_000 / nanoseconds;
            u64::try_from(speed).unwrap_or(u64::MAX).max(1)
        })
    }

    fn values(&self) -> Vec<Option<String>> {
        let found = self.found.iter();
        found.map(|value| value.get().cloned()).collect()
    }

    fn try_listed(&self, candidates: &[String], item: &str) {
        for form in candidates.iter().flat_map(|typed| forms(item, typed)) {
            if self.is_over() {
                return;
            }
            self.tried.fetch_add(1, Ordering::Relaxed);
            self.try_one(form.as_bytes());
        }
    }

    fn try_space(&self, space: &Space) {
        let chunks = space.count().div_ceil(CHUNK);
        (0..chunks).into_par_iter().for_each(|chunk| {
            if self.is_over() {
                return;
            }
            let begin = chunk * CHUNK;
            let end = space.count().min(begin + CHUNK);
            space.each(begin..end, |candidate| self.try_one(candidate));
            self.tried.fetch_add(end - begin, Ordering::Relaxed);
        });
    }

    fn try_one(&self, candidate: &[u8]) {
        let Some(found) = self
            .wanted
            .place_of(candidate)
            .and_then(|place| self.found.get(place))
        else {
            return;
        };
        let value = String::from_utf8_lossy(candidate).into_owned();
        if found.set(value).is_ok() {
            self.open.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_told_from_the_speed() {
        let out = |count, speed| LeftOut {
            name: String::new(),
            count,
            speed,
        };
        assert_eq!(out(1_000_000_000, 8_000_000).seconds(), 125);
        assert_eq!(out(1, 8).seconds(), 1);
        assert_eq!(out(7, 0).seconds(), 7);
    }
}
