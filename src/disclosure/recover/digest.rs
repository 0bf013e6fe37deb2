//! Reading a hash off the wire: hexadecimal in either case, or base64 of either alphabet.

use crate::disclosure::encoding::without_flags;
use crate::tracker::base64_bytes;

/// The bytes of a hash that was written down.
pub fn bytes_of(written: &str) -> Option<Vec<u8>> {
    let written = without_flags(written);
    let is_hex = written.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex && [32, 40, 64, 128].contains(&written.len()) {
        return from_hex(written);
    }
    base64_bytes(written)
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
    use crate::disclosure::{Encoding, digest};

    #[test]
    fn a_hash_is_read_in_every_writing() {
        // SHA-256 of "gb".
        let hex = "0b407281768f0e833afef47ed464b6571d01ca4d53c12ce5c51d1462f4ad6677";
        let bytes = Some(digest(Encoding::Sha256, b"gb"));
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
}
