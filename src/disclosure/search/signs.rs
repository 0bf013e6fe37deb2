//! Signs without which a text holds nothing of a shape, all of them looked for in one pass over the text.

/// The signs that are asked for; each has a bit, so far as there are any left.
#[derive(Debug)]
pub struct Signs {
    /// By the first byte of the sign.
    bits: [u32; 256],
    given: u32,
}

/// Some of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SignSet(u32);

impl Default for Signs {
    fn default() -> Signs {
        Signs {
            bits: [0; 256],
            given: 0,
        }
    }
}

impl Signs {
    /// Asks for a sign. Two that cannot be told apart by one byte, or come too late for a bit of their own, share one: then a
    /// text is looked at more closely than it need be.
    pub fn add(&mut self, sign: char) -> SignSet {
        let first = sign.encode_utf8(&mut [0; 4]).as_bytes()[0];
        let bits = &mut self.bits[usize::from(first)];
        if *bits == 0 {
            *bits = 1 << self.given.min(u32::BITS - 1);
            self.given += 1;
        }
        SignSet(*bits)
    }

    /// Those that stand in a text.
    pub fn in_text(&self, text: &str) -> SignSet {
        let bits = text.bytes().map(|byte| self.bits[usize::from(byte)]);
        SignSet(bits.fold(0, |all, bit| all | bit))
    }
}

impl SignSet {
    pub fn and(self, other: SignSet) -> SignSet {
        SignSet(self.0 | other.0)
    }

    pub fn has_any_of(self, asked: SignSet) -> bool {
        self.0 & asked.0 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_that_stands_in_a_text_is_never_overlooked() {
        let mut signs = Signs::default();
        let all: Vec<char> = (' '..='~').chain(['é', 'ê', '＠', '🦀']).collect();
        let asked: Vec<SignSet> = all.iter().map(|sign| signs.add(*sign)).collect();
        for (sign, asked) in all.iter().zip(&asked) {
            let text = format!("{sign}\u{7f}");
            assert!(signs.in_text(&text).has_any_of(*asked), "{sign}");
        }
    }

    #[test]
    fn a_sign_that_does_not_is_not_found() {
        let mut signs = Signs::default();
        let (at, plus) = (signs.add('@'), signs.add('+'));
        let both = at.and(plus);
        let found = signs.in_text("a+b");
        assert!(!found.has_any_of(at) && found.has_any_of(plus) && found.has_any_of(both));
        assert!(!signs.in_text("").has_any_of(both));
    }
}
