"""Packed captures: bounded by the tools that unpack them."""

import importlib.util
import shutil
import subprocess
import sys
from functools import partial

from .bench import HERE, dealt, part_of, size_of, warm
from .contest import Contender, Missing, hold, table
from .hashing import analysing
from .processes import together

# Ending, the command that packs, the commands that unpack, the fastest last.
GUNZIP = {"gzip -dc": ["gzip", "-dc"], "libdeflate-gunzip -c": ["libdeflate-gunzip", "-c"]}
GZIP = ("gz", ["gzip", "-6", "-k", "-c"], GUNZIP)
ZSTD = ("zst", ["zstd", "-3", "-q", "-c"], {"zstd -dc": ["zstd", "-q", "-dc"]})


def section(bench):
    """A table for each way of packing."""
    part = part_of(bench.captures, bench.options.packed_bytes)
    for ending, pack, unpackers in (GZIP, ZSTD):
        yield f"### .{ending}"
        yield ""
        if shutil.which(pack[0]) is None:
            yield f"{pack[0]}: not installed"
            continue
        packed = [packed_copy(bench.new(f"{file.name}.{ending}"), file, pack) for file in part]
        warm(packed)
        yield (
            f"{len(part)} of the captures, {size_of(part):,} bytes, packed to {size_of(packed):,} bytes by "
            f"`{' '.join(pack)}`; GB/s of what comes out."
        )
        yield ""
        yield from table(hold(rows(bench, part, packed, unpackers), bench.options.rounds))
        yield ""


def packed_copy(copy, file, pack):
    """A packed capture."""
    with open(copy, "wb") as out:
        subprocess.run([*pack, file], stdout=out, check=True)
    return copy


def rows(bench, part, packed, unpackers):
    """The tools on one and two processes, and the program on as many threads, held to the fastest tool."""
    size = size_of(part)
    listed = []
    for hands in (1, 2):
        for name, command in unpackers.items():
            name = f"{name}, {hands} process" + ("es" if hands > 1 else "")
            listed.append(unpacker(name, command, packed, size, hands))
        floor = next(row.name for row in reversed(listed) if row.failure is None)
        program = analysing(bench, packed, hands, floor)
        program.bytes = size
        listed.append(program)
    return listed


def unpacker(name, command, packed, size, hands):
    """A tool that unpacks, or what stands in for it."""
    if shutil.which(command[0]) is None:
        if command[0] != "libdeflate-gunzip" or importlib.util.find_spec("deflate") is None:
            return Missing(name, command[0])
        command = [sys.executable, HERE / "peers" / "gunzip_deflate.py"]
        name = name.replace("libdeflate-gunzip -c", "libdeflate by Python's deflate")
    commands = [[*command, *pile] for pile in dealt(packed, hands)]
    return Contender(name, partial(together, commands), size)
