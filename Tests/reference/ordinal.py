"""Golden values of ordinal fits, written to ordinal.json: `ordinal.py > ordinal.json`.

Needs statsmodels (made with 0.15.0); the tests read the JSON, so that they don't. Cohorts: measured
values (percent), a background, classes 0..2. Fits on ln(1 + x): OrderedModel (coefficients, standard
errors, log-likelihood), MNLogit, and Brant's test from two Logit fits by its formula.
"""
import json
import warnings

import numpy as np
import statsmodels
from scipy import stats
from statsmodels.discrete.discrete_model import Logit, MNLogit
from statsmodels.miscmodels.ordinal_model import OrderedModel

# Optimisers complain where rounding stops them; the gradient says whether they arrived.
warnings.simplefilter("ignore")


def cohort(n, seed, slope, background):
    r = np.random.default_rng(seed)
    b = np.round(np.exp(r.normal(1.6, 0.7, n)), 3)
    x = np.round(np.maximum(np.expm1(r.normal(1.4, 0.5, n) + 0.25 * np.log1p(b)), 0), 3)
    predictor = slope * np.log1p(x) - 0.5 * background * np.log1p(b) + r.logistic(size=n)
    low, high = np.quantile(predictor, [0.35, 0.7])
    return x, b, (predictor > low).astype(int) + (predictor > high)


def ordered(z, k):
    model = OrderedModel(k, z, distr="logit")
    start = model.fit(method="bfgs", disp=0, gtol=1e-6, maxiter=500).params
    fit = model.fit(start, method="newton", disp=0, maxiter=20, tol=1e-12)
    assert np.abs(model.score(fit.params)).max() < 1e-6
    width = z.shape[1]
    first, step = fit.params[width], fit.params[width + 1]
    # Thresholds are first and first + exp(step): the delta method gives their standard errors.
    jacobian = np.eye(len(fit.params))
    jacobian[width + 1, width:] = [1, np.exp(step)]
    covariance = jacobian @ fit.cov_params() @ jacobian.T
    order = [width, width + 1] + list(range(width))
    values = np.concatenate([fit.params[:width], [first, first + np.exp(step)]])
    return values[order], np.sqrt(np.diag(covariance))[order], fit.llf


def brant(z, k):
    x = np.column_stack([np.ones(len(k)), z])
    fits = [Logit(k > cut, x).fit(disp=0, tol=1e-14) for cut in (0, 1)]
    above = [fit.predict() for fit in fits]

    def information(j, l):
        return (x * (above[l] * (1 - above[j]))[:, None]).T @ x

    first, second = (np.linalg.inv(information(j, j)) for j in (0, 1))
    cross = first @ information(0, 1) @ second
    variance = (first + second - cross - cross.T)[1:, 1:]
    difference = (fits[0].params - fits[1].params)[1:]
    statistic = difference @ np.linalg.solve(variance, difference)
    return [statistic, stats.chi2(z.shape[1]).sf(statistic)]


cases = []
for n, seed, slope, background in [(86, 1, 2.0, 0), (150, 2, -1.5, 1), (400, 3, 3.0, 1), (60, 4, 0.1, 0)]:
    x, b, k = cohort(n, seed, slope, background)
    z = np.log1p(np.column_stack([x, b]) if background else x[:, None])
    values, errors, likelihood = ordered(z, k)
    unordered = MNLogit(k, np.column_stack([np.ones(n), z])).fit(disp=0, tol=1e-14)
    low, middle, high = (np.log1p(x[k == j]) for j in range(3))
    welch = stats.ttest_ind(high, middle, equal_var=False, alternative="greater")
    cases.append(
        {
            "percent": x.tolist(),
            "background": b.tolist() if background else None,
            "category": k.tolist(),
            "ordered": {
                "parameters": values.tolist(),
                "standard_errors": errors.tolist(),
                "log_likelihood": float(likelihood),
            },
            "unordered": {
                "parameters": unordered.params.T.ravel().tolist(),
                "log_likelihood": float(unordered.llf),
            },
            "brant": [float(v) for v in brant(z, k)],
            "welch": [float(welch.statistic), float(welch.pvalue)],
        }
    )
print(json.dumps({"statsmodels": statsmodels.__version__, "cases": cases}))
