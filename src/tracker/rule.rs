//! The shape of a rule file: one tracker, who receives, where, how its payload is unpacked, what each parameter
//! means and why we say so, and the examples that prove it.
//!
//! Rules are data. They hold no control flow; what needs it becomes a named step in `unpack.rs`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::settings::{AnswerExample, SettingRule};

/// One rule file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The tracker's name in every table: lower-case words joined by `-`.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The company that receives.
    pub recipient: String,
    /// One or two sentences on what it is and does.
    pub about: String,
    pub endpoints: Vec<Endpoint>,
    /// How the payload is unpacked, in order.
    #[serde(default)]
    pub unpack: Vec<Step>,
    /// An event is automatic (the tracker's own doing, not the site's call) where this holds.
    pub automatic: Option<Condition>,
    /// The event comes from inside a frame where this holds.
    pub in_frame: Option<Condition>,
    pub repeat: Option<Repeat>,
    /// The first that holds names the action; none: `custom`.
    #[serde(default)]
    pub actions: Vec<ActionRule>,
    /// The first whose `wire` matches a parameter gives its meaning.
    #[serde(default)]
    pub parameters: Vec<ParameterRule>,
    /// Who collected what is given away: the first whose `wire` matches and whose condition holds.
    #[serde(default)]
    pub collectors: Vec<CollectorRule>,
    #[serde(default)]
    pub cookies: Vec<CookieRule>,
    /// What the recipient's own script says of the site's account.
    #[serde(default)]
    pub settings: Vec<SettingRule>,
    pub examples: Vec<Example>,
    #[serde(default)]
    pub answer_examples: Vec<AnswerExample>,
}

/// Wire parameter to pattern (a regular expression that must match the whole value, or `(absent)`: it must be missing or
/// empty); all must hold.
pub type Condition = BTreeMap<String, String>;

/// Where requests go.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    pub name: String,
    pub role: Role,
    /// Domains: each stands for itself and everything below it. None: the endpoint is known by its shape, on any
    /// host, and must name `parameters` (presence may do with `paths`).
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Path patterns; a slash at the end makes no difference. `*` stands for characters within one segment, `**` for any,
    /// `{account}` for a segment that becomes a parameter of that name. None: any path.
    #[serde(default)]
    pub paths: Vec<String>,
    /// A regular expression that the raw query must hold: a cheap gate before anything is unpacked.
    pub query: Option<String>,
    /// What the unpacked payload must hold to be an event of this tracker.
    #[serde(default)]
    pub parameters: Condition,
    /// What is said here is no event of the visitor's (telemetry, diagnostics), and the request shows presence only.
    #[serde(default)]
    pub unless: Condition,
    /// The steps of this endpoint, where they are not the rule's.
    pub unpack: Option<Vec<Step>>,
    /// The event's name where the wire has none, because the address itself says it.
    pub event_name: Option<String>,
    /// The action of every event told here.
    pub action: Option<Action>,
    /// A regular expression that an answer must hold to be the one from which settings are read.
    pub answer: Option<String>,
    pub about: Option<String>,
}

/// What a request to an endpoint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Tells the tracker that something happened.
    Event,
    /// Tells the same once more, on another path: never counted beside its original.
    Copy,
    /// Loaders, configuration, telemetry: the tracker is there, and nothing was told yet.
    Presence,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Role::Event => "event",
            Role::Copy => "copy",
            Role::Presence => "presence",
        }
    }
}

/// A named, pure step that unpacks a payload; see `unpack.rs`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Step {
    /// The query of the address.
    Query,
    /// The body, in whatever form it has: urlencoded, multipart, JSON.
    Body,
    /// The body as lines of `a=1&b=2`: one event a line, and each line inherits what was unpacked before.
    Lines,
    /// The body as one parameter named `(body)`, for the steps that follow.
    BodyText,
    /// Parameters in the path, as `;name=value`.
    Matrix,
    /// A JSON text inside the parameters named: its leaves follow, named `parameter.path[0].leaf`, or with `into`
    /// instead of the parameter's name (`""`: nothing before the path).
    Json {
        of: Vec<String>,
        into: Option<String>,
    },
    /// A query (`a=1&b=2`) inside the parameters named; `into` as above.
    NestedQuery {
        of: Vec<String>,
        into: Option<String>,
    },
    /// Base64, plain or for addresses, with or without padding: the value becomes the text inside; where that is
    /// compressed, the text inside that.
    Base64 { of: Vec<String> },
    /// Compressed bytes that the capture holds as text: the value becomes the text inside.
    Inflate { of: Vec<String> },
    /// A value that was percent-encoded twice.
    Decode { of: Vec<String> },
    /// A signed token (JWT): the leaves of its payload follow.
    Jwt { of: Vec<String> },
    /// One event for each element of an array: `events` takes `events[0].…` for the first and leaves the other
    /// elements out of it; `""` is the array at the root.
    Each { of: String },
    /// Nested blocks of the form `c.=&a.=&x=1&.a=&.c=`: `x` becomes `c.a.x`.
    Blocks,
    /// A value in several parameters: they are put together, in this order, as `into`; the first must be there. `before`
    /// goes in front where the whole would be an address without its scheme.
    Join {
        of: Vec<String>,
        into: String,
        before: Option<String>,
    },
    /// A list inside the parameters named: its elements follow, named `parameter[0]`, `parameter[1]` …; `trim` holds signs
    /// that may stand around the list.
    Split {
        of: Vec<String>,
        separator: String,
        trim: Option<String>,
    },
    /// In the addresses inside the parameters named: each parameter of the query whose value is `mark`, because the
    /// recipient's own filter took the value out. It follows as `parameter?name`, with the mark as its value.
    Marked { of: Vec<String>, mark: String },
    /// The parameters named are lists (`list[0]`, `list[1]` …) of the names of what the recipient's own filter took out
    /// whole. Each follows as `list?name`, with `mark` as its value.
    MarkedNames { of: Vec<String>, mark: String },
    /// A parameter made of pieces: each becomes `parameter.key`, the key being what stands before `key_separator`,
    /// or the first `key_length` characters.
    Pieces {
        of: Vec<String>,
        separator: String,
        key_separator: Option<String>,
        key_length: Option<usize>,
    },
}

/// What makes two requests of one capture the same event.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    /// Parameters that differ between the copies of one event; all others are compared.
    #[serde(default)]
    pub ignore: Vec<String>,
    /// Or else: the only parameters that are compared.
    #[serde(default)]
    pub same: Vec<String>,
    /// Parameters without which two equal requests are two events: a time or a counter of the event itself.
    pub needs: Vec<String>,
}

/// What the visitor did.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionRule {
    pub is: Action,
    pub when: Condition,
}

/// The actions, the same for every tracker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    PageView,
    Click,
    FormSubmit,
    Search,
    Purchase,
    /// Tells who the visitor is and nothing else.
    Identify,
    /// Sends what is on the screen and what the visitor does there, to be played back.
    SessionReplay,
    /// An event that the site itself named.
    Custom,
    Other,
}

impl Action {
    pub fn name(self) -> &'static str {
        match self {
            Action::PageView => "page_view",
            Action::Click => "click",
            Action::FormSubmit => "form_submit",
            Action::Search => "search",
            Action::Purchase => "purchase",
            Action::Identify => "identify",
            Action::SessionReplay => "session_replay",
            Action::Custom => "custom",
            Action::Other => "other",
        }
    }
}

/// What one wire parameter means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterRule {
    /// The names on the wire that mean this; `*` stands for any characters.
    pub wire: Vec<String>,
    /// The column of the event that it fills, where no earlier rule has filled it.
    pub fills: Option<Column>,
    /// The item of the vocabulary that is given away by it.
    pub item: Option<String>,
    #[serde(default)]
    pub form: ValueForm,
    /// Who collected what it gives away, where no collector of the rule says it; `None`: nobody says.
    pub collected_by: Option<CollectedBy>,
    pub meaning: String,
    /// Why we say so: begins with one of `documentation:`, `script:` (the vendor's own), `observed:`, `inferred:`.
    pub source: String,
}

/// In what form a value is expected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ValueForm {
    #[default]
    Plain,
    /// A hash slot: what stands there and is no hash is a plain-text leak.
    Hash,
    /// The recipient takes both, a hash and plain text: plain text is no slip of the site's.
    Either,
    /// A mask of the value: its length and shape, not the value.
    Mask,
}

/// Who collected what several parameters give away, where their names say it, or another parameter of the event.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CollectorRule {
    pub is: CollectedBy,
    /// Names on the wire, as in a parameter's.
    pub wire: Vec<String>,
    #[serde(default)]
    pub when: Condition,
    /// As a parameter's.
    pub source: String,
}

/// Who collected a value that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CollectedBy {
    /// The site's own code passed it to the tracker.
    Site,
    /// The tracker read it out of the page or the form by itself.
    Tracker,
}

impl CollectedBy {
    pub fn name(self) -> &'static str {
        match self {
            CollectedBy::Site => "site",
            CollectedBy::Tracker => "tracker",
        }
    }
}

/// The columns of an event that a parameter can fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    AccountId,
    EventName,
    PageUrl,
    PageTitle,
    Referrer,
    ClickedText,
    ClickedDestination,
    /// Every value is kept, in order.
    FormFields,
    SearchTerm,
    Consent,
}

/// A cookie that goes along with the tracker's requests.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CookieRule {
    pub name: String,
    pub item: String,
    pub meaning: String,
    pub source: String,
}

/// A real-looking request and what must come out of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub title: String,
    /// The endpoint that must be recognised; none: this request must not match the rule.
    pub endpoint: Option<String>,
    #[serde(default = "get")]
    pub method: String,
    pub url: String,
    pub content_type: Option<String>,
    pub body: Option<String>,
    /// As in a `Cookie` header.
    pub cookies: Option<String>,
    #[serde(default)]
    pub events: Vec<ExpectedEvent>,
}

/// What an example's event must hold; what is not named is not compared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedEvent {
    pub account_id: Option<String>,
    pub event_name: Option<String>,
    pub action: Option<Action>,
    pub automatic: Option<bool>,
    pub in_frame: Option<bool>,
    pub page_url: Option<String>,
    pub page_title: Option<String>,
    pub referrer: Option<String>,
    pub clicked_text: Option<String>,
    pub clicked_destination: Option<String>,
    pub form_fields: Option<String>,
    pub search_term: Option<String>,
    pub consent: Option<String>,
    /// Wire parameter to value.
    #[serde(default)]
    pub told: BTreeMap<String, String>,
    /// Wire parameter or cookie to item of the vocabulary.
    #[serde(default)]
    pub items: BTreeMap<String, String>,
    /// Wire parameter to who collected it: site, tracker, or (nobody says).
    #[serde(default)]
    pub collected_by: BTreeMap<String, String>,
    /// Wire parameter to encoding, by the names of room `disclosure`, which compares them; `(nothing)`: it gives nothing away.
    #[serde(default)]
    pub encodings: BTreeMap<String, String>,
    /// Wire parameters that hold plain text where the recipient asks for a hash; room `disclosure` compares them too.
    #[serde(default)]
    pub unhashed: Vec<String>,
}

fn get() -> String {
    "GET".to_string()
}

/// The ways in which a field may be known; every `source` begins with one.
pub const SOURCE_KINDS: [&str; 4] = ["documentation:", "script:", "observed:", "inferred:"];
