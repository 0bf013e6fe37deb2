//! A text boiled down to what equality asks of it: two of them are equal where their texts are, and nobody reads the text.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The first half of a SHA-256.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Digest {
    high: i64,
    low: i64,
}

impl Digest {
    /// Of several texts, of which each keeps its own length: `["ab", "c"]` is not `["a", "bc"]`.
    pub fn of(texts: &[&str]) -> Digest {
        let mut hash = Sha256::new();
        for text in texts {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
        let mut half = [0; 16];
        half.copy_from_slice(&hash.finalize()[..16]);
        Digest::from(half)
    }

    /// Of this one and texts beside it.
    pub fn with(self, texts: &[&str]) -> Digest {
        let [high, low] = [self.high, self.low].map(|half| half.to_string());
        let own = [high.as_str(), low.as_str()];
        Digest::of(&[&own[..], texts].concat())
    }

    /// Half of it, where many are kept and a chance meeting of two is not the end of the world.
    pub fn half(self) -> i64 {
        self.high
    }
}

impl From<[u8; 16]> for Digest {
    fn from(bytes: [u8; 16]) -> Digest {
        let number = u128::from_be_bytes(bytes);
        // Two numbers that every engine's columns can hold; their signs mean nothing.
        Digest {
            high: ((number >> 64) as u64).cast_signed(),
            low: (number as u64).cast_signed(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_equal_and_others_are_not() {
        assert_eq!(Digest::of(&["ab", "c"]), Digest::of(&["ab", "c"]));
        assert_ne!(Digest::of(&["ab", "c"]), Digest::of(&["a", "bc"]));
        assert_ne!(Digest::of(&["", "a"]), Digest::of(&["a", ""]));
    }

    #[test]
    fn every_byte_counts() {
        for place in 0..16 {
            let mut bytes = [0; 16];
            bytes[place] = 1;
            assert_ne!(Digest::from(bytes), Digest::from([0; 16]));
        }
    }
}
