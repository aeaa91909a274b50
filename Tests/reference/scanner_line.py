"""Reference values for LedgerTests: SciPy and NumPy on seeded phantoms.

usage: scanner_line.py

Prints one JSON list: vials (reference, measured, repeat), and what SciPy makes of them. Slope,
intercept and their errors are `scipy.stats.linregress`'s, the covariance NumPy's `polyfit`, the tests are
written down from sums of squares; where the lack of fit exceeds the residuals the line is that of the
vials' means (`linregress` again), which the ledger then takes.
"""

import json

import numpy as np
from scipy import stats


def phantom(rng, levels, repeats, noise, between, curve):
    rows = []
    for x in levels:
        off = rng.normal() * between
        for k in range(repeats):
            y = 0.4 + 0.98 * x + curve * (x - 50) ** 2 / 2500 + off + rng.normal() * noise
            rows.append((float(x), float(y), k + 1))
    return rows


def line(x, y):
    fit = stats.linregress(x, y)
    cov = np.polyfit(x, y, 1, cov=True)[1]
    return {
        "slope": fit.slope,
        "slopeError": fit.stderr,
        "intercept": fit.intercept,
        "interceptError": fit.intercept_stderr,
        "covariance": cov[0, 1],
        "degrees": len(x) - 2,
        "quantile": stats.t.ppf(0.975, len(x) - 2),
    }


def case(rows):
    x = np.array([r[0] for r in rows])
    y = np.array([r[1] for r in rows])
    levels = np.unique(x)
    n, m = len(x), len(levels)
    whole = line(x, y)
    fitted = whole["intercept"] + whole["slope"] * x
    residual = ((y - fitted) ** 2).sum()
    result = {"vials": rows, "residualSD": float(np.sqrt(residual / (n - 2)))}
    if n > m:
        means = np.array([y[x == level].mean() for level in levels])
        pure = sum(((y[x == level] - y[x == level].mean()) ** 2).sum() for level in levels)
        lack = residual - pure
        result["repeatabilitySD"] = float(np.sqrt(pure / (n - m)))
        f, d1, d2 = (lack / (m - 2)) / (pure / (n - m)), m - 2, n - m
        if lack / (m - 2) > residual / (n - 2):
            whole = line(levels, means)
    else:
        quadratic = np.polyfit(x, y, 2)
        rest = ((y - np.polyval(quadratic, x)) ** 2).sum()
        f, d1, d2 = (residual - rest) / (rest / (n - 3)), 1, n - 3
        result["repeatabilitySD"] = None
    result["line"] = whole
    result["test"] = {"f": f, "d1": d1, "d2": d2, "p": stats.f.sf(f, d1, d2)}
    return result


def main():
    rng = np.random.default_rng(20262)
    levels = [0, 5, 10, 20, 30, 50, 70, 100]
    cases = []
    for repeats in (1, 2, 3):
        for between in (0.0, 0.6):
            for curve in (0.0, 0.4):
                cases.append(case(phantom(rng, levels, repeats, 0.25, between, curve)))
    cases.append(case(phantom(rng, [0, 10, 20, 30, 40], 1, 0.2, 0, 0)))
    print(json.dumps(cases))


main()
