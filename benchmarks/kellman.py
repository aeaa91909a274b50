#!/usr/bin/env python3
"""How well four echoes agree with eight of the same slice, for pdff and for mri-fatwater.

usage: benchmarks/kellman.py [--pictures FOLDER]

The slices are pairs of breath-holds of PDFF_REAL_SCANS (01 with 05, 08 with 09), and the body moved
between them: it is compared as it is, and after the second was laid onto the first by a deformation
that is found from the magnitudes of the echoes that both have (SimpleITK's demons), the same for both
programs.

One mask and one rule: voxels whose magnitude at the first echo is, in both scans, above the 30th
percentile of voxels beyond the noise (a tenth of the 99th percentile). Printed are the share of them in
which the two PDFF maps lie within 10 points, the share in which they lie over 50 apart, and the median
distance; a missing value counts as neither. Then the first two by |F| / (|W| + |F|). Both programs get
the sign of phase that pdff found.

PDFF_PEER_PYTHON or .venv-peer is the peer's environment; --pictures keeps the maps as NumPy files.
"""

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import SimpleITK

from echoes import load
from suite.peer import PYTHON
from suite.phantoms import image
from suite.process import PDFF, ROOT

PAIRS = [("kellman01", "kellman05"), ("kellman08", "kellman09")]
SCANS = Path(os.environ.get("PDFF_REAL_SCANS", ROOT / "../shared/data"))


def maps_of(scan, folder):
    """PDFF in percent by each program and each definition."""
    source = str(SCANS / f"sub-{scan}")
    ours, theirs = f"{folder}/{scan}", f"{folder}/{scan}-peer"
    subprocess.run([PDFF, "map", f"{source}/anat", "-o", ours], check=True, capture_output=True)
    document = next(Path(ours).glob("*measurement.json"))
    sign = json.loads(document.read_text())["method"]["precession"]
    subprocess.run(
        [PYTHON, str(ROOT / "benchmarks/peer.py"), source, "-o", theirs, f"--precession={sign}"],
        check=True, capture_output=True)
    found = {}
    for name, maps in (("pdff", ours), ("mri-fatwater", theirs)):
        water, fat = image(maps, "water"), image(maps, "fat")
        found[name, "PDFF"] = image(maps, "PDFFmap")
        with np.errstate(invalid="ignore"):
            found[name, "magnitudes"] = 100 * fat / (water + fat)
    return found


def mask_of(pair):
    """Bright in both scans."""
    masks = []
    for echoes in pair:
        first = np.abs(echoes.signal[0])
        beyond_noise = first > 0.1 * np.percentile(first, 99)
        masks.append(first > np.percentile(first[beyond_noise], 30))
    return masks[0] & masks[1]


class Deformation:
    """Lays images of the second scan onto the first; shapes (x, y, 1)."""

    def __init__(self, pair):
        echoes = min(len(scan.times) for scan in pair)
        still, moving = (self._plain(self._strength(scan.signal[:echoes])) for scan in pair)
        demons = SimpleITK.FastSymmetricForcesDemonsRegistrationFilter()
        demons.SetNumberOfIterations(200)
        demons.SetStandardDeviations(2.0)
        field = demons.Execute(still, SimpleITK.HistogramMatching(moving, still))
        self.still = still
        self.transform = SimpleITK.DisplacementFieldTransform(
            SimpleITK.Cast(field, SimpleITK.sitkVectorFloat64))

    @staticmethod
    def _strength(signal):
        strength = np.sqrt((np.abs(signal) ** 2).sum(0))
        return np.minimum(strength / np.percentile(strength, 99), 1.5)

    @staticmethod
    def _plain(values):
        return SimpleITK.GetImageFromArray(values[..., 0].astype(np.float32))

    def __call__(self, values):
        """Missing where more than half of what a voxel would be made of is."""
        known = np.isfinite(values)
        summed, weight = (
            SimpleITK.GetArrayFromImage(
                SimpleITK.Resample(self._plain(part), self.still, self.transform))
            for part in (np.where(known, values, 0), known))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(weight >= 0.5, summed / weight, np.nan)[..., np.newaxis]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", help="folder for the maps")
    arguments = parser.parse_args()
    print("| pair | compared | program | within 10 | over 50 | median | by magnitudes: within 10 | over 50 |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for pair in PAIRS:
        echoes = [load(SCANS / f"sub-{scan}") for scan in pair]
        with tempfile.TemporaryDirectory() as folder:
            first, second = (maps_of(scan, folder) for scan in pair)
        mask = mask_of(echoes)
        for how, lay in (("as they are", lambda values: values), ("registered", Deformation(echoes))):
            for name in ("pdff", "mri-fatwater"):
                cells = []
                for kind in ("PDFF", "magnitudes"):
                    step = np.abs(first[name, kind] - lay(second[name, kind]))[mask]
                    cells += [f"{100 * np.mean(step <= 10):.2f} %", f"{100 * np.mean(step > 50):.2f} %"]
                    if kind == "PDFF":
                        cells.append(f"{np.nanmedian(step):.2f}")
                print(f"| {', '.join(pair)} ({mask.sum()} voxels) | {how} | {name} | {' | '.join(cells)} |")
        if arguments.pictures:
            Path(arguments.pictures).mkdir(parents=True, exist_ok=True)
            np.savez(
                f"{arguments.pictures}/{'-'.join(pair)}.npz", mask=mask,
                **{f"{name}-{kind}-{scan}": found[name, kind]
                   for scan, found in zip(pair, (first, second)) for name, kind in found})


if __name__ == "__main__":
    main()
