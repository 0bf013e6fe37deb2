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

/// The hash of bytes; nothing for an encoding that is none.
pub fn digest(hash: Encoding, bytes: &[u8]) -> Vec<u8> {
    match hash {
        Encoding::Md5 => Md5::digest(bytes).to_vec(),
        Encoding::Sha1 => Sha1::digest(bytes).to_vec(),
        Encoding::Sha256 => Sha256::digest(bytes).to_vec(),
        Encoding::Sha512 => Sha512::digest(bytes).to_vec(),
        Encoding::Plain | Encoding::Mask | Encoding::Removed => Vec::new(),
    }
}
