//! Personas: what volunteers or reporters typed, listed so that it can be looked for. A CSV with the columns `persona`, `kind`
//! and `value`.

use serde::Deserialize;

use super::SearchError;

/// What kind of thing a value is: it decides in which forms it is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Email,
    Phone,
    FirstName,
    LastName,
    /// First and last name together.
    Name,
    /// As YYYY-MM-DD.
    DateOfBirth,
    Gender,
    Address,
    Town,
    Region,
    Postcode,
    Country,
    NhsNumber,
    NationalInsuranceNumber,
    PaymentCard,
    /// A user name or number with the site.
    UserId,
    /// Anything else that was typed.
    Text,
}

impl Kind {
    const ALL: [Kind; 17] = [
        Kind::Email,
        Kind::Phone,
        Kind::FirstName,
        Kind::LastName,
        Kind::Name,
        Kind::DateOfBirth,
        Kind::Gender,
        Kind::Address,
        Kind::Town,
        Kind::Region,
        Kind::Postcode,
        Kind::Country,
        Kind::NhsNumber,
        Kind::NationalInsuranceNumber,
        Kind::PaymentCard,
        Kind::UserId,
        Kind::Text,
    ];

    /// Its name in the file of personas.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Email => "email",
            Kind::Phone => "phone",
            Kind::FirstName => "first_name",
            Kind::LastName => "last_name",
            Kind::Name => "name",
            Kind::DateOfBirth => "date_of_birth",
            Kind::Gender => "gender",
            Kind::Address => "address",
            Kind::Town => "town",
            Kind::Region => "region",
            Kind::Postcode => "postcode",
            Kind::Country => "country",
            Kind::NhsNumber => "nhs_number",
            Kind::NationalInsuranceNumber => "national_insurance_number",
            Kind::PaymentCard => "payment_card",
            Kind::UserId => "user_id",
            Kind::Text => "text",
        }
    }

    /// What a reader calls it.
    pub fn words(self) -> &'static str {
        match self {
            Kind::Email => "e-mail address",
            Kind::Phone => "phone number",
            Kind::FirstName => "first name",
            Kind::LastName => "last name",
            Kind::Name => "name",
            Kind::DateOfBirth => "date of birth",
            Kind::Gender => "gender",
            Kind::Address => "address",
            Kind::Town => "town",
            Kind::Region => "region",
            Kind::Postcode => "postcode",
            Kind::Country => "country",
            Kind::NhsNumber => "NHS number",
            Kind::NationalInsuranceNumber => "National Insurance number",
            Kind::PaymentCard => "card number",
            Kind::UserId => "user id",
            Kind::Text => "text",
        }
    }

    /// The item of the vocabulary that it is.
    pub fn item(self) -> &'static str {
        match self {
            Kind::Name => "full_name",
            Kind::Address => "street_address",
            Kind::UserId => "site_user_id",
            Kind::Text => "free_text",
            other => other.name(),
        }
    }

    /// The kind that an item of the vocabulary is; text where it is none of them.
    pub fn of_item(item: &str) -> Kind {
        let found = Kind::ALL.into_iter().find(|kind| kind.item() == item);
        found.unwrap_or(Kind::Text)
    }

    /// Words in a parameter's name that say that it holds a value of this kind.
    fn words_in_names(self) -> &'static [&'static str] {
        match self {
            Kind::Email => &["email", "mail", "em", "hem"],
            Kind::Phone => &["phone", "tel", "telephone", "mobile", "ph"],
            Kind::FirstName => &["name", "firstname", "fname", "fn", "forename", "given"],
            Kind::LastName => &["name", "lastname", "lname", "ln", "surname", "family"],
            Kind::Name => &["name", "fullname"],
            Kind::DateOfBirth => &["dob", "birth", "birthday", "birthdate", "db", "date"],
            Kind::Gender => &["gender", "sex", "ge"],
            Kind::Address => &["address", "street", "addr"],
            Kind::Town => &["town", "city", "ct", "address"],
            Kind::Region => &["region", "state", "county", "st", "province"],
            Kind::Postcode => &["postcode", "postal", "zip", "zp", "post"],
            Kind::Country => &["country"],
            Kind::NhsNumber => &["nhs"],
            Kind::NationalInsuranceNumber => &["nino", "ni", "insurance"],
            Kind::PaymentCard => &["card", "cc", "pan"],
            Kind::UserId => &[
                "user", "userid", "username", "uid", "login", "account", "id",
            ],
            Kind::Text => &[
                "text", "message", "comment", "answer", "value", "input", "field", "q", "query",
            ],
        }
    }

    /// Whether a parameter's name says that it holds a value of this kind: `user.firstName`, `udff[fn]`.
    pub fn is_named_by(self, parameter: &str) -> bool {
        let mut spaced = String::with_capacity(parameter.len() + 8);
        for letter in parameter.chars() {
            if letter.is_uppercase() {
                spaced.push(' ');
            }
            spaced.extend(letter.to_lowercase());
        }
        let mut words = spaced.split(|c: char| !c.is_alphanumeric());
        words.any(|word| self.words_in_names().contains(&word))
    }

    fn of(name: &str) -> Option<Kind> {
        let name = name.to_ascii_lowercase().replace([' ', '-'], "_");
        let aliases = [("e_mail", Kind::Email), ("nhs", Kind::NhsNumber)];
        let alias = aliases.into_iter().find(|(alias, _)| *alias == name);
        let known = Kind::ALL.into_iter().find(|kind| kind.name() == name);
        known.or(alias.map(|(_, kind)| kind))
    }
}

/// One value of a persona.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonaValue {
    pub persona: String,
    pub kind: Kind,
    /// Among those of the persona and kind, from 0, in the order of the file.
    pub number: usize,
    pub value: String,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    persona: String,
    kind: String,
    value: String,
}

/// Reads the file's text. The same value given twice is looked for once.
///
/// # Errors
/// What is no such CSV, a kind that is not known, a line without persona or value: with the number of its line.
pub fn read_personas(text: &str) -> Result<Vec<PersonaValue>, SearchError> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut values: Vec<PersonaValue> = Vec::new();
    let headers = reader.headers().map_err(fault)?.clone();
    for record in reader.records() {
        let record = record.map_err(fault)?;
        let at = record.position().map_or(0, csv::Position::line);
        let line: Line = record.deserialize(Some(&headers)).map_err(fault)?;
        let refuse = |message: String| SearchError::Personas(format!("line {at}: {message}"));
        let kinds = || Kind::ALL.map(Kind::name).join(", ");
        let kind = Kind::of(&line.kind)
            .ok_or_else(|| refuse(format!("{:?} is none of the kinds {}", line.kind, kinds())))?;
        if line.persona.is_empty() || line.value.is_empty() {
            return Err(refuse("persona and value must not be empty".to_owned()));
        }
        let same = |other: &&PersonaValue| other.persona == line.persona && other.kind == kind;
        let before: Vec<&PersonaValue> = values.iter().filter(same).collect();
        if before.iter().any(|other| other.value == line.value) {
            continue;
        }
        let number = before.len();
        values.push(PersonaValue {
            persona: line.persona,
            kind,
            number,
            value: line.value,
        });
    }
    if values.is_empty() {
        return Err(SearchError::Personas("it holds no value".to_owned()));
    }
    Ok(values)
}

fn fault(error: csv::Error) -> SearchError {
    SearchError::Personas(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_within_persona_and_kind_and_given_once() {
        let text = "\u{feff}kind, persona, value\nemail,anna,a@mail.example\nE-mail,anna,b@mail.example\nemail,ben,a@mail.example\n\
                    email,anna,a@mail.example\ndate of birth,anna,1980-02-01\n";
        let values = read_personas(text).unwrap();
        let told: Vec<_> = values
            .iter()
            .map(|v| format!("{} {} {} {}", v.persona, v.kind.name(), v.number, v.value))
            .collect();
        assert_eq!(
            told,
            [
                "anna email 0 a@mail.example",
                "anna email 1 b@mail.example",
                "ben email 0 a@mail.example",
                "anna date_of_birth 0 1980-02-01"
            ]
        );
    }

    #[test]
    fn a_slip_of_the_pen_is_named_with_its_line() {
        let fault = |text: &str| read_personas(text).unwrap_err().to_string();
        assert!(fault("persona,kind,value\nanna,shoe size,39\n").contains("line 2: \"shoe size\""));
        assert!(
            fault("persona,kind,value\nanna,email,a@b.example\n,email,c@d.example\n")
                .contains("line 3")
        );
        assert!(fault("persona,value\nanna,39\n").contains("kind"));
        assert!(fault("persona,kind,value\n").contains("no value"));
    }

    #[test]
    fn a_parameter_s_name_says_what_it_holds() {
        assert!(Kind::FirstName.is_named_by("user.firstName"));
        assert!(Kind::FirstName.is_named_by("udff[fn]") && Kind::Email.is_named_by("u_hem"));
        assert!(
            !Kind::FirstName.is_named_by("context.variation_id")
                && !Kind::Town.is_named_by("function")
        );
    }

    #[test]
    fn every_kind_is_read_by_its_own_name() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of(kind.name()), Some(kind));
        }
    }
}
