//! The forms in which trackers hash a value that somebody typed, as the vendors document it and their scripts do it: Meta's
//! advanced matching (fbevents.js), Google's enhanced conversions, TikTok's and Snap's advanced matching, Pinterest's
//! enhanced match. What a form does not change comes out once.

/// Every form of a typed value, for an item of the vocabulary. The value as it is comes first.
pub fn forms(item: &str, typed: &str) -> Vec<String> {
    let typed = typed.trim();
    let small = typed.to_lowercase();
    let mut forms = vec![
        typed.to_owned(),
        small.clone(),
        kept(&small, |c| !c.is_whitespace()),
    ];
    match item {
        "email" => forms.extend(google_mailbox(&small)),
        "phone" => forms.extend(telephone_numbers(typed)),
        "first_name" | "last_name" => forms.push(kept(&small, char::is_alphanumeric)),
        "town" => forms.extend([
            kept(&small, char::is_alphanumeric),
            kept(&small, |c| c.is_ascii_alphanumeric()),
        ]),
        "region" => {
            let letters = kept(&small, |c| c.is_ascii_alphanumeric());
            forms.push(letters.chars().take(2).collect());
        }
        "postcode" => {
            let capitals = typed.to_uppercase();
            let before_dash = small.split('-').next().unwrap_or_default().to_owned();
            forms.extend([
                kept(&capitals, |c| !c.is_whitespace()),
                capitals,
                before_dash,
            ]);
        }
        "date_of_birth" => forms.push(kept(typed, |c| c.is_ascii_digit())),
        _ => {}
    }
    once(forms)
}

fn kept(text: &str, keep: impl Fn(char) -> bool) -> String {
    text.chars().filter(|c| keep(*c)).collect()
}

/// Google takes the dots and what follows a plus sign out of its own mailboxes.
fn google_mailbox(small: &str) -> Option<String> {
    let (name, host) = small.split_once('@')?;
    if !["gmail.com", "googlemail.com"].contains(&host) {
        return None;
    }
    let name = name.split('+').next().unwrap_or_default().replace('.', "");
    Some(format!("{name}@{host}"))
}

/// Digits as they are, without leading zeros (Meta), and with the country's code, with the plus sign (Google, TikTok) and
/// without it (Meta, Snap). Without a code it may be a number of the United Kingdom or of the United States.
fn telephone_numbers(typed: &str) -> Vec<String> {
    let digits = kept(typed, |c| c.is_ascii_digit());
    let bare = digits.trim_start_matches('0').to_owned();
    let mut whole = vec![bare.clone()];
    if !typed.starts_with('+') && !digits.starts_with("00") {
        whole.extend([format!("44{bare}"), format!("1{bare}")]);
    }
    if let Some(home) = bare.strip_prefix("44") {
        whole.extend([home.to_owned(), format!("0{home}")]);
    }
    let with_sign: Vec<String> = whole.iter().map(|number| format!("+{number}")).collect();
    [vec![digits], whole, with_sign].concat()
}

fn once(forms: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for form in forms {
        if !form.is_empty() && !kept.contains(&form) {
            kept.push(form);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn has(item: &str, typed: &str, wanted: &[&str]) {
        let forms = forms(item, typed);
        for wanted in wanted {
            assert!(
                forms.iter().any(|form| form == wanted),
                "{wanted}: {forms:?}"
            );
        }
    }

    #[test]
    fn a_typed_value_comes_in_every_documented_form() {
        has(
            "email",
            " Sam.Tester+x@Gmail.com",
            &["samtester@gmail.com", "sam.tester+x@gmail.com"],
        );
        let phone = ["7700900123", "447700900123", "+447700900123", "07700900123"];
        has("phone", "07700 900123", &phone);
        has("phone", "+44 7700 900123", &phone);
        has("phone", "(202) 555-0123", &["12025550123", "+12025550123"]);
        has(
            "first_name",
            "Mary-Ann",
            &["maryann", "mary-ann", "Mary-Ann"],
        );
        has("town", "St. Ives", &["stives", "st. ives"]);
        has("region", "Wyoming", &["wy", "wyoming"]);
        has("postcode", "sw1a 1aa", &["SW1A1AA", "SW1A 1AA", "sw1a1aa"]);
        has("date_of_birth", "1984-02-29", &["19840229"]);
    }

    #[test]
    fn each_form_stands_once_and_none_is_empty() {
        assert_eq!(forms("email", "a@b.example"), ["a@b.example"]);
        assert!(forms("email", "  ").is_empty());
    }
}
