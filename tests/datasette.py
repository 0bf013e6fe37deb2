"""Publishes a database with Datasette and reads it as a browser and a program would.

    datasette.py DATABASE ANSWERS

Every table, every view and a row of each table is fetched as a page and as JSON. ANSWERS is the folder of
`query --all --out`: NAME.csv holds what the view of that name has to say.
"""

import contextlib
import csv
import html
import json
import pathlib
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request

# This file's own folder comes first in the path, and its name is the package's.
sys.path.pop(0)

SECONDS_TO_START = 120

# What no page may hold as it is: texts of the captures that would run in a browser.
RUNS = re.compile(r"<script>alert|<img src=x|javascript:alert")


class Site:
    """The running site. Everything that is fetched from it has to be there, and nothing of it may run."""

    def __init__(self, port):
        self.root = f"http://127.0.0.1:{port}"
        self.pages = []

    def page(self, path):
        with urllib.request.urlopen(self.root + path, timeout=60) as answer:
            assert answer.status == 200, path
            assert answer.headers.get_content_type() == "text/html", path
            text = answer.read().decode()
        assert not RUNS.search(text), f"{path} holds a text that runs"
        self.pages.append(text)
        return text

    def json(self, path):
        with urllib.request.urlopen(self.root + path, timeout=60) as answer:
            assert answer.status == 200, path
            assert answer.headers.get_content_type() == "application/json", path
            return json.load(answer)


@contextlib.contextmanager
def published(database):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [sys.executable, "-m", "datasette", str(database), "--port", str(port)]
    server = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        started(server, port)
        yield Site(port)
    finally:
        server.terminate()
        server.wait()


def started(server, port):
    for _ in range(SECONDS_TO_START * 10):
        assert server.poll() is None, "Datasette does not start with this database"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise AssertionError("Datasette does not answer")


def address(name):
    return urllib.parse.quote(name, safe="")


def check_table(site, home, table, connection):
    name = table["name"]
    count = connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]
    path = f"{home}/{address(name)}"
    site.page(path)
    listed = site.json(path + ".json?_shape=objects&_size=1")
    assert listed["filtered_table_rows_count"] == count == table["count"], name
    if count == 0:
        return
    page = site.page(path + "?_size=1")
    check_references(page, home, table, listed["rows"][0])
    row = re.search(rf'href="({re.escape(path)}/[^"?]+)"', page).group(1)
    row = html.unescape(row)
    site.page(row)
    assert len(site.json(row + ".json?_shape=objects")["rows"]) == 1, row


def check_references(page, home, table, row):
    """A cell that refers to a row of another table is a link to it."""
    for reference in table["foreign_keys"]["outgoing"]:
        value = row[reference["column"]]
        if value is not None:
            link = f'href="{home}/{address(reference["other_table"])}/'
            assert link in page, f"{table['name']}.{reference['column']} is no link"


def check_view(site, home, name, answers):
    path = f"{home}/{address(name)}"
    site.page(path)
    said = site.json(path + ".json?_shape=arrays&_size=max")
    with open(answers / (name.replace("_", "-") + ".csv"), newline="") as file:
        columns, *rows = csv.reader(file)
    assert said["columns"] == columns, name
    assert len(rows) <= 1000, "more than Datasette gives at once"
    assert [[shown(value) for value in row] for row in said["rows"]] == [[flag(cell) for cell in row] for row in rows], name


def shown(value):
    return "" if value is None else str(value)


def flag(cell):
    """SQLite has no word for a flag."""
    return {"true": "1", "false": "0"}.get(cell, cell)


def main(database, answers):
    database, answers = pathlib.Path(database), pathlib.Path(answers)
    connection = sqlite3.connect(database)
    with published(database) as site:
        home = "/" + address(database.stem)
        site.page("/")
        assert [entry["path"] for entry in site.json("/.json").values()] == [home]
        site.page(home)
        content = site.json(home + ".json")
        for table in content["tables"]:
            check_table(site, home, table, connection)
        views = [view["name"] for view in content["views"]]
        assert sorted(views) == sorted(path.stem.replace("-", "_") for path in answers.glob("*.csv"))
        for view in views:
            check_view(site, home, view, answers)
    print(f"{len(content['tables'])} tables, {len(views)} views, {len(site.pages)} pages")
    print("escaped:", sum("&lt;script&gt;alert" in page for page in site.pages))


main(*sys.argv[1:])
