"""Magnitudes fitted from both starts by maximum Rician likelihood, with SciPy.

    rician.py FILE

FILE holds one JSON object: `echo_times_s`, `field_strength_t`, `sigma` (noise of one real channel) and
`magnitudes`, shape (voxel, echo). With W and F real and one R2*,

    M_k = |W + F c_k| exp(-R2* t_k),   -ln L = sum_k M_k^2 / (2 sigma^2) - ln I0(m_k M_k / sigma^2),

every voxel is minimised by scipy.optimize.minimize (TNC with this file's gradient; R2* in -50...1500/s)
from a water-rich and from a fat-rich start, as MAGORINO does (Bray 2022, 10.1002/mrm.29493). Prints
one JSON list, a voxel a row: fat fraction and -ln L of the one, then of the other. (L-BFGS-B is
quicker, but its first step often leaves for the other start's optimum, and then one is never found.)
"""

import json
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import i0e, i1e

from phantom_files import GAMMA_MHZ_PER_T, fat_modulation


class Likelihood:
    """Minus the log-likelihood of one voxel over (W / scale, F / scale, R2* / 100) and its gradient."""

    def __init__(self, measured, times, basis, sigma):
        self.measured, self.times, self.sigma = measured, times, sigma
        self.real, self.square = basis.real, np.abs(basis) ** 2
        self.scale = measured.max() * 1.05

    def __call__(self, x):
        water, fat, rate = x[0] * self.scale, x[1] * self.scale, x[2] * 100
        decay = np.exp(-rate * self.times)
        inner = water**2 + 2 * water * fat * self.real + fat**2 * self.square
        length = np.sqrt(np.maximum(inner, 1e-12 * self.scale**2))
        model = length * decay
        z = self.measured * model / self.sigma**2
        cost = (model**2 / (2 * self.sigma**2) - np.log(i0e(z)) - z).sum()
        slope = (model - self.measured * i1e(z) / i0e(z)) / self.sigma**2
        by_water = slope @ ((water + fat * self.real) / length * decay)
        by_fat = slope @ ((water * self.real + fat * self.square) / length * decay)
        by_rate = slope @ (-self.times * model)
        return cost, np.array([by_water * self.scale, by_fat * self.scale, by_rate * 100])

    def fit(self, fat_share):
        start = [1 - fat_share, fat_share, 0.4]
        bounds = [(None, None), (None, None), (-0.5, 15)]
        options = {"maxfun": 500}
        best = minimize(self, start, jac=True, method="TNC", bounds=bounds, options=options)
        return best.x[1] / (best.x[0] + best.x[1]), best.fun


def main(path):
    given = json.loads(Path(path).read_text())
    times = np.array(given["echo_times_s"])
    basis = fat_modulation(times, given["field_strength_t"] * GAMMA_MHZ_PER_T, "liver-six-peak")
    rows = []
    for measured in np.array(given["magnitudes"]):
        voxel = Likelihood(measured, times, basis, given["sigma"])
        rows.append([float(v) for share in (0.05, 0.95) for v in voxel.fit(share)])
    print(json.dumps(rows))


if __name__ == "__main__":
    main(sys.argv[1])
