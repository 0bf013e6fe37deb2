"""The floor: SHA-256 of the same files, on as many processes as the program has threads."""

import shutil
from functools import partial

from .bench import dealt, size_of, warm
from .contest import Contender, Missing, hold, table
from .processes import together


def section(bench):
    """The whole analysis against openssl."""
    files = bench.captures
    warm(files)
    yield f"{len(files)} captures, {size_of(files):,} bytes; `analyse` writes all tables."
    yield ""
    rows = []
    for hands in (1, 2):
        rows += [hashing(files, hands), analysing(bench, files, hands, hash_name(hands))]
    yield from table(hold(rows, bench.options.rounds))


def analysing(bench, files, threads, against):
    """The program on some threads, held to another row."""
    run = partial(bench.analyse, bench.inputs(files), threads=threads)
    return Contender(f"pixelhound analyse --threads {threads}", run, size_of(files), against)


def hash_name(number):
    """What the hashing row is called."""
    return f"openssl dgst -sha256, {number} process" + ("es" if number > 1 else "")


def hashing(files, number):
    """openssl over the files, dealt out to a number of processes."""
    if not shutil.which("openssl"):
        return Missing(hash_name(number), "openssl")
    commands = [["openssl", "dgst", "-sha256", *pile] for pile in dealt(files, number)]
    return Contender(hash_name(number), lambda: together(commands), size_of(files))
