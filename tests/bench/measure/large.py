"""One huge capture: hashing it can only use one core; the program shall not take much longer, and use all of them."""

from .bench import files_of, size_of
from .contest import hold, table
from .hashing import analysing, hash_name, hashing


def section(bench):
    """A table each for a pretty-printed and a minified capture."""
    for form in ("pretty", "minified"):
        files = files_of(large(bench, form))
        one, two = (analysing(bench, files, threads, hash_name(1)) for threads in (1, 2))
        rows = hold([hashing(files, 1), one, two], bench.options.rounds)
        yield f"One {form} capture, {size_of(files):,} bytes."
        yield ""
        yield from table(rows)
        yield ""
        if two.failure is None:
            quickest = min(two.spent, key=lambda spent: spent.seconds)
            yield f"Cores busy with two threads: {quickest.cpu / quickest.seconds:.2f} on average."
            yield ""


def large(bench, form):
    """The folder of one huge capture."""
    size = bench.options.large_bytes
    return bench.corpus(f"large-{form}-{size}", "--one-file", "--bytes", size, f"--{form}", "--seed", 2)
