//! What there is to try for an item of the vocabulary: every value it can have, in the writings in which trackers hash it
//! (the rules' `meaning` says which). The smallest spaces come first.

use super::postcodes;
use super::space::Space;

/// The year from which dates of birth are tried.
const FIRST_YEAR: u16 = 1900;

/// The two-letter codes of ISO 3166-1.
const COUNTRIES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG \
    CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL \
    GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA \
    LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP \
    NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV \
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// What forms offer, and what sites make of it.
const GENDERS: &str = "\
    f m female male F M Female Male FEMALE MALE w W woman man Woman Man d o u x n D O U X N other Other unknown Unknown nonbinary \
    non-binary Non-binary diverse 0 1 2 3 9";

/// All that is to be tried for an item; none: it cannot be enumerated. Dates of birth go up to the year `until`; masks of the
/// value, where there are any, say in which writing a telephone number was hashed.
pub fn spaces(item: &str, until: u16, masks: &[&str]) -> Vec<Space> {
    match item {
        "gender" => vec![Space::new("words for a gender", vec![words(GENDERS)])],
        "country" => in_both_cases("country codes", &[words(COUNTRIES)]),
        "region" => in_both_cases("two letters", &[letters(), letters()]),
        "visitor_traits" => vec![Space::new("ages", vec![numbers(0, 120, 1)])],
        "date_of_birth" => births(until),
        "postcode" => postcodes(),
        "phone" => uk_mobiles(masks),
        "ip_address" => vec![ip_addresses()],
        _ => Vec::new(),
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// One piece that is always the same.
fn fixed(piece: &str) -> Vec<String> {
    vec![piece.to_owned()]
}

fn letters() -> Vec<String> {
    ('A'..='Z').map(String::from).collect()
}

/// Numbers with zeros before them, up to a number of digits.
fn numbers(first: u16, last: u16, digits: usize) -> Vec<String> {
    (first..=last)
        .map(|number| format!("{number:0digits$}"))
        .collect()
}

/// In small letters, which most trackers use, and then in capitals.
fn in_both_cases(name: &str, capitals: &[Vec<String>]) -> Vec<Space> {
    let small = |slot: &Vec<String>| slot.iter().map(|piece| piece.to_lowercase()).collect();
    vec![
        Space::new(
            format!("{name}, small letters"),
            capitals.iter().map(small).collect(),
        ),
        Space::new(format!("{name}, capitals"), capitals.to_vec()),
    ]
}

/// Whole dates first; then year, month and day alone, which some trackers send apart.
fn births(until: u16) -> Vec<Space> {
    let (years, months, days) = (
        numbers(FIRST_YEAR, until, 4),
        numbers(1, 12, 2),
        numbers(1, 31, 2),
    );
    let date = |name: &str, order: [&Vec<String>; 3], between: &str| {
        let [first, second, third] = order.map(Clone::clone);
        let slots = vec![first, fixed(between), second, fixed(between), third];
        Space::new(format!("dates of birth, {name}"), slots)
    };
    let (y, m, d) = (&years, &months, &days);
    let mut spaces = vec![
        date("YYYYMMDD", [y, m, d], ""),
        date("YYYY-MM-DD", [y, m, d], "-"),
        date("DDMMYYYY", [d, m, y], ""),
        date("MMDDYYYY", [m, d, y], ""),
        date("DD/MM/YYYY", [d, m, y], "/"),
        date("MM/DD/YYYY", [m, d, y], "/"),
        date("DD-MM-YYYY", [d, m, y], "-"),
        date("DD.MM.YYYY", [d, m, y], "."),
    ];
    spaces.push(Space::new("years of birth", vec![years]));
    let mut parts = days;
    parts.extend(numbers(1, 31, 1));
    spaces.push(Space::new("days and months of birth", vec![parts]));
    spaces
}

/// ZIP codes of the United States, then postcodes of the United Kingdom, in small letters and capitals, without and with the
/// space.
fn postcodes() -> Vec<Space> {
    let mut spaces = vec![Space::new(
        "US ZIP codes",
        vec![numbers(0, 999, 3), numbers(0, 99, 2)],
    )];
    let (outward, inward) = (postcodes::outward(), postcodes::inward());
    for (name, between) in [("UK postcodes", ""), ("UK postcodes with the space", " ")] {
        let slots = [outward.clone(), fixed(between), inward.clone()];
        spaces.extend(in_both_cases(name, &slots));
    }
    spaces
}

/// Mobile numbers of the United Kingdom: 7 and nine digits, in the writing that a mask shows; in each where none does.
fn uk_mobiles(masks: &[&str]) -> Vec<Space> {
    let digits = || numbers(0, 999, 3);
    let written = |prefix: &str| {
        let slots = vec![fixed(prefix), digits(), digits(), digits()];
        Space::new(format!("UK mobile numbers, {prefix}…"), slots)
    };
    let mut all: Vec<Space> = ["447", "+447", "07", "7"].map(written).into();
    let shown = |space: &Space| masks.iter().any(|mask| space.fits(mask));
    if all.iter().any(shown) {
        all.retain(shown);
    }
    all
}

fn ip_addresses() -> Space {
    let byte = || numbers(0, 255, 1);
    let dot = || fixed(".");
    let slots = vec![byte(), dot(), byte(), dot(), byte(), dot(), byte()];
    Space::new("IPv4 addresses", slots)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(item: &str) -> Vec<u64> {
        let spaces = spaces(item, 2026, &[]);
        spaces.iter().map(Space::count).collect()
    }

    #[test]
    fn the_sizes_are_those_that_are_documented() {
        assert_eq!(counts("country"), [249, 249]);
        assert_eq!(counts("region"), [676, 676]);
        assert_eq!(counts("date_of_birth").first(), Some(&(127 * 12 * 31)));
        assert_eq!(counts("postcode").first(), Some(&100_000));
        let uk = counts("postcode").get(1).copied().unwrap_or_default();
        assert!((10_000_000..20_000_000).contains(&uk), "{uk}");
        assert_eq!(counts("phone"), [1_000_000_000; 4]);
        assert_eq!(counts("ip_address"), [1 << 32]);
        assert!(counts("email").is_empty());
    }

    #[test]
    fn a_mask_of_a_telephone_number_tells_its_writing() {
        let names = |masks: &[&str]| -> Vec<String> {
            let spaces = spaces("phone", 2026, masks);
            spaces.into_iter().map(|space| space.name).collect()
        };
        assert_eq!(names(&["############"]), ["UK mobile numbers, 447…"]);
        assert_eq!(names(&["+###########", "**********"]).len(), 1);
        assert_eq!(names(&["(###) ###"]).len(), 4);
    }
}
