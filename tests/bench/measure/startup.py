"""Starting: what one waits for before anything is done."""

from .bench import PROJECT
from .processes import run

TIMES = 4


def section(bench):
    """The best of many runs."""
    rounds = bench.options.rounds * TIMES
    yield f"The best of {rounds} runs."
    yield ""
    yield "| what | ms | CPU ms |"
    yield "|---|---:|---:|"
    commands = {
        "pixelhound --help": lambda: run([bench.program, "--help"]),
        "pixelhound analyse samples": lambda: bench.analyse([PROJECT / "samples"]),
        "pixelhound analyse samples --threads 1": lambda: bench.analyse([PROJECT / "samples"], threads=1),
    }
    for name, command in commands.items():
        spent = [command() for _ in range(rounds)]
        seconds, cpu = min(one.seconds for one in spent), min(one.cpu for one in spent)
        yield f"| {name} | {seconds * 1000:.1f} | {cpu * 1000:.1f} |"
