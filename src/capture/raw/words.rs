//! Eight bytes of a text as one number: how bytes are found on a processor for which nothing better is written here.

const LOW_BITS: u64 = u64::from_le_bytes([0x7f; 8]);

/// Where each of the eight lowest bits comes to stand, so that those of eight bytes become one.
const GATHER: u64 = 0x0102_0408_1020_4080;

/// A byte in every place.
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The places of a byte among eight: the lowest bit is the first byte's.
pub fn places(bytes: [u8; 8], wanted: u8) -> u8 {
    zeros(u64::from_le_bytes(bytes) ^ all(wanted))
}

/// The places of control characters, all bytes below the blank.
pub fn controls(bytes: [u8; 8]) -> u8 {
    zeros(u64::from_le_bytes(bytes) & all(!0x1f))
}

/// The bytes that are zero: nothing is carried from one to the next, because the highest bit of each is left out of the sum.
fn zeros(word: u64) -> u8 {
    let filled = ((word & LOW_BITS) + LOW_BITS) | word | LOW_BITS;
    let [bits, ..] = ((!filled >> 7).wrapping_mul(GATHER) >> 56).to_le_bytes();
    bits
}

/// The bits of a text of so many whole words as are bits, one behind the other.
pub fn joined(text: &[u8], found: impl Fn([u8; 8]) -> u8) -> u64 {
    let (words, _) = text.as_chunks::<8>();
    let bits = words.iter().rev().map(|word| u64::from(found(*word)));
    bits.fold(0, |mask, bits| mask << 8 | bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slowly(bytes: [u8; 8], is_wanted: impl Fn(u8) -> bool) -> u8 {
        let bits = bytes.iter().rev().map(|byte| u8::from(is_wanted(*byte)));
        bits.fold(0, |mask, bit| mask << 1 | bit)
    }

    proptest! {
        #[test]
        fn each_place_is_its_byte_s(bytes in any::<[u8; 8]>(), wanted in any::<u8>(), at in 0..8_usize) {
            for wanted in [wanted, bytes[at], bytes[at] ^ 1, bytes[at] ^ 0x80] {
                prop_assert_eq!(places(bytes, wanted), slowly(bytes, |byte| byte == wanted));
            }
            let low = bytes.map(|byte| byte & 0x3f);
            for bytes in [bytes, low] {
                prop_assert_eq!(controls(bytes), slowly(bytes, |byte| byte < b' '));
            }
        }
    }
}
