"""What all sections share: the program, the captures, a folder to work in."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from . import processes

HERE = Path(__file__).resolve().parents[1]
PROJECT = HERE.parents[1]
# Some captures have problems, which are rows; the work is done all the same.
ANALYSED = (0, 1)


class Bench:
    """The setting of a whole comparison."""

    def __init__(self, options):
        self.options = options
        self.work = options.work
        self.work.mkdir(parents=True, exist_ok=True)
        self.runs = Path(tempfile.mkdtemp(dir=self.work, prefix="run-"))
        # A copy, so that a build in the meantime changes nothing.
        self.program = Path(shutil.copy(options.pixelhound, self.runs))
        self.captures = files_of(options.captures) if options.captures else []

    def close(self):
        """Takes away what belongs to this run; made captures stay for the next."""
        shutil.rmtree(self.runs)

    def new(self, name):
        """A path at which nothing is."""
        return Path(tempfile.mkdtemp(dir=self.runs)) / name

    def analyse(self, inputs, *more, threads=None, how=processes.run):
        """Analyses into a new folder, which is taken away after the clock has stopped."""
        out = self.new("dataset")
        command = [self.program, "analyse", *inputs, "--out", out, "--quiet", *more]
        command += ["--threads", threads] if threads else []
        try:
            return how(command, fine=ANALYSED)
        finally:
            shutil.rmtree(out.parent)

    def inputs(self, files):
        """What to name on the command line: a folder as a whole, which may hold more files than a command can name."""
        return [self.options.captures] if files is self.captures else files

    def rows(self, inputs, table):
        """The lines of a table that an analysis writes, its head first."""
        out = self.new("dataset")
        processes.run([self.program, "analyse", *inputs, "--out", out, "--quiet"], fine=ANALYSED)
        lines = (out / f"{table}.csv").read_text().splitlines(keepends=True)
        shutil.rmtree(out.parent)
        return lines

    def corpus(self, name, *arguments):
        """A generated folder of captures; one that an earlier run of the same generator has finished is taken again."""
        folder = self.work / f"corpus-{name}"
        done = self.work / f"corpus-{name}.done"
        wanted = " ".join([generator(), *map(str, arguments)])
        if not (done.exists() and done.read_text() == wanted):
            print(f"  making {folder}", file=sys.stderr, flush=True)
            shutil.rmtree(folder, ignore_errors=True)
            subprocess.run([sys.executable, HERE / "generate.py", "--out", folder, *map(str, arguments)], check=True)
            done.write_text(wanted)
        warm(files_of(folder))
        return folder


def generator():
    """The SHA-256 of the generator."""
    sources = [HERE / "generate.py", *sorted((HERE / "captures").glob("*.py"))]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def files_of(folder):
    """All files of a folder, in order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def size_of(files):
    """Their bytes together."""
    return sum(file.stat().st_size for file in files)


def warm(files):
    """Reads files once, so that they are in the page cache."""
    buffer = bytearray(1 << 20)
    for file in files:
        with open(file, "rb", buffering=0) as source:
            while source.readinto(buffer):
                pass


def dealt(files, hands):
    """Files dealt out so that every hand holds about as many bytes."""
    piles = [[] for _ in range(hands)]
    sizes = [0] * hands
    for file in sorted(files, key=lambda file: file.stat().st_size, reverse=True):
        smallest = sizes.index(min(sizes))
        piles[smallest].append(file)
        sizes[smallest] += file.stat().st_size
    return [pile for pile in piles if pile]


def part_of(files, size):
    """About so many bytes of the files, taken evenly from all sizes."""
    by_size = sorted(files, key=lambda file: file.stat().st_size)
    step = max(1, round(size_of(files) / max(1, size)))
    return by_size[step // 2 :: step] or by_size[:1]
