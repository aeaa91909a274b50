#!/usr/bin/env python3
"""Runs mri-fatwater on a scan, in the peer's own environment (benchmarks/setup-peer.sh).

usage: peer.py SCAN_FOLDER -o FOLDER [--precession +|-] [--r2star-max 200]

Writes water, fat, PDFF (percent), B0 and R2* as NIfTI and prints one line of JSON: seconds of reading,
of the separation alone, and of writing. Settings: multi-scale QPBO, 201 values of R2*, magnitude
discrimination, the spectrum that both programs have as their default.
"""

import argparse
import contextlib
import json
import sys
import time
from pathlib import Path

import nibabel
import numpy as np
from mri_fatwater import fatwater

from echoes import load

NAMES = {"wat": "water", "fat": "fat", "ff": "PDFFmap", "B0map": "B0map", "R2map": "R2starmap"}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("scan")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--precession", choices=["+", "-"], default="+")
    parser.add_argument("--r2star-max", type=float, default=200)
    arguments = parser.parse_args()
    laps = [time.monotonic()]
    echoes = load(arguments.scan)
    laps.append(time.monotonic())
    with contextlib.redirect_stdout(sys.stderr):
        found = fatwater.separate(
            echoes.signal,
            data_params={
                "t": tuple(echoes.times), "B0": echoes.field, "voxelsize": echoes.voxel_size,
                "clockwise": arguments.precession == "+",
            },
            algo_params={
                "algorithm": "QPBO", "nR2": 201, "R2max": arguments.r2star_max,
                "magnitudeDiscrimination": True,
            },
            model_params={})
    laps.append(time.monotonic())
    Path(arguments.output).mkdir(parents=True, exist_ok=True)
    for key, name in NAMES.items():
        image = nibabel.Nifti1Image(found[key].astype(np.float32), echoes.affine)
        nibabel.save(image, f"{arguments.output}/{name}.nii.gz")
    laps.append(time.monotonic())
    steps = ("read", "separate", "write")
    print(json.dumps({s: b - a for s, a, b in zip(steps, laps, laps[1:])}))


main()
