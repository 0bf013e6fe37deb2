//! How sensitive is it? A page, or a clicked button, or a search: its texts in; category, tier, reader and the words
//! that decided out.

use super::taxonomy::{Effect, Hit, Purpose, Reader, Taxonomy};
use crate::exchange::Address;

/// Where the deciding words stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchedIn {
    Path,
    Title,
    Search,
    Button,
    Destination,
    /// Nowhere on the page: the organisation as a whole is about it.
    Organisation,
}

impl MatchedIn {
    pub fn name(self) -> &'static str {
        match self {
            MatchedIn::Path => "path",
            MatchedIn::Title => "title",
            MatchedIn::Search => "search",
            MatchedIn::Button => "button",
            MatchedIn::Destination => "destination",
            MatchedIn::Organisation => "organisation",
        }
    }
}

/// What was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    pub category: Option<String>,
    /// 1 critical, 2 high, 3 moderate, 0 none.
    pub tier: u8,
    /// Further categories.
    pub also: Vec<String>,
    pub matched_text: Option<String>,
    pub matched_in: Option<MatchedIn>,
    pub reader: Reader,
    pub purpose: Option<String>,
}

impl Taxonomy {
    /// Judges texts together, in the order of belief. The most critical category wins; among equals the text that comes first,
    /// then the earlier word. `default_category` is the organisation's own topic, for where the texts say nothing.
    pub fn judge(
        &self,
        texts: &[(MatchedIn, &str)],
        police_page: Option<&Address>,
        default_category: Option<&str>,
    ) -> Judgement {
        let mut hits = self.all_hits(texts, police_page);
        if hits.is_empty() {
            hits.extend(self.topic(default_category));
        }
        hits.sort_by_key(|(hit, place)| (hit.tier, *place, hit.at));
        let purpose = self.purpose_of(texts);
        let mut judgement = Judgement {
            category: None,
            tier: 0,
            also: Vec::new(),
            matched_text: None,
            matched_in: None,
            reader: purpose.map_or(Reader::Public, |purpose| purpose.reader),
            purpose: purpose.map(|purpose| purpose.code.clone()),
        };
        match purpose.map(|purpose| purpose.effect) {
            Some(Effect::Benign) => {}
            Some(Effect::Downgrade) => judgement.decide(hits, Some(LOWERED_TIER)),
            None => judgement.decide(hits, None),
        }
        judgement
    }

    fn all_hits(
        &self,
        texts: &[(MatchedIn, &str)],
        police_page: Option<&Address>,
    ) -> Vec<(Hit, MatchedIn)> {
        let in_texts = texts
            .iter()
            .flat_map(|(place, text)| self.hits(text).into_iter().map(|hit| (hit, *place)));
        let section = police_page.and_then(|page| self.police_section(&page.path));
        in_texts
            .chain(section.map(|hit| (hit, MatchedIn::Path)))
            .collect()
    }

    /// What the organisation as a whole is about.
    fn topic(&self, code: Option<&str>) -> Option<(Hit, MatchedIn)> {
        let category = self.category(code?)?;
        let hit = Hit {
            code: category.code.clone(),
            tier: category.tier,
            words: String::new(),
            at: 0,
        };
        Some((hit, MatchedIn::Organisation))
    }

    /// A button or a search says what the visitor wants, never what a page is for: a click on "Manage cookies" does not
    /// make a victim's page harmless.
    fn purpose_of(&self, texts: &[(MatchedIn, &str)]) -> Option<&Purpose> {
        let of_pages = texts.iter().filter(|(place, _)| {
            matches!(
                place,
                MatchedIn::Path | MatchedIn::Title | MatchedIn::Destination
            )
        });
        self.purpose(of_pages.map(|(_, text)| *text))
    }
}

/// The tier of a sensitive topic on a page for professionals or news readers.
const LOWERED_TIER: u8 = 3;

impl Judgement {
    /// The first hit decides; the categories of the others are kept.
    fn decide(&mut self, hits: Vec<(Hit, MatchedIn)>, lowered_to: Option<u8>) {
        let mut hits = hits.into_iter();
        let Some((first, place)) = hits.next() else {
            return;
        };
        self.tier = lowered_to.unwrap_or(first.tier);
        self.matched_text = Some(first.words).filter(|words| !words.is_empty());
        self.matched_in = Some(place);
        for (other, _) in hits {
            if other.code != first.code && !self.also.contains(&other.code) {
                self.also.push(other.code);
            }
        }
        self.category = Some(first.code);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(text: &str) -> Judgement {
        Taxonomy::built_in()
            .unwrap()
            .judge(&[(MatchedIn::Path, text)], None, None)
    }

    #[test]
    fn the_most_critical_category_wins_and_the_others_are_kept() {
        let found = judge("/advice/rape-and-sexual-assault/common-assault");
        assert_eq!(found.category.as_deref(), Some("CR-SEX"));
        assert_eq!(found.tier, 1);
        assert_eq!(found.also, ["CR-VIOL"]);
        assert_eq!(found.matched_text.as_deref(), Some("rape"));
    }

    #[test]
    fn professionals_and_news_readers_fall_to_tier_3() {
        let news = judge("/news/man-jailed-for-rape");
        assert_eq!((news.tier, news.reader), (3, Reader::News));
        let training = judge("/mental-health-awareness-training-for-staff");
        assert_eq!((training.tier, training.reader), (3, Reader::Professional));
    }

    #[test]
    fn a_cookie_page_is_harmless_whatever_it_mentions() {
        let taxonomy = Taxonomy::built_in().unwrap();
        let texts = [
            (MatchedIn::Path, "/cookies"),
            (MatchedIn::Title, "Cookies - Mental Health Trust"),
        ];
        let found = taxonomy.judge(&texts, None, Some("HE-MENT"));
        assert_eq!((found.tier, found.category), (0, None));
        assert!(found.purpose.is_some());
    }

    #[test]
    fn an_organisation_that_is_the_topic_gives_it_to_its_other_pages() {
        let taxonomy = Taxonomy::built_in().unwrap();
        let found = taxonomy.judge(&[(MatchedIn::Path, "/")], None, Some("HE-SUIC"));
        assert_eq!(found.matched_in, Some(MatchedIn::Organisation));
        assert_eq!(found.tier, 1);
    }

    #[test]
    fn section_codes_count_on_police_sites_only() {
        let page = Address::parse("https://www.met.police.uk/advice/advice-and-information/rsa/x/")
            .unwrap();
        let taxonomy = Taxonomy::built_in().unwrap();
        let texts = [(MatchedIn::Path, page.path.as_str())];
        assert_eq!(
            taxonomy
                .judge(&texts, Some(&page), None)
                .category
                .as_deref(),
            Some("CR-SEX")
        );
        assert_eq!(taxonomy.judge(&texts, None, None).category, None);
    }
}
