//! What stands in the place of a value: of the same shape, equal for equal values, and nothing that it could be had back
//! from without the key.
//!
//! Digits stay digits, letters letters, and what divides them stays. A run of six and more letters and digits becomes the
//! same run wherever it stands, so that a cookie is still found in a parameter. Shorter ones depend on the parameter or the
//! value around them: otherwise who knows what one `true` became would know them all. Of runs that mix letters and digits,
//! as hashes do, not even the places of the digits stay: they would tell a hash from others.

use sha2::{Digest, Sha256};

use crate::disclosure::{Encoding, email_pattern, is_nothing, without_flags};
use crate::exchange::percent::decode;
use crate::exchange::{encode_component, is_redacted};
use crate::tracker::ValueForm;

/// Runs of this many characters are replaced alike everywhere.
pub const EVERYWHERE: usize = 6;
/// Values longer than this are replaced as a whole, not run by run.
const LONG: usize = 4096;
/// Runs that mix letters and digits keep the places of the digits below this length.
const TELLING_MIX: usize = 8;
const ROUNDS: u8 = 8;
/// How often a run is shuffled at most, until it is of the kind of the one that it stands for; mostly once.
const MAX_STEPS: usize = 1000;

/// Makes placeholders with one key.
pub struct Maker {
    key: [u8; 32],
}

impl Maker {
    /// With a key that nobody knows, and that is gone afterwards.
    ///
    /// # Errors
    /// A system that gives no random numbers.
    pub fn random() -> Result<Maker, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(Maker { key })
    }

    /// With the key of a file: the same placeholders in every run.
    pub fn with_key(secret: &[u8]) -> Maker {
        Maker {
            key: Sha256::digest(secret).into(),
        }
    }

    /// The placeholder of a value that a parameter, header or cookie of this name held.
    pub fn of(&self, name: &str, value: &str) -> String {
        if stays(value) {
            return value.to_owned();
        }
        // Escapes are no part of what was said.
        let plain = decode(value);
        if plain != value {
            return encode_component(&self.of(name, &plain));
        }
        if Encoding::of(value, ValueForm::Hash).is_hash() {
            return self.of_hash(value);
        }
        if value.len() > LONG {
            return self.of_long(value);
        }
        let salt = salt_of(name, value);
        let mut out = String::with_capacity(value.len());
        let mut rest = value;
        while let Some(email) = email_pattern().and_then(|pattern| pattern.find(rest)) {
            let (before, _) = rest.split_at(email.start());
            out.push_str(&self.of_runs(before, &salt));
            out.push_str(&self.of_email(email.as_str()));
            rest = rest.get(email.end()..).unwrap_or_default();
        }
        out + &self.of_runs(rest, &salt)
    }

    /// An e-mail address stays one, at a domain that nobody can have (RFC 2606).
    fn of_email(&self, email: &str) -> String {
        const TOP: &str = ".example";
        let between = if email.contains('@') { "@" } else { "%40" };
        let (local, domain) = email.split_once(between).unwrap_or((email, ""));
        let host = domain.len().checked_sub(TOP.len()).filter(|&left| left > 0);
        let domain = match host {
            Some(length) => self.random_letters(domain, length) + TOP,
            None => self.of_runs(domain, email),
        };
        format!("{}{between}{domain}", self.of_runs(local, email))
    }

    /// Hashes in base64 have signs that divide no runs: their places say something of the hash.
    fn of_hash(&self, value: &str) -> String {
        let bare = without_flags(value);
        let flags = value.strip_suffix(bare).unwrap_or_default();
        let padding = bare.trim_end_matches('=');
        let tail = bare.strip_prefix(padding).unwrap_or_default();
        let new = if padding.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            self.of_run(padding, "")
        } else {
            let mut stream = self.stream(&["hash", padding]);
            let alphabet = Alphabet::Any;
            padding
                .chars()
                .map(|_| alphabet.sign(stream.below(alphabet.size())))
                .collect()
        };
        format!("{flags}{new}{tail}")
    }

    fn of_long(&self, value: &str) -> String {
        let mut stream = self.stream(&["long", value]);
        let mut draw = |run: &str| {
            let alphabets = alphabets_of(run).into_iter();
            alphabets
                .map(|alphabet| alphabet.sign(stream.below(alphabet.size())))
                .collect()
        };
        each_run(value, &mut draw)
    }

    fn of_runs(&self, text: &str, salt: &str) -> String {
        let mut number = 0;
        each_run(text, &mut |run| {
            number += 1;
            self.of_run(run, &format!("{number}\n{salt}"))
        })
    }

    /// A run of letters and digits: another one of the same alphabets, each for one only.
    fn of_run(&self, run: &str, salt: &str) -> String {
        let signs: Vec<char> = run.chars().map(plain_sign).collect();
        let run: String = signs.iter().collect();
        let alphabets = alphabets_of(&run);
        let salt = if signs.len() >= EVERYWHERE { "" } else { salt };
        let shape: String = alphabets.iter().map(|alphabet| alphabet.mark()).collect();
        let Some(domain) = domain_of(&alphabets) else {
            let mut stream = self.stream(&["run", &run]);
            let drawn = alphabets
                .iter()
                .map(|alphabet| alphabet.sign(stream.below(alphabet.size())));
            return drawn.collect();
        };
        let shuffle = Shuffle {
            maker: self,
            salt: &format!("{shape}\n{salt}"),
            domain,
        };
        let mut number = number_of(&signs, &alphabets);
        // Each step leads to another member of the domain, and no two lead to the same.
        let mut new = run.clone();
        for _ in 0..MAX_STEPS {
            number = shuffle.next(number);
            new = text_of(number, &alphabets);
            if is_like(&new, &run) {
                break;
            }
        }
        new
    }

    fn random_letters(&self, of: &str, length: usize) -> String {
        let mut stream = self.stream(&["domain", of]);
        let letters = (0..length).map(|_| Alphabet::Lower.sign(stream.below(26)));
        letters.collect()
    }

    fn stream(&self, of: &[&str]) -> Stream {
        let mut seed = Sha256::new_with_prefix(self.key);
        for part in of {
            seed.update((part.len() as u64).to_le_bytes());
            seed.update(part.as_bytes());
        }
        Stream {
            seed: seed.finalize().into(),
            block: [0; 32],
            number: 0,
            used: 32,
        }
    }
}

/// What is no value needs no placeholder; a word for nothing in its place would even make one of it.
pub fn stays(value: &str) -> bool {
    is_nothing(value) || is_redacted(value) || value == "_removed_"
}

/// What the short runs of a value depend on: everything around them, and where no long run is among that, the name.
fn salt_of(name: &str, value: &str) -> String {
    let is_long = |run: &str| run.chars().count() >= EVERYWHERE;
    let around = each_run(value, &mut |run| {
        if is_long(run) { run } else { "" }.to_owned()
    });
    if runs(value).any(is_long) {
        around
    } else {
        format!("{name}\n{around}")
    }
}

/// The runs of letters and digits of a text.
pub fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_of_run(c))
        .filter(|run| !run.is_empty())
}

fn is_of_run(c: char) -> bool {
    // Signs that no text holds are bytes of something packed; the mark of a lost one must stay, because it says so.
    c.is_alphanumeric() || (c.is_control() && !c.is_ascii_whitespace())
}

fn each_run(text: &str, change: &mut dyn FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(is_of_run) {
        let (before, behind) = rest.split_at(start);
        let end = behind.find(|c| !is_of_run(c)).unwrap_or(behind.len());
        let (run, after) = behind.split_at(end);
        out.push_str(before);
        out.push_str(&change(run));
        rest = after;
    }
    out + rest
}

/// Letters of other scripts become letters of this one.
fn plain_sign(c: char) -> char {
    match c {
        c if c.is_ascii_alphanumeric() => c,
        c if c.is_numeric() => '0',
        c if c.is_uppercase() => 'X',
        _ => 'x',
    }
}

/// Whether what came out is of the kind of what went in, so that it is read as the same kind.
fn is_like(new: &str, run: &str) -> bool {
    let has = |text: &str, kind: fn(&u8) -> bool| text.bytes().any(|byte| kind(&byte));
    let same = |kind| has(new, kind) == has(run, kind);
    same(u8::is_ascii_digit) && same(u8::is_ascii_alphabetic) && !stays(new)
}

/// The signs that may stand in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    /// A zero in front stays one, and nothing else becomes one: numbers stay numbers.
    Zero,
    FirstDigit,
    Digit,
    Lower,
    Upper,
    LowerHex,
    UpperHex,
    LowerAndDigits,
    UpperAndDigits,
    Any,
}

impl Alphabet {
    fn signs(self) -> &'static [u8] {
        match self {
            Alphabet::Zero => b"0",
            Alphabet::FirstDigit => b"123456789",
            Alphabet::Digit => b"0123456789",
            Alphabet::Lower => b"abcdefghijklmnopqrstuvwxyz",
            Alphabet::Upper => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            Alphabet::LowerHex => b"0123456789abcdef",
            Alphabet::UpperHex => b"0123456789ABCDEF",
            Alphabet::LowerAndDigits => b"0123456789abcdefghijklmnopqrstuvwxyz",
            Alphabet::UpperAndDigits => b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            Alphabet::Any => b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        }
    }

    fn size(self) -> u64 {
        self.signs().len() as u64
    }

    fn sign(self, place: u64) -> char {
        let place = usize::try_from(place).unwrap_or_default();
        self.signs()
            .get(place)
            .map_or('x', |&sign| char::from(sign))
    }

    fn place(self, sign: char) -> u64 {
        let place = self
            .signs()
            .iter()
            .position(|&known| char::from(known) == sign);
        place.unwrap_or_default() as u64
    }

    fn mark(self) -> char {
        match self {
            Alphabet::Zero => 'z',
            Alphabet::FirstDigit => 'f',
            Alphabet::Digit => 'd',
            Alphabet::Lower => 'l',
            Alphabet::Upper => 'u',
            Alphabet::LowerHex => 'h',
            Alphabet::UpperHex => 'H',
            Alphabet::LowerAndDigits => 'm',
            Alphabet::UpperAndDigits => 'M',
            Alphabet::Any => 'a',
        }
    }
}

/// The alphabets of the places of a run.
fn alphabets_of(run: &str) -> Vec<Alphabet> {
    let signs: Vec<char> = run.chars().map(plain_sign).collect();
    let any = |kind: fn(&char) -> bool| signs.iter().any(kind);
    let is_mixed = any(char::is_ascii_digit) && any(char::is_ascii_alphabetic);
    if !is_mixed || signs.len() < TELLING_MIX {
        let places = signs.iter().enumerate();
        return places
            .map(|(at, sign)| alphabet_of(at, *sign, signs.len()))
            .collect();
    }
    let is_hex = signs.iter().all(char::is_ascii_hexdigit);
    let whole = match (
        is_hex,
        any(char::is_ascii_uppercase),
        any(char::is_ascii_lowercase),
    ) {
        (_, true, true) => Alphabet::Any,
        (true, true, false) => Alphabet::UpperHex,
        (true, false, _) => Alphabet::LowerHex,
        (false, true, false) => Alphabet::UpperAndDigits,
        (false, false, _) => Alphabet::LowerAndDigits,
    };
    vec![whole; signs.len()]
}

fn alphabet_of(at: usize, sign: char, length: usize) -> Alphabet {
    match sign {
        '0' if at == 0 && length > 1 => Alphabet::Zero,
        _ if sign.is_ascii_digit() && at == 0 && length > 1 => Alphabet::FirstDigit,
        _ if sign.is_ascii_digit() => Alphabet::Digit,
        _ if sign.is_ascii_uppercase() => Alphabet::Upper,
        _ => Alphabet::Lower,
    }
}

/// How many runs of these alphabets there are; `None`: more than can be shuffled, and so many that no two meet by chance.
fn domain_of(alphabets: &[Alphabet]) -> Option<u128> {
    let mut sizes = alphabets.iter().map(|alphabet| u128::from(alphabet.size()));
    let domain = sizes.try_fold(1u128, |domain, size| domain.checked_mul(size))?;
    (domain < 1 << 120).then_some(domain)
}

fn number_of(signs: &[char], alphabets: &[Alphabet]) -> u128 {
    let digits = signs.iter().zip(alphabets);
    digits.fold(0, |number, (sign, alphabet)| {
        number * u128::from(alphabet.size()) + u128::from(alphabet.place(*sign))
    })
}

fn text_of(mut number: u128, alphabets: &[Alphabet]) -> String {
    let mut signs: Vec<char> = Vec::with_capacity(alphabets.len());
    for alphabet in alphabets.iter().rev() {
        let size = u128::from(alphabet.size());
        signs.push(alphabet.sign(u64::try_from(number % size).unwrap_or_default()));
        number /= size;
    }
    signs.iter().rev().collect()
}

/// A keyed permutation of the numbers below `domain`: a Feistel network over the next power of four, walked until it comes
/// out below.
struct Shuffle<'m> {
    maker: &'m Maker,
    salt: &'m str,
    domain: u128,
}

impl Shuffle<'_> {
    fn next(&self, number: u128) -> u128 {
        let bits = u128::BITS - self.domain.saturating_sub(1).leading_zeros();
        let half = bits.div_ceil(2).max(1);
        let mut number = number;
        loop {
            number = self.network(number, half);
            if number < self.domain {
                return number;
            }
        }
    }

    fn network(&self, number: u128, half: u32) -> u128 {
        let mask = (1u128 << half) - 1;
        let (mut left, mut right) = (number >> half, number & mask);
        for round in 0..ROUNDS {
            (left, right) = (right, left ^ (self.round(round, right) & mask));
        }
        left << half | right
    }

    fn round(&self, round: u8, half: u128) -> u128 {
        let mut digest = Sha256::new_with_prefix(self.maker.key);
        digest.update(b"shuffle");
        digest.update([round]);
        digest.update(half.to_le_bytes());
        digest.update(self.salt.as_bytes());
        let digest: [u8; 32] = digest.finalize().into();
        digest
            .iter()
            .take(16)
            .fold(0, |number, &byte| number << 8 | u128::from(byte))
    }
}

/// Numbers without end out of one seed.
struct Stream {
    seed: [u8; 32],
    block: [u8; 32],
    number: u64,
    used: usize,
}

impl Stream {
    fn byte(&mut self) -> u8 {
        if self.used >= self.block.len() {
            let mut digest = Sha256::new_with_prefix(self.seed);
            digest.update(self.number.to_le_bytes());
            self.block = digest.finalize().into();
            self.number += 1;
            self.used = 0;
        }
        self.used += 1;
        self.block.get(self.used - 1).copied().unwrap_or_default()
    }

    /// A number below `limit`, which is small; all alike likely, but for less than one in two hundred.
    fn below(&mut self, limit: u64) -> u64 {
        let wide = u64::from(self.byte()) << 8 | u64::from(self.byte());
        wide % limit.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn made(name: &str, value: &str) -> String {
        Maker::with_key(b"invented").of(name, value)
    }

    #[test]
    fn the_shape_stays_and_the_value_goes() {
        for value in [
            "fb.1.1772478252980.482915037261",
            "100000000000123",
            "3f7c9a21-aaaa-4bbb-8ccc-1234567890ab",
            "Sam Tester",
            "+44 7700 900123",
            "sam.tester@mail.example",
            "%zz-%1",
            "IwAR2InventedClick_7hQz0pXnB4",
            "18:InventedSecret9aQ:2:177:-1:12",
        ] {
            let new = made("x", value);
            assert_ne!(new, value);
            assert_eq!(new.len(), value.len(), "{value}: {new}");
            assert_eq!(new, made("x", value), "stable");
            assert_eq!(stays(&new), stays(value));
        }
        let phone = made("ph", "+44 7700 900123");
        assert!(phone.starts_with('+') && phone.bytes().filter(u8::is_ascii_digit).count() == 12);
    }

    #[test]
    fn an_email_address_stays_one_at_an_example() {
        let new = made("em", "sam.tester@clinic-mail.co.uk");
        assert!(new.ends_with(".example") && new.len() == "sam.tester@clinic-mail.co.uk".len());
        assert!(email_pattern().unwrap().is_match(&new), "{new}");
    }

    #[test]
    fn a_hash_stays_a_hash_of_its_kind() {
        for hash in [
            "a1".repeat(32),
            "a1".repeat(16),
            "lz3-Rj7IV4X1-Vr1ujkG7tstkxwk5pgkqJ6mXbpOgTs".to_owned(),
            format!("TFF{}", "a1".repeat(32)),
        ] {
            let new = made("em", &hash);
            let kind = |value: &str| Encoding::of(value, ValueForm::Hash);
            assert_eq!(kind(&new), kind(&hash), "{new}");
            assert_ne!(new, hash);
        }
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(made("em", nothing), nothing);
    }

    #[test]
    fn a_long_run_is_the_same_everywhere_and_a_short_one_only_by_its_name() {
        let cookie = made("_ga", "GA1.2.1043216789.1772478252");
        let parameter = made("cid", "1043216789.1772478252");
        assert!(cookie.ends_with(&parameter), "{cookie} {parameter}");
        let words: HashSet<String> = (0..40).map(|n| made(&format!("p{n}"), "true")).collect();
        assert!(words.len() > 30);
    }

    #[test]
    fn no_two_become_one() {
        let numbers = (0..1000).chain(100_000..102_000);
        let all: HashSet<String> = numbers.map(|n| made("n", &n.to_string())).collect();
        assert_eq!(all.len(), 3000);
    }

    #[test]
    fn another_key_makes_others_and_nothing_stays_nothing() {
        let other = Maker::random().unwrap();
        assert_ne!(
            other.of("x", "100000000000123"),
            made("x", "100000000000123")
        );
        for nothing in ["", "undefined", "none", "***", "_removed_", "-"] {
            assert_eq!(made("x", nothing), nothing);
        }
    }

    #[test]
    fn escapes_are_no_part_of_a_value() {
        let plain = made("x", "{\"id\":1772478252980}");
        let escaped = made("x", &encode_component("{\"id\":1772478252980}"));
        assert_eq!(decode(&escaped), plain);
    }

    #[test]
    fn packed_bytes_do_not_show_through() {
        let new = made("(body)", "\u{1}\u{2}abc\u{fffd}\u{3}");
        assert!(new.chars().all(|c| !c.is_control()));
        assert!(new.contains('\u{fffd}'));
    }
}
