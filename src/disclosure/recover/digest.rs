//! Hashing a value, and reading a hash off the wire: hexadecimal in either case, or base64 of either alphabet.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use crate::disclosure::Encoding;
use crate::disclosure::encoding::without_flags;

/// Hands the hash of a value to `take`; `None` where the form is no hash.
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

/// The bytes of a hash that was written down.
pub fn bytes_of(written: &str) -> Option<Vec<u8>> {
    let written = without_flags(written);
    let is_hex = written.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex && [32, 40, 64, 128].contains(&written.len()) {
        return from_hex(written);
    }
    let engine = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            // 32 bytes leave bits over, and not every program writes them as zeros.
            .with_decode_allow_trailing_bits(true),
    );
    let standard = written.replace('-', "+").replace('_', "/");
    engine.decode(standard).ok()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_in_every_writing() {
        // SHA-256 of "gb".
        let hex = "0b407281768f0e833afef47ed464b6571d01ca4d53c12ce5c51d1462f4ad6677";
        let bytes = with_digest(Encoding::Sha256, b"gb", |digest| Some(digest.to_vec()));
        assert_eq!(bytes_of(hex), bytes);
        assert_eq!(bytes_of(&hex.to_uppercase()), bytes);
        assert_eq!(bytes_of(&format!("TFF{hex}")), bytes);
        for base64 in [
            "C0BygXaPDoM6/vR+1GS2Vx0Byk1TwSzlxR0UYvStZnc=",
            "C0BygXaPDoM6_vR-1GS2Vx0Byk1TwSzlxR0UYvStZnc",
        ] {
            assert_eq!(bytes_of(base64), bytes);
        }
        assert_eq!(bytes_of("not a hash!"), None);
    }

    #[test]
    fn every_hash_has_its_length() {
        let length = |encoding| with_digest(encoding, b"", |digest| Some(digest.len()));
        assert_eq!(length(Encoding::Md5), Some(16));
        assert_eq!(length(Encoding::Sha1), Some(20));
        assert_eq!(length(Encoding::Sha256), Some(32));
        assert_eq!(length(Encoding::Sha512), Some(64));
        assert_eq!(length(Encoding::Plain), None);
    }
}
