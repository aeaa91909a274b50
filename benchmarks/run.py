#!/usr/bin/env python3
"""Times `pdff map` on the large phantom volumes and writes docs/benchmarks.md.

usage: benchmarks/run.py [--repeats N] [--recipes volume-a,volume-b] [--dry]

Wall time and peak memory of the whole process are the operating system's; the stages are the
program's own (`--timings`). The best of N runs is written, with the worst beside it.
"""

import argparse
import os
import pathlib
import platform
import re
import shutil
import subprocess
import tempfile
import time

root = pathlib.Path(__file__).resolve().parents[1]
pdff = os.environ.get("PDFF_BINARY", str(root / ".build/release/pdff"))
STAGES = ["load", "separate", "write"]


def run(command):
    """Wall seconds, peak memory in MB, and the stages' seconds of one process."""
    began = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    if status != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{errors}")
    line = next(line for line in errors.splitlines() if line.startswith("timings: "))
    stages = {name: float(value) for name, value in re.findall(r"(\w+) ([0-9.]+)", line)}
    return wall, usage.ru_maxrss / 1024, stages


def processor():
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text()
        return re.search(r"model name\s*: (.*)", text).group(1)
    except (OSError, AttributeError):
        return platform.processor()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--recipes", default="volume-a,volume-b")
    parser.add_argument("--dry", action="store_true", help="print, write nothing")
    arguments = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="pdff-bench-"))
    rows = []
    for recipe in arguments.recipes.split(","):
        patient = work / recipe
        subprocess.run([pdff, "phantom", "make", recipe, "-o", str(patient)], check=True)
        scan = next(patient.glob("**/anat"), patient)
        size = sum(path.stat().st_size for path in scan.glob("*.nii*")) / 1e6
        runs = []
        for _ in range(arguments.repeats):
            runs.append(run([pdff, "map", str(scan), "-o", str(work / "maps"), "--timings"]))
            shutil.rmtree(work / "maps")
        best = min(runs)
        worst = max(runs)[0]
        cells = [f"{best[2].get(stage, 0):.2f}" for stage in STAGES]
        rows.append(
            f"| {recipe} | {size:.0f} | {best[0]:.2f} ({worst:.2f}) | "
            + " | ".join(cells) + f" | {best[1]:.0f} |")
    shutil.rmtree(work)
    version = subprocess.run([pdff, "--version"], capture_output=True, text=True).stdout.strip()
    table = "\n".join([
        "# Time and memory", "",
        "Written by `make bench` (`benchmarks/run.py`). A complex scan of 256x256x40 voxels and six",
        "echoes: reading it, separating it and writing all maps with `pdff map`. The best of",
        f"{arguments.repeats} runs, the worst in brackets; stages of the best run.", "",
        f"pdff {version}; {processor()}, {os.cpu_count()} cores; {platform.system()}"
        f" {platform.machine()}.", "",
        "| recipe | files MB | wall s | inflate and load s | separate s | write s | peak memory MB |",
        "| --- | --- | --- | --- | --- | --- | --- |", *rows, ""])
    print(table)
    if not arguments.dry:
        (root / "docs/benchmarks.md").write_text(table, encoding="utf-8")


main()
