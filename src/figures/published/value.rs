//! Whether two figures are the same, however they are written: a newspaper prints `2,528` and `TRUE`, a table holds
//! `2528` and `true`.

/// Whether the printed and the recomputed value are the same.
pub(super) fn same(one: &str, other: &str) -> bool {
    normal(one) == normal(other)
}

/// Without the commas between thousands, in lower case. Nothing is rounded: 17.7 is not 17.74.
fn normal(value: &str) -> String {
    let value = value.trim();
    if has_thousands(value) {
        value.replace(',', "")
    } else {
        value.to_lowercase()
    }
}

/// One to three digits, and after each comma exactly three.
fn has_thousands(value: &str) -> bool {
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = value.split(',');
    let first = parts.next().unwrap_or_default();
    (1..=3).contains(&first.len())
        && is_number(first)
        && parts.all(|part| part.len() == 3 && is_number(part))
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn as_printed_and_as_counted() {
        for (one, other) in [
            ("2,528", "2528"),
            ("TRUE", "true"),
            (" 15 of 19", "15 of 19"),
            ("1,234,567", "1234567"),
        ] {
            assert!(same(one, other), "{one} {other}");
        }
    }

    #[test]
    fn what_only_looks_alike() {
        for (one, other) in [
            ("17.7", "17.74"),
            ("1,5", "15"),
            ("15", "15 of 19"),
            ("0", ""),
            ("1234,567", "1234567"),
        ] {
            assert!(!same(one, other), "{one} {other}");
        }
    }
}
