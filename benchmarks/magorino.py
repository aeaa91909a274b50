#!/usr/bin/env python3
"""Magnitudes in the setting of MAGORINO's simulations: Gaussian, Rician, and Rician with neighbours.

    benchmarks/magorino.py [PDFF_BINARY]

MAGORINO (Bray 2022, 10.1002/mrm.29493; its simulations are in the public repository TJPBray/MAGORINO)
fits every voxel by itself from a water-rich and a fat-rich start, once by a Gaussian and once by a Rician
likelihood. Here the same six echoes at 3 T (1.172 + 0.92 n ms, as in its Simulate_Values.m), PDFF 0 to
100 % in steps of 10, R2* 0 to 500/s in steps of 100, SNR 60 and 20: one block of 8x8x8 voxels each, in
air. Both likelihoods are maximised by SciPy in some voxels of each block; `pdff map` gets the whole.
Prints, for each SNR and method, the percentage of voxels more than 20 points off or without value, that
of those among them that are not marked ambiguous, and that of the marked; then, over the blocks of
which with every method at most a tenth is off, the mean of |median error| in points.
Needs numpy, scipy and nibabel.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import nibabel
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests/reference"))
from phantom_files import GAMMA_MHZ_PER_T, fat_modulation  # noqa: E402
from rician import Likelihood  # noqa: E402

TIMES = (1.172 + 0.92 * np.arange(6)) / 1000
SIDE, AIR, PER_BLOCK = 8, 3, 16
AMBIGUOUS = 1 << 8


class LeastSquares(Likelihood):
    """Minus the Gaussian log-likelihood of one voxel, over the same unknowns."""

    def __call__(self, x):
        water, fat, rate = x[0] * self.scale, x[1] * self.scale, x[2] * 100
        decay = np.exp(-rate * self.times)
        inner = water**2 + 2 * water * fat * self.real + fat**2 * self.square
        length = np.sqrt(np.maximum(inner, 1e-12 * self.scale**2))
        model = length * decay
        slope = (model - self.measured) / self.sigma**2
        by_water = slope @ ((water + fat * self.real) / length * decay)
        by_fat = slope @ ((water * self.real + fat * self.square) / length * decay)
        by_rate = slope @ (-self.times * model)
        cost = ((model - self.measured) ** 2).sum() / (2 * self.sigma**2)
        return cost, np.array([by_water * self.scale, by_fat * self.scale, by_rate * 100])


def likeliest(likelihood):
    return min((likelihood.fit(share) for share in (0.05, 0.95)), key=lambda fit: fit[1])[0]


def simulate(snr, basis, random):
    pdff, rate = np.meshgrid(np.arange(11) / 10, np.arange(6) * 100.0, indexing="ij")
    step = SIDE + AIR
    shape = (11 * step + AIR, 6 * step + AIR, SIDE + 2 * AIR)
    clean = np.zeros(shape + (6,))
    truth = np.full(shape, np.nan)
    block = np.full(shape, -1)
    for n, (fat, r2star) in enumerate(zip(pdff.ravel(), rate.ravel())):
        x, y = AIR + n // 6 * step, AIR + n % 6 * step
        place = np.s_[x : x + SIDE, y : y + SIDE, AIR : AIR + SIDE]
        clean[place] = np.abs(1 - fat + fat * basis) * np.exp(-r2star * TIMES)
        truth[place], block[place] = fat, n
    noise = random.normal(size=(2,) + clean.shape) / snr
    return np.hypot(clean + noise[0], noise[1]), truth, block


def separated(binary, magnitudes, folder):
    anat = folder / "sub-grid" / "anat"
    anat.mkdir(parents=True)
    for echo, time in enumerate(TIMES):
        name = f"sub-grid_echo-{echo + 1}_part-mag_MEGRE"
        image = nibabel.Nifti1Image((1000 * magnitudes[..., echo]).astype(np.float32), np.eye(4))
        nibabel.save(image, anat / f"{name}.nii.gz")
        sidecar = {"EchoTime": time, "MagneticFieldStrength": 3}
        (anat / f"{name}.json").write_text(json.dumps(sidecar))
    out = folder / "maps"
    subprocess.run([binary, "map", anat, "-o", out], check=True, capture_output=True)
    load = lambda suffix: np.asarray(nibabel.load(next(out.glob(f"*{suffix}.nii.gz"))).dataobj)
    return load("PDFFmap") / 100, load("quality").astype(int) & AMBIGUOUS != 0


def shares(values, truths, blocks, known):
    """Percentages off, off and unmarked, marked; and by block the median error where it is on."""
    off = ~(np.abs(values - truths) <= 0.2)
    errors = {}
    for n in np.unique(blocks):
        here = (blocks == n) & known & np.isfinite(values)
        if here.any() and off[here].mean() <= 0.1:
            errors[n] = abs(np.median(values[here] - truths[here]))
    return [100 * share.mean() for share in (off, off & known, ~known)], errors


def main(binary):
    basis = fat_modulation(TIMES, 3 * GAMMA_MHZ_PER_T, "liver-six-peak")
    for snr in (60, 20):
        random = np.random.default_rng(snr)
        magnitudes, truth, block = simulate(snr, basis, random)
        print(f"\nSNR {snr}\n\n| method | off | off, unmarked | marked | bias (blocks) |")
        print("| --- | --- | --- | --- | --- |")
        some = np.concatenate(
            [random.choice(np.flatnonzero(block == n), PER_BLOCK, False) for n in range(66)]
        )
        measured = magnitudes.reshape(-1, 6)
        rows = {}
        for name, kind in (("Gaussian, voxelwise", LeastSquares), ("Rician, voxelwise", Likelihood)):
            values = [likeliest(kind(measured[i], TIMES, basis, 1 / snr)) for i in some]
            everywhere = np.ones(len(some), bool)
            rows[name] = shares(
                np.array(values), truth.ravel()[some], block.ravel()[some], everywhere
            )
        with tempfile.TemporaryDirectory() as folder:
            values, marked = separated(binary, magnitudes, Path(folder))
        tissue = block >= 0
        rows["pdff"] = shares(values[tissue], truth[tissue], block[tissue], ~marked[tissue])
        common = set.intersection(*(set(errors) for _, errors in rows.values()))
        for name, (percents, errors) in rows.items():
            bias = 100 * np.mean([errors[n] for n in common])
            cells = " | ".join(f"{value:.2f}" for value in percents + [bias])
            print(f"| {name} | {cells} ({len(common)}) |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build/release/pdff")
