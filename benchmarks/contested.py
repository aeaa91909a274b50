"""Which of two solutions the echoes of contested voxels speak for: water-rich or fat-rich.

Least squares by NumPy, independent of pdff: all echoes with phase and free field map (W and F complex),
and magnitudes alone (one phase), which motion, flow and eddy currents spoil less. Both over R2* on a
grid; residuals relative to the signal.
"""

import numpy as np
from scipy import ndimage

SHIFTS = np.array([0.60, -0.39, -1.94, -2.60, -3.40, -3.80])  # ppm
AMPLITUDES = np.array([0.048, 0.039, 0.004, 0.128, 0.693, 0.087])
DECAYS = np.array([-20, 0, 10, 20, 30, 40, 60, 80, 100, 130, 160, 200, 250, 320, 400])  # 1/s


def fat_signal(times, field):
    turns = np.outer(times, SHIFTS * 42.577478 * field)
    return (AMPLITUDES / AMPLITUDES.sum() * np.exp(2j * np.pi * turns)).sum(1)


def by_phase(signal, times, fat):
    """Least relative residual with a fraction below 0.4 and above 0.6; signal (voxel, echo)."""
    period = 1 / np.diff(times).mean()
    energy = (np.abs(signal) ** 2).sum(1)
    best = np.full((2, len(signal)), np.inf)
    for decay in DECAYS:
        basis = np.stack([np.ones(len(times)), fat], 1) * np.exp(-decay * times)[:, None]
        inverse = np.linalg.pinv(basis)
        for field in np.arange(-period / 2, period / 2, 2.5):
            turned = signal * np.exp(-2j * np.pi * field * times)
            found = turned @ inverse.T
            residual = (np.abs(turned - found @ basis.T) ** 2).sum(1)
            fraction = np.abs(found[:, 1]) / np.maximum(np.abs(found).sum(1), 1e-9)
            for side, fits in enumerate((fraction < 0.4, fraction > 0.6)):
                best[side] = np.where(fits, np.minimum(best[side], residual), best[side])
    return np.sqrt(best / energy)


def by_magnitude(signal, times, fat):
    """Least relative residual of the magnitudes with a fraction up to 0.5 and from 0.5 on."""
    magnitude = np.abs(signal)
    energy = (magnitude**2).sum(1)
    best = np.full((2, len(signal)), np.inf)
    for fraction in np.linspace(0, 1, 51):
        for decay in DECAYS:
            shape = np.abs(1 - fraction + fraction * fat) * np.exp(-decay * times)
            scale = magnitude @ shape / (shape @ shape)
            residual = ((magnitude - scale[:, None] * shape) ** 2).sum(1)
            for side, fits in enumerate((fraction <= 0.5, fraction >= 0.5)):
                if fits:
                    best[side] = np.minimum(best[side], residual)
    return np.sqrt(best / energy)


def rows(differ, ours, theirs, echoes, least):
    """One row for each connected region of a slice with more than `least` voxels, largest first."""
    times = np.array(echoes.times)
    fat = fat_signal(times, echoes.field)
    for z in range(differ.shape[2]):
        labels, count = ndimage.label(differ[..., z], np.ones((3, 3)))
        sizes = np.bincount(labels.ravel())
        for region in sorted(range(1, count + 1), key=lambda k: -sizes[k]):
            if sizes[region] <= least:
                break
            here = labels == region
            x, y = np.nonzero(here)
            signal = echoes.signal[:, here, z].T.astype(complex)
            phase, magnitude = by_phase(signal, times, fat), by_magnitude(signal, times, fat)
            decay = np.median(np.abs(signal) / np.abs(signal[:, :1]), 0)
            yield [
                z + 1, sizes[region], f"{x.min()}-{x.max()}, {y.min()}-{y.max()}",
                f"{np.median(ours[here, z]):.2f}", f"{np.median(theirs[here, z]):.2f}",
                " / ".join(f"{np.median(side):.3f}" for side in phase),
                " / ".join(f"{np.median(side):.3f}" for side in magnitude),
                f"{100 * np.mean(magnitude[0] < magnitude[1]):.0f} %",
                " ".join(f"{m:.2f}" for m in decay),
            ]
        small = sizes[1:][sizes[1:] <= least]
        yield [z + 1, small.sum(), f"{len(small)} regions of up to {least}", *[""] * 6]
