//! What could not be read or decoded: a value that travels to the `problems` table, never a stop.

/// Where on its way through the house the problem was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Finding and opening inputs.
    Input,
    /// Reading the capture's text.
    Capture,
    /// Decoding one request.
    Exchange,
    /// Unpacking what a tracker was told.
    Tracker,
    /// Judging the page.
    Page,
}

impl Stage {
    pub fn name(self) -> &'static str {
        match self {
            Stage::Input => "input",
            Stage::Capture => "capture",
            Stage::Exchange => "exchange",
            Stage::Tracker => "tracker",
            Stage::Page => "page",
        }
    }
}

/// One row of the `problems` table, before it knows its file: the capture adds path and id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The entry it is about; `None`: the file as a whole.
    pub entry_index: Option<usize>,
    /// Where in the capture's text it shows, in bytes; `None`: nowhere in particular.
    pub at: Option<usize>,
    pub stage: Stage,
    /// A stable word for counting, `lower_case_with_underscores`.
    pub code: &'static str,
    /// One sentence for a person: what is wrong, where, and what was done about it. Holds no value from the
    /// capture that may be personal.
    pub message: String,
}

impl Problem {
    /// A problem of the file as a whole.
    pub fn of_file(stage: Stage, code: &'static str, message: impl Into<String>) -> Self {
        Problem {
            entry_index: None,
            at: None,
            stage,
            code,
            message: message.into(),
        }
    }

    /// A problem of one entry.
    pub fn of_entry(
        index: usize,
        stage: Stage,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Problem {
            entry_index: Some(index),
            at: None,
            stage,
            code,
            message: message.into(),
        }
    }

    /// The same, with the place where it shows.
    pub fn at(mut self, byte: usize) -> Self {
        self.at = Some(byte);
        self
    }
}
