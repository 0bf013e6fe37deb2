//! Keyed pseudonyms: a label that depends on the value and the newsroom's key alone. It stays the same in every dataset that is
//! made with the key, on every machine and in every order; without the key nobody can try values out against it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes that a key has at least: a shorter one could be found by trying, and gives every label back.
pub const LEAST_KEY: usize = 16;

/// Bytes of a label. Ten keep a hundred million values of one kind apart, but for a chance of one in a hundred million.
const LABEL_BYTES: usize = 10;

/// Bytes of the fingerprint.
const FINGERPRINT_BYTES: usize = 8;

/// The newsroom's key. It can be asked for labels and for its fingerprint, and not be shown.
pub struct CaseKey {
    mac: Hmac<Sha256>,
}

impl std::fmt::Debug for CaseKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        formatter.write_str("CaseKey")
    }
}

impl CaseKey {
    /// By the bytes of its file; white space around them does not count. `None`: too short.
    pub fn new(secret: &[u8]) -> Option<CaseKey> {
        let secret = secret.trim_ascii();
        let mac = Hmac::new_from_slice(secret).ok()?;
        (secret.len() >= LEAST_KEY).then_some(CaseKey { mac })
    }

    /// The label of a value of a kind, such as `meta-browser-id-4f0c…`. Equal values of two kinds have two labels, so that
    /// nobody learns from them what two recipients could only learn together.
    pub fn label(&self, kind: &str, value: &str) -> String {
        let digits = self.digits("label", &[kind, value], LABEL_BYTES);
        format!("{kind}-{digits}")
    }

    /// By which two runs are known to have used the same key. It says nothing of the key, and is no label.
    pub fn fingerprint(&self) -> String {
        self.digits("fingerprint", &[], FINGERPRINT_BYTES)
    }

    fn digits(&self, purpose: &str, texts: &[&str], bytes: usize) -> String {
        let mut mac = self.mac.clone();
        for text in [&[purpose], texts].concat() {
            mac.update(&(text.len() as u64).to_le_bytes());
            mac.update(text.as_bytes());
        }
        let code = mac.finalize().into_bytes();
        let digits = code.iter().take(bytes);
        digits.map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: &str) -> CaseKey {
        CaseKey::new(secret.as_bytes()).unwrap()
    }

    #[test]
    fn a_label_depends_on_kind_value_and_key_alone() {
        let label = |secret, kind, value| key(secret).label(kind, value);
        let anna = label(
            "invented key of 26 letters",
            "meta-email",
            "anna@site.example",
        );
        assert!(anna.starts_with("meta-email-") && anna.len() == "meta-email-".len() + 20);
        assert_eq!(
            anna,
            label(
                " invented key of 26 letters\n",
                "meta-email",
                "anna@site.example"
            )
        );
        for (secret, kind, value) in [
            (
                "another key of 25 letters",
                "meta-email",
                "anna@site.example",
            ),
            (
                "invented key of 26 letters",
                "google-email",
                "anna@site.example",
            ),
            (
                "invented key of 26 letters",
                "meta-email",
                "ben@site.example",
            ),
        ] {
            let other = label(secret, kind, value);
            assert_ne!(anna.rsplit('-').next(), other.rsplit('-').next());
        }
    }

    #[test]
    fn a_short_key_is_none_and_a_key_is_not_shown() {
        assert!(CaseKey::new(b"  15 letters here\n").is_none());
        let shown = format!(
            "{:?} {}",
            key("invented key of 26 letters"),
            key("invented key of 26 letters").fingerprint()
        );
        assert!(!shown.contains("invented"), "{shown}");
        assert_ne!(
            key("invented key of 26 letters").fingerprint(),
            key("another key of 25 letters").fingerprint()
        );
    }
}
