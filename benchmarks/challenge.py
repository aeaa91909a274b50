#!/usr/bin/env python3
"""Scores pdff on a set of the 2012 ISMRM fat-water challenge against the winner's published output.

usage: benchmarks/challenge.py SCAN_FOLDER BODY_MASK WINNER.png

The rule is the challenge's: the share of the mask in which the fat fractions |F| / (|W| + |F|) of the
two differ by at most 10 points, times 10,000. WINNER.png is an image of the public repository
welcheb/FattyRiot (test_results), fat's slices above water's, 8 bits. The winner errs too: look at the
difference image (--picture FILE.npy saves both fractions) before you believe either.
"""

import argparse
import os
import pathlib
import subprocess
import tempfile

import nibabel
import numpy as np
import SimpleITK

root = pathlib.Path(__file__).resolve().parents[1]
pdff = os.environ.get("PDFF_BINARY", str(root / ".build/release/pdff"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("scan")
    parser.add_argument("mask")
    parser.add_argument("winner")
    parser.add_argument("--picture", help="saves both fat fractions as a NumPy file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([pdff, "map", arguments.scan, "-o", folder], check=True)
        found = {
            kind: nibabel.load(next(pathlib.Path(folder).glob(f"*{kind}.nii.gz"))).get_fdata()
            for kind in ("water", "fat")
        }
    mask = nibabel.load(arguments.mask).get_fdata() > 0
    nx, ny, nz = mask.shape
    image = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(arguments.winner)).astype(float)
    tiles = [
        image[r * nx : (r + 1) * nx, c * ny : (c + 1) * ny]
        for r in range(image.shape[0] // nx)
        for c in range(image.shape[1] // ny)
    ]
    fat, water = np.stack(tiles[:nz], -1), np.stack(tiles[nz : 2 * nz], -1)
    theirs = fat / np.maximum(fat + water, 1e-9)
    ours_fat, ours_water = np.nan_to_num(found["fat"]), np.nan_to_num(found["water"])
    ours = ours_fat / np.maximum(ours_fat + ours_water, 1e-9)
    agree = np.abs(ours - theirs) <= 0.1
    print(f"score {10000 * agree[mask].mean():.0f} of 10000 over {mask.sum()} voxels")
    print(f"without a value in the mask: {100 * np.isnan(found['fat'][mask]).mean():.3f} %")
    if arguments.picture:
        np.save(arguments.picture, np.stack([ours, theirs]))


main()
