"""Contenders, run in turn, round after round, so that a noisy minute meets them all; and the table that comes of it."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Callable

from .processes import Failed


@dataclass
class Contender:
    """One row: what runs, over how many bytes, and against which other row it is held."""

    name: str
    run: Callable
    bytes: int
    against: str | None = None
    # What part of the bytes it reads, where not all: ratios are byte for byte.
    note: str = ""
    # Slow ones need not run in every round.
    rounds: int | None = None
    # The file into which it writes what it found, for those that look for something.
    found: Path | None = None
    spent: list = field(default_factory=list)
    failure: str | None = None


class Missing(Contender):
    """A row for a tool that is not there."""

    def __init__(self, name, tool):
        super().__init__(name, None, 0, failure=f"{tool}: not installed")


def hold(contenders, rounds):
    """Runs all contenders in turn. A failure is a contender's own row and ends nothing."""
    for number in range(rounds):
        for contender in contenders:
            if contender.failure is None and number < (contender.rounds or rounds):
                one(contender, number)
    return contenders


def one(contender, number):
    """One run."""
    try:
        contender.spent.append(contender.run())
    except (Failed, OSError) as error:
        contender.failure = f"failed: {error}"
        return
    print(f"  {number + 1}: {contender.name}: {contender.spent[-1].seconds:.3f} s", file=sys.stderr, flush=True)


def best(contender):
    """The seconds of the fastest run."""
    return min(spent.seconds for spent in contender.spent)


def pace(contender, seconds=None):
    """Seconds for a byte."""
    return (seconds or best(contender)) / max(1, contender.bytes)


def ratios(contender, other):
    """How often the other's time this one takes, byte for byte: of the best runs, and the median of the rounds."""
    of_best = pace(contender) / pace(other)
    # A slow contender stops after fewer rounds.
    pairs = zip(contender.spent, other.spent, strict=False)
    of_rounds = median(pace(contender, a.seconds) / pace(other, b.seconds) for a, b in pairs)
    return of_best, of_rounds


def table(contenders):
    """The rows in Markdown."""
    yield "| what | best s | median s | CPU s | GB/s | × the time of | best runs | median of rounds |"
    yield "|---|---:|---:|---:|---:|---|---:|---:|"
    by_name = {contender.name: contender for contender in contenders}
    for contender in contenders:
        yield "| " + " | ".join(row(contender, by_name)) + " |"


def row(contender, by_name):
    """One row."""
    name = f"{contender.name} ({contender.note})" if contender.note else contender.name
    if contender.failure:
        return [name, contender.failure, "", "", "", "", "", ""]
    quickest = min(contender.spent, key=lambda spent: spent.seconds)
    middle = median(spent.seconds for spent in contender.spent)
    speed = f"{contender.bytes / quickest.seconds / 1e9:.3f}" if contender.bytes else ""
    cells = [name, f"{quickest.seconds:.3f}", f"{middle:.3f}", f"{quickest.cpu:.3f}", speed]
    other = by_name.get(contender.against)
    if other is None or other.failure:
        return cells + ["", "", ""]
    return cells + [other.name] + [f"{ratio:.2f}" for ratio in ratios(contender, other)]
