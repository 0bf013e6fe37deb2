"""What reporters use today: scripts that only pull the Meta requests out of the captures, a small part of the work."""

import csv
import importlib.util
import shutil
import subprocess
import sys

from .bench import HERE, part_of, size_of, warm
from .contest import Contender, Missing, hold, table
from .hashing import analysing
from .processes import run

PEERS = HERE / "peers"
HAR = PEERS / "har"
# The row of the program.
ANALYSED = "pixelhound analyse --threads 1"


def section(bench):
    """One row for each peer, held to the whole analysis on one thread."""
    files = bench.captures
    part = part_of(files, bench.options.slow_bytes)
    warm(files)
    rows = contenders(bench, files, part)
    yield (
        f"{len(files)} captures, {size_of(files):,} bytes. Peers write the Meta requests and nothing else, in one "
        f"process; pixelhound does all its work. The slow ones read {len(part)} of the captures, {size_of(part):,} "
        "bytes, and are held to the others byte for byte."
    )
    yield ""
    yield from table(hold(rows, bench.options.rounds))
    yield ""
    yield from agreement(bench, files, part, rows)


def contenders(bench, files, part):
    """All rows."""
    note = f"{size_of(part) / 1e6:.0f} MB of it"
    few = min(2, bench.options.rounds)
    return [
        analysing(bench, files, 1, None),
        of_python(bench, "Python, orjson", "orjson", "meta_orjson.py", files),
        of_python(bench, "DuckDB, read_text and json_extract", "duckdb", "meta_duckdb.py", part, note, few),
        of_tool(bench, "jq", "jq", ["jq", "-r", "-f", PEERS / "meta.jq"], part, note, few),
        of_crate(bench, files),
    ]


def of_python(bench, name, module, script, files, note="", rounds=None):
    """A script, where its module is installed."""
    if importlib.util.find_spec(module) is None:
        return Missing(name, module)
    return peer(bench, name, [sys.executable, PEERS / script], files, note, rounds)


def of_tool(bench, name, tool, command, files, note="", rounds=None):
    """A program, where it is installed."""
    if shutil.which(tool) is None:
        return Missing(name, tool)
    return peer(bench, name, command, files, note, rounds)


def of_crate(bench, files):
    """The crate `har` from crates.io, built here; it reads into its own types and says where it cannot."""
    built = bench.work / "har-target"
    if shutil.which("cargo") is None:
        return Missing("crate har", "cargo")
    command = ["cargo", "build", "--release", "--quiet", "--manifest-path", HAR / "Cargo.toml", "--target-dir", built]
    if subprocess.run(command, check=False).returncode:
        return Missing("crate har", "not built; crate")
    return peer(bench, "crate har, Rust", [built / "release" / "har-peer"], files)


def peer(bench, name, command, files, note="", rounds=None):
    """The row of a peer, which writes a line for each request it found."""
    path = bench.new("found")

    def once():
        with open(path, "wb") as found:
            return run([*command, *files], output=found)

    return Contender(name, once, size_of(files), against=ANALYSED, note=note, rounds=rounds, found=path)


def agreement(bench, files, part, rows):
    """How many Meta requests each found: all that read the same sound captures must agree."""
    whole, some = (meta_requests(bench, chosen) for chosen in (files, part))
    yield f"Meta requests in the tables of pixelhound: {whole} in all captures, {some} in the part."
    for row in rows[1:]:
        if row.failure is None:
            refused = row.spent[-1].complaints
            found = f"{len(row.found.read_bytes().splitlines())}"
            yield f"- {row.name}: {found}" + (f"; it could not read {refused} of the captures" if refused else "")


def meta_requests(bench, files):
    """The requests that pixelhound reads as events of Meta."""
    rows = csv.DictReader(bench.rows(bench.inputs(files), "events"))
    return len({(row["capture_id"], row["entry_index"]) for row in rows if row["tracker"] == "meta-pixel"})
