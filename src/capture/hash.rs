//! The SHA-256 of what was received. Hashing is the floor under every analysis, so where the processor can take several texts at
//! once, files are hashed together.

use std::collections::VecDeque;
use std::ops::RangeInclusive;

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

use super::raw::{BEGINNING, HASH_BLOCK, HashState, LANES, hash_side_by_side, hashes_side_by_side};

/// The SHA-256 of bytes, in lower-case hexadecimal.
pub fn sha256_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// So many texts are quicker hashed at once than one by one: a step over all lanes takes as long as between six and seven of
/// the processor's own steps for SHA-256, however many lanes are in use.
const WORTH: usize = 7;

/// As many texts as are well hashed together, where that is quicker at all: the least, and the most. More than there are
/// lanes, so that another takes the place of one that ends.
pub fn together() -> Option<RangeInclusive<usize>> {
    hashes_side_by_side().then_some(WORTH..=4 * LANES)
}

/// The SHA-256 of each, in lower-case hexadecimal.
pub fn sha256_of_each(texts: &[&[u8]]) -> Vec<String> {
    let mut hashes = vec![String::new(); texts.len()];
    let mut by_length: Vec<(usize, &[u8])> = texts.iter().copied().enumerate().collect();
    // Texts of one length end together.
    by_length.sort_by_key(|(_, text)| std::cmp::Reverse(text.len()));
    let mut waiting: VecDeque<Lane> = by_length.into_iter().map(Lane::of).collect();
    let mut lanes: Vec<Lane> = Vec::new();
    loop {
        let free = (LANES - lanes.len()).min(waiting.len());
        lanes.extend(waiting.drain(..free));
        if together().is_none_or(|count| lanes.len() < *count.start()) {
            break;
        }
        step(&mut lanes);
        for ended in lanes.extract_if(.., |lane| lane.blocks.is_empty()) {
            ended.finish(&mut hashes);
        }
    }
    for lane in lanes.into_iter().chain(waiting) {
        lane.finish(&mut hashes);
    }
    hashes
}

/// One text on its way.
#[derive(Debug, Clone, Copy)]
struct Lane<'t> {
    /// Which of the texts it is.
    number: usize,
    text: &'t [u8],
    /// Whole blocks that are still to be taken.
    blocks: &'t [[u8; HASH_BLOCK]],
    state: HashState,
}

impl<'t> Lane<'t> {
    fn of((number, text): (usize, &'t [u8])) -> Lane<'t> {
        Lane {
            number,
            text,
            blocks: text.as_chunks().0,
            state: BEGINNING,
        }
    }

    /// Takes what is left, and the padding (FIPS 180-4, 5.1.1): a bit, zeros, and the length in bits.
    fn finish(mut self, hashes: &mut [String]) {
        compress256(&mut self.state, self.blocks);
        let (_, rest) = self.text.as_chunks::<HASH_BLOCK>();
        let mut tail = rest.to_vec();
        tail.push(0x80);
        let length = (self.text.len() as u64).wrapping_mul(8).to_be_bytes();
        let padded = (tail.len() + length.len()).next_multiple_of(HASH_BLOCK);
        tail.resize(padded - length.len(), 0);
        tail.extend(length);
        compress256(&mut self.state, tail.as_chunks().0);
        if let Some(hash) = hashes.get_mut(self.number) {
            *hash = self
                .state
                .iter()
                .map(|word| format!("{word:08x}"))
                .collect();
        }
    }
}

/// Takes as much of every text as the shortest has. Lanes that nobody needs take what the first takes.
fn step(lanes: &mut [Lane]) {
    let Some(first) = lanes.first().copied() else {
        return;
    };
    let lane = |number: usize| *lanes.get(number).unwrap_or(&first);
    let blocks: [&[[u8; HASH_BLOCK]]; LANES] = std::array::from_fn(|number| lane(number).blocks);
    let mut states: [HashState; LANES] = std::array::from_fn(|number| lane(number).state);
    let taken = blocks.iter().map(|blocks| blocks.len()).min().unwrap_or(0);
    hash_side_by_side(&mut states, blocks);
    for (lane, state) in lanes.iter_mut().zip(states) {
        lane.state = state;
        lane.blocks = lane.blocks.get(taken..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_published_hashes_come_out() {
        // FIPS 180-4's own examples.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let texts: Vec<&[u8]> = [&b"abc"[..], &b""[..]]
            .into_iter()
            .cycle()
            .take(20)
            .collect();
        let hashes = sha256_of_each(&texts);
        assert!(hashes.iter().step_by(2).all(|hash| hash == abc));
        assert!(hashes.iter().skip(1).step_by(2).all(|hash| hash == empty));
    }

    proptest! {
        #[test]
        fn each_is_hashed_as_by_itself(lengths in prop::collection::vec(0..700_usize, 0..40), seed in any::<u8>()) {
            let bytes: Vec<u8> = (0..700).map(|at: usize| (at.wrapping_mul(31) >> 3) as u8 ^ seed).collect();
            let texts: Vec<&[u8]> = lengths.iter().map(|length| &bytes[700 - length..]).collect();
            let alone: Vec<String> = texts.iter().map(|text| sha256_of(text)).collect();
            prop_assert_eq!(sha256_of_each(&texts), alone);
        }
    }
}
