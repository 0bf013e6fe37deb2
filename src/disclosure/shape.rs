//! How many values a mask leaves: what a hash hides is easier to find where a mask beside it shows its shape.
//!
//! The signs are those of Meta's masks, the only ones known: `#` is a digit, `^` an upper-case letter, `*` a lower-case
//! letter (and in older versions of the script a digit too), anything else stands for itself.

const DIGITS: u64 = 10;
const LETTERS: u64 = 26;

/// How many values of Latin letters and digits have the shape of a mask, at most. `None`: the mask holds letters or
/// digits themselves, so it is none of these masks; or there are more than can be counted.
pub fn values_of(mask: &str) -> Option<u64> {
    let shows_digits = mask.contains('#');
    mask.chars().try_fold(1, |values: u64, sign| {
        let of_sign = match sign {
            '#' => DIGITS,
            '^' => LETTERS,
            // Whoever writes digits as `#` does not hide them behind `*`.
            '*' if shows_digits => LETTERS,
            '*' => LETTERS + DIGITS,
            letter_or_digit if letter_or_digit.is_alphanumeric() => return None,
            _ => 1,
        };
        values.checked_mul(of_sign)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_letters_and_punctuation_are_counted() {
        assert_eq!(values_of("#####"), Some(100_000));
        assert_eq!(values_of("+## #### ######"), Some(10_u64.pow(12)));
        assert_eq!(values_of("^^"), Some(676));
        assert_eq!(values_of("^^# #^^"), Some(26_u64.pow(4) * 100));
        assert_eq!(values_of("*#"), Some(260));
    }

    #[test]
    fn an_asterisk_may_be_a_digit_where_no_digit_is_shown_as_one() {
        assert_eq!(values_of("**"), Some(36 * 36));
    }

    #[test]
    fn what_cannot_be_counted_is_not() {
        assert_eq!(values_of(&"*".repeat(40)), None);
        assert_eq!(values_of("leeds"), None);
    }
}
