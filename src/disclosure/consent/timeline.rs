//! From what was seen of consent on a site to its state at one event: what stood in the cookies before it and after it,
//! and, where that differs, when a cookie itself says that it was answered.

use super::reading::{Answer, Moment, Reading};
use super::rule::{Asks, ConsentTools, Tool};
use super::sightings::{Look, Place, Seen, Sighting, Site, Sites, origin};
use super::{Consent, Verdict, google};
use crate::exchange::{Address, CookiesRecorded, Exchange};
use crate::tracker::{Event, Library};

/// How far a cookie's own time may be off where requests before and after the answer hold it in place, in milliseconds.
const DOUBT: i64 = 2_000;

/// The same where nothing before the event holds it in place: browser and recorder may be two machines.
const DOUBT_OF_CLOCKS: i64 = 60_000;

/// After so many milliseconds a tool's script has run and has written what it writes where it asks nobody.
const SCRIPT_HAS_RUN: i64 = 5_000;

const STILL_UNANSWERED: &str =
    "not answered; a request to the site that is no earlier than the event still carries no answer";

const NOT_UNDERSTOOD: &str =
    "its cookies do not say whether the visitor was asked and what was answered";

/// The answers to consent banners in one capture, over time.
#[derive(Debug)]
pub struct Timelines<'t> {
    tools: &'t ConsentTools,
    sites: Sites,
    /// Every request says when it began.
    is_timed: bool,
}

/// The event whose consent is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub event: &'a Event,
    pub exchange: &'a Exchange,
    /// The page that it is about.
    pub page: Option<&'a Address>,
    /// The capture also names a page of another site: one stands in a frame of the other, and whose banner it was that
    /// the visitor saw is not known.
    pub is_page_disputed: bool,
}

/// What is known of consent by one tool, at one event.
enum Found<'a> {
    Answered { answer: &'a Answer, entry: usize },
    Unanswered { evidence: String, entry: usize },
    Undecided { evidence: String },
}

/// What a request showed of one tool.
#[derive(Clone, Copy)]
enum Shown<'a> {
    Answer(&'a Answer),
    NoAnswer,
    Undecided,
}

/// One tool on the site of an event, seen from the event.
struct View<'a> {
    tool: &'a Tool,
    seen: &'a Seen,
    showing: &'a [Place],
    here: Place,
    pageref: Option<&'a str>,
    is_timed: bool,
}

impl<'t> Timelines<'t> {
    /// Reads the cookies of a capture, of which it is known as a whole whether it holds any. `site_of` names the site
    /// from whose page a request went out.
    pub fn of(
        exchanges: &[Exchange],
        whole: CookiesRecorded,
        tools: &'t ConsentTools,
        library: &Library,
        site_of: &dyn Fn(&Exchange) -> Option<String>,
    ) -> Timelines<'t> {
        let is_timed = exchanges.iter().all(|exchange| exchange.started.is_some());
        let mut in_order: Vec<(Place, &Exchange)> = exchanges
            .iter()
            .map(|exchange| (place_of(exchange, is_timed), exchange))
            .collect();
        in_order.sort_by_key(|(place, _)| *place);
        let look = Look {
            tools,
            library,
            whole,
            site_of,
        };
        Timelines {
            tools,
            sites: look.through(&in_order),
            is_timed,
        }
    }

    /// The state of consent when an event was sent.
    pub fn verdict(&self, asked: &Asked) -> Verdict {
        let mut verdict = self.decide(asked);
        let told = google::words(asked.event.value("gcs"), asked.event.value("gcd"));
        if let (Consent::NotRecorded, Some(told)) = (verdict.consent, told) {
            verdict.evidence = format!("{}. {told}", verdict.evidence);
        }
        verdict
    }

    fn decide(&self, asked: &Asked) -> Verdict {
        let Some(page) = asked.page else {
            return Verdict::not_recorded("the page is not known");
        };
        if asked.is_page_disputed {
            return Verdict::not_recorded("the capture names pages of two sites");
        }
        let reported = self.reported(asked);
        let site = self.sites.of_page(page);
        let by_cookies = site
            .into_iter()
            .flat_map(|site| self.by_tool(site, page, asked));
        let by_request = reported.iter().map(|(tool, answer)| {
            let entry = asked.exchange.entry_index;
            (*tool, Found::Answered { answer, entry })
        });
        let found: Vec<(&Tool, Found)> = by_request.chain(by_cookies).collect();
        if found.is_empty() {
            return self.without_tool(site, asked);
        }
        combined(&found)
    }

    /// Answers that the event's own request hands on.
    fn reported(&self, asked: &Asked) -> Vec<(&'t Tool, Answer)> {
        let of_tool = |tool: &'t Tool| {
            let values = tool.parameters.iter();
            let values = values.filter_map(|name| asked.event.value(name));
            let answers = values.filter_map(|value| match tool.read_parameter(value) {
                Reading::Answered(answer) => Some((tool, answer)),
                _ => None,
            });
            answers.collect::<Vec<_>>()
        };
        self.tools.tools.iter().flat_map(of_tool).collect()
    }

    fn by_tool<'a>(
        &'a self,
        site: &'a Site,
        page: &Address,
        asked: &Asked<'a>,
    ) -> impl Iterator<Item = (&'a Tool, Found<'a>)> {
        let showing = site
            .showing
            .get(&origin(page))
            .map_or(&[][..], Vec::as_slice);
        let here = place_of(asked.exchange, self.is_timed);
        let pageref = asked.exchange.pageref.as_deref();
        site.tools.iter().filter_map(move |(at, seen)| {
            let tool = self.tools.tools.get(*at)?;
            let view = View {
                tool,
                seen,
                showing,
                here,
                pageref,
                is_timed: self.is_timed,
            };
            Some((tool, view.found()))
        })
    }

    /// No rule found anything: none was seen, if anything would have shown.
    fn without_tool(&self, site: Option<&Site>, asked: &Asked) -> Verdict {
        let Some(site) = site.filter(|site| site.recorded) else {
            return Verdict::not_recorded("no cookies of the page's site were recorded");
        };
        let own_sign = self.tools.is_sign_address(&asked.exchange.address.raw);
        if site.signs || self.sites.signs_anywhere || own_sign {
            return Verdict::not_recorded("something of a consent tool shows that no rule reads");
        }
        Verdict {
            consent: Consent::NoneSeen,
            evidence: "nothing of a consent tool shows in the cookies and requests of the site"
                .into(),
            entry: None,
        }
    }
}

fn place_of(exchange: &Exchange, is_timed: bool) -> Place {
    let started = exchange.started.as_ref().filter(|_| is_timed);
    Place {
        millis: started.map_or(0, |started| started.millis),
        entry: exchange.entry_index,
    }
}

/// One state out of what each tool says: an answer needs that nothing contradicts it, an unanswered banner that no tool
/// is in doubt.
fn combined(found: &[(&Tool, Found)]) -> Verdict {
    let answered = found.iter().filter_map(|(tool, found)| match found {
        Found::Answered { answer, entry } => Some((*tool, *answer, *entry)),
        _ => None,
    });
    let unanswered = found.iter().find_map(|(tool, found)| match found {
        Found::Unanswered { evidence, entry } => Some((*tool, evidence, *entry)),
        _ => None,
    });
    let doubt = found.iter().find_map(|(tool, found)| match found {
        Found::Undecided { evidence } => Some((*tool, evidence)),
        _ => None,
    });
    let first = answered.clone().next();
    let is_same = |(_, answer, _): (&Tool, &Answer, usize)| {
        first.is_none_or(|(_, first, _)| first.consent == answer.consent)
    };
    match (first, unanswered, doubt) {
        (Some((tool, answer, entry)), None, _) if answered.clone().all(is_same) => Verdict {
            consent: answer.consent,
            evidence: format!("{}: {}", tool.title, answer.says),
            entry: Some(entry),
        },
        (Some(_), ..) => Verdict::not_recorded("two consent tools say different things"),
        (None, _, Some((tool, evidence))) => {
            Verdict::not_recorded(format!("{}: {evidence}", tool.title))
        }
        (None, Some((tool, evidence, entry)), None) => Verdict {
            consent: Consent::BannerUnanswered,
            evidence: format!("{}: {evidence}", tool.title),
            entry: Some(entry),
        },
        (None, None, None) => Verdict::not_recorded("nothing of a consent tool was read"),
    }
}

impl<'a> View<'a> {
    fn found(&self) -> Found<'a> {
        match (self.before(), self.after()) {
            (Some((before, shown)), _) if before == self.here => self.at(shown, before),
            (Some((before, Shown::Answer(answer))), after) => {
                self.after_answer(answer, before, after)
            }
            (Some((_, Shown::Undecided)), _) | (_, Some((_, Shown::Undecided))) => {
                undecided(NOT_UNDERSTOOD)
            }
            (Some((before, Shown::NoAnswer)), Some((after, Shown::Answer(answer)))) => {
                self.between(Shown::NoAnswer, before, answer, after)
            }
            (_, Some((after, Shown::NoAnswer))) => self.at(Shown::NoAnswer, after),
            (Some((_, Shown::NoAnswer)), None) => undecided(
                "not answered before, and no later request to the site shows whether it still was not",
            ),
            (None, Some((after, Shown::Answer(answer)))) => self.long_before(answer, after),
            (None, None) => {
                undecided("its script was loaded, and no request to the site shows an answer")
            }
        }
    }

    /// What a request shows that stands where the event stands, or later and still without an answer.
    fn at(&self, shown: Shown<'a>, place: Place) -> Found<'a> {
        match shown {
            Shown::Answer(answer) => Found::Answered {
                answer,
                entry: place.entry,
            },
            Shown::NoAnswer => self.unanswered(STILL_UNANSWERED.into(), place, place),
            Shown::Undecided => undecided(NOT_UNDERSTOOD),
        }
    }

    fn after_answer(
        &self,
        answer: &'a Answer,
        before: Place,
        after: Option<(Place, Shown<'a>)>,
    ) -> Found<'a> {
        match after {
            None => self.at(Shown::Answer(answer), before),
            Some((_, Shown::Answer(later))) if later.consent == answer.consent => {
                self.at(Shown::Answer(answer), before)
            }
            Some((after, Shown::Answer(later))) => {
                self.between(Shown::Answer(answer), before, later, after)
            }
            Some(_) => undecided("answered before, and the answer is gone from a later request"),
        }
    }

    /// The answer changed between two requests, and the event stands between them: the later answer's own time decides,
    /// if it lies between them too.
    fn between(
        &self,
        earlier: Shown<'a>,
        before: Place,
        later: &'a Answer,
        after: Place,
    ) -> Found<'a> {
        let doubt =
            || undecided("answered about when the event was sent; which came first is not known");
        let Some(at) = later.at.filter(|_| self.is_timed) else {
            return doubt();
        };
        let is_held = at.latest >= before.millis - DOUBT && at.earliest <= after.millis + DOUBT;
        if is_held && self.here.millis + DOUBT <= at.earliest {
            return match earlier {
                Shown::NoAnswer => self.unanswered(only_later(later), before, after),
                shown => self.at(shown, before),
            };
        }
        if is_held && self.here.millis >= at.latest.saturating_add(DOUBT) {
            return self.at(Shown::Answer(later), after);
        }
        doubt()
    }

    /// Only a later request shows an answer: it held already if it is clearly older than the event. An answer that is
    /// younger may have replaced another.
    fn long_before(&self, answer: &'a Answer, after: Place) -> Found<'a> {
        let is_older = |at: Moment| at.latest.saturating_add(DOUBT_OF_CLOCKS) <= self.here.millis;
        if self.is_timed && answer.at.is_some_and(is_older) {
            return self.at(Shown::Answer(answer), after);
        }
        undecided("only a later request of the site shows an answer")
    }

    /// A request showed no answer. That a banner was there and waited needs more: that the request went to the page's own
    /// host, whose cookies may be its own; that the tool asks on this site at all; and that it was there when the event was
    /// sent, or on the page that sent it.
    fn unanswered(&self, evidence: String, no_answer: Place, proof: Place) -> Found<'a> {
        let was_there = self.seen.first.is_some_and(|first| first <= self.here)
            || self
                .pageref
                .is_some_and(|pageref| self.seen.pagerefs.contains(pageref));
        if self.showing.binary_search(&no_answer).is_err() {
            return undecided("no request to the page's own host shows that nothing was answered");
        }
        if !was_there {
            return undecided("nothing is answered, and it was not on this page");
        }
        if !self.asks() {
            return undecided("nothing is answered, and nothing shows that it asked");
        }
        Found::Unanswered {
            evidence,
            entry: proof.entry,
        }
    }

    fn asks(&self) -> bool {
        let by_loader = || self.tool.asks == Asks::Loader && self.wrote_nothing();
        !self.seen.is_in_doubt && (self.seen.has_asked || by_loader())
    }

    /// Its script had time to write what it writes where it asks nobody, and no cookie of it is there.
    fn wrote_nothing(&self) -> bool {
        let (Some(loaded), Some(last)) = (self.seen.loaded, self.showing.last()) else {
            return false;
        };
        let had_time = last.millis >= loaded.millis.saturating_add(SCRIPT_HAS_RUN);
        self.is_timed && had_time && self.seen.sightings.is_empty()
    }

    /// The last request up to the event that shows something of the tool, or would have.
    fn before(&self) -> Option<(Place, Shown<'a>)> {
        let said = self
            .seen
            .sightings
            .partition_point(|s| s.place <= self.here);
        let said = said
            .checked_sub(1)
            .and_then(|at| self.seen.sightings.get(at));
        let silent = self.showing.partition_point(|place| *place <= self.here);
        let silent = silent.checked_sub(1).and_then(|at| self.showing.get(at));
        match (said, silent) {
            (Some(said), Some(silent)) if said.place < *silent => Some((*silent, Shown::NoAnswer)),
            (Some(said), _) => Some(shown(said)),
            (None, silent) => silent.map(|silent| (*silent, Shown::NoAnswer)),
        }
    }

    /// The first request behind the event that does.
    fn after(&self) -> Option<(Place, Shown<'a>)> {
        let said = self
            .seen
            .sightings
            .partition_point(|s| s.place <= self.here);
        let said = self.seen.sightings.get(said);
        let silent = self.showing.partition_point(|place| *place <= self.here);
        let silent = self.showing.get(silent);
        match (said, silent) {
            (Some(said), Some(silent)) if *silent < said.place => Some((*silent, Shown::NoAnswer)),
            (Some(said), _) => Some(shown(said)),
            (None, silent) => silent.map(|silent| (*silent, Shown::NoAnswer)),
        }
    }
}

fn shown(sighting: &Sighting) -> (Place, Shown<'_>) {
    let shown = match &sighting.reading {
        Reading::Answered(answer) => Shown::Answer(answer),
        Reading::Unanswered | Reading::Silent => Shown::NoAnswer,
        Reading::Undecided => Shown::Undecided,
    };
    (sighting.place, shown)
}

fn only_later(answer: &Answer) -> String {
    format!("not answered yet; later {}", answer.says)
}

fn undecided<'a>(evidence: &str) -> Found<'a> {
    Found::Undecided {
        evidence: evidence.to_string(),
    }
}
