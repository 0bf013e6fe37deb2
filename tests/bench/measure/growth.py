"""How time grows: with captures, entries, events, rules and taxonomy patterns. Each row is held to the first of its table."""

from dataclasses import dataclass
from functools import partial

from .bench import files_of, size_of
from .contest import Contender, best, hold
from .knowledge import more_rules, more_taxonomy
from .memory import small

# A run of less than this is mostly the start of the program, and says nothing of growth.
TOO_SHORT = 0.1


@dataclass
class Step:
    """One row: how much work, and the inputs and options that make it."""

    name: str
    work: float
    inputs: list
    options: tuple = ()


def section(bench):
    """A table for each direction in which the work can grow."""
    for title, what, steps in (
        ("Captures of about 10 KB each", "bytes", captures(bench)),
        ("Entries of one capture", "entries", entries(bench)),
        ("Events: the share of 20,000 entries that go to trackers", None, events(bench)),
        ("Rules: the built-in ones, and copies of them on invented hosts", None, rules(bench)),
        ("Taxonomy: the built-in patterns, and copies of them in invented words", None, taxonomy(bench)),
    ):
        yield f"### {title}"
        yield ""
        yield from grown(bench, what, list(steps))
        yield ""


def captures(bench):
    """From 100 captures to as many as `--small` says."""
    count = 100
    while count <= bench.options.small:
        folder = small(bench, count)
        yield Step(f"{count:,} captures", size_of(files_of(folder)), [folder])
        count *= 10


def entries(bench):
    """One minified capture of more and more entries."""
    for count in (1_000, 10_000, 100_000):
        arguments = ("--one-file", "--minified", "--entries", count, "--entry-bytes", 6000)
        yield Step(f"{count:,} entries", count, [bench.corpus(f"entries-{count}", *arguments)])


def events(bench):
    """The same number of entries, more and more of which are told to trackers."""
    for share in (0.0, 0.05, 0.2, 0.5, 1.0):
        arguments = ("--captures", 16, "--entries", 20_000, "--entry-bytes", 6000, "--trackers", share)
        folder = bench.corpus(f"events-{share}", *arguments)
        number = len(bench.rows([folder], "events")) - 1
        yield Step(f"{number:,} events, {size_of(files_of(folder)) / 1e6:.0f} MB", number, [folder])


def rules(bench):
    """The captures with 1, 2 and 10 times the rules; and nearly nothing to do, which shows what reading the rules costs."""
    yield from of_knowledge(bench, "rules", "--rules", more_rules)


def taxonomy(bench):
    """The captures with 1, 2 and 10 times the patterns."""
    yield from of_knowledge(bench, "patterns", "--taxonomy", more_taxonomy)


def of_knowledge(bench, what, option, make):
    """The same captures with more of what is known."""
    one = bench.corpus("one", "--one-file", "--entries", 1)
    for inputs, name in (([bench.options.captures], "the captures"), ([one], "a capture of one entry")):
        if inputs[0] is None:
            continue
        yield Step(f"{name}, built-in {what}", 1, inputs)
        for times in (2, 10):
            made = make(bench.new(what), times)
            yield Step(f"{name}, {times} × the {what}", times, inputs, (option, made))


def grown(bench, what, steps):
    """The rows, run in turn."""
    rows = [
        Contender(step.name, partial(bench.analyse, step.inputs, *step.options), 0) for step in steps
    ]
    hold(rows, bench.options.rounds)
    yield "| what | best s | CPU s | × the time of the first |" + (f" × the {what} | time by {what} |" if what else "")
    yield "|---|---:|---:|---:|" + ("---:|---:|" if what else "")
    first = None
    for step, row in zip(steps, rows):
        # A new group of rows begins with its own first.
        first = (step, row) if first is None or step.inputs != first[0].inputs and not what and step.work == 1 else first
        yield cells(step, row, *first, what)


def cells(step, row, first_step, first, what):
    """One row of the table."""
    if row.failure or first.failure:
        return f"| {row.name} | {row.failure or ''} | | |"
    quickest = min(row.spent, key=lambda spent: spent.seconds)
    times = best(row) / best(first)
    line = f"| {row.name} | {quickest.seconds:.3f} | {quickest.cpu:.3f} | {times:.2f} |"
    if what:
        work = step.work / first_step.work
        line += f" {work:.1f} | {times / work:.2f} |"
    return line
