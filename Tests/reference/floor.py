"""The floor that accuracy is held against: what voxelwise maximum likelihood would reach.

    floor.py DIR [--within MASK] [-o PDFF.nii.gz] [--spectrum NAME] [--json FILE]

DIR was written by `pdff phantom make`, with complex echoes. In every voxel of tissue the complex
signal is fitted by least squares: W and F independent complex numbers, field and R2* free, started
at the truth, so that no field map has to be found. PDFF by magnitude discrimination (Liu 2007,
10.1002/mrm.21301). Errors are in percentage points against the truth.

The minimiser is Levenberg-Marquardt on (psi, R2*) with W and F projected out (Golub and Pereyra
1973; Kaufman's approximation of the Jacobian), all voxels at once. A sample of voxels is fitted
again by scipy.optimize.least_squares over all six real unknowns; where the two disagree in more
than 2 % of the sample, the script fails. Prints one JSON object.
"""

import argparse
import json
from pathlib import Path

import nibabel
import numpy as np
from scipy.optimize import least_squares

from phantom_files import GAMMA_MHZ_PER_T, fat_modulation, load, read_echoes, read_recipe, read_truth


def project(signal, times, basis, psi, decay):
    """For given psi (Hz) and R2* (1/s): the best W and F, the residual, the model's signal."""
    envelope = np.exp((2j * np.pi * psi - decay)[:, None] * times)
    weight = np.exp(-2 * decay[:, None] * times)
    gww = weight.sum(1)
    gwf = weight @ basis
    gff = weight @ np.abs(basis) ** 2
    pulled = envelope.conj() * signal
    bw = pulled.sum(1)
    bf = pulled @ basis.conj()
    determinant = gww * gff - np.abs(gwf) ** 2
    water = (gff * bw - gwf * bf) / determinant
    fat = (gww * bf - gwf.conj() * bw) / determinant
    model = envelope * (water[:, None] + fat[:, None] * basis)
    return water, fat, signal - model, model, (envelope, gww, gwf, gff, determinant)


def project_out(vectors, basis, state):
    """The part of `vectors` (voxel, echo) that water and fat cannot explain."""
    envelope, gww, gwf, gff, determinant = state
    pulled = envelope.conj() * vectors
    bw = pulled.sum(1)
    bf = pulled @ basis.conj()
    water = (gff * bw - gwf * bf) / determinant
    fat = (gww * bf - gwf.conj() * bw) / determinant
    return vectors - envelope * (water[:, None] + fat[:, None] * basis)


def fit(signal, times, basis, psi, decay, rounds=100):
    """Least squares of every row of `signal` (voxel, echo); returns W, F, psi, R2*."""
    psi, decay = psi.astype(float).copy(), decay.astype(float).copy()
    active = np.arange(len(signal))
    damping = np.full(len(signal), 1e-3)
    water, fat, residual, _, _ = project(signal, times, basis, psi, decay)
    cost = (np.abs(residual) ** 2).sum(1)
    for _ in range(rounds):
        s, p, d = signal[active], psi[active], decay[active]
        _, _, r, model, state = project(s, times, basis, p, d)
        by_psi = project_out(2j * np.pi * times * model, basis, state)
        by_decay = project_out(-times * model, basis, state)
        h11 = (np.abs(by_psi) ** 2).sum(1)
        h22 = (np.abs(by_decay) ** 2).sum(1)
        h12 = (by_psi.conj() * by_decay).sum(1).real
        g1 = (by_psi.conj() * r).sum(1).real
        g2 = (by_decay.conj() * r).sum(1).real
        a, b = h11 * (1 + damping[active]), h22 * (1 + damping[active])
        determinant = a * b - h12**2
        step_psi = (b * g1 - h12 * g2) / determinant
        step_decay = (a * g2 - h12 * g1) / determinant
        new_decay = np.clip(d + step_decay, -1e3, 1e4)
        w, f, rn, _, _ = project(s, times, basis, p + step_psi, new_decay)
        new_cost = (np.abs(rn) ** 2).sum(1)
        better = new_cost < cost[active]
        taken = active[better]
        small = (np.abs(step_psi) < 1e-7) & (np.abs(step_decay) < 1e-6)
        psi[taken] = (p + step_psi)[better]
        decay[taken] = new_decay[better]
        water[taken], fat[taken], cost[taken] = w[better], f[better], new_cost[better]
        damping[active] = np.where(better, damping[active] / 10, damping[active] * 8)
        active = active[~small & (damping[active] < 1e12)]
        if len(active) == 0:
            break
    return water, fat, psi, decay


def fit_in_batches(signal, times, basis, psi, decay, batch=40_000):
    pieces = [
        fit(signal[i : i + batch], times, basis, psi[i : i + batch], decay[i : i + batch])
        for i in range(0, len(signal), batch)
    ]
    return tuple(np.concatenate(values) for values in zip(*pieces))


def magnitude_discrimination(water, fat):
    """PDFF in percent."""
    total = np.abs(water + fat)
    water, fat = np.abs(water), np.abs(fat)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 100 * np.where(water >= fat, 1 - water / total, fat / total)


def fit_by_scipy(signal, times, basis, psi, decay):
    """One voxel over all six real unknowns, from the truth; returns PDFF in percent."""
    water, fat, *_ = project(
        signal[None], times, basis, np.array([psi], float), np.array([decay], float)
    )
    scale = np.abs(signal).max()

    def residual(u):
        w, f = (u[0] + 1j * u[1]) * scale, (u[2] + 1j * u[3]) * scale
        model = (w + f * basis) * np.exp((2j * np.pi * u[4] * 100 - u[5] * 100) * times)
        r = (signal - model) / scale
        return np.concatenate([r.real, r.imag])

    start = [water[0].real / scale, water[0].imag / scale, fat[0].real / scale,
             fat[0].imag / scale, psi / 100, decay / 100]
    u = least_squares(residual, start, method="lm", xtol=1e-14, ftol=1e-14, gtol=1e-14).x
    return magnitude_discrimination(u[0] + 1j * u[1], u[2] + 1j * u[3])


def summary(error):
    """Of errors in percentage points; a voxel without a value counts as a miss."""
    known = error[np.isfinite(error)]
    missing = len(error) - len(known)
    absolute = np.abs(known)
    return {
        "voxels": len(error),
        "missing": missing,
        "median_abs": float(np.median(absolute)),
        "p95_abs": float(np.percentile(absolute, 95)),
        "bias": float(known.mean()),
        "median_bias": float(np.median(known)),
        "sd": float(known.std()),
        "standard_error": float(known.std() / np.sqrt(len(known))),
        "missed_10_percent": 100 * float((absolute > 10).sum() + missing) / len(error),
        "missed_20_percent": 100 * float((absolute > 20).sum() + missing) / len(error),
    }


def check_by_scipy(pdff, signal, times, basis, psi, decay, count=60):
    """Fits a sample again; the share that differs by more than 0.01 points must be small."""
    sample = np.random.default_rng(1).choice(len(signal), min(count, len(signal)), replace=False)
    other = [float(fit_by_scipy(signal[v], times, basis, psi[v], decay[v])) for v in sample]
    differ = np.abs(np.array(other) - pdff[sample])
    share = float((differ > 0.01).mean())
    if share > 0.02:
        raise SystemExit(f"{100 * share:.1f} % of the sample differ from scipy's least squares")
    return {"voxels": len(sample), "median_difference": float(np.median(differ)),
            "differing_percent": 100 * share}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--within")
    parser.add_argument("-o", dest="output")
    parser.add_argument("--json")
    parser.add_argument("--spectrum", default="liver-six-peak",
                        help="of the fit, whatever the recipe's simulation used")
    arguments = parser.parse_args()
    folder = arguments.folder

    truth, names = read_truth(folder)
    labels = truth["labels"]
    inside = labels > 0
    if arguments.within:
        inside &= load(arguments.within) > 0
    echoes, times, field = read_echoes(folder)
    if read_recipe(folder)["precession"] == "-":
        echoes = echoes.conj()
    basis = fat_modulation(times, field * GAMMA_MHZ_PER_T, arguments.spectrum)
    signal = echoes[inside]
    psi, decay = truth["B0map"][inside], truth["R2starmap"][inside]
    water, fat, *_ = fit_in_batches(signal, times, basis, psi, decay)
    pdff = magnitude_discrimination(water, fat)

    error = pdff - truth["PDFFmap"][inside].astype(float)
    regions = []
    for label, name in sorted(names.items()):
        here = labels[inside] == label
        if here.any():
            regions.append({"label": label, "name": name, "pdff_points": summary(error[here])})
    result = {
        "all_tissue": {"label": None, "name": "all tissue", "pdff_points": summary(error)},
        "regions": regions,
        "scipy": check_by_scipy(pdff, signal, times, basis, psi, decay),
    }
    text = json.dumps(result, indent=1)
    if arguments.json:
        Path(arguments.json).write_text(text + "\n")
    if arguments.output:
        out = np.full(labels.shape, np.nan, np.float32)
        out[inside] = pdff
        affine = nibabel.load(Path(folder, "truth", "labels.nii.gz")).affine
        nibabel.save(nibabel.Nifti1Image(out, affine), arguments.output)
    print(text)


if __name__ == "__main__":
    main()
