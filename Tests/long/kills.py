#!/usr/bin/env python3
"""Kills `pdff measure` with SIGKILL at random moments and looks at what is left.

Two different scans are measured into one folder in turn. After each kill, whatever has its final
name must be whole: every map must be readable to its last byte, and where measurement.json stands,
its seal and the SHA-256 of every output that it lists must hold, so that a document never describes
other maps than its own.
"""

import argparse
import gzip
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "Tests/reference"))

from ecmascript import canonical  # noqa: E402

pdff = os.environ.get("PDFF_BINARY", str(root / ".build/release/pdff"))


def measure(patient, mask, out):
    return [pdff, "measure", str(patient), "--roi", str(mask), "-o", str(out), "--json"]


def check(out):
    """Words for what is wrong in the folder, or None."""
    for path in out.glob("*.nii.gz"):
        try:
            gzip.decompress(path.read_bytes())
        except Exception as error:
            return f"{path.name}: {error}"
    for path in out.glob("*measurement.json"):
        document = json.loads(path.read_text(encoding="utf-8"))
        said = document.pop("sha256")
        if hashlib.sha256(canonical(document).encode()).hexdigest() != said:
            return f"{path.name}: the seal is broken"
        for output in document["outputs"]:
            file = out / output["name"]
            if not file.exists():
                return f"{output['name']} is listed and not there"
            if hashlib.sha256(file.read_bytes()).hexdigest() != output["sha256"]:
                return f"{output['name']} is not the one that is listed"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    work = pathlib.Path(tempfile.mkdtemp(prefix="pdff-kills-"))
    scans = []
    for seed in (1, 2):
        folder = work / f"patient{seed}"
        subprocess.run(
            [pdff, "phantom", "make", "liver-3t", "--shape", "64x64x10", "--seed", str(seed), "-o",
             str(folder)], check=True)
        scans.append((folder / "sub-phantom/anat", folder / "masks/tumour.nii.gz"))
    out = work / "result"
    began = time.monotonic()
    subprocess.run(measure(*scans[0], out), check=True, stdout=subprocess.DEVNULL)
    span = time.monotonic() - began
    killed = finished = leftovers = 0
    for number in range(arguments.kills):
        process = subprocess.Popen(
            measure(*scans[number % 2], out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # Half of the kills anywhere, half near the end, where files get their names.
        low = 0 if number % 4 < 2 else 0.8 * span
        try:
            process.wait(random.uniform(low, 1.1 * span))
            finished += 1
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            killed += 1
        wrong = check(out)
        if wrong:
            sys.exit(f"after kill {number + 1}: {wrong} (see {out})")
        for folder in out.glob(".pdff-*.tmp"):
            leftovers += 1
            shutil.rmtree(folder)
    shutil.rmtree(work)
    print(
        f"{killed} kills, {finished} runs finished first: nothing half-written under its final name"
        f" ({leftovers} hidden folders left by kills)")


main()
