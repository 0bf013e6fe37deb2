//! The one declaration of every table: its columns with name, type, meaning and whether a column may hold personal
//! data. The writers, the data package, the data dictionary and the checks all come from here.

use super::cell::{Cell, Kind};
use polars::prelude::{Column, DataFrame, PolarsResult};
use serde::{Deserialize, Serialize};

/// A column, as declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnSchema {
    pub name: &'static str,
    pub kind: Kind,
    pub meaning: &'static str,
    /// Whether its row is declared with a value that may be missing.
    pub optional: bool,
    /// Whether it may say something about a volunteer or a visitor.
    pub personal: bool,
}

/// A reference from one table to the key of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    pub column: &'static str,
    pub table: &'static str,
    pub to: &'static str,
}

/// A table, as declared. Rows are sorted by the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableSchema {
    pub name: &'static str,
    pub about: &'static str,
    pub key: &'static [&'static str],
    pub references: &'static [Reference],
    pub columns: &'static [ColumnSchema],
}

/// A row of a declared table.
pub trait Row: Sized {
    const SCHEMA: TableSchema;

    /// Builds the table, column by column, in the order of the rows.
    fn frame(rows: &[Self]) -> PolarsResult<DataFrame>;
}

macro_rules! personal {
    (open) => {
        false
    };
    (personal) => {
        true
    };
}

/// Declares a table: its row as a struct, its schema, and how rows become columns.
macro_rules! table {
    (
        $(#[doc = $about:literal])+
        $name:ident as $row:ident, key $key:expr, references $references:expr;
        $( $(#[doc = $meaning:literal])+ $openness:ident $field:ident : $kind:ty, )+
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub struct $row { $( $(#[doc = $meaning])+ pub $field: $kind, )+ }

        impl Row for $row {
            const SCHEMA: TableSchema = TableSchema {
                name: stringify!($name),
                about: concat!($($about),+),
                key: &$key,
                references: &$references,
                columns: &[ $( ColumnSchema {
                    name: stringify!($field),
                    kind: <$kind as Cell>::KIND,
                    meaning: concat!($($meaning),+),
                    optional: <$kind as Cell>::OPTIONAL,
                    personal: personal!($openness),
                }, )+ ],
            };

            fn frame(rows: &[Self]) -> PolarsResult<DataFrame> {
                let columns: Vec<Column> = vec![ $(
                    <$kind as Cell>::column(stringify!($field), rows.iter().map(|row| &row.$field)),
                )+ ];
                DataFrame::new(rows.len(), columns)
            }
        }
    };
}

const fn refers(column: &'static str, table: &'static str, to: &'static str) -> Reference {
    Reference { column, table, to }
}

const TO_PAGE: Reference = refers("page_id", "pages", "page_id");
const TO_ORGANISATION: Reference = refers("organisation_id", "organisations", "organisation_id");
const TO_VOCABULARY: Reference = refers("item", "vocabulary", "item");
const TO_EVENT: Reference = refers("event_id", "events", "event_id");

table! {
    /// One row an input: what it was, and what could be read of it.
    captures as CaptureRow, key ["path", "member"], references [];
    /// First 16 hex digits of the SHA-256 of the capture.
    open capture_id: String,
    /// SHA-256 of the capture's own bytes: of the file, or of the member of an archive, unpacked.
    open sha256: String,
    /// SHA-256 of the file as received.
    open file_sha256: String,
    /// Where the file was found.
    open path: String,
    /// The capture's name inside an archive or a compressed file.
    open member: Option<String>,
    /// Size of the capture in bytes, unpacked.
    open bytes: u64,
    /// Who sent it, by the sheet.
    personal volunteer: Option<String>,
    /// In which round of testing, by the sheet.
    open wave: Option<String>,
    /// Remark, by the sheet.
    personal note: Option<String>,
    /// When its first request began (UTC).
    open first_request_at: Option<String>,
    /// When its last request began (UTC).
    open last_request_at: Option<String>,
    /// The program that wrote it, as the capture names it; or, where producer_known_from says guessed, as we call the one that it was taken for.
    open producer: Option<String>,
    /// creator (the capture names it), guessed (it holds members that only this program writes); empty: unknown.
    open producer_known_from: Option<String>,
    /// That program's version.
    open producer_version: Option<String>,
    /// The browser, where the capture names it; where nothing tells the producer, by the User-Agent header, and then it says so.
    open browser: Option<String>,
    /// Entries found in the file, damaged ones included.
    open entries: u64,
    /// Entries that could be read.
    open entries_read: u64,
    /// Entries read that are no request of a page (data:, blob:, extensions; calls that a test script made itself).
    open entries_not_http: u64,
    /// Whether its producer recorded cookies: yes, no, probably_removed. Only with yes does a missing cookie mean anything.
    open cookies_recorded: String,
    /// What that rests on.
    open cookies_evidence: String,
    /// Requests whose body was announced and is not in the capture.
    open bodies_missing: u64,
    /// Requests of which not one header was recorded.
    open headers_missing: u64,
    /// read, salvaged (some of it was damaged), unreadable, duplicate (the same bytes as another).
    open state: String,
    /// The capture that this one duplicates: its path, and behind it the member.
    open duplicate_of: Option<String>,
    /// The capture that holds the same session of the same browser, whole or in part: it was exported twice. Both are read; they count as one capture, of one volunteer.
    open same_session_as: Option<String>,
}

table! {
    /// One row a page that was opened or that a tracker was told of. Pages are apart where their address is, without the fragment and without the parameters that only carry advertising clicks.
    pages as PageRow, key ["page_id"], references [TO_ORGANISATION];
    /// Number of the page in this dataset, by order of address.
    open page_id: String,
    /// The address; values of query parameters are masked unless --reveal.
    personal url: String,
    /// The host of the address.
    open host: String,
    /// The registrable domain of the host.
    open site: String,
    /// The title, as a tracker was told it or the capture recorded it; the most frequent where there are several.
    open title: Option<String>,
    /// Whose page it is.
    open organisation_id: String,
    /// The category of the taxonomy; empty: none was recognised.
    open category: Option<String>,
    /// 1 critical, 2 high, 3 moderate, 0 none.
    open tier: i64,
    /// Further categories recognised, joined by a space.
    open also: Option<String>,
    /// The words by which the category was recognised.
    open matched_text: Option<String>,
    /// Where they stood: path, title, search, organisation (the organisation as a whole is about it).
    open matched_in: Option<String>,
    /// Whom the page addresses: public, professional, news.
    open reader: String,
    /// A purpose that makes the page harmless or lowers its tier: cookies, recruitment, news …
    open purpose: Option<String>,
    /// Number of captures in which it appears; a session that was exported twice is one.
    open captures: u64,
    /// Number of volunteers in whose captures it appears.
    open volunteers: u64,
}

table! {
    /// One row an event: what one tracker was told by one request, or by one line of it. Copies keep their row and point to their original. A leak is an event that was delivered, is no repeat, and has tier 1, 2 or 3.
    events as EventRow, key ["event_id"], references [TO_PAGE, TO_ORGANISATION, refers("repeat_of", "events", "event_id")];
    /// Capture, entry and number within the entry.
    open event_id: String,
    /// The capture.
    open capture_id: String,
    /// Position of the request in the capture, from 0.
    open entry_index: u64,
    /// When the request began (UTC).
    open started_at: Option<String>,
    /// The capture's own text of that time, where it says more.
    open started_at_original: Option<String>,
    /// The tracker, by the name of its rule.
    open tracker: String,
    /// The tracker's endpoint, by the name in its rule.
    open endpoint: String,
    /// The company that received it.
    open recipient: String,
    /// Whether the request went to a host that no rule names, in the tracker's form: then it is inferred, not seen, that it was passed on to the recipient.
    open via_own_host: bool,
    /// The site's account with the recipient (pixel id, measurement id).
    open account_id: Option<String>,
    /// The account as tracker:account, which no spreadsheet takes for a number.
    open account_key: Option<String>,
    /// The event's name on the wire.
    open event_name: Option<String>,
    /// What the visitor did: page_view, click, form_submit, search, purchase, identify (says who the visitor is), session_replay, custom (named by the site), other.
    open action: String,
    /// Whether the tracker sent it of its own accord, not by a call of the site.
    open automatic: bool,
    /// The page.
    open page_id: Option<String>,
    /// Which evidence names the page: payload, referer, initiator, pageref.
    open page_known_from: Option<String>,
    /// Other evidence that names a page of another site.
    open page_conflict: Option<String>,
    /// Whether it came from inside a frame.
    open in_frame: bool,
    /// The page before, as told; values of query parameters are masked unless --reveal.
    personal referrer: Option<String>,
    /// The text of what was clicked, unscrubbed where the wire has it so; e-mail addresses are masked unless --reveal.
    open clicked_text: Option<String>,
    /// Where the click led.
    open clicked_destination: Option<String>,
    /// Names of the fields of the form around the click, joined by a space.
    open form_fields: Option<String>,
    /// What was searched for on the site; e-mail addresses and long numbers are masked unless --reveal.
    personal search_term: Option<String>,
    /// Whose page it is about.
    open organisation_id: Option<String>,
    /// Category of the page, or of what was clicked or searched where that says more.
    open category: Option<String>,
    /// Tier of that category: 1 critical, 2 high, 3 moderate, 0 none; empty where no page is known.
    open tier: Option<i64>,
    /// Where the words stood: path, title, search, button, destination, organisation.
    open matched_in: Option<String>,
    /// The words by which the category was recognised.
    open matched_text: Option<String>,
    /// Whom the page addresses: public, professional, news.
    open reader: Option<String>,
    /// Whether it left the browser: delivered, no_answer, blocked, cached, internal_redirect, unknown.
    open delivery: String,
    /// What that rests on: the status, the browser's reason, or what was inferred.
    open delivery_evidence: String,
    /// What the visitor had answered to the page's consent banner when the request was sent: accepted, partly_accepted, rejected, banner_unanswered, none_seen (nothing of a banner in this capture), not_recorded (the capture does not decide it).
    open consent: String,
    /// What that rests on.
    open consent_evidence: String,
    /// Position in the capture of the request that shows it, from 0.
    open consent_entry: Option<u64>,
    /// Consent as the request itself reports it, verbatim.
    open consent_reported: Option<String>,
    /// named (account or plain contact data), matchable (hashed contact data), pseudonymous (a browser id), none, not_recorded (nothing of these was found, and the capture lacks the cookies or the body that would decide it).
    open identifiability: String,
    /// The event that this one repeats; empty: it counts.
    open repeat_of: Option<String>,
    /// Why it is a repeat: copy_endpoint, same_event, redirect_hop, service_worker, same_request_in_other_capture, recording_goes_on (a further piece of a screen recording).
    open repeat_reason: Option<String>,
    /// Whether the capture holds the request's body: yes, lossy (bytes were replaced when it was exported), no, none (it had none).
    open body_recorded: String,
    /// What that rests on.
    open body_evidence: String,
    /// Whether any header of the request was recorded: yes, no.
    open headers_recorded: String,
    /// Whether this request's cookies were recorded: yes, no, probably_removed. Only with yes does a missing cookie mean anything.
    open cookies_recorded: String,
}

table! {
    /// One row a data item that an event gave away.
    disclosures as DisclosureRow, key ["event_id", "number"], references [TO_EVENT, TO_VOCABULARY];
    /// The event.
    open event_id: String,
    /// Number of the item within the event, in wire order.
    open number: u64,
    /// The item, in the vocabulary.
    open item: String,
    /// The parameter on the wire.
    open parameter: String,
    /// Where it stood: query, path, body, header, cookie.
    open location: String,
    /// plain, sha256, sha1, md5, sha512, mask (its shape only), removed (by the tracker's own filter).
    open encoding: String,
    /// The value, masked unless --reveal. Session secrets are never shown.
    personal shown: String,
    /// A pseudonym, equal for equal values of one item and recipient in this dataset, or with --case-key in every dataset made with the same key.
    open label: Option<String>,
    /// Who collected it: site (the site's own code passed it), tracker (the tracker read it out of the page or the form by itself); empty: no rule says.
    open collected_by: Option<String>,
    /// Whether the recipient asks for a hash here. With the encoding plain, what should have been hashed was sent as it was typed.
    open hash_expected: bool,
    /// How a hash or mask can be turned back: enumeration (every possible value is tried), dictionary (lists of names or addresses); empty: not by known means.
    open turned_back_by: Option<String>,
    /// For a hash or mask: how many values there are to try, at most; postcodes and telephone numbers are counted for the United Kingdom. Empty: more than can be counted.
    open recoverable: Option<u64>,
    /// The persona whose value this is, by the file of personas.
    personal matches_persona: Option<String>,
    /// How the value became what was sent, such as "sha256 of the e-mail address, lower case"; only for a persona's.
    open chain: Option<String>,
}

table! {
    /// One row an organisation whose pages appear in the captures.
    organisations as OrganisationRow, key ["organisation_id"], references [];
    /// By the registry; the site's domain where no registry has it.
    open organisation_id: String,
    /// Its name; the site's domain where no registry has it.
    open name: String,
    /// police, nhs, charity …
    open sector: Option<String>,
    /// The registry, and its code there.
    open registry: Option<String>,
    /// Its code in that registry.
    open registry_code: Option<String>,
    /// Whether a registry has it; if not, the site stands for itself.
    open in_registry: bool,
    /// Number of captures with a page of it; a session that was exported twice is one.
    open captures: u64,
    /// Number of volunteers with a page of it.
    open volunteers: u64,
    /// Number of its pages.
    open pages: u64,
    /// Number of its pages of tier 1, 2 or 3.
    open sensitive_pages: u64,
    /// Delivered events about its pages, repeats left out.
    open events: u64,
    /// Those of tier 1, 2 or 3: leaks.
    open sensitive_events: u64,
    /// Leaks in which the visitor could be named.
    open sensitive_events_named: u64,
    /// Companies that received its events, joined by a semicolon.
    open recipients: Option<String>,
    /// When the first event was sent (UTC).
    open first_event_at: Option<String>,
    /// When the last event was sent (UTC).
    open last_event_at: Option<String>,
    /// For each wave with a capture of it: events (at least one was delivered), tracker_present (a tracker was there and no event was seen), none_seen.
    open waves: Option<String>,
}

table! {
    /// One row a capture and page of it: the page was opened there, or something was told of it. It says what was looked at, so that "no events" can be told from "never visited".
    visits as VisitRow, key ["capture_id", "page_id"], references [TO_PAGE, TO_ORGANISATION];
    /// The capture.
    open capture_id: String,
    /// The page.
    open page_id: String,
    /// Whose page it is.
    open organisation_id: String,
    /// The capture that speaks for the session; captures of one session have the same. Count these, not captures.
    open session: String,
    /// Who sent the session in first, by the sheet.
    personal volunteer: Option<String>,
    /// The first wave in which it was sent in, by the sheet.
    open wave: Option<String>,
    /// Delivered events about the page in this capture, repeats left out.
    open events: u64,
    /// Those of tier 1, 2 or 3: leaks.
    open sensitive_events: u64,
}

table! {
    /// One row a capture, page and third-party site: who was contacted, whether or not what was said could be read.
    contacts as ContactRow, key ["capture_id", "page_id", "third_party"], references [TO_PAGE];
    /// The capture.
    open capture_id: String,
    /// The page from which it was contacted; empty where the capture does not tell.
    open page_id: Option<String>,
    /// The registrable domain that was contacted.
    open third_party: String,
    /// The company behind it, where a rule or the table of recipients names one.
    open recipient: Option<String>,
    /// The company's country, ISO 3166, two letters.
    open country: Option<String>,
    /// What was contacted, by the products' public names, joined by a semicolon.
    open products: Option<String>,
    /// Requests listed.
    open requests: u64,
    /// Requests delivered.
    open delivered: u64,
    /// Bytes sent in addresses, headers and bodies of the delivered ones, as far as recorded.
    open bytes_sent: u64,
    /// Requests that carry a cookie, the address of the page, or a value that looks like an id.
    open telling_requests: u64,
    /// Those of them that a rule reads.
    open telling_requests_read: u64,
    /// Requests that told events.
    open event_requests: u64,
    /// Requests that show a tracker without an event: loaders, configuration.
    open presence_requests: u64,
    /// Messages sent over WebSockets that these requests opened, as far as listed.
    open socket_messages_sent: u64,
    /// Messages received over them.
    open socket_messages_received: u64,
    /// What those two were, by the names of the rules' endpoints (event, loader, config …), joined by a semicolon.
    open roles: Option<String>,
    /// Accounts named by them, joined by a space.
    open accounts: Option<String>,
}

table! {
    /// One row a parameter of a decoded event, as it was on the wire, known or not (only with --parameters).
    parameters as ParameterRow, key ["event_id", "number"], references [TO_EVENT];
    /// The event.
    open event_id: String,
    /// Number of the parameter within the event, in wire order.
    open number: u64,
    /// Where it stood: query, path, body, header, cookie.
    open location: String,
    /// The name, decoded once.
    open name: String,
    /// The value, masked unless --reveal or known to be harmless.
    personal shown: String,
    /// Whether it was unpacked out of another parameter.
    open derived: bool,
    /// The item of the vocabulary, where a rule names one.
    open item: Option<String>,
    /// What it means, where a rule says so.
    open meaning: Option<String>,
    /// Why the rule says so.
    open source: Option<String>,
}

table! {
    /// One row a persona's value, or a value that looks like contact data, an official number or a card, in a request to a third party, decoded or not.
    matches as MatchRow, key ["capture_id", "entry_index", "number"], references [TO_PAGE, TO_EVENT, TO_VOCABULARY];
    /// The capture.
    open capture_id: String,
    /// Position of the request in the capture, from 0.
    open entry_index: u64,
    /// Number of the match within the request.
    open number: u64,
    /// The event that the request told, the first where it told several; empty: no rule reads it.
    open event_id: Option<String>,
    /// When the request began (UTC).
    open started_at: Option<String>,
    /// The page from which it was sent; empty where the capture does not tell.
    open page_id: Option<String>,
    /// The registrable domain to which it was sent.
    open third_party: String,
    /// The company behind it, where a rule or the table of recipients names one.
    open recipient: Option<String>,
    /// Whether it left the browser: delivered, no_answer, blocked, cached, internal_redirect, unknown.
    open delivery: String,
    /// persona (a value of the file of personas), shape (known by its look and, where there is one, its check digit).
    open found_by: String,
    /// The persona.
    personal persona: Option<String>,
    /// What was looked for: the kind in the file of personas, or the name of the shape.
    open kind: String,
    /// Number of the value among those of the persona and kind, as in searches.
    open value_number: u64,
    /// The item, in the vocabulary.
    open item: String,
    /// Where it stood: path, query, header, cookie, body.
    open location: String,
    /// The parameter, header or cookie on the wire.
    open parameter: String,
    /// plain (it can be read back without guessing), sha256, sha1, md5, sha512.
    open encoding: String,
    /// How the value became what was sent, such as "sha256 of the e-mail address, lower case".
    open chain: String,
    /// What was found, masked unless --reveal.
    personal shown: String,
}

table! {
    /// One row a thing that was looked for in the requests to third parties, found or not: what a clean result rests on.
    searches as SearchRow, key ["found_by", "persona", "kind", "number"], references [];
    /// persona (a value of the file of personas), shape (known by its look and, where there is one, its check digit).
    open found_by: String,
    /// The persona.
    personal persona: Option<String>,
    /// The kind in the file of personas, or the name of the shape.
    open kind: String,
    /// Number of the value among those of the persona and kind, in the order of the file.
    open number: u64,
    /// The value, masked unless --reveal; empty for a shape.
    personal shown: Option<String>,
    /// In what forms it was looked for.
    open looked_for: String,
    /// Requests to third parties in which it was looked for.
    open requests: u64,
    /// Those of them whose body is not in the capture: there it cannot have been found.
    open requests_without_body: u64,
    /// Requests in which it was found.
    open requests_found: u64,
    /// Captures in which it was found.
    open captures_found: u64,
}

table! {
    /// One row a setting of a site's account with a recipient, as the recipient's own script was configured in a capture: what the site, or the recipient's default, had switched on.
    settings as SettingRow, key ["capture_id", "entry_index", "number"], references [];
    /// The capture.
    open capture_id: String,
    /// Position of the request whose answer says so, from 0.
    open entry_index: u64,
    /// Number of the setting within the answer.
    open number: u64,
    /// The tracker, by the name of its rule.
    open tracker: String,
    /// The company.
    open recipient: String,
    /// The site's account with the recipient.
    open account_id: Option<String>,
    /// The account as tracker:account, which no spreadsheet takes for a number.
    open account_key: Option<String>,
    /// The setting, by the name in the rule.
    open setting: String,
    /// Its value; several are joined by a space.
    open value: String,
    /// What it means, by the rule.
    open meaning: String,
    /// Why the rule says so.
    open source: String,
}

table! {
    /// One row an item of the vocabulary: what every disclosure is one of.
    vocabulary as VocabularyRow, key ["item"], references [];
    /// Its name.
    open item: String,
    /// What it is.
    open is: String,
    /// What it is not: what keeps it apart from its neighbours.
    open is_not: String,
    /// What a value that can be read does to the visitor: names (a person), matches (the recipient can compare it with its accounts), pseudonym (marks the same visitor again), nothing.
    open plain: String,
    /// What a hash of a value does.
    open hashed: String,
    /// How a hash or mask can be turned back: enumeration, dictionary; empty: not by known means.
    open turned_back_by: Option<String>,
    /// How many values there are to try, at most. Empty: more than can be counted.
    open candidates: Option<u64>,
}

table! {
    /// One row a thing that could not be read or decoded. Nothing fails in silence.
    problems as ProblemRow, key ["path", "member", "capture_id", "entry_index", "byte_offset", "stage", "code", "message"], references [];
    /// The input.
    open path: String,
    /// The capture's name inside an archive.
    open member: Option<String>,
    /// The capture.
    open capture_id: Option<String>,
    /// The entry; empty: the file as a whole.
    open entry_index: Option<u64>,
    /// Where in the capture's text it shows, in bytes from 0; empty: nowhere in particular.
    open byte_offset: Option<u64>,
    /// Where it was met: input, capture, exchange, tracker, page.
    open stage: String,
    /// A stable word for counting.
    open code: String,
    /// What is wrong, where, and what was done about it.
    open message: String,
}

impl CaptureRow {
    /// Where it is: the path, and inside an archive the member, as if the archive were a folder.
    pub fn place(&self) -> String {
        match &self.member {
            Some(member) => format!("{}/{member}", self.path),
            None => self.path.clone(),
        }
    }

    /// By which names it may be called: its file's, and where it is inside it.
    pub fn names(&self) -> [String; 2] {
        [self.path.clone(), self.place()]
    }
}

impl OrganisationRow {
    /// An organisation by its name. What is counted of it comes with the whole dataset.
    pub fn of(id: &str, name: &str, in_registry: bool) -> OrganisationRow {
        OrganisationRow {
            organisation_id: id.to_owned(),
            name: name.to_owned(),
            sector: None,
            registry: None,
            registry_code: None,
            in_registry,
            captures: 0,
            volunteers: 0,
            pages: 0,
            sensitive_pages: 0,
            events: 0,
            sensitive_events: 0,
            sensitive_events_named: 0,
            recipients: None,
            first_event_at: None,
            last_event_at: None,
            waves: None,
        }
    }
}

impl VisitRow {
    /// That a page was opened in a capture. Whose page and session it is, and what is counted, comes with the whole dataset.
    pub fn of(capture_id: &str, page_id: &str) -> VisitRow {
        VisitRow {
            capture_id: capture_id.to_owned(),
            page_id: page_id.to_owned(),
            organisation_id: String::new(),
            session: String::new(),
            volunteer: None,
            wave: None,
            events: 0,
            sensitive_events: 0,
        }
    }
}

/// Every table, in the order of the documents.
pub const TABLES: [TableSchema; 13] = [
    CaptureRow::SCHEMA,
    PageRow::SCHEMA,
    EventRow::SCHEMA,
    DisclosureRow::SCHEMA,
    OrganisationRow::SCHEMA,
    VisitRow::SCHEMA,
    ContactRow::SCHEMA,
    MatchRow::SCHEMA,
    SearchRow::SCHEMA,
    SettingRow::SCHEMA,
    VocabularyRow::SCHEMA,
    ParameterRow::SCHEMA,
    ProblemRow::SCHEMA,
];
