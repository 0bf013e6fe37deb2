//! Where a byte stands in a block of a text, a bit each.

/// Bytes of a block.
pub const BLOCK: usize = 64;

/// The places of a byte in a block: the lowest bit is the first byte's.
#[cfg(target_arch = "x86_64")]
pub fn places(block: &[u8; BLOCK], wanted: u8) -> u64 {
    // SAFETY: SSE2 is part of every x86-64 processor.
    unsafe { places_by_sixteen(block, wanted) }
}

/// The places of a byte in a block: the lowest bit is the first byte's.
#[cfg(not(target_arch = "x86_64"))]
pub fn places(block: &[u8; BLOCK], wanted: u8) -> u64 {
    places_one_by_one(block, wanted)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "sse2")]
fn places_by_sixteen(block: &[u8; BLOCK], wanted: u8) -> u64 {
    use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_movemask_epi8, _mm_set_epi64x, _mm_set1_epi8};
    let wanted = _mm_set1_epi8(wanted.cast_signed());
    let (words, _) = block.as_chunks::<8>();
    let (pairs, _) = words.as_chunks::<2>();
    pairs.iter().rev().fold(0, |mask, [low, high]| {
        let bytes = _mm_set_epi64x(i64::from_le_bytes(*high), i64::from_le_bytes(*low));
        let found = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted));
        mask << 16 | u64::from(found.cast_unsigned())
    })
}

/// The same on every machine.
#[cfg(any(test, not(target_arch = "x86_64")))]
fn places_one_by_one(block: &[u8; BLOCK], wanted: u8) -> u64 {
    let bits = block.iter().rev().map(|byte| u64::from(*byte == wanted));
    bits.fold(0, |mask, bit| mask << 1 | bit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_ways_find_the_same(bytes in prop::collection::vec(any::<u8>(), BLOCK), wanted in any::<u8>(), at in 0..BLOCK) {
            let block: &[u8; BLOCK] = bytes.as_slice().try_into().unwrap();
            for wanted in [wanted, bytes[at]] {
                prop_assert_eq!(places(block, wanted), places_one_by_one(block, wanted));
            }
        }
    }
}
