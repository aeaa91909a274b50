#!/usr/bin/env python3
"""Scores pdff on a set of the 2012 ISMRM fat-water challenge against the winner's published output.

usage: benchmarks/challenge.py SCAN_FOLDER BODY_MASK WINNER.png [--maps FOLDER] [--regions N]

The rule is the challenge's: the share of the mask in which the fat fractions |F| / (|W| + |F|) of the
two differ by at most 10 points, times 10,000. WINNER.png is an image of the public repository
welcheb/FattyRiot (test_results), fat's slices above water's, 8 bits. The winner errs too: --regions N
lists every connected region (of a slice, diagonals counting) of more than N voxels that differ, with
what its echoes say of water and fat (see contested.py), and --picture FILE.npy saves both fractions, to
be looked at. --maps scores the water and fat images of a folder, such as benchmarks/peer.py writes.
"""

import argparse
import subprocess
import tempfile
from pathlib import Path

import nibabel
import numpy as np
import SimpleITK

from contested import rows
from echoes import load
from suite.phantoms import image
from suite.process import PDFF
from suite.text import table

HEADER = [
    "slice", "voxels", "rows, columns", "pdff", "winner", "residual with phase: water / fat",
    "magnitudes: water / fat", "magnitudes for water", "echoes over the first",
]


def fraction(water, fat):
    return fat / np.maximum(water + fat, 1e-9)


def winner(path, shape):
    """The winner's fraction, shape (x, y, z), from tiles of slices."""
    nx, ny, nz = shape
    picture = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(path)).astype(float)
    tiles = [
        picture[r * nx : (r + 1) * nx, c * ny : (c + 1) * ny]
        for r in range(picture.shape[0] // nx)
        for c in range(picture.shape[1] // ny)
    ]
    return fraction(np.stack(tiles[nz : 2 * nz], -1), np.stack(tiles[:nz], -1))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scan")
    parser.add_argument("mask")
    parser.add_argument("winner")
    parser.add_argument("--maps", help="score these instead of pdff's")
    parser.add_argument("--picture", help="saves both fat fractions as a NumPy file")
    parser.add_argument("--regions", type=int, help="lists what differs in more voxels than this")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if not arguments.maps:
            subprocess.run([PDFF, "map", arguments.scan, "-o", folder], check=True)
        water, fat = (image(arguments.maps or folder, kind) for kind in ("water", "fat"))
    mask = nibabel.load(arguments.mask).get_fdata() > 0
    theirs = winner(arguments.winner, mask.shape)
    ours = fraction(np.nan_to_num(water), np.nan_to_num(fat))
    differ = mask & ~(np.abs(ours - theirs) <= 0.1)
    print(f"score {10000 * (1 - differ.sum() / mask.sum()):.0f} of 10000 over {mask.sum()} voxels")
    print(f"without a value in the mask: {100 * np.isnan(fat[mask]).mean():.3f} %")
    if arguments.regions is not None:
        found = rows(differ, ours, theirs, load(Path(arguments.scan)), arguments.regions)
        print("\n".join(table(HEADER, found)))
    if arguments.picture:
        np.save(arguments.picture, np.stack([ours, theirs]))


if __name__ == "__main__":
    main()
