//! `startedDateTime`, as forty producers write it, to UTC with milliseconds; the original is kept where it says more.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::temporal::DateTimePrinter;
use jiff::tz::Offset;

/// When a request began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// `2026-03-01T08:15:30.123Z`.
    pub utc: String,
    /// Milliseconds since 1970.
    pub millis: i64,
    /// The producer's own text, where it differs in more than form: another offset, no zone, more digits.
    pub original: Option<String>,
}

/// Reads a time; `None` where it means nothing ("", `NaN-NaN-NaN…`).
pub fn read(text: &str) -> Option<Started> {
    let text = text.trim();
    let (moment, exact_form) = from_epoch(text).or_else(|| from_iso(text))?;
    let utc = in_utc(moment);
    let same = exact_form && text == utc;
    Some(Started {
        millis: moment.as_millisecond(),
        original: (!same && !only_differs_in_form(text, &utc)).then(|| text.to_string()),
        utc,
    })
}

/// What is less than a millisecond is left out, not rounded.
fn in_utc(moment: Timestamp) -> String {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
    PRINTER.timestamp_to_string(&moment)
}

/// `…T08:15:30Z` and `…T08:15:30.000+00:00` say no more than `…T08:15:30.000Z`.
fn only_differs_in_form(text: &str, utc: &str) -> bool {
    let Some(front) = ["Z", "z", "+00:00", "+0000", "-00:00"]
        .iter()
        .find_map(|zone| text.strip_suffix(zone))
    else {
        return false;
    };
    let (seconds, fraction) = front.split_once('.').unwrap_or((front, ""));
    let fraction = fraction.trim_end_matches('0');
    let wanted = utc.trim_end_matches('Z');
    let (wanted_seconds, wanted_fraction) = wanted.split_once('.').unwrap_or((wanted, ""));
    seconds.replace(' ', "T") == wanted_seconds && fraction == wanted_fraction.trim_end_matches('0')
}

/// Seconds or milliseconds since 1970, as a few producers write them.
fn from_epoch(text: &str) -> Option<(Timestamp, bool)> {
    if text.len() < 9 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let number: f64 = text.parse().ok()?;
    let millis = if number < 1e11 {
        number * 1000.0
    } else {
        number
    };
    // A float beyond i64 saturates and is then refused by the timestamp's own range.
    let moment = Timestamp::from_millisecond(millis as i64).ok()?;
    Some((moment, false))
}

fn from_iso(text: &str) -> Option<(Timestamp, bool)> {
    let (civil, offset) = split_offset(text)?;
    let civil: DateTime = civil.trim().parse().ok()?;
    let moment = offset.unwrap_or(Offset::UTC).to_timestamp(civil).ok()?;
    Some((moment, offset == Some(Offset::UTC)))
}

/// The date and time, and the offset where one is written: `Z`, `+hh:mm`, `+hhmm`, `+hh`.
fn split_offset(text: &str) -> Option<(&str, Option<Offset>)> {
    if let Some(front) = text.strip_suffix(['Z', 'z']) {
        return Some((front, Some(Offset::UTC)));
    }
    let time_at = text.find(['T', 't', ' '])?;
    let Some(sign_at) = text.get(time_at..)?.find(['+', '-']).map(|at| at + time_at) else {
        return Some((text, None));
    };
    let digits: String = text
        .get(sign_at + 1..)?
        .chars()
        .filter(|c| c.is_ascii_digit())
        .collect();
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4).unwrap_or("0").parse().ok()?;
    let seconds = (hours * 60 + minutes) * 60;
    let signed = if text[sign_at..].starts_with('-') {
        -seconds
    } else {
        seconds
    };
    Some((
        text.get(..sign_at)?,
        Some(Offset::from_seconds(signed).ok()?),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Option<String> {
        read(text).map(|s| s.utc)
    }

    #[test]
    fn every_form_becomes_utc() {
        for (text, wanted) in [
            ("2026-03-01T08:15:30.123Z", "2026-03-01T08:15:30.123Z"),
            (
                "2026-03-01T08:15:30.1234567+05:30",
                "2026-03-01T02:45:30.123Z",
            ),
            ("1970-01-01T05:30:00.000+0530", "1970-01-01T00:00:00.000Z"),
            ("2026-03-01T08:15:30", "2026-03-01T08:15:30.000Z"),
            ("1767225600000", "2026-01-01T00:00:00.000Z"),
            ("1767225600", "2026-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(utc(text).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn the_original_is_kept_only_where_it_says_more() {
        assert_eq!(read("2026-03-01T08:15:30Z").unwrap().original, None);
        assert_eq!(read("2026-03-01T08:15:30.12+00:00").unwrap().original, None);
        assert!(
            read("2026-03-01T08:15:30.123+01:00")
                .unwrap()
                .original
                .is_some()
        );
        assert!(
            read("2026-03-01T08:15:30.1239Z")
                .unwrap()
                .original
                .is_some()
        );
        assert!(read("2026-03-01T08:15:30").unwrap().original.is_some());
    }

    #[test]
    fn nonsense_is_none() {
        for text in [
            "",
            "NaN-NaN-NaNTNaN:NaN:NaN",
            "31/12/2026",
            "T+",
            "2026-13-01T00:00:00Z",
            "999999999999999999999",
        ] {
            assert_eq!(utc(text), None, "{text}");
        }
    }
}
