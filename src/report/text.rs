//! Text that strangers wrote, made fit to be read on a page: what cannot be seen is written out, what is too long is
//! visibly shortened, and nothing of it turns its neighbours around. The templates escape what HTML would take as its own.

use maud::{Markup, Render, html};

use crate::figures::printable;

/// Letters of a text in a report; the tables have all of them.
const LONGEST: usize = 300;

/// A text from a capture, or from whoever named a file or a wave.
pub(super) struct Foreign<'a>(pub(super) &'a str);

impl Render for Foreign<'_> {
    fn render(&self) -> Markup {
        html! { bdi { (visible(self.0, LONGEST)) } }
    }
}

/// The text with no more than `limit` letters, what is left out counted.
pub(super) fn visible(text: &str, limit: usize) -> String {
    let (kept, more) = cut(text, limit);
    let kept = seen(kept);
    match more {
        0 => kept,
        more => format!("{kept}… (and {more} more characters)"),
    }
}

/// A text for a chart, where there is room for few letters.
pub(super) fn short(text: &str, limit: usize) -> String {
    let (kept, more) = cut(text, limit);
    let kept = seen(kept);
    if more == 0 {
        kept
    } else {
        format!("{kept}…")
    }
}

fn cut(text: &str, limit: usize) -> (&str, usize) {
    match text.char_indices().nth(limit) {
        Some((end, _)) => {
            let (kept, rest) = text.split_at(end);
            (kept, rest.chars().count())
        }
        None => (text, 0),
    }
}

/// Two code points are no characters, and no document may hold them.
fn seen(text: &str) -> String {
    let text = printable(text);
    text.replace('\u{fffe}', "\\u{fffe}")
        .replace('\u{ffff}', "\\u{ffff}")
}

/// A word of the tables as a reader writes it.
pub(super) fn words(name: &str) -> String {
    seen(&name.replace('_', " "))
}

/// A time of the tables as a reader reads it: `2026-03-02 19:04:13 UTC`.
pub(super) fn moment(time: &str) -> String {
    match (time.get(..10), time.get(11..19)) {
        (Some(day), Some(clock)) => seen(&format!("{day} {clock} UTC")),
        _ => visible(time, 40),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_written_out_and_what_is_long_is_cut_and_counted() {
        assert_eq!(
            visible("a\u{202e}b\nc\u{ffff}", 9),
            "a\\u{202e}b\\nc\\u{ffff}"
        );
        assert_eq!(visible("äöüß", 2), "äö… (and 2 more characters)");
        assert_eq!(short("äöüß", 3), "äöü…");
        assert_eq!(short("äöüß", 4), "äöüß");
    }

    #[test]
    fn markup_is_text() {
        let shown = Foreign("<script>\"&").render().into_string();
        assert_eq!(shown, "<bdi>&lt;script&gt;&quot;&amp;</bdi>");
    }

    #[test]
    fn a_time_is_read_or_left_as_it_is() {
        assert_eq!(
            moment("2026-03-02T19:04:13.062Z"),
            "2026-03-02 19:04:13 UTC"
        );
        assert_eq!(moment("soon"), "soon");
    }
}
