"""Answers every question of `queries/` with DuckDB: over the Parquet files, then over the CSV files of a dataset.

    duckdb.py DATASET QUERIES FORMAT OUT

writes OUT/NAME.csv for each QUERIES/NAME.sql. FORMAT is parquet or csv.
"""

import csv
import json
import pathlib
import sys

# This file's own folder comes first in the path, and its name is the package's.
sys.path.pop(0)

import duckdb

# The types of the data package. Without them a reader guesses, and takes ids for numbers and times for something else.
TYPES = {"string": "VARCHAR", "integer": "BIGINT", "boolean": "BOOLEAN"}


def shown(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def main(dataset, queries, form, out):
    connection = duckdb.connect()
    dataset = pathlib.Path(dataset)
    for table in json.loads((dataset / "datapackage.json").read_text())["resources"]:
        name = table["name"]
        path = str(dataset / f"{name}.{form}").replace("'", "''")
        fields = table["schema"]["fields"]
        types = ", ".join(f"'{field['name']}': '{TYPES[field['type']]}'" for field in fields)
        source = f"read_parquet('{path}')" if form == "parquet" else f"read_csv('{path}', columns = {{{types}}})"
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {source}")
    for query in sorted(pathlib.Path(queries).glob("*.sql")):
        answer = connection.execute(query.read_text())
        with open(pathlib.Path(out) / f"{query.stem}.csv", "w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([column[0] for column in answer.description])
            writer.writerows([shown(value) for value in row] for row in answer.fetchall())


main(*sys.argv[1:])
