//! `datapackage.json`: what the files are (the CSV of a dataset, the Parquet of one that a cluster wrote) and what each column
//! means, as a Frictionless Data Package, so that the description travels with the data and its types need not be guessed. It
//! holds no clock.

use super::cell::Kind;
use super::csv::CsvStyle;
use super::format::Format;
use super::schema::{ColumnSchema, Reference, TableSchema};
use super::sink::WrittenFile;
use super::table::Table;
use serde::Serialize;
use std::io::{self, Write};

/// The name of the file.
pub const PACKAGE: &str = "datapackage.json";

/// The description of a dataset.
#[derive(Debug, Serialize)]
pub(super) struct Package {
    profile: &'static str,
    name: &'static str,
    title: &'static str,
    description: &'static str,
    resources: Vec<Resource>,
}

#[derive(Debug, Serialize)]
struct Resource {
    profile: &'static str,
    name: &'static str,
    description: &'static str,
    path: Place,
    format: &'static str,
    mediatype: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
    bytes: u64,
    /// Of a single file.
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dialect: Option<Dialect>,
    schema: Schema,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Place {
    File(String),
    /// Its parts, in order.
    Parts(Vec<String>),
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Dialect {
    delimiter: char,
    line_terminator: &'static str,
    quote_char: &'static str,
    double_quote: bool,
    skip_initial_space: bool,
    header: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    fields: Vec<Field>,
    primary_key: &'static [&'static str],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    foreign_keys: Vec<ForeignKey>,
    missing_values: [&'static str; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Field {
    name: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    description: &'static str,
    personal: bool,
    /// An apostrophe may stand before the text, put there for spreadsheets.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    formula_guarded: bool,
}

#[derive(Debug, Serialize)]
struct ForeignKey {
    fields: &'static str,
    reference: Goal,
}

#[derive(Debug, Serialize)]
struct Goal {
    /// Empty: the table itself.
    resource: &'static str,
    fields: &'static str,
}

impl Package {
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        out.write_all(b"\n")
    }
}

/// Describes the tables that were written as CSV.
pub(super) fn describe(tables: &[Table], style: CsvStyle, files: &[WrittenFile]) -> Package {
    let described = tables.iter().filter_map(|table| {
        let name = style.file_name(table.schema().name);
        let file = files.iter().find(|file| file.name == name)?;
        Some(resource(table.schema(), style, file))
    });
    package("tabular-data-package", described.collect())
}

/// Describes tables that are Parquet alone, each in its parts; a table without any is not there.
pub(super) fn of_parts(tables: &[(&TableSchema, Vec<WrittenFile>)]) -> Package {
    let there = tables.iter().filter(|(_, parts)| !parts.is_empty());
    let described = there.map(|(table, parts)| Resource {
        profile: "data-resource",
        name: table.name,
        description: table.about.trim(),
        path: Place::Parts(parts.iter().map(|part| part.name.clone()).collect()),
        format: "parquet",
        mediatype: "application/vnd.apache.parquet",
        encoding: None,
        bytes: parts.iter().map(|part| part.bytes).sum(),
        hash: None,
        dialect: None,
        schema: schema(table, CsvStyle::default()),
    });
    package("data-package", described.collect())
}

fn package(profile: &'static str, resources: Vec<Resource>) -> Package {
    Package {
        profile,
        name: "pixelhound-dataset",
        title: "What web pages told third parties about their visitors",
        description: "Tables drawn from captures of web traffic by pixelhound. Columns marked personal may say something about a volunteer or a visitor. run.json says what ran; manifest-sha256.txt holds the hashes of these files and of the captures.",
        resources,
    }
}

fn resource(table: &TableSchema, style: CsvStyle, file: &WrittenFile) -> Resource {
    Resource {
        profile: "tabular-data-resource",
        name: table.name,
        description: table.about.trim(),
        path: Place::File(file.name.clone()),
        format: "csv",
        mediatype: "text/csv",
        encoding: Some("utf-8"),
        bytes: file.bytes,
        hash: Some(format!("sha256:{}", file.sha256)),
        dialect: Some(Dialect {
            delimiter: style.delimiter.as_char(),
            line_terminator: "\n",
            quote_char: "\"",
            double_quote: true,
            skip_initial_space: false,
            header: true,
        }),
        schema: schema(table, style),
    }
}

fn schema(table: &TableSchema, style: CsvStyle) -> Schema {
    Schema {
        fields: table
            .columns
            .iter()
            .map(|column| field(column, style))
            .collect(),
        primary_key: table.key,
        foreign_keys: table
            .references
            .iter()
            .map(|reference| foreign_key(table, reference))
            .collect(),
        missing_values: [""],
    }
}

fn field(column: &ColumnSchema, style: CsvStyle) -> Field {
    Field {
        name: column.name,
        kind: match column.kind {
            Kind::Text => "string",
            Kind::Integer => "integer",
            Kind::Flag => "boolean",
        },
        description: column.meaning.trim(),
        personal: column.personal,
        formula_guarded: style.excel && column.kind == Kind::Text,
    }
}

fn foreign_key(schema: &TableSchema, reference: &Reference) -> ForeignKey {
    ForeignKey {
        fields: reference.column,
        reference: Goal {
            resource: if reference.table == schema.name {
                ""
            } else {
                reference.table
            },
            fields: reference.to,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::{Dataset, made};
    use serde_json::Value;

    fn described(style: CsvStyle) -> Value {
        let dataset = Dataset::new(&made::rows()).unwrap();
        let files: Vec<WrittenFile> = dataset
            .tables()
            .iter()
            .map(|table| WrittenFile {
                name: style.file_name(table.schema().name),
                bytes: 12,
                sha256: "ab".to_owned(),
            })
            .collect();
        let mut bytes = Vec::new();
        describe(dataset.tables(), style, &files)
            .write(&mut bytes)
            .unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    fn resource<'a>(package: &'a Value, name: &str) -> &'a Value {
        let resources = package["resources"].as_array().unwrap();
        resources
            .iter()
            .find(|resource| resource["name"] == name)
            .unwrap()
    }

    #[test]
    fn each_table_says_what_its_file_is() {
        let package = described(CsvStyle::default());
        let events = resource(&package, "events");
        assert_eq!(
            package["resources"].as_array().unwrap().len(),
            made::TABLES_WRITTEN
        );
        assert_eq!(events["path"], "events.csv");
        assert_eq!(events["hash"], "sha256:ab");
        assert_eq!(events["bytes"], 12);
        assert_eq!(events["dialect"]["delimiter"], ",");
        assert_eq!(
            events["schema"]["primaryKey"],
            serde_json::json!(["event_id"])
        );
        assert_eq!(
            events["schema"]["foreignKeys"][2]["reference"]["resource"],
            ""
        );
        assert_eq!(events["schema"]["missingValues"], serde_json::json!([""]));
    }

    #[test]
    fn each_column_says_its_type_and_whether_it_is_personal_or_guarded() {
        let field = |style: CsvStyle, table: &str, name: &str| {
            let package = described(style);
            let fields = resource(&package, table)["schema"]["fields"].clone();
            let fields = fields.as_array().unwrap().clone();
            fields
                .into_iter()
                .find(|field| field["name"] == name)
                .unwrap()
        };
        let plain = CsvStyle::default();
        let excel = CsvStyle {
            excel: true,
            ..plain
        };
        assert_eq!(field(plain, "captures", "volunteer")["personal"], true);
        assert_eq!(field(plain, "captures", "bytes")["type"], "integer");
        assert_eq!(field(plain, "events", "automatic")["type"], "boolean");
        assert!(
            field(plain, "events", "clicked_text")
                .get("formulaGuarded")
                .is_none()
        );
        assert_eq!(
            field(excel, "events", "clicked_text")["formulaGuarded"],
            true
        );
        assert!(
            field(excel, "captures", "bytes")
                .get("formulaGuarded")
                .is_none()
        );
    }
}
