//! `multipart/form-data` bodies as captures hold them: with LF instead of CRLF, without the closing line, with the
//! boundary in the content type, in a header or nowhere but in the text itself.

use super::parameter::{Location, Parameter};

/// Whether a text looks like a multipart body, whatever its declared type.
pub fn looks_multipart(text: &str) -> bool {
    text.starts_with("--") && text.contains("form-data")
}

/// Splits a multipart text into its parts. A file part becomes its file name; its content is not kept.
pub fn split_parts(text: &str, content_type: Option<&str>) -> Vec<Parameter> {
    let Some(boundary) = boundary(text, content_type) else {
        return Vec::new();
    };
    text.split(boundary.as_str()).filter_map(part).collect()
}

/// The delimiter line: two dashes and the boundary. The text's own first line is believed before the header,
/// because exporters rewrite headers more often than bodies.
pub(super) fn boundary(text: &str, content_type: Option<&str>) -> Option<String> {
    let first = text.lines().next().unwrap_or("").trim_end();
    if first.starts_with("--") && first.len() > 2 {
        return Some(first.to_string());
    }
    let declared = content_type?.split(';').find_map(|piece| {
        let (name, value) = piece.trim().split_once('=')?;
        name.eq_ignore_ascii_case("boundary")
            .then(|| value.trim_matches('"'))
    })?;
    Some(format!("--{declared}"))
}

fn part(piece: &str) -> Option<Parameter> {
    let piece = piece.trim_start_matches(['\r', '\n']);
    let (head, value) = match piece.find("\r\n\r\n") {
        Some(at) => (piece.get(..at)?, piece.get(at + 4..)?),
        None => piece.split_once("\n\n")?,
    };
    let name = attribute(head, "name")?;
    // Only the line break that belongs to the next delimiter goes; the value's own stay.
    let value = value
        .strip_suffix("\r\n")
        .or_else(|| value.strip_suffix('\n'))
        .unwrap_or(value);
    let value = match attribute(head, "filename") {
        Some(file) => format!("[file {file}, {} bytes]", value.len()),
        None => value.to_string(),
    };
    Some(Parameter::new(name, value, Location::Body))
}

/// The value of `name="…"` in a part's header; ` name=` so that `filename=` is not taken for it.
pub(super) fn attribute(head: &str, wanted: &str) -> Option<String> {
    head.split([';', '\n']).find_map(|piece| {
        let (name, value) = piece.trim().split_once('=')?;
        (name == wanted).then(|| value.trim().trim_matches('"').to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "------x1\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\nPIX\r\n------x1\r\nContent-Disposition: form-data; name=\"ev\"\r\n\r\nPurchase\r\n------x1--\r\n";

    fn read(text: &str, kind: Option<&str>) -> Vec<(String, String)> {
        split_parts(text, kind)
            .into_iter()
            .map(|p| (p.name, p.value))
            .collect()
    }

    #[test]
    fn crlf_lf_and_a_missing_last_line_give_the_same_parts() {
        let wanted = [
            ("id".into(), "PIX".into()),
            ("ev".into(), "Purchase".into()),
        ];
        assert_eq!(
            read(BODY, Some("multipart/form-data; boundary=----x1")),
            wanted
        );
        assert_eq!(read(&BODY.replace("\r\n", "\n"), None), wanted);
        assert_eq!(
            read(BODY.strip_suffix("------x1--\r\n").unwrap(), None),
            wanted
        );
    }

    #[test]
    fn a_value_keeps_its_own_line_breaks() {
        let body =
            "--b\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\none\r\n\r\ntwo\r\n--b--";
        assert_eq!(
            read(body, None),
            [("t".to_string(), "one\r\n\r\ntwo".to_string())]
        );
    }

    #[test]
    fn a_file_is_named_but_not_kept() {
        let body = "--b\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\n\nsecret\n--b--\n";
        assert_eq!(
            read(body, None),
            [("f".to_string(), "[file a.txt, 6 bytes]".to_string())]
        );
    }
}
