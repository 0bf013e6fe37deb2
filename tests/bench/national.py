#!/usr/bin/env python3
"""Makes an invented national dataset: as many events as one likes, its large tables as folders of parts, as a cluster writes them.

    pixelhound analyse samples --out samples-out
    national.py --like samples-out --out national --events 20000000

The columns and their types are those of the dataset after --like, so that the two never disagree: a column that is not known
here stops it. Organisations, pages and volunteers are invented. The same version of DuckDB makes the same tables again.

Needs: pip install duckdb
"""

import argparse
import shutil
import sys
from pathlib import Path

import duckdb

ORGANISATIONS = 5_000
CAPTURE_EVENTS = 25
# Captures in one part of `events`: about a million rows.
PART_CAPTURES = 40_000
RECIPIENTS = 40
# Tables that come from the dataset after --like as they are, beside its record and its description.
COPIED = ["vocabulary.parquet", "run.json", "datapackage.json"]

# A whole number below `m`, the same for the same `n` and `salt`; `few` prefers the small ones.
MACROS = """
CREATE MACRO pick(n, salt, m) AS CAST(hash(n, salt) % m AS BIGINT);
CREATE MACRO few(n, salt, m) AS CAST(floor(m * power((hash(n, salt) % 1000003) / 1000003.0, 3)) AS BIGINT);
CREATE MACRO moment(n, wave, seconds) AS strftime(
    TIMESTAMP '2026-03-01' + to_days(CAST(60 * wave AS INTEGER)) + to_seconds(pick(n, 'day', 2500000)) + to_seconds(seconds),
    '%Y-%m-%dT%H:%M:%S.000Z');
CREATE MACRO organisation(n) AS printf('organisation-%04d.example', n);
CREATE MACRO recipient(n) AS CASE n WHEN 0 THEN 'Google' WHEN 1 THEN 'Meta' ELSE printf('Company %02d', n) END;
CREATE MACRO tier_of_page(n) AS CASE WHEN pick(n, 'tier', 10) < 3 THEN 1 + pick(n, 'tier', 10) ELSE 0 END;
CREATE MACRO category_of_page(n) AS CASE WHEN pick(n, 'tier', 10) < 3
    THEN printf('topic_%d_%02d', 1 + pick(n, 'tier', 10), pick(n, 'topic', 12)) END;
"""

# The captures of a part that were read, with what everything else follows from: organisation, first page, wave, session.
CAPTURES_READ = """
CREATE OR REPLACE TEMP TABLE held AS
SELECT r, id_of(r) AS capture_id, id_of(CASE WHEN r % 50 = 1 THEN r - 1 ELSE r END) AS session,
    'v' || pick(CASE WHEN r % 50 = 1 THEN r - 1 ELSE r END, 'volunteer', {volunteers}) AS volunteer,
    1 + pick(r, 'wave', 4) AS wave, few(r, 'organisation', {organisations}) AS o,
    pick(r, 'page', {pages_each}) AS first_page, 15 + 5 * (r % 5) AS events
FROM range({begin}, {end}) AS t(r) ORDER BY r
"""

# Their events, with what the columns follow from: `n` is one number for each.
EVENTS_HELD = """
CREATE OR REPLACE TEMP TABLE told AS
SELECT h.*, i, h.r * 64 + i AS n, o * {pages_each} + (first_page + i % 3) % {pages_each} AS page,
    few(h.r * 64 + i, 'recipient', {recipients}) AS c, pick(h.r * 64 + i, 'action', 100) AS a, pick(h.r * 64 + i, 'page known', 33) > 0 AS known
FROM held AS h, range(35) AS t(i) WHERE i < h.events ORDER BY n
"""

CAPTURES = {
    "capture_id": "capture_id", "sha256": "capture_id || md5(r::VARCHAR) || '0123456789abcdef'",
    "file_sha256": "capture_id || md5(r::VARCHAR) || '0123456789abcdef'", "path": "printf('captures/%010d.har', r)", "member": "NULL",
    "bytes": "400000 + pick(r, 'bytes', 9000000)", "volunteer": "volunteer", "wave": "wave", "note": "NULL",
    "first_request_at": "moment(r, wave, 0)", "last_request_at": "moment(r, wave, 900)", "producer": "'WebInspector'",
    "producer_known_from": "'creator'", "producer_version": "'537.36'", "browser": "NULL", "entries": "events * 12",
    "entries_read": "events * 12", "entries_not_http": "r % 7",
    "cookies_recorded": "CASE WHEN r % 5 = 0 THEN 'no' ELSE 'yes' END", "cookies_evidence": "'invented'", "bodies_missing": "r % 3",
    "headers_missing": "0", "state": "CASE WHEN r % 40 = 7 THEN 'salvaged' ELSE 'read' END", "duplicate_of": "NULL",
    "same_session_as": "CASE WHEN session <> capture_id THEN session END",
}
EVENTS = {
    "event_id": "printf('%s-%05d-0', capture_id, i * 12)", "capture_id": "capture_id", "entry_index": "i * 12",
    "started_at": "moment(r, wave, i * 25)", "started_at_original": "NULL", "tracker": "'tracker-' || c", "endpoint": "'event'",
    "recipient": "recipient(c)", "via_own_host": "pick(n, 'own', 100) = 0", "account_id": "'account-' || o || '-' || c",
    "account_key": "'tracker-' || c || ':account-' || o || '-' || c",
    "event_name": "CASE WHEN a < 60 THEN 'PageView' WHEN a < 75 THEN 'Click' ELSE 'Event ' || pick(n, 'name', 50) END",
    "action": "CASE WHEN a < 60 THEN 'page_view' WHEN a < 75 THEN 'click' WHEN a < 78 THEN 'form_submit' WHEN a < 80 THEN 'search' WHEN a < 95 THEN 'custom' ELSE 'other' END",
    "automatic": "a < 60", "page_id": "CASE WHEN known THEN 'p' || (page + 1) END",
    "page_known_from": "CASE WHEN known THEN 'payload' END", "page_conflict": "CASE WHEN pick(n, 'conflict', 200) = 0 THEN 'other.example' END",
    "in_frame": "pick(n, 'frame', 50) = 0", "referrer": "NULL",
    "clicked_text": "CASE WHEN a BETWEEN 60 AND 77 THEN 'Button ' || pick(page, 'button', 20) || pick(n, 'button', 4) END",
    "clicked_destination": "CASE WHEN a BETWEEN 60 AND 74 THEN '/to-' || pick(n, 'button', 4) END",
    "form_fields": "CASE WHEN a BETWEEN 75 AND 77 THEN 'name email postcode' END",
    "search_term": "CASE WHEN a BETWEEN 78 AND 79 THEN 'term ' || few(n, 'term', 20000) END",
    "organisation_id": "CASE WHEN known THEN organisation(o) END", "category": "CASE WHEN known THEN category_of_page(page) END",
    "tier": "CASE WHEN known THEN tier_of_page(page) END", "matched_in": "CASE WHEN known AND tier_of_page(page) > 0 THEN 'path' END",
    "matched_text": "CASE WHEN known AND tier_of_page(page) > 0 THEN 'page-' || page END", "reader": "CASE WHEN known THEN 'public' END",
    "delivery": "CASE pick(n, 'delivery', 25) WHEN 0 THEN 'blocked' WHEN 1 THEN 'no_answer' WHEN 2 THEN 'cached' ELSE 'delivered' END",
    "delivery_evidence": "'status 200'",
    "consent": "CASE pick(n, 'consent', 10) WHEN 0 THEN 'accepted' WHEN 1 THEN 'rejected' WHEN 2 THEN 'banner_unanswered' WHEN 3 THEN 'none_seen' ELSE 'not_recorded' END",
    "consent_evidence": "'invented'", "consent_entry": "CASE WHEN pick(n, 'consent', 10) < 3 THEN i * 12 END",
    "consent_reported": "CASE WHEN c = 0 THEN 'G1' || pick(n, 'reported', 2) || pick(r, 'reported', 2) END",
    "identifiability": "CASE WHEN pick(n, 'named', 50) = 0 THEN 'named' WHEN pick(n, 'named', 50) < 4 THEN 'matchable' WHEN pick(n, 'named', 50) < 40 THEN 'pseudonymous' ELSE 'none' END",
    "repeat_of": "CASE WHEN i > 0 AND pick(n, 'repeat', 20) = 0 THEN printf('%s-%05d-0', capture_id, (i - 1) * 12) END",
    "repeat_reason": "CASE WHEN i > 0 AND pick(n, 'repeat', 20) = 0 THEN 'same_event' END",
    "body_recorded": "CASE pick(n, 'body', 20) WHEN 0 THEN 'no' WHEN 1 THEN 'lossy' ELSE 'none' END", "body_evidence": "'invented'",
    "headers_recorded": "'yes'", "cookies_recorded": "CASE WHEN r % 5 = 0 THEN 'no' ELSE 'yes' END",
}
ITEM = "CASE k WHEN 0 THEN 'page_address' WHEN 1 THEN 'referrer_address' WHEN 2 THEN 'device_traits' WHEN 3 THEN 'browser_id'" \
    " ELSE CASE WHEN pick(n, 'contact', 25) = 0 THEN list_value('email', 'phone', 'first_name', 'postcode')[1 + pick(n, 'kind', 4)]" \
    " WHEN pick(n, 'named', 50) = 0 THEN 'recipient_account' ELSE 'page_title' END END"
ENCODING = "CASE WHEN k = 4 AND pick(n, 'contact', 25) = 0 AND pick(n, 'plain', 3) > 0 THEN 'sha256' ELSE 'plain' END"
DISCLOSURES = {
    "event_id": "printf('%s-%05d-0', capture_id, i * 12)", "number": "k", "item": ITEM, "parameter": "'parameter-' || k",
    "location": "'query'", "encoding": ENCODING, "shown": "'value ' || pick(n, k, 100000)",
    "label": "CASE WHEN k = 3 THEN 'browser-' || r END", "collected_by": "CASE WHEN k = 4 AND pick(n, 'contact', 25) = 0 THEN 'site' END",
    "hash_expected": "k = 4 AND pick(n, 'contact', 25) = 0", "turned_back_by": f"CASE WHEN {ENCODING} = 'sha256' THEN 'dictionary' END",
    "recoverable": f"CASE WHEN {ENCODING} = 'sha256' THEN 1800000 END", "matches_persona": "NULL", "chain": "NULL",
}
VISITS = {
    "capture_id": "h.capture_id", "page_id": "'p' || (h.page + 1)", "organisation_id": "organisation(h.o)", "session": "h.session",
    "volunteer": "h.volunteer", "wave": "h.wave", "events": "COALESCE(t.events, 0)", "sensitive_events": "COALESCE(t.leaks, 0)",
}
CONTACTS = {
    "capture_id": "capture_id", "page_id": "'p' || (page + 1)", "third_party": "'third-' || c || '.example'",
    "recipient": "CASE WHEN c < 30 THEN recipient(c) END", "country": "NULL", "products": "NULL", "requests": "requests + 3",
    "delivered": "requests + 2", "bytes_sent": "requests * 900", "telling_requests": "requests", "telling_requests_read": "requests",
    "event_requests": "CASE WHEN c < 30 THEN requests ELSE 0 END", "presence_requests": "CASE WHEN c < 30 THEN 2 ELSE 0 END",
    "socket_messages_sent": "0", "socket_messages_received": "0", "roles": "'event'", "accounts": "'account-' || o || '-' || c",
}
MATCHES = {
    "capture_id": "capture_id", "entry_index": "i * 12", "number": "0", "event_id": "printf('%s-%05d-0', capture_id, i * 12)",
    "started_at": "moment(r, wave, i * 25)", "page_id": "CASE WHEN known THEN 'p' || (page + 1) END",
    "third_party": "'third-' || c || '.example'", "recipient": "recipient(c)", "delivery": "'delivered'",
    "found_by": "CASE WHEN pick(n, 'typed', 2000) < 3 THEN 'shape' ELSE 'persona' END",
    "persona": "CASE WHEN pick(n, 'typed', 2000) = 3 THEN 'anna' END", "kind": "'email'", "value_number": "0", "item": "'email'",
    "location": "'query'", "parameter": "'em'", "encoding": "CASE WHEN pick(n, 'plain', 3) > 0 THEN 'sha256' ELSE 'plain' END",
    "chain": "'as typed'", "shown": "'a…'",
}
SEARCHES = {
    "found_by": "CASE WHEN k < 4 THEN 'persona' ELSE 'shape' END", "persona": "CASE WHEN k < 4 THEN 'anna' END", "kind": "'email'",
    "number": "k", "shown": "NULL", "looked_for": "'as typed'", "requests": "{events} * 4", "requests_without_body": "{events} // 90",
    "requests_found": "k", "captures_found": "k",
}
SETTINGS = {
    "capture_id": "capture_id", "entry_index": "2", "number": "0", "tracker": "'tracker-1'", "recipient": "recipient(1)",
    "account_id": "'account-' || o || '-1'", "account_key": "'tracker-1:account-' || o || '-1'", "setting": "'automatic_matching'",
    "value": "'email phone'", "meaning": "'invented'", "source": "'invented'",
}
PROBLEMS = {
    "path": "printf('captures/%010d.har', r)", "member": "NULL", "capture_id": "capture_id", "entry_index": "3", "byte_offset": "4000",
    "stage": "'capture'", "code": "'body_lost'", "message": "'invented'",
}
PAGES = {
    "page_id": "'p' || (p + 1)", "url": "'https://www.' || organisation(p // {pages_each}) || '/page-' || p",
    "host": "'www.' || organisation(p // {pages_each})", "site": "organisation(p // {pages_each})", "title": "'Page ' || p",
    "organisation_id": "organisation(p // {pages_each})", "category": "category_of_page(p)", "tier": "tier_of_page(p)", "also": "NULL",
    "matched_text": "CASE WHEN tier_of_page(p) > 0 THEN 'page-' || p END", "matched_in": "CASE WHEN tier_of_page(p) > 0 THEN 'path' END",
    "reader": "'public'", "purpose": "NULL", "captures": "v.captures", "volunteers": "v.volunteers",
}
ORGANISATION_COLUMNS = {
    "organisation_id": "v.organisation_id", "name": "'Organisation ' || v.organisation_id", "sector": "CASE WHEN hash(v.organisation_id) % 2 = 0 THEN 'charity' END",
    "registry": "CASE WHEN hash(v.organisation_id) % 2 = 0 THEN 'invented' END",
    "registry_code": "CASE WHEN hash(v.organisation_id) % 2 = 0 THEN v.organisation_id END", "in_registry": "hash(v.organisation_id) % 2 = 0",
    "captures": "v.captures", "volunteers": "v.volunteers", "pages": "v.pages", "sensitive_pages": "v.sensitive_pages",
    "events": "COALESCE(e.events, 0)", "sensitive_events": "COALESCE(e.leaks, 0)", "sensitive_events_named": "COALESCE(e.named, 0)",
    "recipients": "e.recipients", "first_event_at": "e.first_at", "last_event_at": "e.last_at", "waves": "v.waves",
}
# What counts, and what is a leak.
COUNTS = "delivery = 'delivered' AND repeat_of IS NULL"
LEAK = f"{COUNTS} AND tier IN (1, 2, 3)"

# For each table of a part: its columns, where they come from, and the order; none: as the rows come, which is in order.
OF_A_PART = {
    "captures": (CAPTURES, "held", None),
    "events": (EVENTS, "told", None),
    "disclosures": (DISCLOSURES, "(SELECT *, unnest(range(5)) AS k FROM told)", None),
    "visits": (
        VISITS,
        "(SELECT DISTINCT r, capture_id, session, volunteer, wave, o, o * {pages_each} + (first_page + i) % {pages_each} AS page"
        " FROM held, range(3) AS t(i)) AS h LEFT JOIN (SELECT capture_id, page_id, COUNT(*) AS events,"
        f" COUNT(*) FILTER (tier IN (1, 2, 3)) AS leaks FROM part_events WHERE {COUNTS} GROUP BY ALL) AS t"
        " ON h.capture_id = t.capture_id AND t.page_id = 'p' || (h.page + 1)",
        "1, 2",
    ),
    "contacts": (
        CONTACTS, "(SELECT capture_id, o, page, c, COUNT(*) AS requests FROM told GROUP BY ALL)", "1, 2, 3",
    ),
    "matches": (MATCHES, "(FROM told WHERE pick(n, 'typed', 2000) < 4)", "n"),
    "settings": (SETTINGS, "(FROM held WHERE r % 10 = 0)", "r"),
    "problems": (PROBLEMS, "(FROM held WHERE r % 100 = 9)", "r"),
}


class National:
    """The dataset that is being made."""

    def __init__(self, like, out, events):
        self.like, self.out = like, out
        captures = events // CAPTURE_EVENTS
        organisations = min(ORGANISATIONS, max(1, captures // 20))
        self.numbers = {
            "events": events,
            "captures": captures,
            "organisations": organisations,
            "pages_each": max(8, events // 100 // organisations),
            "volunteers": max(1, captures // 20),
            "recipients": RECIPIENTS,
        }
        self.base = duckdb.connect(config={"threads": 2, "memory_limit": "3GB", "preserve_insertion_order": True})
        self.base.execute(MACROS)
        # In order, and spread as the beginnings of hashes are.
        self.base.execute(
            f"CREATE MACRO id_of(r) AS printf('%08x%s', r * 4294967296 // {captures}, substr(md5(r::VARCHAR), 1, 8))"
        )

    def write(self, table, columns, source, order, part=None):
        """One file of a table, its columns as the dataset after --like has them."""
        declared = self.base.execute(f"DESCRIBE FROM '{self.like / table}.parquet'").fetchall()
        unknown = [name for name, *_ in declared if name not in columns]
        if unknown or len(declared) != len(columns):
            sys.exit(f"{table} has other columns than this script knows: {unknown or sorted(columns)}")
        cast = ", ".join(f'CAST({columns[name]} AS {kind}) AS "{name}"' for name, kind, *_ in declared)
        file = self.out / f"{table}.parquet"
        if part is not None:
            file.mkdir(exist_ok=True)
            file /= f"part-{part:05d}.zstd.parquet"
        query = f"SELECT {cast} FROM {source}" + (f" ORDER BY {order}" if order else "")
        query = query.replace("{pages_each}", str(self.numbers["pages_each"]))
        query = query.replace("{events}", str(self.numbers["events"]))
        self.base.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)")

    def part(self, number):
        """Everything of so many captures."""
        begin = number * PART_CAPTURES
        bounds = {"begin": begin, "end": min(begin + PART_CAPTURES, self.numbers["captures"])}
        self.base.execute(CAPTURES_READ.format(**bounds, **self.numbers))
        self.base.execute(EVENTS_HELD.format(**self.numbers))
        for table, (columns, source, order) in OF_A_PART.items():
            self.write(table, columns, source, order, number)
            if table == "events":
                self.base.execute(
                    f"CREATE OR REPLACE TEMP VIEW part_events AS FROM '{self.out}/events.parquet/part-{number:05d}.zstd.parquet'"
                )

    def whole(self):
        """What is counted over everything."""
        files = {table: f"'{self.out}/{table}.parquet/*.parquet'" for table in ("visits", "events")}
        self.write("searches", SEARCHES, "range(8) AS t(k)", "1, 2, 3, 4")
        visited = f"(SELECT page_id, COUNT(DISTINCT session) AS captures, COUNT(DISTINCT volunteer) AS volunteers FROM {files['visits']} GROUP BY 1)"
        pages = self.numbers["pages_each"] * self.numbers["organisations"]
        self.write("pages", PAGES, f"range({pages}) AS t(p) JOIN {visited} AS v ON v.page_id = 'p' || (p + 1)", "1")
        visited = f"""(
            SELECT organisation_id, COUNT(DISTINCT session) AS captures, COUNT(DISTINCT volunteer) AS volunteers,
                COUNT(DISTINCT v.page_id) AS pages, COUNT(DISTINCT CASE WHEN p.tier > 0 THEN v.page_id END) AS sensitive_pages,
                string_agg(DISTINCT wave || '=events', '; ' ORDER BY wave || '=events') AS waves
            FROM {files['visits']} AS v JOIN (SELECT page_id, tier FROM '{self.out}/pages.parquet') AS p USING (page_id) GROUP BY 1)"""
        told = f"""(
            SELECT organisation_id, COUNT(*) AS events, COUNT(*) FILTER (tier IN (1, 2, 3)) AS leaks,
                COUNT(*) FILTER (tier IN (1, 2, 3) AND identifiability = 'named') AS named,
                string_agg(DISTINCT recipient, '; ' ORDER BY recipient) AS recipients, MIN(started_at) AS first_at, MAX(started_at) AS last_at
            FROM {files['events']} WHERE {COUNTS} GROUP BY 1)"""
        self.write("organisations", ORGANISATION_COLUMNS, f"{visited} AS v LEFT JOIN {told} AS e USING (organisation_id)", "1")

    def make(self):
        """All of it."""
        self.out.mkdir(parents=True)
        for name in COPIED:
            shutil.copy(self.like / name, self.out / name)
        for number in range(-(-self.numbers["captures"] // PART_CAPTURES)):
            self.part(number)
            print(f"part {number} is written", file=sys.stderr, flush=True)
        self.whole()


def arguments():
    """What was typed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--like", type=Path, required=True, help="a dataset of analyse, for its columns")
    parser.add_argument("--out", type=Path, required=True, help="a folder that is not there yet")
    parser.add_argument("--events", type=int, default=20_000_000)
    return parser.parse_args()


if __name__ == "__main__":
    typed = arguments()
    if typed.out.exists():
        sys.exit(f"{typed.out} exists already")
    National(typed.like, typed.out, typed.events).make()
