//! Answers go, but for one kind: the recipient's own script that says what a site has switched on, where a rule reads that from
//! it. It is the same for every visitor, and still it stays only if nothing personal is found in it.

use super::Editor;
use super::scrub::{Emails, Finder, Typed};
use crate::exchange::Exchange;
use crate::tracker::Decoding;

impl Editor<'_, '_> {
    /// Notes the answer to a request if it stays; `text` is the capture's own.
    pub fn answer(&mut self, exchange: &Exchange, decoding: Option<&Decoding>, text: &[u8]) {
        let is_configuration = decoding.is_some_and(Decoding::asks_for_settings);
        let Some(answer) = exchange.answer.as_ref().filter(|_| is_configuration) else {
            return;
        };
        let Ok(answer) = answer.text(text) else {
            return;
        };
        if !answer.is_empty() && !self.is_personal(&answer) {
            self.answers.insert(exchange.entry_index, answer);
        }
    }

    fn is_personal(&self, text: &str) -> bool {
        let typed = Typed(self.redactor.wishes.search).find("", text);
        !typed.is_empty() || !Emails.find("", text).is_empty() || self.netted(text).is_some()
    }
}
