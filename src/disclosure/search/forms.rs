//! The normal forms of a value: what vendors' scripts make of it before they send or hash it, each with the words for it.
//!
//! Sources of the vendors' forms: documentation of Meta (advanced matching), Google (enhanced conversions), Microsoft
//! (enhanced conversions), TikTok, Snap, Pinterest and LinkedIn (hashed contact data). They differ in plus signs, in the dots of
//! a mailbox and in spaces; every form is looked for at every vendor.

use super::persona::Kind;

/// One form of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub text: String,
    /// "in lower case"; empty: as it was typed.
    pub words: &'static str,
}

/// The forms of a value, the simplest first, each text once.
pub fn forms_of(kind: Kind, value: &str) -> Vec<Form> {
    let value = value.trim();
    let mut forms = Forms::default();
    forms.add(value.to_owned(), "");
    match kind {
        Kind::Email => emails(&mut forms, value),
        Kind::Phone => phones(&mut forms, value),
        Kind::DateOfBirth => dates(&mut forms, value),
        Kind::Postcode => postcodes(&mut forms, value),
        Kind::NhsNumber => grouped(&mut forms, &digits(value), &[3, 3, 4]),
        Kind::PaymentCard => grouped(&mut forms, &digits(value), &[4, 4, 4, 4]),
        Kind::NationalInsuranceNumber => insurance_numbers(&mut forms, value),
        Kind::Gender | Kind::Region => cut_short(&mut forms, kind, value),
        Kind::FirstName
        | Kind::LastName
        | Kind::Name
        | Kind::Address
        | Kind::Town
        | Kind::Country
        | Kind::UserId
        | Kind::Text => words(&mut forms, value),
    }
    forms.0
}

#[derive(Default)]
struct Forms(Vec<Form>);

impl Forms {
    fn add(&mut self, text: String, words: &'static str) {
        if !text.is_empty() && !self.0.iter().any(|form| form.text == text) {
            self.0.push(Form { text, words });
        }
    }

    fn in_both_cases(&mut self, value: &str) {
        self.add(value.to_lowercase(), "in lower case");
        self.add(value.to_uppercase(), "in upper case");
    }
}

fn without(value: &str, is_out: impl Fn(char) -> bool) -> String {
    value.chars().filter(|c| !is_out(*c)).collect()
}

fn digits(value: &str) -> String {
    value.chars().filter(char::is_ascii_digit).collect()
}

fn emails(forms: &mut Forms, value: &str) {
    let lower = without(&value.to_lowercase(), char::is_whitespace);
    forms.add(lower.clone(), "in lower case");
    forms.add(value.to_uppercase(), "in upper case");
    let Some((mailbox, domain)) = lower.rsplit_once('@') else {
        return;
    };
    let untagged = mailbox.split('+').next().unwrap_or(mailbox);
    forms.add(
        format!("{untagged}@{domain}"),
        "in lower case, without what follows the plus sign",
    );
    // Google takes the dots out of its own mailboxes, Microsoft out of all.
    let undotted = untagged.replace('.', "");
    forms.add(
        format!("{undotted}@{domain}"),
        "in lower case, without dots and what follows a plus sign before the @",
    );
}

/// A number without a country's code is taken for British where it begins with 0, and for American where it has ten digits.
fn phones(forms: &mut Forms, value: &str) {
    let all = digits(value);
    if all.len() < 5 {
        return;
    }
    let bare = all.trim_start_matches('0');
    let is_international = value.starts_with('+') || value.starts_with("00");
    let (code, national) = if is_international {
        ["44", "1"]
            .into_iter()
            .find_map(|code| Some((code, bare.strip_prefix(code)?)))
            .unwrap_or(("", bare))
    } else if all.starts_with('0') {
        ("44", bare)
    } else if all.len() == 10 {
        ("1", bare)
    } else {
        ("", bare)
    };
    forms.add(all.clone(), "in digits alone");
    forms.add(
        bare.to_owned(),
        "in digits alone, without the zeros in front",
    );
    let whole = format!("{code}{national}");
    forms.add(
        format!("+{whole}"),
        "with a plus sign and the country's code",
    );
    forms.add(whole.clone(), "with the country's code");
    forms.add(format!("00{whole}"), "with the country's code after 00");
    for pattern in spaced_patterns(code) {
        forms.add(filled(pattern, national), "with signs between its digits");
    }
    if code == "44" {
        forms.add(
            format!("0{national}"),
            "in digits alone, with the zero in front",
        );
    }
}

/// How numbers are written: each # is a digit.
fn spaced_patterns(code: &str) -> &'static [&'static str] {
    match code {
        "44" => &[
            "0#### ######",
            "0#### ### ###",
            "0### ### ####",
            "0## #### ####",
            "+44 #### ######",
            "+44 #### ### ###",
            "+44 (0)#### ######",
            "+44 (0) #### ######",
            "+44(0)##########",
        ],
        "1" => &[
            "(###) ###-####",
            "###-###-####",
            "###.###.####",
            "### ### ####",
            "+1 ### ### ####",
            "+1 (###) ###-####",
            "+1-###-###-####",
            "1-###-###-####",
        ],
        _ => &[],
    }
}

/// Puts the digits into a pattern; empty where they are not as many.
fn filled(pattern: &str, digits: &str) -> String {
    if pattern.matches('#').count() != digits.len() {
        return String::new();
    }
    let mut digits = digits.chars();
    let put = |c| {
        if c == '#' {
            digits.next().unwrap_or(c)
        } else {
            c
        }
    };
    pattern.chars().map(put).collect()
}

fn dates(forms: &mut Forms, value: &str) {
    let parts: Vec<&str> = value.split(['-', '/', '.']).collect();
    let (year, month, day) = match parts[..] {
        [year, month, day] if year.len() == 4 => (year, month, day),
        [day, month, year] if year.len() == 4 => (year, month, day),
        _ => return,
    };
    let (month, day) = (format!("{month:0>2}"), format!("{day:0>2}"));
    let written = "written otherwise";
    forms.add(format!("{year}{month}{day}"), "as YYYYMMDD");
    forms.add(format!("{year}-{month}-{day}"), "as YYYY-MM-DD");
    forms.add(format!("{day}/{month}/{year}"), "as DD/MM/YYYY");
    forms.add(format!("{month}/{day}/{year}"), "as MM/DD/YYYY");
    forms.add(format!("{day}-{month}-{year}"), written);
    forms.add(format!("{month}-{day}-{year}"), written);
    forms.add(format!("{day}.{month}.{year}"), written);
    forms.add(format!("{day}{month}{year}"), "as DDMMYYYY");
    forms.add(format!("{month}{day}{year}"), "as MMDDYYYY");
    let (short_day, short_month) = (day.trim_start_matches('0'), month.trim_start_matches('0'));
    forms.add(format!("{short_day}/{short_month}/{year}"), written);
    forms.add(format!("{short_month}/{short_day}/{year}"), written);
}

fn postcodes(forms: &mut Forms, value: &str) {
    let packed = without(value, char::is_whitespace);
    forms.in_both_cases(value);
    forms.add(packed.to_lowercase(), "in lower case, without spaces");
    forms.add(packed.to_uppercase(), "in upper case, without spaces");
    if let Some((front, _)) = packed.split_once('-') {
        forms.add(front.to_lowercase(), "cut at the dash");
    }
}

fn grouped(forms: &mut Forms, digits: &str, groups: &[usize]) {
    forms.add(digits.to_owned(), "in digits alone");
    for separator in ["-", " "] {
        let mut rest = digits;
        let mut pieces = Vec::new();
        for &length in groups {
            let Some((piece, after)) = rest.split_at_checked(length) else {
                return;
            };
            pieces.push(piece);
            rest = after;
        }
        if rest.is_empty() {
            forms.add(pieces.join(separator), "in groups");
        }
    }
}

fn insurance_numbers(forms: &mut Forms, value: &str) {
    let packed = without(value, char::is_whitespace).to_uppercase();
    forms.add(packed.clone(), "in upper case, without spaces");
    forms.add(packed.to_lowercase(), "in lower case, without spaces");
    if let [a, b, c, d, e, f, g, h, i] = packed.chars().collect::<Vec<_>>()[..] {
        let spaced = format!("{a}{b} {c}{d} {e}{f} {g}{h} {i}");
        forms.add(spaced.to_lowercase(), "in groups, in lower case");
        forms.add(spaced, "in groups");
    }
}

/// Meta sends a gender by its first letter and a region by its first two.
fn cut_short(forms: &mut Forms, kind: Kind, value: &str) {
    words(forms, value);
    let letters = without(&value.to_lowercase(), |c| !c.is_alphanumeric());
    let (length, words) = match kind {
        Kind::Gender => (1, "cut to its first letter"),
        _ => (2, "cut to its first two letters"),
    };
    forms.add(letters.chars().take(length).collect(), words);
}

fn words(forms: &mut Forms, value: &str) {
    forms.in_both_cases(value);
    let packed = without(&value.to_lowercase(), char::is_whitespace);
    forms.add(packed.clone(), "in lower case, without spaces");
    let letters = without(&packed, |c| !c.is_alphanumeric());
    forms.add(letters, "in lower case, letters and digits alone");
    let joined = value.split_whitespace().collect::<Vec<_>>().join("+");
    forms.add(joined, "with plus signs for spaces");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(kind: Kind, value: &str, form: &str) -> Option<&'static str> {
        let forms = forms_of(kind, value);
        let found = forms.iter().find(|f| f.text == form);
        found.map(|f| f.words)
    }

    #[test]
    fn mailboxes_as_each_vendor_writes_them() {
        let has = |form| has(Kind::Email, " Sam.T+news@Mail.Example ", form);
        assert_eq!(has("Sam.T+news@Mail.Example"), Some(""));
        assert_eq!(has("sam.t+news@mail.example"), Some("in lower case"));
        assert!(has("sam.t@mail.example").is_some_and(|words| words.contains("plus")));
        assert!(has("samt@mail.example").is_some_and(|words| words.contains("dots")));
        assert_eq!(has("SAM.T+NEWS@MAIL.EXAMPLE"), Some("in upper case"));
    }

    #[test]
    fn numbers_with_and_without_plus_and_country() {
        for typed in ["07700 900123", "+447700900123", "0044 7700 900 123"] {
            for form in [
                "447700900123",
                "+447700900123",
                "07700900123",
                "7700900123",
                "07700 900 123",
            ] {
                let is_bare = form == "7700900123" && !typed.starts_with("07");
                assert!(
                    is_bare || has(Kind::Phone, typed, form).is_some(),
                    "{typed}: {form}"
                );
            }
        }
        for form in [
            "2125551212",
            "12125551212",
            "+12125551212",
            "(212) 555-1212",
        ] {
            assert!(has(Kind::Phone, "2125551212", form).is_some(), "{form}");
        }
        assert_eq!(has(Kind::Phone, "2125551212", "2125551212"), Some(""));
    }

    #[test]
    fn the_same_text_is_one_form_and_no_form_is_empty() {
        for (kind, value) in [
            (Kind::Email, "test@test.org"),
            (Kind::Email, "no mailbox"),
            (Kind::Phone, "none"),
            (Kind::DateOfBirth, "1980-02-01"),
            (Kind::DateOfBirth, "spring"),
            (Kind::Postcode, "zz1 1zz"),
            (Kind::NhsNumber, "943 476 5919"),
            (Kind::PaymentCard, "4"),
            (Kind::NationalInsuranceNumber, "qq 12 34 56 c"),
            (Kind::Gender, "female"),
            (Kind::Region, "Wyoming"),
            (Kind::Name, "Zo\u{eb} O'Neil"),
        ] {
            let forms = forms_of(kind, value);
            let mut texts: Vec<&str> = forms.iter().map(|f| f.text.as_str()).collect();
            texts.sort_unstable();
            texts.dedup();
            assert_eq!(texts.len(), forms.len(), "{value}");
            assert!(!texts.contains(&""), "{value}");
        }
        assert_eq!(
            has(Kind::DateOfBirth, "1/2/1980", "19800201"),
            Some("as YYYYMMDD")
        );
        assert_eq!(
            has(Kind::Region, "Wyoming", "wy"),
            Some("cut to its first two letters")
        );
        assert_eq!(
            has(Kind::NhsNumber, "9434765919", "943 476 5919"),
            Some("in groups")
        );
    }
}
