"""Running programs and saying what they took: seconds, processor time, memory."""

import os
import subprocess
import time
from dataclasses import dataclass

# How often the memory of a running program is looked at, in seconds.
SAMPLING = 0.004


class Failed(Exception):
    """A program that did not do its work."""


@dataclass
class Spent:
    """What one run took. Memory in bytes: the peak of all, file cache included, and the peak of anonymous memory."""

    seconds: float
    cpu: float
    peak: int = 0
    anonymous: int = 0
    # Lines of complaint of a program that did its work all the same.
    complaints: int = 0


def start(command, output):
    """Starts a program; its answer goes to a file, or nowhere."""
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def finish(process, fine):
    """Waits for a program and returns its processor time in seconds, and how many lines it complained."""
    complaints = process.stderr.read().decode(errors="replace").splitlines()
    process.stderr.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in fine:
        lines = [line for line in complaints if line.strip()] or [f"exit code {process.returncode}"]
        raise Failed(lines[-1][:160])
    return usage.ru_utime + usage.ru_stime, len(complaints)


def run(command, fine=(0,), output=None):
    """Runs a program to its end. `fine` are the exit codes with which it has done its work."""
    began = time.perf_counter()
    process = start(command, output)
    cpu, complaints = finish(process, fine)
    return Spent(time.perf_counter() - began, cpu, complaints=complaints)


def together(commands, fine=(0,)):
    """Runs programs at the same time; the last to end gives the seconds."""
    began = time.perf_counter()
    processes = [start(command, None) for command in commands]
    cpu = sum(finish(process, fine)[0] for process in processes)
    return Spent(time.perf_counter() - began, cpu)


def watched(command, fine=(0,)):
    """Runs a program and looks at its memory while it runs."""
    began = time.perf_counter()
    process = start(command, None)
    peak = anonymous = 0
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        now_peak, now_anonymous = memory(process.pid)
        peak, anonymous = max(peak, now_peak), max(anonymous, now_anonymous)
        time.sleep(SAMPLING)
    cpu, _ = finish(process, fine)
    return Spent(time.perf_counter() - began, cpu, peak, anonymous)


def memory(pid):
    """VmHWM and RssAnon of a process, in bytes; nothing of one that has just ended."""
    try:
        with open(f"/proc/{pid}/status") as status:
            lines = dict(line.split(":", 1) for line in status)
    except (OSError, ValueError):
        return 0, 0
    return tuple(int(lines.get(name, "0 kB").split()[0]) * 1024 for name in ("VmHWM", "RssAnon"))
