//! The postcodes of the United Kingdom by their grammar: an area of one or two letters, a district, then a digit and two
//! letters. The areas are Royal Mail's; the highest district of each is a bound by the public lists of districts, above which
//! only companies have one of their own. Jersey, Guernsey and Man have the same grammar.

/// Area and highest district; districts count from 0.
const AREAS: &str = "\
    AB 56, AL 10, B 98, BA 22, BB 18, BD 24, BH 31, BL 11, BN 52, BR 8, BS 49, BT 94, CA 28, CB 25, CF 83, CH 70, CM 77, \
    CO 16, CR 9, CT 21, CV 47, CW 12, DA 18, DD 11, DE 75, DG 16, DH 9, DL 17, DN 41, DT 11, DY 14, E 20, EC 4, EH 55, EN 11, \
    EX 39, FK 21, FY 8, G 84, GL 56, GU 52, GY 10, HA 9, HD 9, HG 5, HP 27, HR 9, HS 9, HU 20, HX 7, IG 11, IM 9, IP 33, IV 63, \
    JE 5, KA 30, KT 24, KW 17, KY 16, L 75, LA 23, LD 8, LE 95, LL 78, LN 13, LS 29, LU 7, M 61, ME 20, MK 46, ML 12, N 22, \
    NE 71, NG 34, NN 29, NP 44, NR 35, NW 11, OL 16, OX 49, PA 80, PE 38, PH 50, PL 35, PO 41, PR 26, RG 45, RH 20, RM 20, S 81, \
    SA 73, SE 28, SG 19, SK 23, SL 9, SM 7, SN 26, SO 53, SP 11, SR 9, SS 17, ST 21, SW 20, SY 25, TA 24, TD 15, TF 13, TN 40, \
    TQ 14, TR 27, TS 29, TW 20, UB 11, W 14, WA 16, WC 2, WD 25, WF 17, WN 8, WR 15, WS 15, WV 16, YO 62, ZE 3";

/// Districts of London that end in a letter.
const LETTERED: [&str; 12] = [
    "E1", "EC1", "EC2", "EC3", "EC4", "N1", "NW1", "SE1", "SW1", "W1", "WC1", "WC2",
];

/// Letters of the last part: C, I, K, M, O and V look like others and are never there.
const LAST: &str = "ABDEFGHJLNPQRSTUWXYZ";

/// The first parts of postcodes, in capitals.
pub fn outward() -> Vec<String> {
    let areas = AREAS.split(',').filter_map(|area| {
        let (name, highest) = area.trim().split_once(' ')?;
        Some((name, highest.parse::<u8>().ok()?))
    });
    let numbered = areas.flat_map(|(name, highest)| {
        let districts = 0..=highest;
        districts.map(move |district| format!("{name}{district}"))
    });
    let lettered = LETTERED
        .iter()
        .flat_map(|district| ('A'..='Y').map(move |letter| format!("{district}{letter}")));
    numbered.chain(lettered).collect()
}

/// The last parts, in capitals: a digit and two letters.
pub fn inward() -> Vec<String> {
    let pairs = || {
        let letters = LAST.chars();
        letters.flat_map(|one| LAST.chars().map(move |other| format!("{one}{other}")))
    };
    (0..=9)
        .flat_map(|digit| pairs().map(move |pair| format!("{digit}{pair}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_first_parts_are_there_and_impossible_ones_are_not() {
        let all = outward();
        for known in [
            "SW1A", "M1", "EH1", "W1A", "BT7", "ZE1", "EC1A", "N1C", "B98",
        ] {
            assert!(all.iter().any(|one| one == known), "{known}");
        }
        for none in ["QQ1", "AB99", "SW2A"] {
            assert!(!all.iter().any(|one| one == none), "{none}");
        }
        assert_eq!(AREAS.split(',').count(), 124);
        assert_eq!(inward().len(), 4000);
    }
}
