//! # pixelhound: the map of the house
//!
//! A newsroom puts a folder of volunteers' captures in, and gets tables out that say which organisation told which
//! company what about which visitor, on which kind of page, and can prove every cell.
//!
//! ```text
//! bytes ──► capture ──► exchange ──► event ──► disclosure ──► dataset ──► figures ──► report
//! a file     entries     one HTTP     what a     one data       tables      SQL         a page
//!            + damage    request,     tracker    item, how      on disk
//!                        decoded      was told   identifying
//!                                         ▲            │
//!                                       page: whose    └──► redact: captures that can be published
//!                                       site, which page,
//!                                       how sensitive
//! ```
//!
//! Nothing flows backwards. Each room knows only rooms to its left, and its own data files; `tests/layers.rs` holds the
//! house to this table.
//!
//! | room | turns | into | never knows |
//! |---|---|---|---|
//! | [`capture`] | paths and bytes, packed or not | captures with their SHA-256, entries with index and byte range, problems with theirs; who wrote it, by `capture/producers.toml` | trackers, pages, tables |
//! | [`exchange`] | an entry | one request, decoded: address, parameters in wire order, cookies, body; whether it left the browser, what was not recorded, and the evidence for both; on demand the text of its answer; parameters with other values, written as they were (`exchange/rewrite.rs`) | which trackers exist |
//! | [`pattern`] | a regular expression | one that is built when it is first used; a tool of the three rooms that follow | everything |
//! | [`tracker`] | an exchange | events, and from the answer to a configuration request the settings of the site's account, by rules that are data: `tracker/rules/*.toml`, one file a tracker, unpacked by a closed set of steps, which `tracker/repack.rs` goes back; who stands behind a host by `tracker/recipients.csv` | pages, organisations, polars |
//! | [`page`] | an event's evidence | whose page, which page, how it is known; category, tier and reader by `page/taxonomy/*.toml`; organisation by `page/organisations/*.csv` | how a tracker encodes things |
//! | [`disclosure`] | an event, and for the search any request | the data items it gave away, in one vocabulary (`disclosure/vocabulary.toml`), how encoded, whom they identify, how they may be shown; what somebody typed (`disclosure/search`); what had been answered to the consent banner, by `disclosure/consent/consent.toml`; and, only when asked, what a hash may be the hash of (`disclosure/recover`) | polars, files |
//! | [`dataset`] | rows | tables with one declared schema (`dataset/schema.rs`), joined and counted by SQL (`dataset/derived/*.sql`, one text for polars and for a cluster); CSV, Parquet and on request NDJSON, SQLite and a workbook, for answers as for tables; read back from either of the first two; data package, manifest, record of the run, also for tables that a cluster wrote; a dataset on disk held to its manifest, and to itself made again | clap, rules |
//! | [`figures`] | a dataset | the answers to `queries/*.sql` and to SQL of one's own; the summary; the findings of a report; one event with all that is said of it; what share of the requests the rules read; figures that were published (`queries/published/`), counted again | everything above `dataset` |
//! | [`report`] | findings | one page of HTML that stands by itself: charts, tables, examples with their evidence, method and limits | polars, files, how the figures were found |
//! | [`pipeline`] | inputs | rows: one capture after another side by side, each to its part; then what needs all parts: sessions, pages, repeats, labels, what was looked for and found. Parts as an Arrow stream, for shards; the stages read, compare and judge for the workers of a cluster | clap, polars, files of the dataset |
//! | [`redact`] | captures | captures that can be published: the volunteers' values replaced by placeholders of the same shape, what proves the leak kept; the list of what was removed | files, tables |
//! | [`cli`] | what was typed, or what `run.json` says was typed | the calls above, progress, the summary, the verdict, the exit code | – |
//!
//! ## What holds everywhere
//!
//! 1. Every row can be traced: SHA-256 of the file as received and of the capture in it, entry index, parameter; a problem
//!    to its byte. `explain` goes the whole way, down to the bytes of the request and their SHA-256.
//! 2. The same captures and rules give the same bytes, whatever the threads, the order of the inputs, the machine. No
//!    clock reaches an output. `verify` holds a dataset to that.
//! 3. A listed request is not a sent request: blocked, cached and internally redirected ones are rows, never leaks.
//! 4. Absent is not empty: cookies and bodies that were not recorded are "not recorded", never "not sent".
//! 5. One event counts once: copies, hops of a redirect, further pieces of a recording and the same session exported
//!    twice keep their row, point to the original with `repeat_of`, and are in no figure.
//! 6. Rather too few than too many: what no rule names is a parameter, never a disclosure; what no rule understands is a
//!    contact, never an event.
//! 7. Nothing fails in silence: inputs = read + salvaged + unreadable + duplicate, and the `problems` table says why. No
//!    input takes memory or time without bound: depth, sizes and expansion have named limits.
//! 8. Volunteers are protected: raw identifiers and typed-in data reach an output only with `--reveal`, session secrets
//!    never. A capture that is to be published goes through [`redact`]: a value stays in it only where a rule says that it is
//!    about the page or the device.
//! 9. No network: nothing here opens a connection.
//! 10. A tracker, a category, an organisation, a consent tool is data; adding one takes no Rust.
//!
//! **A leak** is an event that was delivered, is no repeat, and is about a page, a click or a search of tier 1 to 3.
//! The tier of an event is its page's, unless the button clicked or the term searched for says more: then it is theirs,
//! and `matched_in` says so. A page's own tier never comes from its buttons, so that one sensitive link on a home page
//! does not make every visit of the home page sensitive.
//!
//! **A request to a site's own host** in the form of a tracker is an event of that tracker and says so (`via_own_host`): that
//! it was passed on is inferred, not seen.
//!
//! **Settings** are read from the recipient's own script as the capture holds it, delivered or out of the browser's cache, where
//! it stands there whole. They say what was on for an account; whether the site or the recipient's default had it so, they do
//! not say.
//!
//! **What was typed** is looked for in every request to a third party, decoded or not, when a file of personas says what it was;
//! a value of a known shape (an e-mail address, a card) is a lead and no disclosure. `searches` says what was looked for, so
//! that a clean result says what it rests on.
//!
//! **Consent** of an event is what the cookies of its page's site say before it and after it, by the rules of the consent
//! tools. Where the two differ, only the time inside a cookie decides; every doubt ends in `not_recorded`.
//!
//! **Speed.** Every capture must be hashed, so hashing is the floor. Where the processor has AVX-512, up to sixteen captures
//! are hashed at once (`capture/hash.rs`), which lowers it. A large file is mapped and never copied; its text is stepped over
//! sixty-four bytes at a time, with the widest instructions that the processor has (`capture/raw/blocks.rs`), and only what is
//! asked for is read: lists of headers while they are stepped over (`capture/scanner/pairs.rs`). What stands again in the form
//! of the one before is known by it, objects (`capture/scanner/form.rs`) and pairs of a list alike, and usual names by their
//! bytes (`capture/scanner/names.rs`). What nearly every producer writes is stepped over and read the short way
//! (`capture/scanner/quick.rs`, `capture/members/plain.rs`), and anything else with care; what is packed in one piece is
//! unpacked in one step (`capture/container/whole.rs`), and anything else piece by piece; tests hold each two to the same
//! result. Captures are read side by side, and a large one is by itself: it is hashed while it is scanned, its entries are read
//! in shares. The built-in rules are turned into JSON when the program is built (`build.rs`), and a pattern is built when it is
//! first used, for much text in the way that takes longer and searches faster (`pattern/engine.rs`); one of a user's own is
//! held to its syntax before (`pattern/syntax.rs`). What is counted is asked of the engine part by part
//! (`dataset/statement.rs`), which hands small tables to no other thread (`dataset/deep_stack.rs`); the tables are written side
//! by side, and the summary is asked of them while they are still in memory. `tests/bench` measures all of it beside the floor.
//! Whatever is `unsafe` stands in `capture/raw`.
//!
//! **Large datasets.** A table may be a folder of Parquet parts (`dataset/parts.rs`), as a cluster writes it. Questions over such
//! are read piece by piece by polars' streaming engine, which still holds whatever is grouped: sessions by company, pages by
//! wave. So a question says which part of it can be answered for one slice of captures or organisations after another
//! (`-- In slices of …`, `figures/sliced.rs`), and over a large dataset it is; memory holds a slice and the answer.
//!
//! **Pages** are apart where their addresses are, without fragment and without parameters that only carry advertising
//! clicks. **Labels** number equal values by first appearance in the sorted dataset; there is nothing in them to guess
//! a value from. With a case key they are codes of value and key instead, the same in every dataset.
//!
//! **A part** is what one input yields before anything is compared ([`pipeline::Part`]): the rows of the tables as far as one
//! capture can say them, and what the comparison needs. Whether parts come from memory, from shards or from a cluster, the same
//! code compares them: `merge` gives the bytes of one `analyse` over everything, and `cluster/` its tables, in parts. There only
//! those come together that share something (`pipeline/kin.rs`); that two which share nothing need no comparison is what it
//! rests on.

// But for `capture/raw`, which says why.
#![deny(unsafe_code)]

pub mod capture;
pub mod cli;
pub mod dataset;
pub mod disclosure;
pub mod exchange;
pub mod figures;
pub mod page;
pub mod pattern;
pub mod pipeline;
pub mod redact;
pub mod report;
pub mod tracker;
