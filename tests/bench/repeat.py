#!/usr/bin/env python3
"""Copies captures again and again until there are so many bytes of them, to measure on captures of one's own.

    repeat.py captures --out corpus --bytes 1G

Copies end with line breaks, more in each: to JSON that makes no difference, and no copy is the same file as another,
which the program would set aside as a duplicate.
"""

import argparse
from pathlib import Path

from generate import size


def copies(folder):
    """The captures, then the captures once more, without end."""
    files = sorted(path for path in folder.rglob("*.har") if path.is_file())
    turn = 0
    while files:
        for number, file in enumerate(files):
            yield f"{turn:04}-{number:05}.har", file.read_bytes() + b"\n" * turn
        turn += 1


def main():
    """Writes copies until it is enough."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="captures (*.har), also in folders below it")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--bytes", type=size, default="1G")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    done = 0
    for name, text in copies(options.folder):
        done += (options.out / name).write_bytes(text)
        if done >= options.bytes:
            break
    print(f"{done:,} bytes")


if __name__ == "__main__":
    main()
