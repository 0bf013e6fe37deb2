//! The next thirty-two bytes of a text, a bit each: what short strings and indents are stepped over with. Most strings of a
//! capture are keys and short values; a longer search is not worth its start for them.

/// Bytes that are looked at.
pub const NEAR: usize = 32;

/// Where quotation marks, backslashes and control characters stand: the lowest bit is the first byte's.
#[inline(always)]
pub fn near_marks(text: &[u8; NEAR]) -> u32 {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: SSE2 is part of every x86-64 processor.
    return unsafe { by_sixteen::marks(text) };
    #[cfg(not(target_arch = "x86_64"))]
    by_words::marks(text)
}

/// Where the white space of JSON stands: the lowest bit is the first byte's.
#[inline(always)]
pub fn near_blanks(text: &[u8; NEAR]) -> u32 {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: SSE2 is part of every x86-64 processor.
    return unsafe { by_sixteen::blanks(text) };
    #[cfg(not(target_arch = "x86_64"))]
    by_words::blanks(text)
}

/// The same on every machine.
#[cfg(any(test, not(target_arch = "x86_64")))]
mod by_words {
    use super::NEAR;
    use crate::capture::raw::words::{controls, joined, places};

    pub fn marks(text: &[u8; NEAR]) -> u32 {
        bits(text, |word| {
            places(word, b'"') | places(word, b'\\') | controls(word)
        })
    }

    pub fn blanks(text: &[u8; NEAR]) -> u32 {
        let blanks = [b' ', b'\n', b'\r', b'\t'];
        bits(text, |word| {
            blanks
                .iter()
                .fold(0, |found, blank| found | places(word, *blank))
        })
    }

    fn bits(text: &[u8; NEAR], found: impl Fn([u8; 8]) -> u8) -> u32 {
        u32::try_from(joined(text, found)).unwrap_or_default()
    }
}

#[cfg(target_arch = "x86_64")]
mod by_sixteen {
    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128,
        _mm_set1_epi8,
    };

    use super::NEAR;

    #[inline]
    #[target_feature(enable = "sse2")]
    pub fn marks(text: &[u8; NEAR]) -> u32 {
        in_halves(text, |bytes| {
            let control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
            let quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'"'.cast_signed()));
            let backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'\\'.cast_signed()));
            _mm_or_si128(control, _mm_or_si128(quote, backslash))
        })
    }

    #[inline]
    #[target_feature(enable = "sse2")]
    pub fn blanks(text: &[u8; NEAR]) -> u32 {
        in_halves(text, |bytes| {
            let is = |byte: u8| _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte.cast_signed()));
            let ends_line = _mm_or_si128(is(b'\n'), is(b'\r'));
            _mm_or_si128(ends_line, _mm_or_si128(is(b' '), is(b'\t')))
        })
    }

    #[inline]
    #[target_feature(enable = "sse2")]
    fn in_halves(text: &[u8; NEAR], found: impl Fn(__m128i) -> __m128i) -> u32 {
        let half = |at: usize| {
            // SAFETY: both halves lie inside the text.
            let bytes = unsafe { _mm_loadu_si128(text.as_ptr().add(at).cast()) };
            _mm_movemask_epi8(found(bytes)).cast_unsigned()
        };
        half(16) << 16 | half(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_ways_find_the_same(
            text in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"\"\\ \t\n\r\x1f\x20a".to_vec())], NEAR)
        ) {
            let text = text.first_chunk().unwrap();
            let slowly = |is_wanted: fn(u8) -> bool| (0..).zip(text).fold(0, |mask, (at, byte)| mask | u32::from(is_wanted(*byte)) << at);
            prop_assert_eq!(near_marks(text), slowly(|byte| matches!(byte, b'"' | b'\\' | 0..b' ')));
            prop_assert_eq!(near_marks(text), by_words::marks(text));
            prop_assert_eq!(near_blanks(text), by_words::blanks(text));
        }
    }
}
