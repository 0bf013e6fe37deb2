//! SHA-256 of sixteen texts at once, a text in each lane of AVX-512's registers: in one go what the instructions made for SHA-256
//! do in more than two for each text by itself.
//!
//! It is unsafe because those instructions are not on every processor: they are used where the processor says that it has them.
//! The safe twin is the function of `sha2`, which takes one text after the other.

use sha2::block_api::compress256;

/// Texts that are taken at once.
pub const LANES: usize = 16;

/// Bytes of a block.
pub const HASH_BLOCK: usize = 64;

/// What a hash has come to.
pub type HashState = [u32; 8];

/// Where every hash begins (FIPS 180-4, 5.3.3).
pub const BEGINNING: HashState = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Whether texts are quicker taken together than one by one.
pub fn hashes_side_by_side() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// Takes blocks of every text into its hash: of each as many as the shortest has.
pub fn hash_side_by_side(states: &mut [HashState; LANES], texts: [&[[u8; HASH_BLOCK]]; LANES]) {
    let count = texts.iter().map(|text| text.len()).min().unwrap_or(0);
    let texts = texts.map(|text| text.get(..count).unwrap_or_default());
    #[cfg(target_arch = "x86_64")]
    if hashes_side_by_side() {
        // SAFETY: the processor has the instructions.
        unsafe { lanes::hash(states, texts) };
        return;
    }
    one_by_one(states, texts);
}

fn one_by_one(states: &mut [HashState; LANES], texts: [&[[u8; HASH_BLOCK]]; LANES]) {
    for (state, text) in states.iter_mut().zip(texts) {
        compress256(state, text);
    }
}

#[cfg(target_arch = "x86_64")]
mod lanes {
    use std::arch::x86_64::{
        __m512i, _mm_set_epi64x, _mm512_add_epi32, _mm512_broadcast_i32x4, _mm512_loadu_si512,
        _mm512_ror_epi32, _mm512_set1_epi32, _mm512_setzero_si512, _mm512_shuffle_epi8,
        _mm512_shuffle_i32x4, _mm512_srli_epi32, _mm512_storeu_si512, _mm512_ternarylogic_epi32,
        _mm512_unpackhi_epi32, _mm512_unpackhi_epi64, _mm512_unpacklo_epi32, _mm512_unpacklo_epi64,
    };

    use super::{HASH_BLOCK, HashState, LANES};

    /// FIPS 180-4, 4.2.2.
    const CONSTANTS: [u32; 64] = [
        0x428a_2f98,
        0x7137_4491,
        0xb5c0_fbcf,
        0xe9b5_dba5,
        0x3956_c25b,
        0x59f1_11f1,
        0x923f_82a4,
        0xab1c_5ed5,
        0xd807_aa98,
        0x1283_5b01,
        0x2431_85be,
        0x550c_7dc3,
        0x72be_5d74,
        0x80de_b1fe,
        0x9bdc_06a7,
        0xc19b_f174,
        0xe49b_69c1,
        0xefbe_4786,
        0x0fc1_9dc6,
        0x240c_a1cc,
        0x2de9_2c6f,
        0x4a74_84aa,
        0x5cb0_a9dc,
        0x76f9_88da,
        0x983e_5152,
        0xa831_c66d,
        0xb003_27c8,
        0xbf59_7fc7,
        0xc6e0_0bf3,
        0xd5a7_9147,
        0x06ca_6351,
        0x1429_2967,
        0x27b7_0a85,
        0x2e1b_2138,
        0x4d2c_6dfc,
        0x5338_0d13,
        0x650a_7354,
        0x766a_0abb,
        0x81c2_c92e,
        0x9272_2c85,
        0xa2bf_e8a1,
        0xa81a_664b,
        0xc24b_8b70,
        0xc76c_51a3,
        0xd192_e819,
        0xd699_0624,
        0xf40e_3585,
        0x106a_a070,
        0x19a4_c116,
        0x1e37_6c08,
        0x2748_774c,
        0x34b0_bcb5,
        0x391c_0cb3,
        0x4ed8_aa4a,
        0x5b9c_ca4f,
        0x682e_6ff3,
        0x748f_82ee,
        0x78a5_636f,
        0x84c8_7814,
        0x8cc7_0208,
        0x90be_fffa,
        0xa450_6ceb,
        0xbef9_a3f7,
        0xc671_78f2,
    ];

    /// What a bit of three registers becomes: all three added without carry; the first's choice; what two of them say.
    const PARITY: i32 = 0x96;
    const CHOICE: i32 = 0xca;
    const MAJORITY: i32 = 0xe8;

    /// A word of every text.
    type Words = __m512i;

    #[target_feature(enable = "avx512f,avx512bw")]
    pub fn hash(states: &mut [HashState; LANES], texts: [&[[u8; HASH_BLOCK]]; LANES]) {
        let mut state = gathered(states);
        let count = texts.iter().map(|text| text.len()).min().unwrap_or(0);
        let swapped = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
        let swapped = _mm512_broadcast_i32x4(swapped);
        for number in 0..count {
            let mut words = [_mm512_setzero_si512(); LANES];
            for (word, text) in words.iter_mut().zip(&texts) {
                // SAFETY: reads the 64 bytes of an array, wherever it stands.
                let block = unsafe { _mm512_loadu_si512(text[number].as_ptr().cast()) };
                *word = _mm512_shuffle_epi8(block, swapped);
            }
            transpose(&mut words);
            rounds(&mut state, &mut words);
        }
        scatter(state, states);
    }

    /// Rows become columns, so that a register holds one word of every text: in four steps over pairs of registers that stand
    /// one, two, four and eight apart.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn transpose(rows: &mut [Words; LANES]) {
        for at in (0..LANES).step_by(2) {
            let (low, high) = (rows[at], rows[at + 1]);
            rows[at] = _mm512_unpacklo_epi32(low, high);
            rows[at + 1] = _mm512_unpackhi_epi32(low, high);
        }
        for at in (0..LANES).step_by(4) {
            let [a, b, c, d] = [rows[at], rows[at + 1], rows[at + 2], rows[at + 3]];
            rows[at] = _mm512_unpacklo_epi64(a, c);
            rows[at + 1] = _mm512_unpackhi_epi64(a, c);
            rows[at + 2] = _mm512_unpacklo_epi64(b, d);
            rows[at + 3] = _mm512_unpackhi_epi64(b, d);
        }
        for apart in [4, 8] {
            for at in (0..LANES).filter(|at| at & apart == 0) {
                let (one, other) = (rows[at], rows[at + apart]);
                rows[at] = _mm512_shuffle_i32x4::<0x88>(one, other);
                rows[at + apart] = _mm512_shuffle_i32x4::<0xdd>(one, other);
            }
        }
    }

    /// One block of every text (FIPS 180-4, 6.2.2).
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn rounds(state: &mut [Words; 8], words: &mut [Words; LANES]) {
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
        // One round; the letters are handed in turned by one each time, so that nothing has to be moved.
        macro_rules! round {
            ($a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident $at:expr) => {
                let constant = _mm512_set1_epi32(CONSTANTS[$at].cast_signed());
                let word = _mm512_add_epi32(word_of(words, $at), constant);
                let turned = parity(
                    _mm512_ror_epi32::<6>($e),
                    _mm512_ror_epi32::<11>($e),
                    _mm512_ror_epi32::<25>($e),
                );
                let chosen = _mm512_ternarylogic_epi32::<CHOICE>($e, $f, $g);
                let sum =
                    _mm512_add_epi32(_mm512_add_epi32($h, word), _mm512_add_epi32(turned, chosen));
                let turned = parity(
                    _mm512_ror_epi32::<2>($a),
                    _mm512_ror_epi32::<13>($a),
                    _mm512_ror_epi32::<22>($a),
                );
                let most = _mm512_ternarylogic_epi32::<MAJORITY>($a, $b, $c);
                $d = _mm512_add_epi32($d, sum);
                $h = _mm512_add_epi32(sum, _mm512_add_epi32(turned, most));
            };
        }
        macro_rules! eight_rounds {
            ($at:expr) => {
                round!(a b c d e f g h $at);
                round!(h a b c d e f g $at + 1);
                round!(g h a b c d e f $at + 2);
                round!(f g h a b c d e $at + 3);
                round!(e f g h a b c d $at + 4);
                round!(d e f g h a b c $at + 5);
                round!(c d e f g h a b $at + 6);
                round!(b c d e f g h a $at + 7);
            };
        }
        eight_rounds!(0);
        eight_rounds!(8);
        eight_rounds!(16);
        eight_rounds!(24);
        eight_rounds!(32);
        eight_rounds!(40);
        eight_rounds!(48);
        eight_rounds!(56);
        for (sum, word) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *sum = _mm512_add_epi32(*sum, word);
        }
    }

    /// The word of a round: of the block for the first sixteen, then each made of four that were before it.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn word_of(words: &mut [Words; LANES], at: usize) -> Words {
        if at >= LANES {
            let [near, last] = [words[(at + 1) % LANES], words[(at + 14) % LANES]];
            let near = parity(
                _mm512_ror_epi32::<7>(near),
                _mm512_ror_epi32::<18>(near),
                _mm512_srli_epi32::<3>(near),
            );
            let last = parity(
                _mm512_ror_epi32::<17>(last),
                _mm512_ror_epi32::<19>(last),
                _mm512_srli_epi32::<10>(last),
            );
            let [own, middle] = [words[at % LANES], words[(at + 9) % LANES]];
            words[at % LANES] =
                _mm512_add_epi32(_mm512_add_epi32(own, near), _mm512_add_epi32(middle, last));
        }
        words[at % LANES]
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn parity(one: Words, two: Words, three: Words) -> Words {
        _mm512_ternarylogic_epi32::<PARITY>(one, two, three)
    }

    #[target_feature(enable = "avx512f,avx512bw")]
    fn gathered(states: &[HashState; LANES]) -> [Words; 8] {
        std::array::from_fn(|word| {
            let lanes: [u32; LANES] = std::array::from_fn(|lane| {
                states
                    .get(lane)
                    .and_then(|s| s.get(word))
                    .copied()
                    .unwrap_or(0)
            });
            // SAFETY: reads the 64 bytes of an array, wherever it stands.
            unsafe { _mm512_loadu_si512(lanes.as_ptr().cast()) }
        })
    }

    #[target_feature(enable = "avx512f,avx512bw")]
    fn scatter(state: [Words; 8], states: &mut [HashState; LANES]) {
        for (word, lanes_of_word) in state.into_iter().enumerate() {
            let mut lanes = [0_u32; LANES];
            // SAFETY: writes the 64 bytes of an array, wherever it stands.
            unsafe { _mm512_storeu_si512(lanes.as_mut_ptr().cast(), lanes_of_word) };
            for (state, value) in states.iter_mut().zip(lanes) {
                if let Some(place) = state.get_mut(word) {
                    *place = value;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn together_as_one_by_one(
            bytes in prop::collection::vec(any::<u8>(), 5 * HASH_BLOCK),
            begun in any::<[HashState; LANES]>(),
            starts in prop::collection::vec(0..5 * HASH_BLOCK, LANES),
        ) {
            let texts: [&[[u8; HASH_BLOCK]]; LANES] = std::array::from_fn(|lane| bytes[starts[lane]..].as_chunks().0);
            let (mut together, mut alone) = (begun, begun);
            hash_side_by_side(&mut together, texts);
            let least = texts.iter().map(|text| text.len()).min().unwrap();
            one_by_one(&mut alone, texts.map(|text| &text[..least]));
            prop_assert_eq!(together, alone);
        }
    }
}
