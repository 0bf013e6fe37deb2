//! How far one event identifies the visitor: five degrees, by rules that stand on their own.

use super::{Disclosure, Power};
use crate::exchange::{BodyState, CookiesRecorded};

/// How the visitor could be identified by one event. The first rule that holds decides:
///
/// 1. *named*: the event carries the account of a visitor who is logged in with the recipient, or an e-mail address, a
///    telephone number or a name in plain text. A login that shows only in a secret of the recipient's own does not name:
///    nobody else can read from it whose it is.
/// 2. *matchable*: a hash of an e-mail address, a telephone number or an account, which the recipient compares with the
///    hashes of those that it knows. A hashed name alone is not matchable: many people share it.
/// 3. *pseudonymous*: an id that marks the same browser or visitor again: of the browser, of an advertisement click, the
///    site's own of the visitor, a national number or one of a card, an address of the connection in the payload.
/// 4. *not recorded*: nothing of these was found, and the capture does not hold what would decide it: cookies, or the
///    request's body.
/// 5. *none*: nothing of these was found in a request that was recorded whole.
///
/// What each item does in which form is said in the vocabulary. A mask and what a filter took out identify nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Identifiability {
    /// An account of a logged-in visitor, or an e-mail address, telephone number or name in plain text.
    Named,
    /// Hashed contact data that the recipient can compare with its accounts.
    Matchable,
    /// An id that marks the browser or the visitor again.
    Pseudonymous,
    None,
    /// Nothing was found, and the capture does not hold what would decide it.
    NotRecorded,
}

impl Identifiability {
    pub fn name(self) -> &'static str {
        match self {
            Identifiability::Named => "named",
            Identifiability::Matchable => "matchable",
            Identifiability::Pseudonymous => "pseudonymous",
            Identifiability::None => "none",
            Identifiability::NotRecorded => "not_recorded",
        }
    }

    /// The strongest power among the items; without any, only a request with its cookies and its body can say "none".
    pub fn of(
        disclosures: &[Disclosure],
        cookies: CookiesRecorded,
        body: BodyState,
    ) -> Identifiability {
        let is_whole = cookies == CookiesRecorded::Yes
            && matches!(body, BodyState::None | BodyState::Recorded);
        let any = |power| disclosures.iter().any(|d| d.power() == power);
        if any(Power::Names) {
            Identifiability::Named
        } else if any(Power::Matches) {
            Identifiability::Matchable
        } else if any(Power::Pseudonym) {
            Identifiability::Pseudonymous
        } else if is_whole {
            Identifiability::None
        } else {
            Identifiability::NotRecorded
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Entry;
    use crate::disclosure::{Vocabulary, disclosures_of};
    use crate::exchange::{Exchange, ProducerHabits};
    use crate::tracker::Library;

    fn judged_with(
        query: &str,
        cookies: Option<&str>,
        recorded: CookiesRecorded,
        body: BodyState,
    ) -> Identifiability {
        let library = Library::built_in().unwrap();
        let vocabulary = Vocabulary::built_in().unwrap();
        let url = format!("https://www.facebook.com/tr/?id=111222333444555&ev=Lead&{query}");
        let entry = Entry::of_request("GET", &url, cookies, None);
        let exchange = Exchange::decode(&entry, ProducerHabits::default()).unwrap();
        let decoding = library.decode(&exchange).unwrap();
        let found = disclosures_of(&decoding.events[0], &vocabulary);
        Identifiability::of(&found, recorded, body)
    }

    fn judged(query: &str, cookies: Option<&str>, recorded: CookiesRecorded) -> Identifiability {
        judged_with(query, cookies, recorded, BodyState::None)
    }

    #[test]
    fn what_identifies_is_judged_by_its_form() {
        let hash = "a1".repeat(32);
        let yes = CookiesRecorded::Yes;
        assert_eq!(
            judged("x=1", Some("c_user=100000000000001"), yes),
            Identifiability::Named
        );
        assert_eq!(
            judged("ud[em]=sam@mail.example", None, yes),
            Identifiability::Named
        );
        assert_eq!(
            judged(&format!("udff[em]={hash}"), None, yes),
            Identifiability::Matchable
        );
        assert_eq!(
            judged(&format!("udff[st]={hash}"), None, yes),
            Identifiability::None
        );
        assert_eq!(
            judged("fbp=fb.1.1.1", None, yes),
            Identifiability::Pseudonymous
        );
        assert_eq!(judged("cud[em]=***@***", None, yes), Identifiability::None);
        assert_eq!(judged("ud[em]=", None, yes), Identifiability::None);
        assert_eq!(
            judged("ud[em]=%23%23Email%20Address%23%23", None, yes),
            Identifiability::None
        );
        assert_eq!(
            judged("ud[ph]=%2B44%207700%20900123", None, yes),
            Identifiability::Named
        );
        assert_eq!(
            judged("ud[ph]=%7Bphone%7D", None, yes),
            Identifiability::None
        );
        assert_eq!(
            judged("ud[fn]=%25%25FIRSTNAME%25%25", None, yes),
            Identifiability::None
        );
    }

    #[test]
    fn without_cookies_in_the_capture_nothing_found_is_not_nothing_sent() {
        assert_eq!(
            judged("x=1", None, CookiesRecorded::No),
            Identifiability::NotRecorded
        );
        assert_eq!(
            judged("x=1", None, CookiesRecorded::ProbablyRemoved),
            Identifiability::NotRecorded
        );
        assert_eq!(
            judged("x=1", None, CookiesRecorded::Yes),
            Identifiability::None
        );
    }

    #[test]
    fn the_hash_of_an_empty_field_is_no_contact_data() {
        let nothing = "udff[em]=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(
            judged(nothing, None, CookiesRecorded::Yes),
            Identifiability::None
        );
    }

    #[test]
    fn without_the_body_in_the_capture_nothing_found_is_not_nothing_sent() {
        let judged = |query: &str, body| judged_with(query, None, CookiesRecorded::Yes, body);
        for lost in [BodyState::NotRecorded, BodyState::Lossy] {
            assert_eq!(judged("x=1", lost), Identifiability::NotRecorded);
            assert_eq!(judged("fbp=fb.1.1.1", lost), Identifiability::Pseudonymous);
        }
        assert_eq!(judged("x=1", BodyState::Recorded), Identifiability::None);
    }

    #[test]
    fn a_hashed_name_and_a_secret_alone_identify_nobody() {
        let yes = CookiesRecorded::Yes;
        let hash = "a1".repeat(32);
        for of_many in ["fn", "ln", "ct", "zp", "db", "ge"] {
            let query = format!("ud[{of_many}]={hash}");
            assert_eq!(judged(&query, None, yes), Identifiability::None);
        }
        assert_eq!(
            judged("x=1", Some("xs=12%3Aabc"), yes),
            Identifiability::None
        );
    }

    #[test]
    fn what_a_filter_took_out_and_a_mask_identify_nobody() {
        let yes = CookiesRecorded::Yes;
        let page = "dl=https%3A%2F%2Fwww.clinic.example%2F%3Femail%3D_removed_&ud[em]=_removed_";
        assert_eq!(judged(page, None, yes), Identifiability::None);
        assert_eq!(judged("ncud[fn]=***", None, yes), Identifiability::None);
    }
}
