"""One process measured from outside: wall time, work and peak memory, on chosen cores."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
PDFF = os.environ.get("PDFF_BINARY", str(ROOT / ".build/release/pdff"))
BENCH = os.environ.get("PDFF_BENCH_BINARY", str(ROOT / ".build/release/pdff-bench"))
CORES = len(os.sched_getaffinity(0))


@dataclass
class Run:
    wall: float  # s
    work: float  # s of all cores together, the system's for it included
    memory: float  # bytes, the most at any time
    output: str
    errors: str


def run(command, cores=None, with_children=False):
    """Runs a command to its end, on the first `cores` cores where that is given.

    Peak memory is what the system kept of the process itself; `with_children` watches those that it
    starts as well, five times a second, shared pages counted once.
    """
    if not shutil.which(str(command[0])):
        raise SystemExit(f"{command[0]} is missing: `make bench` builds what benchmarks need")
    affinity = sorted(os.sched_getaffinity(0))[:cores]
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        began = time.monotonic()
        process = subprocess.Popen(
            command, stdout=output, stderr=errors,
            preexec_fn=lambda: os.sched_setaffinity(0, affinity))
        family = Family(process.pid) if with_children else None
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = max(usage.ru_maxrss * 1024.0, family.stop() if family else 0)
        output.seek(0)
        errors.seek(0)
        found = Run(wall, usage.ru_utime + usage.ru_stime, peak, output.read(), errors.read())
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{found.errors[-2000:]}")
    return found


class Family:
    """The most memory that a process and its descendants held together."""

    def __init__(self, root):
        self.root, self.peak, self.over = root, 0.0, threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def stop(self):
        self.over.set()
        self.thread.join()
        return self.peak

    def _watch(self):
        while not self.over.wait(0.2):
            self.peak = max(self.peak, sum(map(_memory, _descendants(self.root))))


def _descendants(root):
    parents = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError, ValueError):
            continue
    found = [root]
    for parent in found:
        found += [child for child, of in parents.items() if of == parent]
    return found


def _memory(pid):
    """The process's share of memory in bytes; 0 where it has ended."""
    try:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        return 1024.0 * int(re.search(r"^Pss:\s+(\d+)", text, re.M).group(1))
    except (OSError, AttributeError):
        return 0.0


def processor():
    found = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return found.group(1) if found else "processor without a name"


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()
