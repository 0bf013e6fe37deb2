//! Forty strings that other ways of matching get wrong (where the list is at hand; it is no part of the project): each must
//! come out as wanted.

mod common;

use std::collections::BTreeSet;

use pixelhound::exchange::Address;
use pixelhound::page::{MatchedIn, Reader, Taxonomy};

#[test]
fn every_trap_comes_out_as_wanted() {
    let path = common::root().join("../shared/facts/taxonomy-traps.tsv");
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: the list of traps is not here");
        return;
    };
    let taxonomy = Taxonomy::built_in().unwrap();
    let mut faults = Vec::new();
    let mut tried = 0;
    for line in text.lines().skip(1) {
        let [_, input, wanted] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        tried += 1;
        let page = Address::parse(&format!("https://www.northmoor.police.uk{input}"));
        let judged = taxonomy.judge(&[(MatchedIn::Path, input)], page.as_ref(), None);
        let mut codes: BTreeSet<String> = judged.also.iter().cloned().collect();
        codes.extend(judged.category.clone());
        let wanted_codes = wanted.split(' ').next().unwrap_or_default();
        let wanted_codes: BTreeSet<String> = match wanted_codes {
            "none" => BTreeSet::new(),
            codes => codes.split(',').map(str::to_string).collect(),
        };
        let lowered = judged.tier == 3 && judged.reader != Reader::Public;
        if codes != wanted_codes || (wanted.contains("downgraded") && !lowered) {
            faults.push(format!("{input}: wanted {wanted}, came {judged:?}"));
        }
    }
    assert!(tried >= 40, "{tried}");
    assert_eq!(faults, Vec::<String>::new());
}
