//! One event counts once. Copies on another endpoint, hops of a redirect, phantoms of a service worker and the same
//! session exported twice are joined to groups; the best witness of each group is the original, the others point to it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use crate::exchange::Delivery;

/// What is known of one event for comparing it with the others.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Witness {
    /// Position of its capture in the order of the paths: known when all captures are.
    #[serde(skip)]
    pub capture: usize,
    pub entry: usize,
    pub number: usize,
    pub delivery: Option<Delivery>,
    pub is_copy: bool,
    pub via_service_worker: bool,
    /// A piece of a recording of the screen.
    pub is_recording: bool,
    /// What was told, where the payload tells one event from the next.
    pub fingerprint: Option<Digest>,
    /// Method, address and body of the request.
    pub request: Digest,
    pub started_millis: Option<i64>,
    /// The request's address, and where its answer led.
    pub address: Digest,
    pub redirect_to: Option<Digest>,
    /// Tracker, account, event name and page: what a copy shares with its original.
    pub subject: Digest,
}

impl Witness {
    /// By what it meets its like in another capture: what was told, and the request with its moment. Everything else by which
    /// events are joined holds within one capture only.
    pub fn meets(&self) -> impl Iterator<Item = Digest> {
        let moment = self.started_millis.map(|millis| {
            let number = [millis, self.number as i64].map(|number| number.to_string());
            self.request.with(&[&number[0], &number[1]])
        });
        self.fingerprint.into_iter().chain(moment)
    }
}

/// Why an event is a repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    CopyEndpoint,
    SameEvent,
    RedirectHop,
    ServiceWorker,
    SameRequestInOtherCapture,
    RecordingGoesOn,
}

impl Reason {
    pub fn name(self) -> &'static str {
        match self {
            Reason::CopyEndpoint => "copy_endpoint",
            Reason::SameEvent => "same_event",
            Reason::RedirectHop => "redirect_hop",
            Reason::ServiceWorker => "service_worker",
            Reason::SameRequestInOtherCapture => "same_request_in_other_capture",
            Reason::RecordingGoesOn => "recording_goes_on",
        }
    }
}

/// How far apart, in milliseconds, a page's fetch and its service worker's may begin.
const SERVICE_WORKER_WINDOW: i64 = 10_000;

/// For each witness: the position of its original and why; `None`: it counts.
pub fn find_repeats(witnesses: &[&Witness]) -> Vec<Option<(usize, Reason)>> {
    let mut groups = Groups::new(witnesses.len());
    join_equal(witnesses, &mut groups);
    let hops = join_redirects(witnesses, &mut groups);
    join_service_workers(witnesses, &mut groups);
    join_lonely_copies(witnesses, &mut groups);
    join_recordings(witnesses, &mut groups);
    let mut originals: HashMap<usize, usize> = HashMap::new();
    for at in 0..witnesses.len() {
        let best = originals.entry(groups.root(at)).or_insert(at);
        if rank(witnesses[at]) < rank(witnesses[*best]) {
            *best = at;
        }
    }
    (0..witnesses.len())
        .map(|at| {
            let original = *originals.get(&groups.root(at))?;
            let reason = || reason(witnesses[at], witnesses[original], hops[at]);
            (original != at).then(|| (original, reason()))
        })
        .collect()
}

/// The best witness is one that was delivered, on the event's own endpoint, and the earliest of those.
fn rank(witness: &Witness) -> (u8, bool, bool, usize, usize, usize) {
    let delivery = match witness.delivery {
        Some(Delivery::Delivered) => 0,
        Some(Delivery::NoAnswer) => 1,
        Some(Delivery::Unknown) | None => 2,
        Some(Delivery::Blocked | Delivery::Cached | Delivery::InternalRedirect) => 3,
    };
    let Witness {
        capture,
        entry,
        number,
        ..
    } = *witness;
    (
        delivery,
        witness.is_copy,
        witness.via_service_worker,
        capture,
        entry,
        number,
    )
}

fn reason(witness: &Witness, original: &Witness, is_hop: bool) -> Reason {
    if witness.capture != original.capture {
        Reason::SameRequestInOtherCapture
    } else if is_hop {
        Reason::RedirectHop
    } else if witness.is_recording {
        Reason::RecordingGoesOn
    } else if witness.is_copy {
        Reason::CopyEndpoint
    } else if witness.via_service_worker {
        Reason::ServiceWorker
    } else {
        Reason::SameEvent
    }
}

/// Equal fingerprints; and equal requests that began in the same millisecond.
fn join_equal(witnesses: &[&Witness], groups: &mut Groups) {
    let mut by_fingerprint: HashMap<Digest, usize> = HashMap::new();
    let mut by_request: HashMap<(Digest, i64, usize), usize> = HashMap::new();
    for (at, witness) in witnesses.iter().enumerate() {
        if let Some(fingerprint) = witness.fingerprint {
            let first = *by_fingerprint.entry(fingerprint).or_insert(at);
            groups.join(first, at);
        }
        if let Some(millis) = witness.started_millis {
            let key = (witness.request, millis, witness.number);
            let first = *by_request.entry(key).or_insert(at);
            groups.join(first, at);
        }
    }
}

/// A request answered by a redirect, and the next request to where it led. Says for each witness whether it is part of
/// such a chain: the hop, or the request that the browser redirected before it left.
fn join_redirects(witnesses: &[&Witness], groups: &mut Groups) -> Vec<bool> {
    let mut is_hop = vec![false; witnesses.len()];
    let mut waiting: HashMap<(usize, Digest, usize), Vec<usize>> = HashMap::new();
    let mut in_order: Vec<usize> = (0..witnesses.len()).collect();
    in_order.sort_by_key(|&at| {
        (
            witnesses[at].capture,
            witnesses[at].entry,
            witnesses[at].number,
        )
    });
    for at in in_order {
        let witness = witnesses[at];
        let here = (witness.capture, witness.address, witness.number);
        if let Some(from) = waiting.get_mut(&here).and_then(Vec::pop) {
            groups.join(from, at);
            is_hop[at] = true;
            is_hop[from] |= witnesses[from].delivery == Some(Delivery::InternalRedirect);
        }
        if let Some(target) = witness.redirect_to {
            let there = (witness.capture, target, witness.number);
            waiting.entry(there).or_default().push(at);
        }
    }
    is_hop
}

/// One fetch, listed as the page's and as its service worker's.
fn join_service_workers(witnesses: &[&Witness], groups: &mut Groups) {
    let mut direct: HashMap<(usize, Digest, usize), Vec<usize>> = HashMap::new();
    for (at, witness) in witnesses.iter().enumerate() {
        if !witness.via_service_worker {
            let key = (witness.capture, witness.request, witness.number);
            direct.entry(key).or_default().push(at);
        }
    }
    for (at, witness) in witnesses.iter().enumerate() {
        if !witness.via_service_worker {
            continue;
        }
        let key = (witness.capture, witness.request, witness.number);
        let Some(candidates) = direct.get_mut(&key) else {
            continue;
        };
        let near = |other: &usize| {
            let apart = witness.started_millis.zip(witnesses[*other].started_millis);
            apart.is_none_or(|(a, b)| a.abs_diff(b) <= SERVICE_WORKER_WINDOW.unsigned_abs())
        };
        if let Some(place) = candidates.iter().position(near) {
            groups.join(at, candidates.swap_remove(place));
        }
    }
}

/// Copies whose payload has no time of its own: they belong to an event of the same capture, tracker, account, name and
/// page, if there is one; if not, they are copies of one another.
fn join_lonely_copies(witnesses: &[&Witness], groups: &mut Groups) {
    let mut events: HashMap<(usize, Digest), usize> = HashMap::new();
    for (at, witness) in witnesses.iter().enumerate() {
        if !witness.is_copy {
            events
                .entry((witness.capture, witness.subject))
                .or_insert(at);
        }
    }
    for (at, witness) in witnesses.iter().enumerate() {
        if witness.is_copy && witness.fingerprint.is_none() {
            let first = *events
                .entry((witness.capture, witness.subject))
                .or_insert(at);
            groups.join(first, at);
        }
    }
}

/// A recording is sent in pieces, dozens a page: together they are one event of the page.
fn join_recordings(witnesses: &[&Witness], groups: &mut Groups) {
    let mut first_piece: HashMap<(usize, Digest), usize> = HashMap::new();
    for (at, witness) in witnesses.iter().enumerate() {
        if witness.is_recording {
            let first = *first_piece
                .entry((witness.capture, witness.subject))
                .or_insert(at);
            groups.join(first, at);
        }
    }
}

/// Disjoint groups of positions.
struct Groups {
    parent: Vec<usize>,
}

impl Groups {
    fn new(count: usize) -> Groups {
        Groups {
            parent: (0..count).collect(),
        }
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.parent[one.max(other)] = one.min(other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn witness(entry: usize, fingerprint: Option<u8>) -> Witness {
        Witness {
            entry,
            delivery: Some(Delivery::Delivered),
            fingerprint: fingerprint.map(|byte| Digest::from([byte; 16])),
            request: Digest::from([u8::try_from(entry).unwrap(); 16]),
            started_millis: Some(1000 * i64::try_from(entry).unwrap()),
            address: Digest::of(&[&format!("https://t.example/{entry}")]),
            subject: Digest::of(&["same"]),
            ..Witness::default()
        }
    }

    fn found(witnesses: &[Witness]) -> Vec<Option<(usize, &'static str)>> {
        let witnesses: Vec<&Witness> = witnesses.iter().collect();
        let repeats = find_repeats(&witnesses).into_iter();
        repeats
            .map(|repeat| repeat.map(|(original, reason)| (original, reason.name())))
            .collect()
    }

    #[test]
    fn a_copy_points_to_the_event_even_where_it_came_first() {
        let copy = Witness {
            is_copy: true,
            ..witness(0, Some(1))
        };
        let witnesses = [copy, witness(1, Some(1)), witness(2, Some(2))];
        assert_eq!(found(&witnesses), [Some((1, "copy_endpoint")), None, None]);
    }

    #[test]
    fn a_copy_counts_where_its_event_was_blocked_or_is_missing() {
        let blocked = Witness {
            delivery: Some(Delivery::Blocked),
            ..witness(0, Some(1))
        };
        let copy = Witness {
            is_copy: true,
            ..witness(1, Some(1))
        };
        assert_eq!(
            found(&[blocked, copy.clone()]),
            [Some((1, "same_event")), None]
        );
        assert_eq!(found(&[copy]), [None]);
    }

    #[test]
    fn a_copy_without_a_time_joins_its_event_by_subject() {
        let copy = Witness {
            is_copy: true,
            ..witness(1, None)
        };
        assert_eq!(
            found(&[copy.clone(), copy.clone()])
                .into_iter()
                .flatten()
                .count(),
            1
        );
        assert_eq!(
            found(&[witness(0, None), copy]),
            [None, Some((0, "copy_endpoint"))]
        );
    }

    #[test]
    fn a_redirect_counts_once_and_one_inside_the_browser_counts_where_it_arrived() {
        let mut first = witness(0, None);
        first.redirect_to = Some(Digest::of(&["https://t.example/1"]));
        assert_eq!(
            found(&[first.clone(), witness(1, None)]),
            [None, Some((0, "redirect_hop"))]
        );
        first.delivery = Some(Delivery::InternalRedirect);
        assert_eq!(
            found(&[first, witness(1, None)]),
            [Some((1, "redirect_hop")), None]
        );
    }

    #[test]
    fn the_same_session_in_two_captures_counts_once() {
        let mut again = witness(3, None);
        again.capture = 1;
        let wanted = [None, Some((0, "same_request_in_other_capture"))];
        assert_eq!(found(&[witness(3, None), again]), wanted);
    }

    #[test]
    fn two_equal_requests_without_a_time_of_their_own_are_two_events() {
        let mut later = witness(0, None);
        later.entry = 5;
        later.started_millis = Some(5000);
        assert_eq!(found(&[witness(0, None), later]), [None, None]);
    }

    #[test]
    fn a_recording_counts_once_a_page() {
        let piece = |entry| Witness {
            is_recording: true,
            ..witness(entry, None)
        };
        let mut elsewhere = piece(2);
        elsewhere.subject = Digest::of(&["another page"]);
        let wanted = [None, Some((0, "recording_goes_on")), None];
        assert_eq!(found(&[piece(0), piece(1), elsewhere]), wanted);
    }

    #[test]
    fn a_service_workers_phantom_is_a_repeat() {
        let mut phantom = witness(0, None);
        phantom.via_service_worker = true;
        phantom.started_millis = Some(10);
        let mut real = witness(0, None);
        real.entry = 1;
        assert_eq!(found(&[phantom, real]), [Some((1, "service_worker")), None]);
    }
}
