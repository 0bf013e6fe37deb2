"""How time grows: with captures, entries, events, rules and taxonomy patterns.

A row is held to the first of its kind as it is, start of the program and all. What a unit of work costs
is given in processor time, which other programs disturb least, beyond that of the table's first row, which has none.
"""

from dataclasses import dataclass
from functools import partial

from .bench import files_of, size_of
from .contest import Contender, best, hold
from .knowledge import more_rules, more_taxonomy
from .memory import small

NOTHING = "a capture of one entry"


@dataclass
class Step:
    """One row: its inputs and options, how much work they are, and the name of the row it is held to."""

    name: str
    inputs: list
    against: str
    work: int = 0
    options: tuple = ()


def section(bench):
    """A table for each direction in which the work can grow."""
    for title, unit, steps in (
        ("Captures of about 10 KB each", "capture", captures(bench)),
        ("Entries of one capture", "entry", entries(bench)),
        ("Events: more and more of 20,000 entries go to trackers", "event", events(bench)),
        ("Rules: the built-in ones, and copies of them on invented hosts", None, rules(bench)),
        ("Taxonomy: the built-in patterns, and copies of them in invented words", None, taxonomy(bench)),
    ):
        yield f"### {title}"
        yield ""
        yield from grown(bench, unit, list(steps))
        yield ""


def nothing(bench):
    """Nearly nothing to do: what the start of the program costs."""
    folder = bench.corpus("one", "--one-file", "--entries", 1)
    return Step(NOTHING, [folder], NOTHING)


def captures(bench):
    """From 100 captures to as many as `--small` says."""
    yield nothing(bench)
    first, count = None, 100
    while count <= bench.options.small:
        folder = small(bench, count)
        name = f"{count:,} captures, {size_of(files_of(folder)) / 1e6:.0f} MB"
        first = first or name
        yield Step(name, [folder], first, count)
        count *= 10


def entries(bench):
    """One minified capture of more and more entries."""
    yield nothing(bench)
    for count in (1_000, 10_000, 100_000):
        arguments = ("--one-file", "--minified", "--entries", count, "--entry-bytes", 6000)
        folder = bench.corpus(f"entries-{count}", *arguments)
        yield Step(f"{count:,} entries", [folder], "1,000 entries", count)


def events(bench):
    """The same number of entries, more and more of which are told to trackers."""
    first = None
    for share in (0.0, 0.05, 0.2, 0.5, 1.0):
        arguments = ("--captures", 16, "--entries", 20_000, "--entry-bytes", 6000, "--trackers", share)
        folder = bench.corpus(f"events-{share}", *arguments)
        count = len(bench.rows([folder], "events")) - 1
        name = f"{count:,} events, {size_of(files_of(folder)) / 1e6:.0f} MB"
        first = first or name
        yield Step(name, [folder], first, count)


def rules(bench):
    """With 2 and 10 times the rules."""
    yield from of_knowledge(bench, "rules", "--rules", more_rules)


def taxonomy(bench):
    """With 2 and 10 times the patterns."""
    yield from of_knowledge(bench, "patterns", "--taxonomy", more_taxonomy)


def of_knowledge(bench, what, option, make):
    """The captures, and nearly nothing to do, with more and more of what is known."""
    more = [(times, make(bench.new(what), times)) for times in (2, 10)]
    subjects = {"the captures": [bench.options.captures]} if bench.options.captures else {}
    for subject, inputs in (subjects | {NOTHING: nothing(bench).inputs}).items():
        first = f"{subject}, built-in {what}"
        yield Step(first, inputs, first)
        for times, made in more:
            yield Step(f"{subject}, {times} × the {what}", inputs, first, options=(option, made))


def grown(bench, unit, steps):
    """The rows, run in turn."""
    rows = [Contender(step.name, partial(bench.analyse, step.inputs, *step.options), 0) for step in steps]
    hold(rows, bench.options.rounds)
    by_name = {row.name: row for row in rows}
    last = f" CPU µs for each {unit} |" if unit else ""
    yield f"| what | best s | CPU s | × the time of its first | × its CPU |{last}"
    yield "|---|---:|---:|---:|---:|" + ("---:|" if unit else "")
    for step, row in zip(steps, rows, strict=True):
        yield "| " + " | ".join(cells(step, row, by_name[step.against], rows[0], unit)) + " |"


def cells(step, row, first, base, unit):
    """One row; a unit of work costs what it takes beyond the first row of the table."""
    failure = row.failure or first.failure or base.failure
    if failure:
        return [row.name, failure, "", "", ""] + ([""] if unit else [])
    ratios = [f"{best(row) / best(first):.2f}", f"{least_cpu(row) / least_cpu(first):.2f}"]
    told = [row.name, f"{best(row):.3f}", f"{least_cpu(row):.3f}", *ratios]
    if unit:
        told.append(f"{(least_cpu(row) - least_cpu(base)) / step.work * 1e6:.1f}" if step.work else "")
    return told


def least_cpu(row):
    """The processor time of the run that took least."""
    return min(spent.cpu for spent in row.spent)
