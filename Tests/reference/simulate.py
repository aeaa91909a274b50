"""Makes the noise-free signals of a phantom a second time, in NumPy, and compares.

    simulate.py DIR

DIR was written by `pdff phantom make NAME --noise-free`. The truth maps and the recipe go in, the
exported echoes are what must come out. Prints one JSON object; `largest` is the largest deviation
of a voxel and echo, in units of the largest signal.
"""

import json
import sys

import nibabel
import numpy as np

from pathlib import Path
from phantom_files import GAMMA_MHZ_PER_T, fat_modulation, read_echoes, read_recipe, read_truth


def t1_weight(flip_deg, repetition_time, t1):
    angle = np.deg2rad(flip_deg)
    e1 = np.exp(-repetition_time / t1)
    return np.sin(angle) * (1 - e1) / (1 - e1 * np.cos(angle))


def water_t1(labels, names, tissues):
    """T1 of water in s per voxel, from the label's tissue."""
    t1 = np.ones(labels.shape)
    for label, name in names.items():
        key = name.replace(" ", "_")
        if "arm" in key.split("_"):
            key = "muscle" if key.endswith("muscle") else "subcutaneous_fat"
        t1[labels == label] = tissues[key]["water_t1_ms"] / 1000
    return t1


def simulate(recipe, truth, names, affine):
    """Signals (x, y, z, echo); zero outside tissue."""
    d = recipe["departures"]
    times = np.array(recipe["echo_times_ms"]) / 1000
    spectrum = recipe["spectrum"]
    table = spectrum["name"]
    if table == "own":
        table = (spectrum["shifts_ppm"], spectrum["amplitudes"])
    c = fat_modulation(times, recipe["field_strength_t"] * GAMMA_MHZ_PER_T, table)

    water, fat, decay = (truth[k].astype(float)[..., None] for k in ("water", "fat", "R2starmap"))
    if d["flip_deg"] > 0:
        flip, tr = d["flip_deg"], d["repetition_time_ms"] / 1000
        liver = t1_weight(flip, tr, recipe["tissues"]["liver"]["water_t1_ms"] / 1000)
        t1 = water_t1(truth["labels"], names, recipe["tissues"])[..., None]
        water = water * t1_weight(flip, tr, t1) / liver
        fat = fat * t1_weight(flip, tr, d["fat_t1_ms"] / 1000) / liver

    signal = water * np.exp(-decay * times) + fat * np.exp(1j * d["fat_phase_rad"]) * c * np.exp(
        -(decay + d["extra_fat_decay_per_s"]) * times
    )
    phase = 2 * np.pi * truth["B0map"].astype(float)[..., None] * times
    phase = phase + truth["initialphase"].astype(float)[..., None]
    phase[..., 0] += d["first_echo_phase_rad"]
    i, j, k = np.meshgrid(*map(np.arange, water.shape[:3]), indexing="ij")
    x = affine[0, 0] * i + affine[0, 1] * j + affine[0, 2] * k + affine[0, 3]
    ramp = d["bipolar_phase_rad"] + d["bipolar_ramp_rad"] * x / (recipe["field_of_view_mm"][0] / 2)
    phase = phase + ramp[..., None] * (-1.0) ** np.arange(len(times))
    signal = signal * np.exp(1j * phase)
    if recipe["precession"] == "-":
        signal = signal.conj()
    return np.where(np.isfinite(signal), signal, 0)


def main(folder):
    recipe = read_recipe(folder)
    if recipe["departures"]["oversampling"] != 1:
        raise SystemExit("voxels of several tissues cannot be made again from the maps")
    truth, names = read_truth(folder)
    affine = nibabel.load(Path(folder, "truth", "labels.nii.gz")).affine
    echoes, times, field = read_echoes(folder)
    assert np.allclose(times, np.array(recipe["echo_times_ms"]) / 1000, rtol=1e-12)
    assert field == recipe["field_strength_t"]
    expected = simulate(recipe, truth, names, affine)
    deviation = np.abs(echoes - expected) / np.abs(expected).max()
    print(
        json.dumps(
            {
                "voxels": int((truth["labels"] > 0).sum()),
                "largest": float(deviation.max()),
                "median": float(np.median(deviation[truth["labels"] > 0])),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
