//! What can be typed. The doc comments are the help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::dataset::{Delimiter, FileFormat};
use crate::figures::Condition;
use crate::pipeline::{Share, Sources, Stage};

/// Says which organisation told which company what, about which visitor, on what kind of page.
///
/// pixelhound reads captures of web traffic (HAR files, as browsers export them), decodes what trackers were told, and
/// writes tables in which every cell can be traced to a byte of a capture. It never opens a connection.
#[derive(Debug, Parser)]
#[command(
    name = "pixelhound",
    version,
    max_term_width = 110,
    after_help = "\
Exit codes: 0 all inputs read; 1 done, some inputs or entries had problems (they are listed); 2 wrong usage or nothing could \
be done; 130 interrupted."
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read captures and write the dataset: the main job
    #[command(
        visible_alias = "analyze",
        after_long_help = "\
Examples:
  pixelhound analyse samples --out out
  pixelhound analyse captures/ more.har --out out --sheet volunteers.csv --threads 4
  pixelhound analyse captures/ --out out --personas typed.csv
  pixelhound analyse captures/ --out out --force --excel
  pixelhound analyse captures/ --out out --format sqlite,xlsx"
    )]
    Analyse(AnalyseArguments),
    /// Put the shards of an analysis together to its dataset
    ///
    /// Shards are made by analyse --shard, on one machine after the other or on many at once. The dataset is, byte for byte, the
    /// one that analyse writes over all inputs. Shards of other versions, options, rules or inputs are refused, and so are
    /// missing ones and those that are there twice. No capture is opened; the files named in the options
    /// (--rules, --sheet …), and a captures.csv in an input folder, must be found under the same paths. The key of --case-key is
    /// not needed. All rows are held in memory, as analyse holds them.
    #[command(after_long_help = "\
Example:
  pixelhound analyse captures/ --shard 1/2 --out shard-1        on one machine
  pixelhound analyse captures/ --shard 2/2 --out shard-2        on another, with the same folder
  pixelhound merge shard-1 shard-2 --out out")]
    Merge(MergeArguments),
    /// Do a share of an analysis for a cluster: an Arrow stream in, an Arrow stream out
    ///
    /// Reads an Arrow IPC stream on standard input, one row a capture, with the text columns capture_id (comes back as input_id),
    /// uri (what the tables call it), path (of the file) or, of type binary, content, and if there are any volunteer, wave and
    /// note. Writes one on standard output, one row a row that was read, in the same order, a batch a batch: what the capture
    /// yields before it is compared with others, as in parts.arrow of a shard. The columns are the same even for no rows. A
    /// row that cannot be read is a row with a problem. One thread; one batch is held in memory, so send one large capture at a
    /// time. cluster/README.md shows it at work, and the other stages too.
    Worker(WorkerArguments),
    /// Say what a capture is, what it holds and what is missing, and how to export a better one
    ///
    /// The answer holds no address and no value of the capture: it can be sent back to whoever recorded it.
    #[command(after_long_help = "\
Examples:
  pixelhound inspect anna.har
  pixelhound inspect inbox/*.zip > for-the-volunteers.txt
  pixelhound inspect - < anna.har.gz")]
    Inspect(InspectArguments),
    /// Ask a dataset: the questions that come with pixelhound, or your own in SQL
    #[command(after_long_help = "\
Examples:
  pixelhound query out                                      lists the questions
  pixelhound query out sensitive-pages                      a table on a terminal, CSV in a pipe
  pixelhound query out my-question.sql > answer.csv
  pixelhound query out - < my-question.sql
  pixelhound query out waves --where organisation=\"Northmoor Police\"
  pixelhound query out --all --out figures                  every question, a CSV file each
  pixelhound query out --all --out figures --format csv,xlsx
  pixelhound query out recipients --format ndjson
  pixelhound query out recipients --out recipients.xlsx
  pixelhound query out --sql \"SELECT site, COUNT(*) AS pages FROM pages GROUP BY site ORDER BY site\"")]
    Query(QueryArguments),
    /// Write a page of HTML about a dataset: charts, tables, examples with their evidence, method and limits
    ///
    /// The page stands by itself: it holds no script and fetches nothing. It is never written into the dataset's folder.
    #[command(after_long_help = "\
Examples:
  pixelhound report out
  pixelhound report out --out first-wave.html --force")]
    Report(ReportArguments),
    /// Check a dataset: hash its files and inputs again, make it again, compare byte by byte
    ///
    /// Reads the manifest and hashes every file and every input that it lists; compares the rules that are in force with
    /// those that made the dataset; then runs the same analysis again, in the folder in which it was run, into a
    /// temporary folder, and compares every file. The first difference of a file is given in bytes from its beginning,
    /// and in a table also by line and column. Nothing is written to the dataset's folder.
    #[command(after_long_help = "\
Examples:
  pixelhound verify out
  pixelhound verify out --hashes-only

Exit codes: 0 everything is the same; 1 something differs or is missing (it is named); 2 it could not be checked, or not made \
again; 130 interrupted.")]
    Verify(VerifyArguments),
    /// Count the figures of a published investigation again, and hold them to what was printed
    ///
    /// The folder holds organisations.csv, published.csv and questions in SQL. The captures are analysed into a temporary
    /// dataset, the questions are asked, and every figure gets a verdict: same, differs, or not computable from what is
    /// here. A figure about an organisation of which there is no capture is never 0.
    #[command(after_long_help = "\
Examples:
  pixelhound reproduce queries/published/health-exchanges captures/
  pixelhound reproduce queries/published/988-hotlines captures/ --out figures.csv

Exit codes: 0 every figure that can be counted is the same, or different for a named cause; 1 a difference without one; 2 it \
could not be done, or no figure could be counted; 130 interrupted.")]
    Reproduce(ReproduceArguments),
    /// Tell one event, from a sentence that can be printed down to the bytes of the capture
    ///
    /// Says what happened and what was told to whom, how sure each part of that is, what every parameter and cookie means
    /// and who says so, and the request as it stands in the capture, with the bytes to cut out and their SHA-256. The
    /// capture's hash is checked first; a capture that is missing or changed is not used.
    #[command(after_long_help = "\
Examples:
  pixelhound explain out 8789b492cb328176-00013-0
  pixelhound explain out 8789b492cb328176-00013 --reveal > for-the-lawyer.txt

Exit codes: 0 told, and the capture is the one that was analysed; 1 told from the dataset alone, because the capture is missing \
or changed, or the rules do not read it as they did; 2 no such event, or several.")]
    Explain(EventArguments),
    /// Turn hashed fields back by trying what they may be; only for data of testers who agreed to it
    ///
    /// This identifies people. It is there to show that a hash hides little, on the newsroom's own test data, and is never
    /// part of another command. Tries every gender, country, two-letter region, date of birth, US ZIP code and UK postcode,
    /// UK mobile numbers and IP addresses where there is time, and every line of FILE in the forms in which trackers hash it.
    /// Recovered values are shown only with --reveal.
    #[command(after_long_help = "\
Examples:
  pixelhound recover out
  pixelhound recover out --candidates our-testers.txt --reveal
  pixelhound recover out --seconds 600                      also UK mobile numbers, if ten minutes are enough

Exit codes: 0 all captures are those that were analysed; 1 some were missing or changed, and their hashes were not tried; 2 \
nothing could be done; 130 interrupted.")]
    Recover(RecoverArguments),
    /// Write captures that can be published: the volunteers' data gone, the evidence kept
    ///
    /// Values of cookies and tokens, identifiers, contact data, what was typed and every value that no rule says to be
    /// harmless are replaced by placeholders of the same shape, equal for equal values; answers are removed. Page addresses,
    /// event names, button texts, names of parameters and cookies, times, the answer to a consent banner and what a site
    /// switched on stay, so that the result is analysed to the same events. What was removed where is listed in redactions.csv, without the values. The originals are not touched.
    #[command(after_long_help = "\
Examples:
  pixelhound redact captures/ --out published
  pixelhound redact captures/ --out published --personas typed.csv
  pixelhound redact captures/ --out published --keep-search-terms
  pixelhound redact first.har second.zip --out published --key case.key
  pixelhound analyse published --out check                  the same events come out

Search terms are what a visitor typed, and so they go; a page or a search that was sensitive for its search term alone loses \
its category, unless --keep-search-terms is given. File names are kept: rename what names a volunteer.")]
    Redact(RedactArguments),
    /// Show or check what is known: trackers, categories, organisations
    #[command(subcommand)]
    Rules(RulesCommand),
}

#[derive(Debug, Args)]
pub struct AnalyseArguments {
    /// Captures, archives of them (.zip, .gz, .zst, .tar), or folders; - is standard input
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Folder for the dataset; must not exist yet
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Replace an existing dataset in DIR
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub reading: ReadingArguments,
    /// Delimiter of the CSV files
    #[arg(long, value_name = "CHAR", default_value = ",")]
    pub delimiter: Delimiter,
    /// CSV files for Excel: byte order mark, and no cell that could run as a formula
    #[arg(long)]
    pub excel: bool,
    /// Further formats of the tables, joined by a comma: csv, parquet, ndjson, sqlite, xlsx
    ///
    /// CSV and Parquet are always written, whether they are named or not. ndjson: a file a table, one JSON object a line.
    /// sqlite: dataset.sqlite, one database with keys, the meaning of every column (_dictionary), and the questions of query
    /// as views. xlsx: dataset.xlsx, one workbook with a sheet a table.
    #[arg(long = "format", value_name = "FORMAT", value_delimiter = ',')]
    pub formats: Vec<FileFormat>,
    /// Read only a share of the inputs, such as 2/4, and write a shard for merge instead of a dataset
    ///
    /// Inputs are dealt out in the order of their paths, so every machine must find the same list of inputs. Give --out a folder
    /// that lies outside of them. A shard holds more than may be published: page addresses with all their parameters, and
    /// without --case-key the digests of identifiers, which can be found by trying.
    #[arg(long, value_name = "I/N", conflicts_with = "force")]
    pub shard: Option<Share>,
    /// Captures read at the same time [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Print nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// By what captures are read, and what of them may be shown.
#[derive(Debug, Args)]
pub struct ReadingArguments {
    #[command(flatten)]
    pub sources: SourceArguments,
    /// Who sent what: CSV with the columns pattern, volunteer, wave, note
    ///
    /// A pattern is a path or the end of one; * stands for anything within a name. Without this option a file captures.csv
    /// in an input folder is taken.
    #[arg(long, value_name = "FILE")]
    pub sheet: Option<PathBuf>,
    /// What volunteers or you yourself typed: CSV with the columns persona, kind, value; it is looked for in every request
    ///
    /// Every request to a third party is searched for each value, in its address, headers, cookies and body: as typed, in the
    /// forms that vendors make of it, packed (percent, base64, hex, JSON, HTML, gzip) up to two layers deep, and hashed (md5,
    /// sha1, sha256, sha512). Kinds: email, phone, first_name, last_name, name, date_of_birth (YYYY-MM-DD), gender, address,
    /// town, region, postcode, country, nhs_number, national_insurance_number, payment_card, user_id, text.
    #[arg(long, value_name = "FILE")]
    pub personas: Option<PathBuf>,
    /// Label equal values by the newsroom's key in FILE, so that labels are the same in every dataset made with it
    ///
    /// Without it labels are numbers that hold for one dataset. The key (any file of 16 bytes and more, better 32 random ones)
    /// reaches no output; run.json says that one was used. Who has the key and a dataset can try values out: keep it as you
    /// keep your sources' names.
    #[arg(long, value_name = "FILE")]
    pub case_key: Option<PathBuf>,
    /// Also write every parameter of every event, known or not
    #[arg(long)]
    pub parameters: bool,
    /// Write raw identifiers and typed-in data instead of masks (session secrets are never written)
    #[arg(long)]
    pub reveal: bool,
}

/// Where further rules come from.
#[derive(Debug, Args)]
pub struct SourceArguments {
    /// Folder of further tracker rules (TOML); a rule of the same name replaces the built-in one
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// Further categories (TOML); a category of the same code replaces the built-in one
    #[arg(long, value_name = "FILE")]
    pub taxonomy: Option<PathBuf>,
    /// Further organisations (CSV: org_id, name, domain …); its domains win over the built-in ones
    #[arg(long, value_name = "FILE")]
    pub organisations: Option<PathBuf>,
}

impl SourceArguments {
    /// What they mean: the built-in knowledge and these files.
    pub fn sources(&self) -> Sources {
        Sources {
            rules: self.rules.clone(),
            taxonomy: self.taxonomy.clone(),
            organisations: self.organisations.clone(),
            ..Sources::default()
        }
    }
}

#[derive(Debug, Args)]
pub struct MergeArguments {
    /// The folders that analyse --shard wrote
    #[arg(required = true, value_name = "SHARD")]
    pub shards: Vec<PathBuf>,
    /// Folder for the dataset; must not exist yet
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Replace an existing dataset in DIR
    #[arg(long)]
    pub force: bool,
    /// Print nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("errand"))]
pub struct WorkerArguments {
    /// The captures of the cluster, as for analyse; for everything but reading them
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: ReadingArguments,
    /// What to make of the stream: read (of captures their parts), compare (of parts that share something their captures, without
    /// what repeats; a batch is one such group), judge (of pages each once; all of one page in one batch)
    #[arg(long, value_name = "STAGE", default_value = "read", group = "errand")]
    pub stage: Stage,
    /// Read nothing; list the inputs as CSV (capture_id, uri, path, bytes), as analyse would find them
    #[arg(long, requires = "inputs", group = "errand")]
    pub list: bool,
    /// Read nothing; print what shard.json says of a shard that this worker's parts make, for merge
    #[arg(long, group = "errand")]
    pub record: bool,
    /// Read nothing; print as JSON how the tables are declared, and the SQL of those that are worked out from others
    #[arg(long, group = "errand")]
    pub tables: bool,
    /// Print as JSON the rows that no capture yields; on standard input, a JSON value a line: how many requests were searched,
    /// then the names of all captures
    #[arg(long, group = "errand")]
    pub rest: bool,
    /// Complete a folder of Parquet tables to a dataset: data package, record of the run and manifest
    #[arg(long, value_name = "DIR", group = "errand")]
    pub seal: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct InspectArguments {
    /// Captures, archives of them, or folders; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub inputs: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct QueryArguments {
    /// The dataset
    #[arg(value_name = "DIR")]
    pub dataset: PathBuf,
    /// Name of a question, or a file of SQL, or - for SQL on standard input; none: lists the questions
    ///
    /// A large dataset is read piece by piece, whatever its size. An answer is held in memory: ask for what you need of a large
    /// table, not for the whole table, which its Parquet files are already.
    #[arg(value_name = "QUERY")]
    pub query: Option<String>,
    /// SQL on the command line
    #[arg(long, value_name = "TEXT", conflicts_with = "query")]
    pub sql: Option<String>,
    /// Only the rows of the answer in which a column says this; can be given several times
    ///
    /// The value is compared with the whole cell, as the answer shows it. No value (organisation=) asks for empty cells.
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    pub conditions: Vec<Condition>,
    /// CSV even on a terminal
    #[arg(long, conflicts_with_all = ["formats", "out"])]
    pub csv: bool,
    /// Format of the answer, or several joined by a comma: csv, parquet, ndjson, sqlite, xlsx
    ///
    /// csv and ndjson (one JSON object a line) go to standard output unless --out names a file; the others need --out. With
    /// --all csv, parquet and ndjson make a file a question; sqlite and xlsx make one file of all answers, answers.sqlite
    /// with a table a question and answers.xlsx with a sheet a question. Ids are texts in all of them.
    #[arg(long = "format", value_name = "FORMAT", value_delimiter = ',')]
    pub formats: Vec<FileFormat>,
    /// Answer every question that comes with pixelhound, into the folder --out; without --format as CSV
    #[arg(long, requires = "out", conflicts_with_all = ["query", "sql", "csv"])]
    pub all: bool,
    /// File for the answer; with --all or several formats a folder. Must not exist yet
    ///
    /// Without --format the ending of the file says in which format it is: .csv, .parquet, .ndjson, .sqlite or .xlsx.
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ReportArguments {
    /// The dataset
    #[arg(value_name = "DIR")]
    pub dataset: PathBuf,
    /// The file to write; must not exist yet
    #[arg(long, value_name = "FILE", default_value = "report.html")]
    pub out: PathBuf,
    /// Replace an existing file
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The dataset
    #[arg(value_name = "DIR")]
    pub dataset: PathBuf,
    /// Compare hashes of files, inputs and rules, and do not make the dataset again
    #[arg(long)]
    pub hashes_only: bool,
    /// Captures read at the same time [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Print nothing where everything is the same, else only what differs
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Args)]
pub struct ReproduceArguments {
    /// The folder of the investigation
    #[arg(value_name = "DIR")]
    pub investigation: PathBuf,
    /// Its captures, as for analyse
    #[arg(required = true, value_name = "CAPTURES")]
    pub captures: Vec<PathBuf>,
    /// Also write the figures to FILE, as CSV; must not exist yet
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Captures read at the same time [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
}

#[derive(Debug, Args)]
pub struct EventArguments {
    /// The dataset
    #[arg(value_name = "DIR")]
    pub dataset: PathBuf,
    /// The event's id, as in events.csv, or its beginning, as far as no other event begins so
    pub event: String,
    /// Show raw values and the request as it is (session secrets are never shown)
    #[arg(long)]
    pub reveal: bool,
}

#[derive(Debug, Args)]
pub struct RecoverArguments {
    /// The dataset
    #[arg(value_name = "DIR")]
    pub dataset: PathBuf,
    /// What would take longer, at the speed measured here, is not begun; for each kind of value
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub seconds: u64,
    /// Values to try for every kind of item, one a line: e-mail addresses, names, towns, telephone numbers
    #[arg(long, value_name = "FILE")]
    pub candidates: Option<PathBuf>,
    /// Show the recovered values
    #[arg(long)]
    pub reveal: bool,
}

#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// List trackers, or with --all also categories, purposes and organisations
    List {
        #[command(flatten)]
        sources: SourceArguments,
        /// Also categories, purposes and organisations
        #[arg(long)]
        all: bool,
    },
    /// Run the examples of every rule and category, and say what a rule file gets wrong
    Check(SourceArguments),
    /// Say what one request would tell whom, parameter by parameter
    #[command(after_long_help = "\
Example:
  pixelhound rules explain 'https://www.facebook.com/tr/?id=1112223334&ev=PageView&dl=https%3A%2F%2Fclinic.example%2Fhiv'")]
    Explain(ExplainArguments),
    /// Say what share of a dataset's third-party requests was decoded, and whom no rule knows
    Coverage {
        /// The dataset
        #[arg(value_name = "DIR")]
        dataset: PathBuf,
    },
    /// Write the skeleton of a rule file, with comments and one example
    New {
        /// The tracker's name: lower-case words joined by -
        name: String,
        /// The folder for it
        #[arg(long, value_name = "DIR", default_value = ".")]
        dir: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The address of the request
    pub url: String,
    /// Its body
    #[arg(long, value_name = "TEXT")]
    pub body: Option<String>,
    /// The content type of the body
    #[arg(long, value_name = "TYPE", requires = "body")]
    pub content_type: Option<String>,
    /// Its cookies, as in a Cookie header
    #[arg(long, value_name = "TEXT")]
    pub cookies: Option<String>,
    /// Show raw values
    #[arg(long)]
    pub reveal: bool,
    #[command(flatten)]
    pub sources: SourceArguments,
}

#[derive(Debug, Args)]
pub struct RedactArguments {
    /// Captures, archives of them, or folders
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Folder for the redacted captures; must not exist yet, or be empty
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// What volunteers typed: CSV with the columns persona, kind, value; it goes wherever it is found, in every packing and hash
    #[arg(long, value_name = "FILE")]
    pub personas: Option<PathBuf>,
    /// Leave what was searched for on a site where it is
    #[arg(long)]
    pub keep_search_terms: bool,
    /// Make the same placeholders in every run with this file; who has the file can try values out
    ///
    /// Without it a key is made for the run and thrown away.
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Folder of further tracker rules (TOML); a rule of the same name replaces the built-in one
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// Print nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}
