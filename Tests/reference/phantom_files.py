"""Reads the folder that `pdff phantom make` writes, with nibabel and nothing of pdff's own."""

import json
from pathlib import Path

import nibabel
import numpy as np

GAMMA_MHZ_PER_T = 42.577478  # CODATA, proton

SPECTRA = {
    # name: shifts from water in ppm, relative amplitudes
    "liver-six-peak": (
        [0.60, -0.39, -1.94, -2.60, -3.40, -3.80],
        [0.048, 0.039, 0.004, 0.128, 0.693, 0.087],
    ),
    "hamilton-nine-peak": (
        [0.90 - 4.7, 1.30 - 4.7, 1.60 - 4.7, 2.02 - 4.7, 2.24 - 4.7, 2.75 - 4.7,
         4.20 - 4.7, 5.19 - 4.7, 5.29 - 4.7],
        [0.088, 0.642, 0.058, 0.062, 0.058, 0.006, 0.039, 0.010, 0.037],
    ),
    "ren-seven-peak": (
        [0.61, -1.93, -2.45, -2.67, -3.11, -3.40, -3.80],
        [0.042, 0.015, 0.066, 0.096, 0.071, 0.627, 0.083],
    ),
    "single-peak": ([-3.40], [1.0]),
}


def load(path):
    """The scaled values of a NIfTI file."""
    return np.asanyarray(nibabel.load(path).dataobj)


def fat_modulation(times, imaging_frequency_mhz, spectrum):
    """c(t) for echo times in s; `spectrum` is a name or a pair (ppm, amplitudes)."""
    shifts, amplitudes = SPECTRA[spectrum] if isinstance(spectrum, str) else spectrum
    amplitudes = np.asarray(amplitudes) / np.sum(amplitudes)
    hertz = np.asarray(shifts) * imaging_frequency_mhz
    return np.exp(2j * np.pi * np.outer(times, hertz)) @ amplitudes


def read_echoes(folder):
    """Complex echoes (x, y, z, echo), echo times in s, field strength in T, from files alone."""
    parts = {}
    times = set()
    field = None
    for image in sorted(Path(folder, "sub-phantom", "anat").glob("*.nii.gz")):
        sidecar = json.loads(Path(str(image)[: -len(".nii.gz")] + ".json").read_text())
        field = sidecar["MagneticFieldStrength"]
        values = load(image)
        if np.iscomplexobj(values):
            return values.astype(np.complex128), np.array(sidecar["EchoTime"]), field
        known = [p for p in ("mag", "phase", "real", "imag") if f"part-{p}_" in image.name]
        if not known:
            raise SystemExit("this phantom was not exported as complex echoes")
        part = known[0]
        if part == "phase" and sidecar.get("Units") != "rad":
            values = values * (np.pi / 4096)
        parts[part, sidecar["EchoTime"]] = values.astype(np.float64)
        times.add(sidecar["EchoTime"])
    times = sorted(times)
    if ("real", times[0]) in parts:
        echoes = [parts["real", t] + 1j * parts["imag", t] for t in times]
    elif ("phase", times[0]) in parts:
        echoes = [parts["mag", t] * np.exp(1j * parts["phase", t]) for t in times]
    else:
        raise SystemExit("this phantom was not exported as complex echoes")
    return np.stack(echoes, -1), np.array(times), field


def read_truth(folder):
    """The maps of the truth folder by name, and the names of its labels."""
    truth = Path(folder, "truth")
    maps = {p.name[: -len(".nii.gz")]: load(p) for p in sorted(truth.glob("*.nii.gz"))}
    rows = [line.split("\t") for line in (truth / "labels.tsv").read_text().splitlines()[1:]]
    return maps, {int(label): name for label, name in rows}


def read_recipe(folder):
    return json.loads(Path(folder, "recipe.json").read_text())
