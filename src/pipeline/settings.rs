//! What the answers in a capture say of the sites' accounts with the recipients: the settings under which their scripts came.

use super::Knowledge;
use crate::capture::{Problem, Stage};
use crate::disclosure::{Show, shown};
use crate::exchange::{Delivery, Exchange};
use crate::tracker::{Decoding, Setting};

/// One setting of one account, as it may be shown.
#[derive(Debug)]
pub struct FoundSetting {
    pub entry_index: usize,
    /// Number within the answer, from 0.
    pub number: usize,
    pub tracker: String,
    pub recipient: String,
    pub account_id: Option<String>,
    pub setting: String,
    pub value: String,
    pub meaning: String,
    pub source: String,
}

/// The settings in the answers of a capture, and what could not be read of them. `text` is the capture's own: an answer is
/// unpacked only where a rule asks for it.
pub fn settings_of(
    exchanges: &[Exchange],
    decodings: &[Option<Decoding>],
    text: &[u8],
    knowledge: &Knowledge,
) -> (Vec<FoundSetting>, Vec<Problem>) {
    let mut settings = Vec::new();
    let mut problems = Vec::new();
    for (exchange, decoding) in exchanges.iter().zip(decodings) {
        let Some(decoding) = decoding.as_ref().filter(|d| d.asks_for_settings()) else {
            continue;
        };
        if !is_answered(exchange.delivery) {
            continue;
        }
        match read(exchange, decoding, text, knowledge) {
            Ok(found) => settings.extend(found),
            Err(problem) => problems.push(problem.at(exchange.entry_at)),
        }
    }
    (settings, problems)
}

/// Whether what stands beside a request came to the page. A script out of the browser's cache did: nothing was sent for it, and
/// the page ran it as it was configured when it was fetched.
fn is_answered(delivery: Delivery) -> bool {
    matches!(delivery, Delivery::Delivered | Delivery::Cached)
}

fn read(
    exchange: &Exchange,
    decoding: &Decoding,
    text: &[u8],
    knowledge: &Knowledge,
) -> Result<Vec<FoundSetting>, Problem> {
    let entry = exchange.entry_index;
    let rule = &decoding.rule.name;
    let Some(answer) = &exchange.answer else {
        return Ok(Vec::new());
    };
    let answer = answer.text(text).map_err(|error| {
        Problem::of_entry(entry, Stage::Exchange, error.code(), error.to_string())
    })?;
    let settings = knowledge
        .library
        .settings(decoding, &answer)
        .map_err(|error| {
            let message = format!("{rule}: {error}");
            Problem::of_entry(entry, Stage::Tracker, error.code(), message)
        })?;
    let numbered = settings.iter().enumerate();
    Ok(numbered
        .map(|(number, setting)| found(setting, entry, number, knowledge))
        .collect())
}

fn found(
    setting: &Setting,
    entry_index: usize,
    number: usize,
    knowledge: &Knowledge,
) -> FoundSetting {
    let declared = setting.declared();
    FoundSetting {
        entry_index,
        number,
        tracker: setting.rule.name.clone(),
        recipient: setting.rule.recipient.clone(),
        account_id: setting.account_id.clone(),
        setting: declared.setting.clone(),
        value: shown(&setting.value, Show::Content, knowledge.reveal),
        meaning: declared.meaning.clone(),
        source: declared.source.clone(),
    }
}
