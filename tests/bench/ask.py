#!/usr/bin/env python3
"""Asks datasets every question that comes with the program, and for the report; prints seconds, processor time and memory as Markdown.

    ask.py --program target/release/pixelhound national-2 national-20

Memory is the program's own at its peak (RssAnon), in MB; the files themselves lie in the page cache, which the kernel can drop.
"""

import argparse
import tempfile
from pathlib import Path

from measure.processes import Failed, watched

QUESTIONS = sorted(path.stem for path in (Path(__file__).parents[2] / "queries").glob("*.sql"))
REPORT = "report"


def asked(program, dataset, question, folder):
    """One question, the answer thrown away."""
    if question == REPORT:
        return watched([program, "report", dataset, "--out", Path(folder) / "report.html", "--force"])
    return watched([program, "query", dataset, question, "--csv"])


def cells(program, dataset, question, folder):
    """What it took."""
    try:
        spent = asked(program, dataset, question, folder)
    except Failed as failure:
        return f"failed: {failure} | | "
    return f"{spent.seconds:.1f} | {spent.cpu:.1f} | {spent.anonymous / 1e6:,.0f}"


def main():
    """A row a question, two columns a dataset."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, default="target/release/pixelhound")
    parser.add_argument("--only", nargs="*", default=[*QUESTIONS, REPORT])
    parser.add_argument("datasets", nargs="+", type=Path)
    options = parser.parse_args()
    print("| question | " + " | ".join(f"{dataset.name}: s | CPU s | MB" for dataset in options.datasets) + " |")
    print("|---|" + "---:|---:|---:|" * len(options.datasets))
    with tempfile.TemporaryDirectory() as folder:
        for question in options.only:
            row = [cells(options.program, dataset, question, folder) for dataset in options.datasets]
            print(f"| {question} | " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
