//! A space of candidates: all values that are made of one piece out of each of several lists, such as year, month and day.
//! Each has a number, so that many hands can try them side by side.

use std::ops::Range;

/// Values to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    /// What they are, for people.
    pub name: String,
    slots: Vec<Vec<String>>,
}

impl Space {
    pub fn new(name: impl Into<String>, slots: Vec<Vec<String>>) -> Space {
        Space {
            name: name.into(),
            slots,
        }
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        let lengths = self.slots.iter().map(|slot| slot.len() as u64);
        lengths.fold(1, u64::saturating_mul)
    }

    /// Hands over the values of these numbers, one after the other; the last list turns fastest, as in a counter. Only what
    /// turns is written anew.
    pub fn each(&self, numbers: Range<u64>, mut take: impl FnMut(&[u8])) {
        let Some((last, front)) = self.slots.split_last() else {
            return;
        };
        let length = (last.len() as u64).max(1);
        let mut value = Vec::new();
        let mut written = None;
        let mut kept = 0;
        for number in numbers {
            let turn = number / length;
            if written != Some(turn) {
                write(front, turn, &mut value);
                kept = value.len();
                written = Some(turn);
            }
            value.truncate(kept);
            let place = usize::try_from(number % length).ok();
            if let Some(piece) = place.and_then(|place| last.get(place)) {
                value.extend_from_slice(piece.as_bytes());
                take(&value);
            }
        }
    }

    /// Whether its first value has the shape that a mask shows: a sign stands for itself, `#` and `*` for a digit.
    pub fn fits(&self, mask: &str) -> bool {
        let mut first = Vec::new();
        self.each(0..1, |value| first.extend_from_slice(value));
        let fits = |(shown, byte): (u8, &u8)| match shown {
            b'#' | b'*' => byte.is_ascii_digit(),
            sign => sign == *byte,
        };
        first.len() == mask.len() && mask.bytes().zip(&first).all(fits)
    }
}

/// Writes one piece of each list, by the number of the whole.
fn write(slots: &[Vec<String>], number: u64, out: &mut Vec<u8>) {
    let lengths = slots.iter().map(|slot| slot.len() as u64);
    let mut weight: u64 = lengths.fold(1, u64::saturating_mul);
    out.clear();
    for slot in slots {
        let length = (slot.len() as u64).max(1);
        weight = (weight / length).max(1);
        let place = usize::try_from(number / weight % length).ok();
        if let Some(piece) = place.and_then(|place| slot.get(place)) {
            out.extend_from_slice(piece.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_number() {
        let list = |pieces: &[&str]| pieces.iter().map(|piece| (*piece).to_owned()).collect();
        let space = Space::new("x", vec![list(&["a", "b"]), list(&["1", "2", "3"])]);
        let of = |numbers: Range<u64>| {
            let mut values = Vec::new();
            space.each(numbers, |value| {
                values.push(String::from_utf8(value.to_vec()).unwrap());
            });
            values
        };
        let all = ["a1", "a2", "a3", "b1", "b2", "b3"];
        assert_eq!(of(0..space.count()), all);
        assert_eq!(of(2..5), all[2..5]);
        assert_eq!(of(6..6), Vec::<String>::new());
        assert_eq!(Space::new("none", vec![list(&[])]).count(), 0);
    }

    #[test]
    fn a_mask_tells_the_form() {
        let space = Space::new("x", vec![vec!["+44".to_owned()], vec!["7".to_owned()]]);
        assert!(space.fits("+###") && space.fits("+***"));
        assert!(!space.fits("####") && !space.fits("+####") && !space.fits(""));
    }
}
