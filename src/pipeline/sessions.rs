//! One session of one browser, exported more than once: by the same volunteer a little later, or passed on and sent in by
//! somebody else. Its requests tell: the same moment, address and body do not come twice.

use std::collections::HashMap;

use rayon::prelude::*;

use super::SHARE;
use super::digest::Digest;
use crate::exchange::Exchange;

/// Milliseconds since 1970 before which a time says nothing: programs that convert captures write 0 where they know none.
const FIRST_REAL_TIME: i64 = 631_152_000_000;

/// When a request began, where that is a time of its own.
pub fn moment(exchange: &Exchange) -> Option<i64> {
    let millis = exchange.started.as_ref()?.millis;
    (millis >= FIRST_REAL_TIME).then_some(millis)
}

/// What tells each request of a capture from all others; sorted, each once.
pub fn traces_of(exchanges: &[Exchange]) -> Vec<i64> {
    let trace = |exchange: &Exchange| {
        let moment = moment(exchange)?.to_string();
        let Exchange {
            method,
            address,
            body,
            ..
        } = exchange;
        Some(Digest::of(&[&moment, method, &address.raw, &body.text]).half())
    };
    let exchanges = exchanges.par_iter().with_min_len(SHARE);
    let mut traces: Vec<i64> = exchanges.filter_map(trace).collect();
    traces.sort_unstable();
    traces.dedup();
    traces
}

/// For each capture, given by its traces: the position of the one that holds the same session, `None` where it is the first
/// or only one. The longest export speaks for a session; of equal ones the first. Another is of the same session where at
/// least half of its requests stand there.
pub fn find_same_sessions(captures: &[&[i64]]) -> Vec<Option<usize>> {
    let mut longest_first: Vec<usize> = (0..captures.len()).collect();
    longest_first.sort_by_key(|&at| std::cmp::Reverse(captures[at].len()));
    let mut holder: HashMap<i64, usize> = HashMap::new();
    let mut same = vec![None; captures.len()];
    for at in longest_first {
        let traces = captures[at];
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for held_by in traces.iter().filter_map(|trace| holder.get(trace)) {
            *shared.entry(*held_by).or_default() += 1;
        }
        let most = shared
            .into_iter()
            .map(|(at, count)| (count, std::cmp::Reverse(at)))
            .max();
        match most {
            Some((count, session)) if count * 2 >= traces.len() => same[at] = Some(session.0),
            _ => {
                for trace in traces {
                    holder.entry(*trace).or_insert(at);
                }
            }
        }
    }
    same
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_export_holds_the_shorter_and_a_copy_the_first() {
        let (short, long): (&[i64], &[i64]) = (&[1, 2, 3], &[1, 2, 3, 4, 5]);
        assert_eq!(
            find_same_sessions(&[short, long, short]),
            [Some(1), None, Some(1)]
        );
        assert_eq!(find_same_sessions(&[short, short]), [None, Some(0)]);
    }

    #[test]
    fn two_sessions_stay_two_and_nothing_is_no_session() {
        assert_eq!(
            find_same_sessions(&[&[1, 2, 3, 4], &[4, 5, 6], &[], &[]]),
            [None; 4]
        );
    }
}
