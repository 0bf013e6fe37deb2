#!/usr/bin/env python3
"""Makes the first inputs of a target out of what the project holds already: samples, quirks, the examples of the rules.

    seeds.py TARGET FOLDER
"""

import gzip
import hashlib
import io
import json
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 64 * 1024


def captures():
    """Whole files, small ones only."""
    folders = [ROOT / "samples", ROOT / "tests" / "quirks"]
    files = [file for folder in folders for file in sorted(folder.rglob("*"))]
    for file in files:
        if file.is_file() and file.suffix != ".md" and file.stat().st_size < LARGEST:
            yield file.read_bytes()


def documents():
    """What of them a strict reader takes for a capture."""
    for text in captures():
        try:
            document = json.loads(text)
            if document["log"]["entries"]:
                yield document
        except (ValueError, KeyError, TypeError):
            pass


def entries():
    """One entry of every kind of request."""
    seen = set()
    for document in documents():
        for entry in document["log"]["entries"]:
            try:
                request = entry["request"]
                kind = (request["method"], request["url"].partition("?")[0], "postData" in request)
            except (KeyError, TypeError, AttributeError):
                continue
            if kind not in seen:
                seen.add(kind)
                yield document["log"], entry


def small_captures():
    """Captures of a single entry, which the fuzzer changes faster than whole ones."""
    for log, entry in entries():
        kept = {name: log[name] for name in ("version", "creator") if name in log}
        pages = [page for page in log.get("pages", []) if page.get("id") == entry.get("pageref")]
        yield json.dumps({"log": kept | {"pages": pages, "entries": [entry]}}).encode()


def pairs_of(values):
    """Names and values, where a capture holds such a list."""
    values = values if isinstance(values, list) else []
    return [(v["name"], v.get("value", "")) for v in values if isinstance(v, dict) and "name" in v]


def written(method, url, members, body):
    """The form that src/request.rs reads."""
    lines = [f"{method} {url}"] + [f"{name}: {value}" for name, value in members]
    return "\n".join(lines).encode() + (b"\n\n" + body.encode() if body else b"")


def recorded_requests():
    """The requests of the captures."""
    for _, entry in entries():
        request = entry["request"]
        data = request.get("postData")
        data = data if isinstance(data, dict) else {}
        members = pairs_of(request.get("headers"))
        members += [("!param", f"{name}={value}") for name, value in pairs_of(data.get("params"))]
        if data.get("mimeType"):
            members.append(("!mime", data["mimeType"]))
        yield written(request["method"], request["url"], members, data.get("text"))


def examples():
    """The requests in the examples of the rules."""
    for file in sorted((ROOT / "src" / "tracker" / "rules").glob("*.toml")):
        for example in tomllib.loads(file.read_text())["examples"]:
            members = [
                (name, example[key])
                for name, key in (("Cookie", "cookies"), ("!mime", "content_type"))
                if key in example
            ]
            yield written(example.get("method", "GET"), example["url"], members, example.get("body"))


def requests():
    """Both."""
    yield from recorded_requests()
    yield from examples()


def queries():
    """Queries and bodies."""
    for request in requests():
        head, _, body = request.partition(b"\n\n")
        for text in (head.partition(b"\n")[0].partition(b"?")[2], body):
            if text:
                yield text


def all_captures():
    """Whole and single entries."""
    yield from captures()
    yield from small_captures()


def archives():
    """Captures, and archives of two of them."""
    yield from captures()
    small = list(small_captures())
    for one, other in zip(small[::2], small[1::2]):
        yield gzip.compress(one, mtime=0) + gzip.compress(other, mtime=0)
        members = {"a.har": one, "notes.txt": b"notes", "b/c.har.gz": gzip.compress(other, mtime=0)}
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in members.items():
                archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
        yield packed.getvalue()
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for name, text in members.items():
                about = tarfile.TarInfo(name)
                about.size = len(text)
                archive.addfile(about, io.BytesIO(text))
        yield gzip.compress(packed.getvalue(), mtime=0)


SEEDS = {
    "bodies": requests,
    "containers": archives,
    "percent": queries,
    "rules": requests,
    "scanner": all_captures,
    "scanner_against_serde": all_captures,
    "tables": all_captures,
}


def main():
    """Writes every seed under its hash, as the fuzzer names its own."""
    target, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for seed in SEEDS[target]():
        (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


main()
