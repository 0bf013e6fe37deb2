//! The report: what was removed, where, of what kind and how much, and never the value.

/// Where in an entry something was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    Address,
    Query,
    Path,
    RequestHeader,
    Cookie,
    RequestBody,
    ResponseHeader,
    SetCookie,
    ResponseBody,
    Socket,
    Initiator,
    PageTitle,
    Note,
}

impl Place {
    pub fn name(self) -> &'static str {
        match self {
            Place::Address => "address",
            Place::Query => "query",
            Place::Path => "path",
            Place::RequestHeader => "request header",
            Place::Cookie => "cookie",
            Place::RequestBody => "request body",
            Place::ResponseHeader => "response header",
            Place::SetCookie => "cookie set",
            Place::ResponseBody => "response body",
            Place::Socket => "socket messages",
            Place::Initiator => "initiator",
            Place::PageTitle => "page title",
            Place::Note => "note",
        }
    }
}

/// One value that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// `None`: it stood outside the entries.
    pub entry: Option<usize>,
    pub place: Place,
    /// Of the parameter, header or cookie, as far as it may be shown.
    pub name: String,
    /// An item of the vocabulary, or a word like it.
    pub what: String,
    /// How long it was, in characters; of messages, how many.
    pub length: usize,
}
