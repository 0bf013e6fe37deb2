//! Writes captures that are legal JSON in the oddest ways: blanks anywhere, escapes where none are needed, members in any
//! order and twice, values of any type. The fuzzer's bytes are the choices.

use arbitrary::{Result, Unstructured};

/// Names of members that an entry may have beside the ones that are compared; none of them makes an entry of an object.
const OTHERS: [&str; 14] = [
    "",
    "_blocked",
    "_error",
    "_initiator",
    "_other",
    "cache",
    "comment",
    "connection",
    "pageref",
    "size",
    "stack",
    "text",
    "timings",
    "\u{e9}\"\\\n",
];

const TEXTS: [&str; 12] = [
    "",
    "https://a.example/",
    "https://a.example/?a=1&b=%20",
    "\u{1f600}\u{0}",
    "GET",
    "{\"request\":{\"url\":\"x\"},\"time\":1},",
    "\"]}]}",
    "\\\"",
    "12.5",
    "-1",
    "\u{2028}\u{7f}\u{80}",
    "name",
];

const NUMBERS: [&str; 14] = [
    "0",
    "-0",
    "-1",
    "200",
    "12.5",
    "1e5",
    "1E-7",
    "1e300",
    "9007199254740993",
    "9223372036854775808",
    "18446744073709551616",
    "123456789012345678901234567890",
    "0.1e-400",
    "404.99",
];

/// A capture.
pub fn capture(bytes: &[u8]) -> Result<String> {
    let mut writer = Writer {
        out: String::new(),
        has_list: false,
        choices: Unstructured::new(bytes),
    };
    writer.capture()?;
    Ok(writer.out)
}

/// Deepest nesting of values that nobody needs.
const DEEPEST: usize = 5;

struct Writer<'b> {
    out: String,
    /// The list of entries was begun: a second one would be another capture.
    has_list: bool,
    choices: Unstructured<'b>,
}

type Write<'b> = fn(&mut Writer<'b>) -> Result<()>;

impl<'b> Writer<'b> {
    fn capture(&mut self) -> Result<()> {
        self.object(&[("log", Self::log)])
    }

    fn log(&mut self) -> Result<()> {
        self.object(&[
            ("version", Self::value),
            ("creator", Self::value),
            ("pages", Self::value),
            ("entries", |writer| writer.list(6, Self::entry)),
        ])
    }

    fn entry(&mut self) -> Result<()> {
        self.object(&[
            ("request", Self::request),
            ("response", Self::response),
            ("time", Self::scalar),
            ("startedDateTime", Self::scalar),
        ])
    }

    fn request(&mut self) -> Result<()> {
        self.object(&[
            ("url", Self::url),
            ("method", Self::scalar),
            ("headers", Self::pairs),
            ("cookies", Self::pairs),
            ("postData", Self::body),
        ])
    }

    /// Mostly an address that can be used, as a capture is compared only where every entry has one.
    fn url(&mut self) -> Result<()> {
        if self.one_in(16)? {
            return self.value();
        }
        let text = self.text()?;
        self.string(&format!("https://a.example/{text}"))
    }

    fn response(&mut self) -> Result<()> {
        self.object(&[
            ("status", Self::scalar),
            ("headers", Self::pairs),
            ("content", |writer| {
                writer.object(&[("text", Self::scalar), ("mimeType", Self::scalar)])
            }),
        ])
    }

    fn body(&mut self) -> Result<()> {
        if self.one_in(8)? {
            return self.value();
        }
        self.object(&[
            ("text", Self::scalar),
            ("mimeType", Self::scalar),
            ("params", Self::pairs),
        ])
    }

    fn pairs(&mut self) -> Result<()> {
        if self.one_in(8)? {
            return self.value();
        }
        self.list(4, |writer| {
            writer.object(&[("name", Self::scalar), ("value", Self::scalar)])
        })
    }

    /// An object with these members, each missing now and then, any of them first, some twice, and others between.
    fn object(&mut self, members: &[(&str, Write<'b>)]) -> Result<()> {
        self.out.push('{');
        let first = self.choices.int_in_range(0..=members.len() - 1)?;
        let mut after_value = false;
        for number in 0..members.len() {
            let (name, write) = members[(first + number) % members.len()];
            if self.one_in(12)? {
                self.separate(&mut after_value)?;
                self.other_member(0)?;
            }
            if self.one_in(24)? {
                self.separate(&mut after_value)?;
                self.member(name, Self::value)?;
            }
            if !self.one_in(24)? {
                self.separate(&mut after_value)?;
                self.member(name, write)?;
            }
        }
        self.space()?;
        self.out.push('}');
        Ok(())
    }

    fn separate(&mut self, after_value: &mut bool) -> Result<()> {
        if std::mem::replace(after_value, true) {
            self.space()?;
            self.out.push(',');
        }
        self.space()
    }

    fn member(&mut self, name: &str, write: Write<'b>) -> Result<()> {
        let is_list = name == "entries";
        let is_second = is_list && std::mem::replace(&mut self.has_list, true);
        self.key(if is_second { "comment" } else { name })?;
        write(self)
    }

    fn key(&mut self, name: &str) -> Result<()> {
        self.string(name)?;
        self.space()?;
        self.out.push(':');
        self.space()
    }

    fn list(&mut self, longest: usize, write: Write<'b>) -> Result<()> {
        self.out.push('[');
        for number in 0..self.choices.int_in_range(0..=longest)? {
            if number > 0 {
                self.out.push(',');
            }
            self.space()?;
            write(self)?;
            self.space()?;
        }
        self.out.push(']');
        Ok(())
    }

    fn other_member(&mut self, depth: usize) -> Result<()> {
        let name = *self.choices.choose(&OTHERS)?;
        self.key(name)?;
        self.value_at(depth)
    }

    /// Any value.
    fn value(&mut self) -> Result<()> {
        self.value_at(0)
    }

    fn value_at(&mut self, depth: usize) -> Result<()> {
        match self.choices.int_in_range(0..=5)? {
            0 if depth < DEEPEST => self.other_object(depth + 1),
            1 if depth < DEEPEST => self.other_list(depth + 1),
            _ => self.scalar(),
        }
    }

    fn other_object(&mut self, depth: usize) -> Result<()> {
        self.out.push('{');
        for number in 0..self.choices.int_in_range(0..=3)? {
            if number > 0 {
                self.out.push(',');
            }
            self.space()?;
            self.other_member(depth)?;
        }
        self.out.push('}');
        Ok(())
    }

    fn other_list(&mut self, depth: usize) -> Result<()> {
        self.out.push('[');
        for number in 0..self.choices.int_in_range(0..=3)? {
            if number > 0 {
                self.out.push(',');
            }
            self.space()?;
            self.value_at(depth)?;
        }
        self.out.push(']');
        Ok(())
    }

    fn scalar(&mut self) -> Result<()> {
        match self.choices.int_in_range(0..=10)? {
            0 => self.out.push_str("null"),
            1 => self.out.push_str("true"),
            2 => self.out.push_str("false"),
            3 => self.out.push_str(self.choices.choose(&NUMBERS)?),
            4 => self.nested()?,
            5 => {
                let number = self.choices.arbitrary::<i32>()?;
                self.out.push_str(&number.to_string());
            }
            _ => {
                let text = self.text()?;
                self.string(&text)?;
            }
        }
        Ok(())
    }

    /// Deeper than serde_json reads, sometimes.
    fn nested(&mut self) -> Result<()> {
        let depth = self.choices.int_in_range(0..=130)?;
        self.out.push_str(&"[".repeat(depth));
        self.out.push('1');
        self.out.push_str(&"]".repeat(depth));
        Ok(())
    }

    fn text(&mut self) -> Result<String> {
        if self.one_in(2)? {
            return Ok((*self.choices.choose(&TEXTS)?).to_owned());
        }
        let length = self.choices.int_in_range(0..=24)?;
        let bytes = self.choices.bytes(length.min(self.choices.len()))?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    /// A string in one of the many ways of writing it.
    fn string(&mut self, text: &str) -> Result<()> {
        let escape_all = self.one_in(16)?;
        self.out.push('"');
        for letter in text.chars() {
            self.letter(letter, escape_all);
        }
        self.out.push('"');
        Ok(())
    }

    fn letter(&mut self, letter: char, escape: bool) {
        match letter {
            _ if escape => {
                let mut units = [0; 2];
                for unit in letter.encode_utf16(&mut units) {
                    self.out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            '"' | '\\' => self.out.extend(['\\', letter]),
            '\n' => self.out.push_str("\\n"),
            '\0'..'\u{20}' => self.out.push_str(&format!("\\u{:04X}", u32::from(letter))),
            _ => self.out.push(letter),
        }
    }

    fn space(&mut self) -> Result<()> {
        let blanks = ["", "", "", "", "", "", " ", "\r\n\t  "];
        self.out.push_str(self.choices.choose(&blanks)?);
        Ok(())
    }

    /// `false` where the bytes are used up.
    fn one_in(&mut self, many: u8) -> Result<bool> {
        Ok(self.choices.int_in_range(0..=many - 1)? == many - 1)
    }
}
