"""Cramér-Rao bounds of PDFF before any voxel is fitted, with NumPy.

    bounds.py ECHO_TIMES_MS FIELD_STRENGTH_T

ECHO_TIMES_MS is a list with commas. Jacobians by central differences, noise of 1/40 of W + F in every
real channel. Prints the standard deviation of F / (W + F), as a fraction, one a line: of magnitudes with
10 % and with 90 % fat (W, F and R2* = 40/s unknown); and, where there are two echoes, of 10 % fat
in complex echoes with R2* = 0 and one phase (W + F, F / (W + F), field and phase unknown).
"""

import sys

import numpy as np

from phantom_files import GAMMA_MHZ_PER_T, fat_modulation


def jacobian(model, x):
    steps = 1e-6 * np.maximum(1e-3, np.abs(x))
    rows = [
        (model(x + step * unit) - model(x - step * unit)) / (2 * step)
        for step, unit in zip(steps, np.eye(len(x)))
    ]
    return np.array(rows).T


def bound(model, x, gradient):
    slopes = jacobian(model, np.array(x))
    covariance = np.linalg.pinv(slopes.T @ slopes, rcond=1e-15) / 40**2
    return np.sqrt(gradient @ covariance @ gradient)


def main(times, basis):
    def magnitudes(x):
        return np.abs(x[0] + x[1] * basis) * np.exp(-x[2] * times)

    def complex_echoes(x):
        signal = x[0] * (1 - x[1] + x[1] * basis) * np.exp(1j * (x[2] * times * 1000 + x[3]))
        return np.concatenate([signal.real, signal.imag])

    if len(times) > 2:
        for fat in (0.1, 0.9):
            print(bound(magnitudes, [1 - fat, fat, 40.0], np.array([-fat, 1 - fat, 0])))
    else:
        print(bound(complex_echoes, [1.0, 0.1, 0.2, 0.3], np.array([0, 1, 0, 0])))


if __name__ == "__main__":
    echo_times = np.array([float(t) for t in sys.argv[1].split(",")]) / 1000
    main(
        echo_times,
        fat_modulation(echo_times, float(sys.argv[2]) * GAMMA_MHZ_PER_T, "liver-six-peak"),
    )
