#!/usr/bin/env python3
"""Measures pdff, its limits and its peer on this machine and writes docs/benchmarks.md.

usage: benchmarks/run.py [--only limits,stages,whole,dicom,peer,scaling,registry] [--repeats N] [--quick]

Needs the release builds of pdff and pdff-bench (`make bench` makes them) and PDFF_PYTHON's NumPy and
nibabel; the peer needs benchmarks/setup-peer.sh. What was measured is kept in .build/benchmarks, so
that parts can be measured again; the document is written from all parts there are. --quick takes
small volumes, prints, and keeps nothing: its figures mean nothing.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

from suite import dicom, limits, peer, registry, scaling, stages, whole
from suite.process import CORES, PDFF, ROOT, digest, processor

PARTS = {
    "limits": ("What the machine can do", limits),
    "stages": ("Stages against the limit", stages),
    "whole": ("The whole command", whole),
    "dicom": ("From DICOM to the report", dicom),
    "peer": ("Beside mri-fatwater", peer),
    "scaling": ("Cores and sizes", scaling),
    "registry": ("A registry of 100,000 participants", registry),
}
KEPT = ROOT / ".build/benchmarks/results.json"
DOCUMENT = ROOT / "docs/benchmarks.md"


def settings(repeats, quick):
    if quick:
        return SimpleNamespace(
            volume="volume-a", volumes=["volume-a"], shape=(48, 48, 10), kernel_shape=(48, 48, 10),
            elementwise=1 << 18, repeats=1, slices=[4, 20], sizes=[(32, 32, 8), (48, 48, 10)])
    return SimpleNamespace(
        volume="volume-a", volumes=["volume-a", "volume-b"], shape=(256, 256, 40),
        kernel_shape=(128, 128, 24), elementwise=1 << 22, repeats=repeats,
        slices=[2, 8, 40, 120, 304],
        sizes=[(64, 64, 24), (96, 96, 32), (160, 160, 40), (256, 256, 40), (320, 320, 72),
               (512, 512, 76)])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=",".join(PARTS), help="parts, separated by commas")
    parser.add_argument("--repeats", type=int, default=3, help="runs of pdff for each figure")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    chosen = arguments.only.split(",")
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    results = {} if arguments.quick or not KEPT.exists() else json.loads(KEPT.read_text())
    for name in (name for name in PARTS if name in chosen):
        if name == "peer" and not Path(peer.PYTHON).exists():
            print("peer: left out; benchmarks/setup-peer.sh installs it", file=sys.stderr)
            continue
        began = time.monotonic()
        load = os.getloadavg()[0]
        results[name] = {
            "found": PARTS[name][1].measure(settings(arguments.repeats, arguments.quick)),
            "load": load, "binary": digest(PDFF),
        }
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
        if not arguments.quick:
            KEPT.parent.mkdir(parents=True, exist_ok=True)
            KEPT.write_text(json.dumps(results, indent=1))
    text = document(json.loads(json.dumps(results)))
    if arguments.quick:
        print(text)
    else:
        DOCUMENT.write_text(text, encoding="utf-8")


def document(results):
    version = subprocess.run([PDFF, "--version"], capture_output=True, text=True).stdout.strip()
    lines = [
        "# Time and memory", "",
        f"Written by `make bench`: pdff {version}; {processor()}, {CORES} cores; {platform.system()}",
        f"{platform.machine()}. Parts are measured again by `benchmarks/run.py --only PART,...`.", "",
    ]
    binaries = {part["binary"] for part in results.values()}
    if len(binaries) > 1:
        lines += ["**Parts were measured with different builds of pdff**: run all of them again.", ""]
    found = {name: part["found"] for name, part in results.items()}
    for name, (title, module) in PARTS.items():
        if name not in results:
            continue
        lines += [f"## {title}", "", f"`benchmarks/run.py {module.COMMAND}`", ""]
        if results[name]["load"] > 0.7:
            lines += [f"**The machine was not idle** (load {results[name]['load']:.1f} at the start).", ""]
        try:
            lines += module.report(found[name], found)
        except KeyError as missing:
            lines += [f"Measured by an older benchmark, without {missing}: run this part again.", ""]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    main()
