//! `_initiator`: which document caused the request.
//!
//! Some producers write its address, others an object with an `url` or the call stack of the script. A stack
//! continues in its `parent`, from the call to what scheduled it; the outermost frame is the page's own. Stacks
//! are long and can nest deeply, so they are walked where they stand and only one list of frames is ever read.

use std::ops::Range;

use serde::Deserialize;

use super::plain;
use crate::capture::lenient::{self, Fields, Json, MAX_VALUE_BYTES, Notes};
use crate::capture::scanner::{Cursor, Halt, Kind, Object, name};

/// The address of the document or script that caused the request.
pub fn read(bytes: &[u8], entry: &Object, notes: &mut Notes) -> Option<String> {
    let member = entry.last("_initiator")?;
    let Some(object) = member.inside.object() else {
        let value = super::value(bytes, member, notes);
        let mut fields = Fields::new("", vec![("_initiator".into(), value)]);
        return fields
            .text("_initiator", notes)
            .filter(|url| !url.is_empty());
    };
    let own = plain::text(bytes, object, "url").unwrap_or_else(|| {
        super::fields(bytes, object, "_initiator", |key| key == "url", notes).text("url", notes)
    });
    own.filter(|url| !url.is_empty())
        .or_else(|| outermost_url(bytes, object.last("stack")?.inside.object()?, notes))
}

/// The address of the outermost frame that has one.
fn outermost_url(bytes: &[u8], stack: &Object, notes: &mut Notes) -> Option<String> {
    let mut lists = Vec::new();
    if stack.last("parent").is_some() {
        let mut cursor = Cursor::new(bytes, stack.range.start);
        // The scanner has stepped over this text before: it can break only below the depth limit, which was noted.
        call_frames(&mut cursor, &mut lists).ok()?;
    } else {
        let frames = stack
            .members
            .iter()
            .filter(|member| member.key == "callFrames");
        lists.extend(frames.map(|member| (1, member.value.clone())));
    }
    lists.sort_by_key(|(depth, _)| std::cmp::Reverse(*depth));
    lists
        .into_iter()
        .find_map(|(_, frames)| last_url(bytes.get(frames)?, notes))
}

/// Where the frames of every stack along the chain of parents stand, each with its distance from the call.
fn call_frames(cursor: &mut Cursor, lists: &mut Vec<(usize, Range<usize>)>) -> Result<(), Halt> {
    let mut depth = 1usize;
    let mut after_value = false;
    cursor.at += 1;
    while depth > 0 {
        if !cursor.next_in(Kind::Object, after_value)? {
            depth -= 1;
            after_value = true;
            continue;
        }
        let key = name(cursor.bytes(), cursor.key()?);
        let enters = key == "parent" && cursor.peek() == Some(b'{');
        if enters {
            depth += 1;
            cursor.at += 1;
        } else {
            let value = cursor.skip_value()?;
            if key == "callFrames" {
                lists.push((depth, value));
            }
        }
        after_value = !enters;
    }
    Ok(())
}

/// The address of the last frame of a list that has one.
fn last_url(frames: &[u8], notes: &mut Notes) -> Option<String> {
    let places = elements(frames).ok()?;
    let frames = places
        .into_iter()
        .rev()
        .filter_map(|place| frames.get(place));
    let url = |frame| {
        let usual = usual_url(frame).map(str::to_owned);
        usual.or_else(|| url_with_care(frame, notes))
    };
    frames.filter_map(url).find(|url| !url.is_empty())
}

/// The address of a frame as browsers write it. `None`: it is another, or one in which something is escaped.
fn usual_url(frame: &[u8]) -> Option<&str> {
    /// The members that it has, each once and of these types.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Frame<'a> {
        #[serde(rename = "functionName")]
        _function: &'a str,
        #[serde(rename = "scriptId")]
        _script: &'a str,
        url: &'a str,
        #[serde(rename = "lineNumber")]
        _line: i64,
        #[serde(rename = "columnNumber")]
        _column: i64,
    }
    // A list would be taken for its members in their order.
    let object = frame.starts_with(b"{").then_some(frame)?;
    let frame: Frame = serde_json::from_slice(object).ok()?;
    (frame.url.len() <= MAX_VALUE_BYTES).then_some(frame.url)
}

fn url_with_care(frame: &[u8], notes: &mut Notes) -> Option<String> {
    match lenient::parse(frame, &mut notes.repairs)? {
        Json::Object(members) => Fields::new("_initiator.stack", members).text("url", notes),
        _ => None,
    }
}

/// Where the elements of a list stand.
fn elements(list: &[u8]) -> Result<Vec<Range<usize>>, Halt> {
    let mut cursor = Cursor::new(list, 0);
    let mut places = Vec::new();
    if cursor.peek() == Some(b'[') {
        cursor.at += 1;
        while cursor.next_in(Kind::Array, !places.is_empty())? {
            places.push(cursor.skip_value()?);
        }
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_usual_frame_says_what_it_says_read_with_care(
            kind in 0..20,
            function in r#"[a-z\u{e9}]{0,3}|\\n|\\ud800|\x01"#,
            url in r#"(https://a.example/[a-z]{0,3})?|\\/|""|,"url":"""#,
            line in r#"-?[0-9]{1,2}|[0-9]{20}|1.5|null|"7"|\{\}"#,
        ) {
            let members = format!(r#""functionName":"{function}","scriptId":"3","url":"{url}","lineNumber":{line},"columnNumber":0"#);
            let frame = match kind {
                0 => format!("[{members}]"),
                1 => format!(r#"["{function}","3","{url}",{line},0]"#),
                2 => format!("{{{members}"),
                3 => format!(r#"{{"x":1e999,{members}}}"#),
                _ => format!("{{{members}}}"),
            };
            let mut notes = Notes::default();
            let with_care = url_with_care(frame.as_bytes(), &mut notes);
            if let Some(url) = usual_url(frame.as_bytes()) {
                prop_assert_eq!(Some(url.to_owned()), with_care);
                prop_assert_eq!(format!("{notes:?}"), format!("{:?}", Notes::default()));
            }
        }
    }

    #[test]
    fn a_frame_as_browsers_write_it_is_read_the_short_way() {
        let frame = br#"{"functionName":"send","scriptId":"3","url":"https://a.example/","lineNumber":1,"columnNumber":0}"#;
        assert_eq!(usual_url(frame), Some("https://a.example/"));
    }
}
