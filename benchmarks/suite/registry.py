"""A registry of 100,000 participants: one participant's status, and the worklist's first page."""

import os
import pathlib
import random
import statistics
import subprocess
import tempfile
import time

from .process import BENCH, PDFF
from .text import table

COMMAND = "--only registry"
FILL = os.environ.get("PDFF_REGISTRY_FILL", str(pathlib.Path(BENCH).parent / "pdff-registry-fill"))
RUNS = 31
LIMITS = {"status of one": 0.020, "first page": 0.100}


def measure(settings):
    count = 100_000 if settings.repeats > 1 else 2_000
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None  # nothing waits for a disk while it is filled
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        file = str(pathlib.Path(folder) / "study.db")
        began = time.monotonic()
        done = subprocess.run([FILL, file, str(count)], capture_output=True, text=True, check=True)
        filling = time.monotonic() - began
        environment = {**os.environ, "PDFF_TOKEN": done.stdout.strip()}
        size = os.path.getsize(file)
        draw = random.Random(1)

        def times(command):
            found = []
            for _ in range(RUNS):
                words = [str(word() if callable(word) else word) for word in command]
                start = time.monotonic()
                subprocess.run(words, env=environment, capture_output=True, check=True)
                found.append(time.monotonic() - start)
            return {"median": statistics.median(found), "worst": max(found)}

        reading = [PDFF, "registry", "status", file, "--by", "coordinator", "--json", "--on", "2026-09-01"]
        one = lambda: f"P-{draw.randrange(count):06d}"  # noqa: E731
        return {
            "count": count, "size": size, "filling": filling,
            "start": times([PDFF, "--version"]),
            "status of one": times([*reading, "--participant", one]),
            "first page": times([*reading, "--limit", "50"]),
        }


def report(found, _):
    start = found["start"]["median"]
    rows = [["start of the process (`pdff --version`)", f"{1000 * start:.1f}", "", "", ""]]
    for name, words in (("status of one", "`status --participant`"), ("first page", "`status --limit 50`")):
        beyond = found[name]["median"] - start
        rows.append([
            f"{name}: {words}", f"{1000 * found[name]['median']:.1f}", f"{1000 * found[name]['worst']:.1f}",
            f"{1000 * beyond:.1f}", f"{1000 * LIMITS[name]:.0f}"])
    return [
        f"A simulated study of {found['count']:,} participants, {found['size'] / 1e6:.0f} MB; by the command line,",
        f"{RUNS} runs each, milliseconds.", "",
        *table(["", "median", "worst", "beyond the start", "at most"], rows),
    ]
