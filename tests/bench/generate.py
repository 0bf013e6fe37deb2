#!/usr/bin/env python3
"""Makes folders of invented captures to measure with: as large and as many as one likes, the same for the same seed.

    generate.py --out corpus --captures 64 --bytes 1G            64 captures of 4 to 40 MB, half of them minified
    generate.py --out large --one-file --bytes 2G --minified     one capture of 2 GB
    generate.py --out small --captures 100000 --bytes 1G         100,000 captures of about 10 KB
    generate.py --out many --one-file --entries 50000            by number of entries instead of bytes

They look like what Chrome exports: sites are invented (*.example), hosts of trackers are real, every id is invented.
Python 3.11 and nothing else is needed. The captures are the same however many processes make them.
"""

import argparse
import math
import os
import random
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from captures import calls, entries
from captures.bodies import Bodies
from captures.sites import Visit

UNITS = {"K": 10**3, "M": 10**6, "G": 10**9}
FOLDER = 1000
ENTRY_BYTES = 25_000
# What an entry takes beside its body.
HEAD_BYTES = {True: 6500, False: 3400}
ENTRIES_A_PAGE = 60
# So much of a capture is held in memory while it is made.
HELD_BACK = 64 * 1024 * 1024
# One capture in so many is of a site without trackers.
UNTRACKED = 8


class Plan:
    """One capture that is to be made."""

    def __init__(self, number, path, size, count, pretty):
        self.number = number
        self.path = path
        self.size = size
        self.count = count
        self.pretty = pretty

    def done(self, entries, size):
        """Whether it is large enough."""
        return entries >= self.count if self.count else size >= self.size


def size(text):
    """A number of bytes: 1G, 300M, 20000."""
    factor = UNITS.get(text[-1:].upper(), 1)
    return int(float(text[:-1] if factor > 1 else text) * factor)


def share(text):
    """A share between 0 and 1."""
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("a share is between 0 and 1")
    return value


def arguments():
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder to write to; it is made")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--captures", type=int, default=64)
    parser.add_argument("--one-file", action="store_true", help="the same as --captures 1")
    parser.add_argument("--bytes", type=size, help="size of all captures together [1G]")
    parser.add_argument("--entries", type=int, help="number of entries of all captures together, instead of --bytes")
    parser.add_argument("--entry-bytes", type=size, default=ENTRY_BYTES, help="mean size of an entry [25K]")
    parser.add_argument("--trackers", type=share, default=0.03, help="share of entries that go to trackers [0.03]")
    parser.add_argument("--sensitive", type=share, default=0.2, help="share of pages about something sensitive [0.2]")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--mixed", type=share, default=0.5, help="share of the captures that are pretty-printed [0.5]")
    form.add_argument("--pretty", dest="mixed", action="store_const", const=1.0)
    form.add_argument("--minified", dest="mixed", action="store_const", const=0.0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    options.captures = 1 if options.one_file else options.captures
    options.bytes = options.bytes or (None if options.entries else 10**9)
    return options


def weights(rng, count):
    """How large each capture is beside the others: many small ones, few large ones, none out of all proportion."""
    return [min(2.5, max(0.27, rng.lognormvariate(-0.15, 0.6))) for _ in range(count)]


def plans(options):
    """All captures that are to be made."""
    rng = random.Random(f"plan {options.seed}")
    spread = weights(rng, options.captures)
    total = sum(spread)
    for number, weight in enumerate(spread):
        folder = options.out / f"part-{number // FOLDER:03}" if options.captures > FOLDER else options.out
        # Evenly dealt out, whatever the share.
        pretty = math.floor((number + 1) * options.mixed) > math.floor(number * options.mixed)
        yield Plan(
            number,
            folder / f"capture-{number:06}.har",
            options.bytes and options.bytes * weight / total,
            options.entries and max(1, round(options.entries * weight / total)),
            pretty,
        )


def next_call(visit, kind, since_page, trackers):
    """What the browser asks for next: a page, or what belongs to the one that is open."""
    if since_page == 0:
        visit.open_page()
        return calls.document(visit)
    if visit.rng.random() < trackers:
        return calls.tracker(visit)
    return calls.static(visit, kind)


def tracker_share(plan, options):
    """The share of a capture's entries that go to trackers: more in most, so that a few captures can have none."""
    if options.captures < UNTRACKED:
        return options.trackers
    return 0 if plan.number % UNTRACKED == UNTRACKED - 1 else options.trackers * UNTRACKED / (UNTRACKED - 1)


def all_entries(visit, plan, options, bodies):
    """Entries without end, as bytes."""
    rng = visit.rng
    trackers = tracker_share(plan, options)
    mean = max(200, options.entry_bytes - HEAD_BYTES[plan.pretty])
    a_page = max(3, int(rng.gauss(ENTRIES_A_PAGE, 15)))
    number = 0
    while True:
        call = next_call(visit, bodies.kind(rng), number % a_page, trackers)
        text, length = bodies.body(rng, call.answer, mean)
        written = entries.written(entries.entry(call, visit, length), plan.pretty, 3)
        head, _, tail = written.encode().partition(entries.MARK.encode())
        yield head + text + tail
        visit.pass_time(0.05)
        number += 1


def opening(visit, pretty):
    """What stands before the first entry."""
    creator = {"name": "WebInspector", "version": "537.36"}
    log = {"version": "1.2", "creator": creator, "pages": visit.pages, "entries": []}
    return entries.written({"log": log}, pretty, 0).removesuffix("]\n  }\n}" if pretty else "]}}").encode()


def write(plan, options, bodies):
    """Writes a capture and returns its size. Entries are held back until it is known which pages stand before them."""
    visit = Visit(random.Random(f"capture {options.seed} {plan.number}"), plan.number, options.sensitive)
    between, end = (b"\n      ", b"\n    ]\n  }\n}") if plan.pretty else (b"", b"]}}")
    # What does not fit in memory is held back beside the capture: where there is room for that, there is for this.
    held_back = tempfile.SpooledTemporaryFile(HELD_BACK, dir=plan.path.parent)
    with held_back as held, plan.path.open("wb") as file:
        for number, entry in enumerate(all_entries(visit, plan, options, bodies)):
            held.write((b"," if number else b"") + between + entry)
            if plan.done(number + 1, held.tell() + len(entry) / 2):
                break
        held.seek(0)
        file.write(opening(visit, plan.pretty))
        shutil.copyfileobj(held, file, 1 << 20)
        file.write(end)
        return file.tell()


WORKER = {}


def start_worker(options):
    """Makes the blocks of the bodies once for each process."""
    WORKER["options"], WORKER["bodies"] = options, Bodies(options.seed)


def work(plan):
    """Writes a capture with the blocks of this process."""
    return write(plan, WORKER["options"], WORKER["bodies"])


def main():
    """Makes the folders and the captures in them, and says how much it was."""
    options = arguments()
    todo = list(plans(options))
    for folder in {plan.path.parent for plan in todo}:
        folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(options.jobs, initializer=start_worker, initargs=(options,)) as pool:
        sizes = list(pool.map(work, todo, chunksize=max(1, len(todo) // 1000)))
    print(f"{len(sizes)} captures, {sum(sizes):,} bytes, {min(sizes):,} to {max(sizes):,}", file=sys.stderr)


if __name__ == "__main__":
    main()
