//! What had the visitor answered to the page's consent banner when an event was sent? Consent tools keep the answer in
//! cookies of the site, which every request to it shows; the tools are data (`consent.toml`).
//!
//! "Sent before consent" and "sent after a refusal" are printed, so that every doubt here ends in `not_recorded`.

mod examples;
mod google;
mod reading;
mod rule;
mod sightings;
mod tcf;
#[cfg(test)]
mod tests;
mod timeline;

pub use rule::{AnswerCookie, CONSENT_TEXT, ConsentTools};
pub use timeline::{Asked, Timelines};

/// What the visitor had answered when an event was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Consent {
    /// Every optional purpose that the answer names.
    Accepted,
    /// Some optional purposes and not others.
    PartlyAccepted,
    /// No optional purpose at all.
    Rejected,
    /// A consent tool was at work, and nothing had been answered.
    BannerUnanswered,
    /// The cookies of the site were recorded, and nothing of a consent tool shows.
    NoneSeen,
    /// The capture does not decide it.
    NotRecorded,
}

impl Consent {
    pub fn name(self) -> &'static str {
        match self {
            Consent::Accepted => "accepted",
            Consent::PartlyAccepted => "partly_accepted",
            Consent::Rejected => "rejected",
            Consent::BannerUnanswered => "banner_unanswered",
            Consent::NoneSeen => "none_seen",
            Consent::NotRecorded => "not_recorded",
        }
    }
}

/// The state of consent for one event, and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub consent: Consent,
    /// A sentence for a reporter, without identifiers.
    pub evidence: String,
    /// The entry whose request shows it.
    pub entry: Option<usize>,
}

impl Verdict {
    fn not_recorded(evidence: impl Into<String>) -> Verdict {
        Verdict {
            consent: Consent::NotRecorded,
            evidence: evidence.into(),
            entry: None,
        }
    }
}
