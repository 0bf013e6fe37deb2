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
    bits(text, is_mark)
}

/// Where the white space of JSON stands: the lowest bit is the first byte's.
#[inline(always)]
pub fn near_blanks(text: &[u8; NEAR]) -> u32 {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: SSE2 is part of every x86-64 processor.
    return unsafe { by_sixteen::blanks(text) };
    #[cfg(not(target_arch = "x86_64"))]
    bits(text, is_blank)
}

#[cfg(any(test, not(target_arch = "x86_64")))]
fn bits(text: &[u8; NEAR], is_wanted: impl Fn(u8) -> bool) -> u32 {
    let bits = text.iter().rev().map(|byte| u32::from(is_wanted(*byte)));
    bits.fold(0, |mask, bit| mask << 1 | bit)
}

#[cfg(any(test, not(target_arch = "x86_64")))]
fn is_mark(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..b' ')
}

#[cfg(any(test, not(target_arch = "x86_64")))]
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
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
            prop_assert_eq!(near_marks(text), bits(text, is_mark));
            prop_assert_eq!(near_blanks(text), bits(text, is_blank));
        }
    }
}
