//! Google's consent strings in plain words. They say what a site's scripts set, by default or later ("update"). Tools
//! also "update" where nobody was asked, and before anybody answered: they decide nothing here, and are told beside.

/// The letters of `gcd`, in the order in which it tells its four kinds.
const KINDS: [&str; 4] = [
    "advertising storage",
    "analytics storage",
    "user data for advertising",
    "personal advertising",
];

/// What the parameters `gcs` and `gcd` of a request say; `None`: nothing.
pub fn words(gcs: Option<&str>, gcd: Option<&str>) -> Option<String> {
    let by_kind = gcd.and_then(|gcd| of_gcd(gcd).filter(|said| !said.is_empty()));
    let said = by_kind.or_else(|| of_gcs(gcs?))?;
    Some(format!("Google was told: {said}"))
}

/// `13p1r1l1l5`: a number, then a letter for each kind, each with a number behind it.
fn of_gcd(gcd: &str) -> Option<String> {
    let letters = gcd.chars().filter(char::is_ascii_alphabetic);
    let said: Option<Vec<Option<String>>> = letters
        .zip(KINDS)
        .map(|(letter, kind)| {
            let how = meaning(letter)?;
            Some((!how.is_empty()).then(|| format!("{kind} {how}")))
        })
        .collect();
    Some(said?.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// The letters as they are documented; `None`: another one, so that the whole is not read.
fn meaning(letter: char) -> Option<&'static str> {
    Some(match letter {
        'l' => "",
        'p' => "denied by default",
        'q' => "denied by default and by an update",
        't' => "granted by default",
        'r' => "denied by default and granted by an update",
        'm' => "denied by an update",
        'n' => "granted by an update",
        'u' => "granted by default and denied by an update",
        'v' => "granted by default and by an update",
        _ => return None,
    })
}

/// `G101`: a digit for each of the first two kinds.
fn of_gcs(gcs: &str) -> Option<String> {
    let digits = gcs.strip_prefix("G1")?;
    let is_set = digits.len() == 2 && digits.bytes().all(|digit| matches!(digit, b'0' | b'1'));
    let how = |digit| if digit == '1' { "granted" } else { "denied" };
    let said = digits.chars().zip(KINDS);
    let said = said.map(|(digit, kind)| format!("{kind} {}", how(digit)));
    is_set.then(|| said.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_documented_is_put_in_words_and_nothing_else() {
        let gcd = |gcd| words(None, Some(gcd));
        assert_eq!(
            gcd("11l1p1l1l5").as_deref(),
            Some("Google was told: analytics storage denied by default")
        );
        assert!(gcd("13r3r3r3r5l1").unwrap().contains(
            "advertising storage denied by default and granted by an update, analytics storage"
        ));
        assert_eq!(gcd("13l3l3l3l1l1"), None);
        assert_eq!(gcd("13l3x3l3l1"), None);
        assert_eq!(
            words(Some("G101"), Some("11l1l1l1l1")).as_deref(),
            Some("Google was told: advertising storage denied, analytics storage granted")
        );
        for gcs in ["", "G1", "G1--", "G1\u{e9}", "G1011", "x"] {
            assert_eq!(words(Some(gcs), None), None, "{gcs}");
        }
    }
}
