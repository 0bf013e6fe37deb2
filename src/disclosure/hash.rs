//! The hashes under which contact data goes over the wire.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::Encoding;

/// Every encoding that is a hash.
pub const HASHES: [Encoding; 4] = [
    Encoding::Sha256,
    Encoding::Md5,
    Encoding::Sha1,
    Encoding::Sha512,
];

/// Hands the hash of a value to `take`; `None` where the encoding is no hash.
pub fn with_digest<T>(
    encoding: Encoding,
    value: &[u8],
    take: impl FnOnce(&[u8]) -> Option<T>,
) -> Option<T> {
    match encoding {
        Encoding::Md5 => take(&Md5::digest(value)),
        Encoding::Sha1 => take(&Sha1::digest(value)),
        Encoding::Sha256 => take(&Sha256::digest(value)),
        Encoding::Sha512 => take(&Sha512::digest(value)),
        Encoding::Plain | Encoding::Mask | Encoding::Removed => None,
    }
}

/// The hash of a value; nothing where the encoding is none.
pub fn digest(encoding: Encoding, value: &[u8]) -> Vec<u8> {
    with_digest(encoding, value, |hash| Some(hash.to_vec())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hash_has_its_length() {
        let length = |encoding| digest(encoding, b"").len();
        assert_eq!(HASHES.map(length), [32, 16, 20, 64]);
        assert_eq!(length(Encoding::Plain), 0);
    }
}
