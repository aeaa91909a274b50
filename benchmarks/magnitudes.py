#!/usr/bin/env python3
"""How far the separation of magnitudes lies from that of the complex echoes of the same scan.

    magnitudes.py FOLDER...

Each FOLDER is a scan that `pdff map` takes as complex. It is separated as it is, then from its
magnitudes alone (PDFF_BINARY, or .build/release/pdff). Among voxels whose water and fat sum to more
than 40 % of the bright level (95th percentile), prints the percent that lie over 20 points apart, the
percent that do without the bit `ambiguous`, and the percent that carry it.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nibabel
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
PDFF = os.environ.get("PDFF_BINARY", str(ROOT / ".build/release/pdff"))
AMBIGUOUS = 256


def magnitudes(folder):
    """Magnitude images by echo time in s, their affine and the field strength in T."""
    parts, affine, field = {}, None, None
    for sidecar in sorted(Path(folder).rglob("*MEGRE.json")):
        known = json.loads(sidecar.read_text())
        image = nibabel.load(str(sidecar)[: -len("json")] + "nii.gz")
        values = np.asanyarray(image.dataobj)
        affine, field = image.affine, known["MagneticFieldStrength"]
        if isinstance(known["EchoTime"], list):
            return dict(zip(known["EchoTime"], np.moveaxis(np.abs(values), -1, 0))), affine, field
        part = next(p for p in ("mag", "phase", "real", "imag") if f"part-{p}_" in sidecar.name)
        parts.setdefault(known["EchoTime"], {})[part] = values.astype(np.float64)
    echoes = {t: p["mag"] if "mag" in p else np.hypot(p["real"], p["imag"]) for t, p in parts.items()}
    return echoes, affine, field


def map_of(folder, name):
    return nibabel.load(next(Path(folder).rglob(f"*{name}.nii.gz"))).get_fdata()


def compare(folder, scratch):
    echoes, affine, field = magnitudes(folder)
    files = []
    for number, time in enumerate(sorted(echoes), 1):
        files.append(f"{scratch}/echo-{number}.nii.gz")
        nibabel.save(nibabel.Nifti1Image(echoes[time].astype(np.float32), affine), files[-1])
    times = ",".join(f"{1000 * t:g}" for t in sorted(echoes))
    options = ["--echo-times-ms", times, "--field-strength-t", str(field)]
    for arguments in (
        [folder, "-o", f"{scratch}/complex"],
        ["--magnitude", *files, *options, "-o", f"{scratch}/magnitude"],
    ):
        subprocess.run([PDFF, "map", *arguments], check=True, capture_output=True)
    known, found = (map_of(f"{scratch}/{kind}", "PDFFmap") for kind in ("complex", "magnitude"))
    signal = map_of(f"{scratch}/complex", "water") + map_of(f"{scratch}/complex", "fat")
    flagged = map_of(f"{scratch}/magnitude", "quality").astype(int) & AMBIGUOUS > 0
    both = np.isfinite(known) & np.isfinite(found)
    bright = both & (signal > 0.4 * np.percentile(signal[both], 95))
    apart = np.abs(known - found)[bright] > 20
    return [100 * np.mean(x) for x in (apart, apart & ~flagged[bright], flagged[bright])]


def main(folders):
    for folder in folders:
        with tempfile.TemporaryDirectory() as scratch:
            figures = compare(folder, scratch)
        print(f"| {Path(folder).name} | " + " | ".join(f"{x:.1f}" for x in figures) + " |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
