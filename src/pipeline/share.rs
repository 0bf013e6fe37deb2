//! A share of the inputs, for one of several machines; and what all machines together must agree on.

use serde::{Deserialize, Serialize};

use super::part::Part;
use super::rows::input_problem;
use crate::capture::{Found, sha256_of};
use crate::dataset::ProblemRow;

/// One share of several. Inputs are dealt out like cards, in the order of their paths: which share has which depends on the
/// list of all inputs and on nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// From 1.
    pub number: usize,
    pub of: usize,
}

impl Default for Share {
    /// All of it.
    fn default() -> Share {
        Share { number: 1, of: 1 }
    }
}

impl Share {
    /// Whether the input at a position, from 0, is in this share.
    pub fn has(self, place: usize) -> bool {
        place.checked_rem(self.of) == self.number.checked_sub(1)
    }
}

impl std::str::FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Share, String> {
        let numbers = text.split_once('/');
        let numbers = numbers.and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        match numbers {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Share { number, of }),
            _ => Err("a share is written as 1/3, 2/3 or 3/3; the first is 1".to_string()),
        }
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.number, self.of)
    }
}

/// What inputs yielded, before anything is compared.
#[derive(Debug)]
pub struct Harvest {
    pub parts: Vec<Part>,
    pub listing: Listing,
}

/// What the list of all inputs was, whoever reads which of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// How many inputs there are.
    pub inputs: usize,
    /// The SHA-256 of their paths, a line each; empty: nobody knows more than their number.
    pub paths_sha256: String,
    /// Files beside the captures that are plainly none.
    pub left_out: Vec<String>,
    /// What could not be looked into.
    pub problems: Vec<ProblemRow>,
}

impl Listing {
    pub fn of(found: &Found) -> Listing {
        let paths = found.files.iter().map(|file| format!("{}\n", file.shown));
        let problems = found.problems.iter();
        Listing {
            inputs: found.files.len(),
            paths_sha256: sha256_of(paths.collect::<String>().as_bytes()),
            left_out: found.left_out.clone(),
            problems: problems
                .map(|(path, problem)| input_problem(path, problem))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_input_is_in_one_share() {
        for of in 1..5 {
            for place in 0..20 {
                let shares = (1..=of).filter(|&number| Share { number, of }.has(place));
                assert_eq!(shares.count(), 1);
            }
        }
    }

    #[test]
    fn a_share_is_counted_from_one() {
        assert_eq!("2/3".parse(), Ok(Share { number: 2, of: 3 }));
        for none in ["0/2", "3/2", "2", "a/b", "1/0", "/", "-1/2"] {
            assert!(none.parse::<Share>().is_err(), "{none}");
        }
    }
}
