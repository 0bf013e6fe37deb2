//! In what form a value went over the wire: plain, as a hash, as a mask of its shape, or cut out by the tracker itself.

use crate::exchange::{is_placeholder, is_redacted};
use crate::tracker::ValueForm;

/// The form of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    Plain,
    Md5,
    Sha1,
    Sha256,
    Sha512,
    /// Length, case and punctuation of the value.
    Mask,
    /// The tracker's own filter put a word in its place.
    Removed,
}

impl Encoding {
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Plain => "plain",
            Encoding::Md5 => "md5",
            Encoding::Sha1 => "sha1",
            Encoding::Sha256 => "sha256",
            Encoding::Sha512 => "sha512",
            Encoding::Mask => "mask",
            Encoding::Removed => "removed",
        }
    }

    /// The form of this name; `None`: there is none.
    pub fn named(name: &str) -> Option<Encoding> {
        use Encoding::{Mask, Md5, Plain, Removed, Sha1, Sha256, Sha512};
        let all = [Plain, Md5, Sha1, Sha256, Sha512, Mask, Removed];
        all.into_iter().find(|encoding| encoding.name() == name)
    }

    pub fn is_hash(self) -> bool {
        matches!(
            self,
            Encoding::Md5 | Encoding::Sha1 | Encoding::Sha256 | Encoding::Sha512
        )
    }

    /// What a value is, given what the rule expects in its place. A hash is known by its look; what stands in a hash
    /// slot and looks like none was sent in plain text.
    pub fn of(value: &str, expected: ValueForm) -> Encoding {
        if value == "_removed_" {
            return Encoding::Removed;
        }
        match expected {
            ValueForm::Mask => Encoding::Mask,
            ValueForm::Hash | ValueForm::Either => hash_by_look(value).unwrap_or(Encoding::Plain),
            ValueForm::Plain => Encoding::Plain,
        }
    }
}

fn hash_by_look(value: &str) -> Option<Encoding> {
    let value = without_flags(value);
    let is_hex = value.bytes().all(|b| b.is_ascii_hexdigit());
    let is_base64 = value
        .trim_end_matches('=')
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-_+/".contains(&b));
    match value.len() {
        32 if is_hex => Some(Encoding::Md5),
        40 if is_hex => Some(Encoding::Sha1),
        64 if is_hex => Some(Encoding::Sha256),
        128 if is_hex => Some(Encoding::Sha512),
        // 32 bytes in base64, as Google sends them, with or without the padding.
        43 | 44 if is_base64 && value.trim_end_matches('=').len() == 43 => Some(Encoding::Sha256),
        _ => None,
    }
}

/// Snap writes three letters T or F before a hash: how the script came by the value.
pub fn without_flags(value: &str) -> &str {
    match value.split_at_checked(3) {
        Some((flags, rest)) if rest.len() == 64 && flags.bytes().all(|b| b"TF".contains(&b)) => {
            rest
        }
        _ => value,
    }
}

/// Hashes of the empty text, or of the word that a template puts in an empty place: a script hashed a field that nobody
/// had filled in. They give nothing away.
const HASHES_OF_NOTHING: [&str; 6] = [
    // "__insert_user_email__"
    "7b7416ec1f35b8a794c92887c2c62529b2179b6fa911173803c59c0c463ba572",
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
];

/// Whether a value gives nothing away: it is empty, or the hash of the empty text, or what a script writes for no value.
pub fn is_nothing(value: &str) -> bool {
    let value = without_flags(value.trim());
    is_placeholder(value)
        || is_redacted(value)
        || HASHES_OF_NOTHING
            .iter()
            .any(|hash| value.eq_ignore_ascii_case(hash))
        || ["none", "false"]
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_known_by_their_look_and_the_rest_is_plain() {
        let of = |value: &str| Encoding::of(value, ValueForm::Hash);
        assert_eq!(of(&"a1".repeat(32)), Encoding::Sha256);
        assert_eq!(of(&"a1".repeat(16)), Encoding::Md5);
        assert_eq!(
            of("lz3-Rj7IV4X1-Vr1ujkG7tstkxwk5pgkqJ6mXbpOgTs"),
            Encoding::Sha256
        );
        assert_eq!(of("sam.tester@mail.example"), Encoding::Plain);
        assert_eq!(of(&format!("TFF{}", "a1".repeat(32))), Encoding::Sha256);
        assert_eq!(of("_removed_"), Encoding::Removed);
        assert_eq!(Encoding::of("***@***", ValueForm::Mask), Encoding::Mask);
        let either = |value: &str| Encoding::of(value, ValueForm::Either);
        assert_eq!(either(&"a1".repeat(16)), Encoding::Md5);
        assert_eq!(either("patient-17"), Encoding::Plain);
    }

    #[test]
    fn the_hash_of_nothing_gives_nothing_away() {
        assert!(is_nothing(
            "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"
        ));
        assert!(is_nothing("") && is_nothing("undefined") && is_nothing("-"));
        let placeholder = "7b7416ec1f35b8a794c92887c2c62529b2179b6fa911173803c59c0c463ba572";
        assert!(is_nothing(placeholder) && is_nothing(&format!("FFF{placeholder}")));
        assert!(!is_nothing("0") && !is_nothing(&"a1".repeat(32)));
    }
}
