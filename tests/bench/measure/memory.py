"""Memory: the most that was resident at once, file cache and all; and the anonymous part, the program's own."""

from functools import partial

from .bench import files_of, size_of
from .large import large
from .processes import Failed, watched

MB = 1e6


def section(bench):
    """A row for each corpus and number of threads; the largest of the rounds."""
    yield "| captures | bytes | threads | peak of all (VmHWM), MB | anonymous at peak (RssAnon), MB | best s |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, folder in folders(bench):
        size = size_of(files_of(folder))
        for threads in (1, 2):
            yield f"| {name} | {size:,} | {threads} | {measured(bench, folder, threads)} |"
    yield ""
    yield "Memory is looked at every 4 ms; the largest value of all rounds is given."


def folders(bench):
    """The captures given, one huge capture in both forms, very many small ones."""
    if bench.captures:
        yield f"{len(bench.captures)} captures", bench.options.captures
    for form in ("pretty", "minified"):
        yield f"one {form} capture", large(bench, form)
    yield f"{bench.options.small:,} small captures", small(bench, bench.options.small)


def small(bench, count):
    """So many captures of about 10 KB."""
    return bench.corpus(f"small-{count}", "--captures", count, "--bytes", count * 10_000, "--entry-bytes", 2500)


def measured(bench, folder, threads):
    """The cells of a row."""
    try:
        run = partial(bench.analyse, [folder], threads=threads, how=watched)
        rounds = [run() for _ in range(min(3, bench.options.rounds))]
    except Failed as failure:
        return f"failed: {failure} | |"
    peak, anonymous = max(spent.peak for spent in rounds), max(spent.anonymous for spent in rounds)
    return f"{peak / MB:.0f} | {anonymous / MB:.0f} | {min(spent.seconds for spent in rounds):.2f}"
