//! Where a byte stands in a block of a text, a bit each: the lowest bit is the first byte's. In three ways, by what the processor
//! has; a search is written once for all of them, and takes the best.

use super::words::{controls, joined, places};

/// Bytes of a block.
pub const BLOCK: usize = 64;

/// A block of a text.
pub type Block = [u8; BLOCK];

/// A way to find bytes in a block.
pub trait Blocks {
    /// The places of a byte.
    fn places(block: &Block, wanted: u8) -> u64;

    /// The places of control characters: all bytes below the blank.
    fn controls(block: &Block) -> u64;
}

/// Asks the memory for what stands a page behind a block: by itself it looks ahead to the end of a page only, and a long text
/// would wait for it at each.
#[inline(always)]
pub fn ask_ahead(block: &Block) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        const PAGE: usize = 4096;
        // SAFETY: nothing is read: an address that leads nowhere is passed over.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(block.as_ptr().wrapping_add(PAGE).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = block;
}

/// What is looked for in a text, block by block.
pub trait BlockSearch {
    /// Where in the text it was found.
    fn run<B: Blocks>(self, text: &[u8]) -> Option<usize>;
}

/// Searches a text in the best way that this processor has.
pub fn search(text: &[u8], what: impl BlockSearch) -> Option<usize> {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512bw") {
        // SAFETY: the processor has the instructions.
        return unsafe { wide::search_by_sixty_four(text, what) };
    } else if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has the instructions.
        return unsafe { wide::search_by_thirty_two(text, what) };
    }
    what.run::<ByWords>(text)
}

/// The same on every machine.
struct ByWords;

impl Blocks for ByWords {
    #[inline(always)]
    fn places(block: &Block, wanted: u8) -> u64 {
        joined(block, |word| places(word, wanted))
    }

    #[inline(always)]
    fn controls(block: &Block) -> u64 {
        joined(block, controls)
    }
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use std::arch::x86_64::{
        __m256i, __m512i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8,
        _mm256_movemask_epi8, _mm256_set1_epi8, _mm512_cmpeq_epi8_mask, _mm512_cmple_epu8_mask,
        _mm512_loadu_si512, _mm512_set1_epi8,
    };

    use super::{Block, BlockSearch, Blocks};

    /// The last control character.
    const LAST_CONTROL: i8 = 0x1f;

    /// Must not be called on a processor without AVX2.
    #[target_feature(enable = "avx2")]
    pub fn search_by_thirty_two(text: &[u8], what: impl BlockSearch) -> Option<usize> {
        what.run::<ThirtyTwo>(text)
    }

    /// Must not be called on a processor without AVX-512BW.
    #[target_feature(enable = "avx512bw")]
    pub fn search_by_sixty_four(text: &[u8], what: impl BlockSearch) -> Option<usize> {
        what.run::<SixtyFour>(text)
    }

    /// Thirty-two bytes at once, twice. Nobody outside can name it: it runs only inside `search_by_thirty_two`.
    struct ThirtyTwo;

    impl Blocks for ThirtyTwo {
        #[inline(always)]
        fn places(block: &Block, wanted: u8) -> u64 {
            // SAFETY: runs only where there is AVX2, as is said at the type.
            unsafe {
                let wanted = _mm256_set1_epi8(wanted.cast_signed());
                in_halves(block, |bytes| _mm256_cmpeq_epi8(bytes, wanted))
            }
        }

        #[inline(always)]
        fn controls(block: &Block) -> u64 {
            // SAFETY: runs only where there is AVX2, as is said at the type.
            unsafe {
                let last = _mm256_set1_epi8(LAST_CONTROL);
                in_halves(block, |bytes| {
                    _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, last), bytes)
                })
            }
        }
    }

    /// Must not be called on a processor without AVX2.
    #[inline(always)]
    unsafe fn in_halves(block: &Block, found: impl Fn(__m256i) -> __m256i) -> u64 {
        let half = |at: usize| {
            // SAFETY: both halves lie inside the block.
            let bytes = unsafe { _mm256_loadu_si256(block.as_ptr().add(at).cast()) };
            // SAFETY: there is AVX2, as is said above.
            unsafe { _mm256_movemask_epi8(found(bytes)) }.cast_unsigned()
        };
        u64::from(half(32)) << 32 | u64::from(half(0))
    }

    /// All of a block at once. Nobody outside can name it: it runs only inside `search_by_sixty_four`.
    struct SixtyFour;

    impl Blocks for SixtyFour {
        #[inline(always)]
        fn places(block: &Block, wanted: u8) -> u64 {
            // SAFETY: runs only where there is AVX-512BW, as is said at the type.
            unsafe { _mm512_cmpeq_epi8_mask(whole(block), _mm512_set1_epi8(wanted.cast_signed())) }
        }

        #[inline(always)]
        fn controls(block: &Block) -> u64 {
            // SAFETY: runs only where there is AVX-512BW, as is said at the type.
            unsafe { _mm512_cmple_epu8_mask(whole(block), _mm512_set1_epi8(LAST_CONTROL)) }
        }
    }

    /// Must not be called on a processor without AVX-512.
    #[inline(always)]
    unsafe fn whole(block: &Block) -> __m512i {
        // SAFETY: reads the 64 bytes of an array, wherever it stands.
        unsafe { _mm512_loadu_si512(block.as_ptr().cast()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The places in the first block, found in any of the ways.
    struct First<'f>(&'f mut Vec<(u64, u64)>, u8);

    impl BlockSearch for First<'_> {
        fn run<B: Blocks>(self, text: &[u8]) -> Option<usize> {
            let block = text.first_chunk()?;
            self.0.push((B::places(block, self.1), B::controls(block)));
            None
        }
    }

    proptest! {
        #[test]
        fn all_ways_find_the_same(bytes in prop::collection::vec(any::<u8>(), BLOCK), wanted in any::<u8>(), at in 0..BLOCK) {
            for wanted in [wanted, bytes[at]] {
                let mut found = Vec::new();
                First(&mut found, wanted).run::<ByWords>(&bytes);
                search(&bytes, First(&mut found, wanted));
                #[cfg(target_arch = "x86_64")]
                if is_x86_feature_detected!("avx2") {
                    // SAFETY: the processor has the instructions.
                    unsafe { wide::search_by_thirty_two(&bytes, First(&mut found, wanted)) };
                }
                prop_assert!(found.iter().all(|one| one == &found[0]), "{found:?}");
            }
        }
    }
}
