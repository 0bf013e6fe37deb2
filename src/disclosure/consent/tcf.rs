//! A consent string of the Transparency and Consent Framework, version 2: its core, bit by bit.

use crate::tracker::base64_bytes;

/// The purposes to which a banner asks consent.
const PURPOSES: usize = 10;

/// Where the core holds what is read here, in bits (IAB Europe, "Transparency and Consent String Format v2").
const VERSION: (usize, usize) = (0, 6);
const LAST_UPDATED: (usize, usize) = (42, 36);
const PURPOSES_CONSENT: usize = 152;

/// What a consent string says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentString {
    /// Consent to the purposes 1 to 10.
    pub purposes: [bool; PURPOSES],
    /// Milliseconds since 1970; newer strings round it down to the day.
    pub updated: i64,
}

/// Reads a string; `None` where it is none of version 2.
pub fn read(text: &str) -> Option<ConsentString> {
    let core = base64_bytes(text.split('.').next()?)?;
    if number(&core, VERSION)? != 2 {
        return None;
    }
    let mut purposes = [false; PURPOSES];
    for (purpose, at) in purposes.iter_mut().zip(PURPOSES_CONSENT..) {
        *purpose = number(&core, (at, 1))? == 1;
    }
    let deciseconds = i64::try_from(number(&core, LAST_UPDATED)?).ok()?;
    Some(ConsentString {
        purposes,
        updated: deciseconds * 100,
    })
}

/// The number in some bits, the highest first.
fn number(bytes: &[u8], (from, count): (usize, usize)) -> Option<u64> {
    let bit = |at: usize| Some(u64::from(bytes.get(at / 8)? >> (7 - at % 8) & 1));
    (from..from + count).try_fold(0, |number, at| Some(number << 1 | bit(at)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_and_time_are_read() {
        let one = read("CQgdcO2QgdcO2AKABBENBkEgAIAAAAAAAAAAAAAA.YAAAAAAAAAAA").unwrap();
        assert!(one.purposes[0] && !one.purposes[1..].contains(&true));
        assert_eq!(one.updated, 1_772_445_791_000);
        let all = read("CQgcD4AQgcD4AAKABBENBkEgAP_AAAAAAAAAAAAA").unwrap();
        assert_eq!(all.purposes, [true; PURPOSES]);
    }

    #[test]
    fn what_is_no_string_of_version_2_is_none() {
        let version_1 = "BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA";
        for text in [
            "",
            "C",
            "CQgdcO2Q",
            version_1,
            "${GDPR_CONSENT_755}",
            "\u{e9}",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
