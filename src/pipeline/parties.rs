//! Who spoke to whom: from which page a request went out, to which site, and whether that is a third party there.

use std::borrow::Cow;

use super::Knowledge;
use super::sighting::page_of_event;
use crate::exchange::{Address, Exchange, registrable_domain};
use crate::page::PageTable;
use crate::tracker::Decoding;

/// The two ends of one request.
#[derive(Debug, Clone)]
pub struct Parties<'t> {
    /// Of thousands of requests it is one and the same, which the page table holds.
    pub page: Option<Cow<'t, Address>>,
    /// The registrable domain of the page, or of the `Referer` where no page is known.
    pub from: Option<Cow<'t, str>>,
    /// The registrable domain to which the request went.
    pub to: &'t str,
    /// The request went to another site, or to the site's own host behind which a tracker stands.
    pub is_third_party: bool,
}

impl<'t> Parties<'t> {
    pub fn of(
        exchange: &'t Exchange,
        decoding: Option<&Decoding>,
        table: &'t PageTable,
        knowledge: &Knowledge,
    ) -> Parties<'t> {
        let page = page_of(exchange, decoding, table, knowledge);
        let to = registrable_domain(&exchange.address.host);
        let from = match &page {
            Some(Cow::Borrowed(page)) => Some(Cow::Borrowed(registrable_domain(&page.host))),
            Some(Cow::Owned(page)) => Some(domain_of(page)),
            None => exchange.referer().map(|from| domain_of(&from)),
        };
        // Without a page or a Referer nobody can say who is a third party, unless a rule knows the receiver. The site's
        // own host is one only where a tracker hides behind it.
        let is_elsewhere = from.as_ref().is_some_and(|from| from != to);
        Parties {
            page,
            from,
            to,
            is_third_party: decoding.is_some() || is_elsewhere,
        }
    }
}

fn domain_of(address: &Address) -> Cow<'static, str> {
    Cow::Owned(registrable_domain(&address.host).to_owned())
}

/// The company that receives a request: by the rule that reads it, else by its host.
pub fn recipient_of(
    exchange: &Exchange,
    decoding: Option<&Decoding>,
    knowledge: &Knowledge,
) -> Option<String> {
    let by_host = || {
        let company = knowledge.library.company_of_host(&exchange.address.host);
        company.map(str::to_string)
    };
    let by_rule = decoding.map(|decoding| decoding.rule.recipient.clone());
    by_rule.or_else(by_host)
}

/// The page from which a request went out: what an event says of it, else the document that was fetched. A Referer
/// alone is no page here: for fonts it is a style sheet, for much else a frame.
fn page_of<'t>(
    exchange: &Exchange,
    decoding: Option<&Decoding>,
    table: &'t PageTable,
    knowledge: &Knowledge,
) -> Option<Cow<'t, Address>> {
    match decoding.and_then(|decoding| decoding.events.first()) {
        Some(event) => {
            let located = page_of_event(event, exchange, table, knowledge)?;
            Some(Cow::Owned(located.page))
        }
        None => table
            .document(exchange.pageref.as_deref())
            .map(Cow::Borrowed),
    }
}
