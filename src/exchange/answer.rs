//! What came back for a request: where its text stands in the capture. Answers are most of a capture and hardly one of them
//! says anything, so a text is unpacked only when somebody asks for it.

use std::ops::Range;

use super::ExchangeError;
use super::body::decode_base64;
use super::percent::text_of;
use crate::capture::{Entry, unquoted_json};

/// Longest answer that is unpacked, as it stands in the capture: no configuration comes near.
pub const MAX_ANSWER_BYTES: usize = 8 << 20;

/// Quotes with nothing between them.
const EMPTY: usize = 2;

/// The text of an answer, still packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// In the capture's text, quotes included.
    at: Range<usize>,
    is_base64: bool,
}

impl Answer {
    /// The answer to an entry's request. `None` where there is no text, and for what a server says when it does not answer the
    /// question: errors and redirects.
    pub fn of_entry(entry: &Entry) -> Option<Answer> {
        let response = entry.response.as_ref()?;
        let answers = |status: i64| (200..300).contains(&status) || status == 304;
        let at = response
            .content_text
            .clone()
            .filter(|at| at.len() > EMPTY)?;
        let encoding = response.content_encoding.as_deref().unwrap_or_default();
        response.status.is_none_or(answers).then(|| Answer {
            at,
            is_base64: encoding.trim().eq_ignore_ascii_case("base64"),
        })
    }

    /// The text, unpacked; `capture` is the capture's own text. What is damaged in it stays as well as it can be read.
    ///
    /// # Errors
    /// An answer that is too long, or no base64 where it says so.
    pub fn text(&self, capture: &[u8]) -> Result<String, ExchangeError> {
        if self.at.len() > MAX_ANSWER_BYTES {
            return Err(ExchangeError::AnswerTooLong);
        }
        let quoted = capture.get(self.at.clone()).unwrap_or_default();
        let text = unquoted_json(quoted).unwrap_or_default();
        if !self.is_base64 {
            return Ok(text);
        }
        let bytes = decode_base64(&text).ok_or(ExchangeError::AnswerNotBase64)?;
        Ok(text_of(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::read_capture_bytes;

    /// The answer to the only request of a capture with this response.
    fn answer(response: &str) -> Option<Result<String, ExchangeError>> {
        let capture = format!(
            r#"{{"log":{{"entries":[{{"request":{{"method":"GET","url":"https://a.example/"}},"response":{response}}}]}}}}"#
        );
        let read = read_capture_bytes("invented", capture.as_bytes());
        let answer = Answer::of_entry(&read.entries[0])?;
        Some(answer.text(capture.as_bytes()))
    }

    fn text(content: &str) -> String {
        let response = format!(r#"{{"status":200,"content":{{{content}}}}}"#);
        answer(&response).unwrap().unwrap()
    }

    #[test]
    fn a_text_is_unescaped_also_where_it_is_damaged() {
        assert_eq!(text(r#""text":"a(\"b\/c\");\n""#), "a(\"b/c\");\n");
        assert_eq!(
            text(r#""text":"half \ud83d, \q and \u12""#),
            "half \u{fffd}, \\q and \\u12"
        );
    }

    #[test]
    fn base64_is_decoded_and_what_is_none_is_said() {
        assert_eq!(text(r#""text":"c2V0KCk7","encoding":"base64""#), "set();");
        let wrong = r#"{"status":200,"content":{"text":"!","encoding":"base64"}}"#;
        assert_eq!(answer(wrong), Some(Err(ExchangeError::AnswerNotBase64)));
    }

    #[test]
    fn an_empty_text_and_an_error_page_are_no_answer() {
        for response in [
            r#"{"status":200,"content":{"text":""}}"#,
            r#"{"status":200,"content":{}}"#,
            r#"{"status":200}"#,
            r#"{"status":404,"content":{"text":"gone"}}"#,
            r#"{"status":302,"content":{"text":"elsewhere"}}"#,
            "null",
        ] {
            assert_eq!(answer(response), None, "{response}");
        }
        let not_modified = r#"{"status":304,"content":{"text":"kept"}}"#;
        assert_eq!(answer(not_modified), Some(Ok("kept".to_string())));
    }

    #[test]
    fn an_answer_without_end_is_not_read() {
        let long = "a".repeat(MAX_ANSWER_BYTES);
        let response = format!(r#"{{"status":200,"content":{{"text":"{long}"}}}}"#);
        assert_eq!(answer(&response), Some(Err(ExchangeError::AnswerTooLong)));
    }
}
