"""The likelihood with errors in variables, by SciPy's adaptive integration over the true value x.

Reads one JSON document: rows (m, u, k, b or null), parameters (thresholds, slopes, population mean,
background slope if any, log sigma), points (m, u) for probabilities.
Prints the joint log-likelihood (constants as written below), its gradient and the diagonal of its Hessian by central
differences, and P(k | m, u) at the points. Nothing is shared with the Swift code but the formula:

    L_i = integral_0^100 P(k_i | x, b_i) N(m_i; x, u_i^2) p(x | b_i) dx,   ln(1 + x) ~ truncated normal
"""
import json
import sys

import numpy as np
from scipy import integrate, stats
from scipy.special import expit

top = np.log(101.0)


def shares(x, b, q, width):
    """P(k | x, b) for each parameter vector: classes first."""
    eta = q[..., 2] * np.log1p(x) + (q[..., 3] * b if width == 2 else 0.0)
    low, high = expit(q[..., 0] - eta), expit(q[..., 1] - eta)
    return np.array([low, high - low, 1 - high])


def population(b, q, width):
    return q[..., 2 + width] + (q[..., 3 + width] * b if width == 2 else 0.0), np.exp(q[..., -1])


def density(x, b, q, width):
    """p(x | b): the density of ln(1 + x), times dt/dx."""
    mean, sigma = population(b, q, width)
    inside = stats.norm.cdf((top - mean) / sigma) - stats.norm.cdf(-mean / sigma)
    r = (np.log1p(x) - mean) / sigma
    return np.exp(-0.5 * r * r) / np.sqrt(2 * np.pi) / sigma / inside / (1 + x)


def integral(f, m, u, b, q, width):
    mean, sigma = population(b, np.atleast_2d(q)[0], width)
    edges = [m - 10 * u, m - u, m, m + u, m + 10 * u]
    edges += [np.expm1(mean + s * sigma) for s in (-3, 0, 3, 6)]
    points = sorted({min(max(float(e), 0.0), 100.0) for e in edges} - {0.0, 100.0})
    value, _ = integrate.quad_vec(
        f, 0.0, 100.0, points=points, epsabs=1e-300, epsrel=1e-11, limit=1000
    )
    return value


def log_likelihood(rows, q, width):
    """For each parameter vector of q, all at once."""
    total = np.zeros(len(q))
    for m, u, k, b in rows:
        total += np.log(
            integral(
                lambda x: shares(x, b, q, width)[k]
                * (np.exp(-0.5 * ((m - x) / u) ** 2) / u * density(x, b, q, width)),
                m, u, b, q, width,
            )
        )
    return total


def posterior(m, u, b, q, width):
    found = integral(
        lambda x: shares(x, b, q, width)
        * (np.exp(-0.5 * ((m - x) / u) ** 2) * density(x, b, q, width)),
        m, u, b, q, width,
    )
    return (found / found.sum()).tolist()


asked = json.load(open(sys.argv[1]))
q = np.array(asked["parameters"])
rows, width = asked["rows"], asked["width"]
answer = {"posterior": [posterior(m, u, b, q, width) for m, u, b in asked["points"]]}
if rows:
    step = 2e-4
    count = len(q)
    moved = np.vstack([q, q + step * np.eye(count), q - step * np.eye(count)])
    found = log_likelihood(rows, moved, width)
    here, ahead, behind = found[0], found[1 : count + 1], found[count + 1 :]
    answer["log_likelihood"] = here
    answer["gradient"] = ((ahead - behind) / (2 * step)).tolist()
    answer["curvature"] = ((ahead + behind - 2 * here) / step**2).tolist()
print(json.dumps(answer))
