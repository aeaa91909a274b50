"""pdff and mri-fatwater on the very same volume, errors beside times."""

import json
import os
import shutil
import tempfile

from .mapping import separate
from .phantoms import errors, phantom
from .process import ROOT, run
from .text import table

COMMAND = "--only peer"
PYTHON = os.environ.get("PDFF_PEER_PYTHON", str(ROOT / ".venv-peer/bin/python"))


def measure(settings):
    scan = phantom(settings.volume, settings.shape)
    ours = separate(scan, settings.repeats, look=lambda folder: errors(folder, scan))
    folder = tempfile.mkdtemp(prefix="pdff-bench-")
    try:
        done = run(
            [PYTHON, str(ROOT / "benchmarks/peer.py"), str(scan.scan), "-o", folder],
            with_children=True)
        theirs = {
            "wall": done.wall, "memory": done.memory,
            "stages": json.loads(done.output.splitlines()[-1]), "look": errors(folder, scan),
        }
    finally:
        shutil.rmtree(folder)
    # Once more after the peer: a machine that slowed down meanwhile shows.
    again = separate(scan, 1)
    return {
        "volume": settings.volume, "shape": scan.shape, "echoes": scan.echoes, "pdff": ours[0],
        "pdff after": again[0], "peer": theirs,
    }


def report(found, _):
    ours, theirs = found["pdff"], found["peer"]
    after = dict(found["pdff after"], look=ours["look"])
    rows = []
    for name, one in (
            ("pdff, before", ours), ("mri-fatwater 1.2.2", theirs), ("pdff, after", after)):
        cells = [name, f"{one['stages']['separate']:.2f}", f"{one['wall']:.2f}", f"{one['memory'] / 1e6:.0f}"]
        for region in ("tissue", "liver"):
            error = one["look"][region]
            cells.append(f"{error['median']:.3f} / {error['p95']:.2f} / {error['off by 20, %']:.4f}")
        rows.append(cells)

    def figure(one, key):
        return one["stages"][key] if key == "separate" else one[key]

    # The slower of pdff's runs counts: a machine that slows down under the peer slows both.
    ratios = [
        figure(theirs, key) / max(figure(ours, key), figure(after, key))
        for key in ("separate", "wall", "memory")]
    rows.append(["ratio to the slower pdff", *(f"**{ratio:.0f}x**" for ratio in ratios), "", ""])
    return [
        f"{found['volume']}, {'x'.join(map(str, found['shape']))} voxels, {found['echoes']} echoes. Errors",
        "against the phantom's truth in percentage points, by one script for both: median, 95th percentile,",
        "and percent off by more than 20 points or without a value. mri-fatwater (multi-scale QPBO; 201",
        "values of R2* up to 200/s; magnitude discrimination; one run, with the processes that it starts);",
        "pdff the best of its runs before, and once more after the peer, so that a machine that slowed down",
        "meanwhile shows.", "",
        *table(
            ["", "separation s", "whole s", "memory MB", "tissue: median / 95 % / off by 20", "liver"],
            rows),
    ]
