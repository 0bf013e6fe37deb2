"""The machine a table was made on, and the programs that were compared."""

import os
import platform
import shutil
import subprocess
from pathlib import Path


def first_line(*command):
    """What a program says of itself, in its first line."""
    if shutil.which(command[0]) is None:
        return f"{command[0]}: not installed"
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (answer.stdout or answer.stderr).strip().splitlines()
    return lines[0] if lines else "says nothing"


def processor():
    """The processor's name, and those of its instructions that matter here."""
    text = Path("/proc/cpuinfo").read_text()
    facts = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    facts = {name.strip(): value.strip() for name, value in facts.items()}
    flags = facts.get("flags", facts.get("Features", "")).split()
    of_note = [flag for flag in ("sha_ni", "avx2", "avx512bw", "pclmulqdq", "sha2") if flag in flags]
    return f"{facts.get('model name', platform.machine())} ({', '.join(of_note)})"


def memory():
    """Memory of the machine in GiB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def described(pixelhound):
    """The head of the tables."""
    system = f"{platform.system()} {platform.release()}"
    yield f"- Machine: {processor()}, {os.cpu_count()} cores, {memory():.0f} GiB, {system}"
    yield f"- Load before the first run: {os.getloadavg()[0]:.2f}"
    yield f"- Compiler: {first_line('rustc', '--version')}; program: {first_line(str(pixelhound), '--version')}"
    yield f"- {first_line('openssl', 'version')}; {first_line('jq', '--version')}; Python {platform.python_version()}"
    yield (
        "- Every file was read once before the first run, so that all come from the page cache. In a section all "
        "contenders run in turn, round after round; a ratio compares runs of the same section."
    )
