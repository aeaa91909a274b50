"""Golden values of the agreement statistics: `agreement.py > agreement.json`.

Needs scipy, scikit-learn, statsmodels, irrCAC, dcurves, and R with pROC and survival (Debian:
r-cran-proc, r-cran-survival); the tests read the JSON, so that they need none of them. Cohorts with a
value, tissue 0..2, a call (null: indeterminate) and forecasts; among them ties, empty cells, an empty
class, one class only. What a cohort does not carry is null.
"""
import itertools
import json
import os
import subprocess
import sys
import tempfile
import warnings

import dcurves
import numpy as np
import pandas as pd
import scipy
import sklearn
import statsmodels
from irrCAC.raw import CAC
from scipy import stats
from sklearn import metrics
from statsmodels.miscmodels.ordinal_model import OrderedModel
from statsmodels.stats import inter_rater, proportion
from statsmodels.stats.weightstats import DescrStatsW

warnings.simplefilter("ignore")
WEIGHTS = {"unweighted": None, "linear": "linear", "quadratic": "quadratic"}


def shares_of(x, slope, cuts):
    """Forecasts of a proportional-odds model that was fixed beforehand."""
    below = 1 / (1 + np.exp(-(np.asarray(cuts) - slope * np.log1p(np.maximum(x, 0))[:, None])))
    below = np.column_stack([np.zeros(len(x)), below, np.ones(len(x))])
    return np.diff(below, axis=1)


def cohort(n, seed, step, digits, unclear=0.15, tissue=None, call_cuts=(4.0, 7.0)):
    r = np.random.default_rng(seed)
    k = r.choice(3, n, p=[0.4, 0.3, 0.3]) if tissue is None else np.asarray(tissue)
    x = np.round(np.expm1(1.3 + step * k + r.normal(0, 0.45, n)), digits)
    call = np.digitize(x, call_cuts).astype(object)
    call[r.random(n) < unclear] = None
    return {"x": x, "tissue": k, "call": call, "forecasts": shares_of(x, 2.0, [3.0, 4.4])}


def table(c):
    counts = np.zeros((3, 3), int)
    unclear = np.zeros(3, int)
    for k, call in zip(c["tissue"], c["call"]):
        if call is None:
            unclear[k] += 1
        else:
            counts[k, call] += 1
    return counts, unclear


def share(successes, trials):
    if trials == 0:
        return None
    low, high = proportion.proportion_confint(successes, trials, method="beta")
    exact = stats.binomtest(int(successes), int(trials)).proportion_ci(method="exact")
    assert np.allclose([low, high], [exact.low, exact.high], rtol=0, atol=1e-9)
    return [successes / trials, exact.low, exact.high]


def confusion(c):
    known = [i for i, call in enumerate(c["call"]) if call is not None]
    tissue = c["tissue"][known]
    call = np.array([c["call"][i] for i in known], int)
    out = {"counts": table(c)[0].tolist(), "indeterminate": table(c)[1].tolist(), "classes": []}
    if known:
        assert (metrics.confusion_matrix(tissue, call, labels=[0, 1, 2]) == table(c)[0]).all()
    n = len(c["tissue"])
    out["accuracy"] = share(int((tissue == call).sum()), len(known))
    out["accuracy_of_all"] = share(int((tissue == call).sum()), n)
    out["yield"] = share(len(known), n)
    for k in range(3):
        truth, said, all_truth = tissue == k, call == k, c["tissue"] == k
        out["classes"].append(
            {
                "sensitivity": share(int((truth & said).sum()), int(truth.sum())),
                "specificity": share(int((~truth & ~said).sum()), int((~truth).sum())),
                "positive": share(int((truth & said).sum()), int(said.sum())),
                "negative": share(int((~truth & ~said).sum()), int((~said).sum())),
                "sensitivity_of_all": share(int((truth & said).sum()), int(all_truth.sum())),
                "specificity_of_all": share(int((~truth & ~said).sum()), int((~all_truth).sum())),
            }
        )
    return out


def matrix(kind):
    distance = np.abs(np.subtract.outer(np.arange(3), np.arange(3))) / 2
    return {"unweighted": (distance == 0) * 1.0, "linear": 1 - distance, "quadratic": 1 - distance**2}[kind]


def kappas(c):
    counts = table(c)[0]
    pairs = np.array([(i, j) for i in range(3) for j in range(3) for _ in range(counts[i, j])])
    out = {}
    for kind, name in WEIGHTS.items():
        entry = out[kind] = {"kappa": None, "unit_variance": None, "bca": None, "gwet": None}
        if len(pairs) == 0:
            continue
        kappa = metrics.cohen_kappa_score(pairs[:, 0], pairs[:, 1], labels=[0, 1, 2], weights=name)
        if np.isfinite(kappa):
            found = inter_rater.cohens_kappa(counts, weights=1 - matrix(kind))
            assert abs(found.kappa - kappa) < 1e-12
            entry["kappa"] = float(kappa)
            entry["unit_variance"] = float(found.var_kappa * len(pairs))
            entry["bca"] = bca(pairs, matrix(kind))
        if len(pairs) > 1:
            gwet = CAC(pd.DataFrame(pairs), weights=matrix(kind), categories=[0, 1, 2], digits=15).gwet()["est"]
            low, high = gwet["confidence_interval"]
            entry["gwet"] = [gwet["coefficient_value"], gwet["se"], low, high]
    return out


def bca(pairs, w):
    """SciPy's BCa with 40,000 resamples of participants; null where it has no answer."""
    flat = pairs[:, 0] * 3 + pairs[:, 1]

    def kappa(sample, axis=-1):
        p = np.stack([(sample == cell).mean(axis=axis) for cell in range(9)])
        p = p.reshape((3, 3) + p.shape[1:])
        rows, columns = p.sum(1), p.sum(0)
        observed = np.einsum("ij,ij...->...", w, p)
        expected = np.einsum("ij,i...,j...->...", w, rows, columns)
        with np.errstate(all="ignore"):
            return (observed - expected) / (1 - expected)

    found = stats.bootstrap((flat,), kappa, n_resamples=40000, batch=2000, vectorized=True, method="BCa",
                            random_state=np.random.default_rng(1)).confidence_interval
    return [found.low, found.high] if np.isfinite([found.low, found.high]).all() else None


def in_r(script, **vectors):
    with tempfile.TemporaryDirectory() as folder:
        for name, values in vectors.items():
            np.savetxt(os.path.join(folder, name), values, fmt="%.17g")
        script = "".join(f'{name} <- scan("{os.path.join(folder, name)}", quiet=TRUE);' for name in vectors) + script
        text = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True).stdout
    return [float(field) for field in text.split()]


def wins(a, b):
    """Of each pair whether the second is larger, ties by half."""
    return (a[:, None] < b[None, :]) + 0.5 * (a[:, None] == b[None, :])


def area(c, cut):
    event = c["tissue"] >= cut
    if event.all() or not event.any():
        return None
    false, true, threshold = metrics.roc_curve(event, c["x"], drop_intermediate=False)
    found = in_r(
        'suppressMessages(library(pROC)); r <- roc(e, x, direction="<", quiet=TRUE); '
        'cat(format(c(auc(r), tryCatch(sqrt(var(r, method="delong")), error=function(e) NA)), digits=17))',
        e=event.astype(int), x=c["x"],
    )
    assert abs(found[0] - metrics.roc_auc_score(event, c["x"])) < 1e-12
    error = found[1] if min(event.sum(), (~event).sum()) > 1 else None
    return {
        "area": found[0],
        "standard_error": error,
        "points": [[float(a), float(b)] for a, b in zip(false, true)],
        "thresholds": [float(t) for t in threshold[1:]],
    }


def obuchowski(c, sample):
    """By the paper's double sum over pairs of classes, with each variance and covariance."""
    groups = [c["x"][c["tissue"] == k] for k in range(3)]
    if min(map(len, groups)) == 0:
        return None
    pairs = [(0, 1), (0, 2), (1, 2)]
    w = np.array([len(groups[a]) * len(groups[b]) if sample else 1.0 for a, b in pairs])
    factor = w / w.sum() * np.array([0.5, 1, 0.5])
    won = {p: wins(groups[p[0]], groups[p[1]]) for p in pairs}
    theta = np.array([won[p].mean() for p in pairs])
    value = float(1 - (factor * (1 - theta)).sum())
    if min(map(len, groups)) < 2:
        return [value, None]

    def placements(p, k):
        return won[p].mean(1 - p.index(k))

    variance = 0.0
    for (i, p), (j, q) in itertools.product(enumerate(pairs), repeat=2):
        for k in set(p) & set(q):
            covariance = np.cov(placements(p, k), placements(q, k))[0, 1] / len(groups[k])
            variance += factor[i] * factor[j] * covariance
    return [value, float(np.sqrt(variance))]


def volume(c):
    """By all triples."""
    low, middle, high = (c["x"][c["tissue"] == k] for k in range(3))
    if min(map(len, (low, middle, high))) == 0:
        return None
    a, b, d = low[:, None, None], middle[None, :, None], high[None, None, :]
    score = (a < b) & (b < d)
    score = score + 0.5 * (((a == b) & (b < d)) | ((a < b) & (b == d))) + ((a == b) & (b == d)) / 6
    parts = [score.mean((1, 2)), score.mean((0, 2)), score.mean((0, 1))]
    error = None
    if min(map(len, parts)) > 1:
        error = float(np.sqrt(sum(part.var(ddof=1) / len(part) for part in parts)))
    return [float(score.mean()), error]


def concordance(c):
    if len(set(c["tissue"])) < 2:
        return None
    return in_r(
        "suppressMessages(library(survival)); f <- concordance(k ~ x); "
        "cat(format(c(f$concordance, sqrt(f$var)), digits=17))",
        k=c["tissue"], x=c["x"],
    )


def mean(values):
    if len(values) < 2 or np.ptp(values) == 0:
        return [float(np.mean(values)), None, None]
    return [float(v) for v in (np.mean(values), *DescrStatsW(values).tconfint_mean())]


def scores(c):
    outcome = np.eye(3)[c["tissue"]]
    rest = c["forecasts"] - outcome
    if len(set(c["tissue"])) == 3:
        brier = metrics.brier_score_loss(c["tissue"], c["forecasts"], labels=[0, 1, 2], scale_by_half=False)
        assert abs(brier - (rest**2).sum(1).mean()) < 1e-12
    below = np.cumsum(c["forecasts"], 1)[:, :2] - np.cumsum(outcome, 1)[:, :2]
    return {"brier": mean((rest**2).sum(1)), "ranked": mean((below**2).mean(1))}


def slope(c):
    """On the mean of - logit P(Y <= j), by statsmodels' ordered model."""
    if len(set(c["tissue"])) < 3:
        return None
    below = np.cumsum(c["forecasts"], 1)[:, :2]
    predictor = -np.log(below / (1 - below)).mean(1)
    return ordered(predictor, c["tissue"])


def ordered(z, k):
    model = OrderedModel(k, z[:, None], distr="logit")
    start = model.fit(method="bfgs", disp=0, gtol=1e-6, maxiter=500).params
    fit = model.fit(start, method="newton", disp=0, maxiter=50, tol=1e-13)
    if np.abs(model.score(fit.params)).max() > 1e-5 or abs(fit.params[0]) * z.std() > 30:
        return None
    none = -sum(np.sum(k == j) * np.log(np.mean(k == j)) for j in range(3))
    return [float(fit.params[0]), float(fit.bse[0]), float(2 * (fit.llf + none))]


def calibration(c, first):
    """Groups by rank, the whole of equal forecasts to the group of the first of them."""
    p = c["forecasts"][:, first:].sum(1)
    event = c["tissue"] >= first
    frame = pd.DataFrame({"p": p, "e": event}).sort_values("p", kind="stable").reset_index(drop=True)
    groups = min(max(len(p) // 20, 2), 10)
    edges = [len(p) * g // groups for g in range(1, groups)]
    frame["group"] = np.searchsorted(edges, frame.index, side="right")
    frame["group"] = frame.groupby("p")["group"].transform("min")
    return [[float(g.p.mean())] + share(int(g.e.sum()), len(g)) for _, g in frame.groupby("group")]


def decision(c):
    event = c["tissue"] == 2
    if event.all() or not event.any():
        return None
    frame = pd.DataFrame({"event": event.astype(int), "model": c["forecasts"][:, 2],
                          "call": [1.0 if call == 2 else 0.0 for call in c["call"]]})
    thresholds = [0.1, 0.25, 0.5, 0.8]
    # dcurves acts above the threshold, we act on it as well: no forecast equals one.
    assert not set(thresholds) & set(frame["model"])
    found = dcurves.dca(data=frame, outcome="event", modelnames=["model", "call"], thresholds=thresholds)
    pick = lambda name: [float(v) for v in found[found["model"] == name].sort_values("threshold")["net_benefit"]]
    intervals = []
    for t in thresholds:
        harm = t / (1 - t)
        acts = frame["model"] >= t
        intervals.append(mean(np.where(acts, np.where(event, 1.0, -harm), 0.0)))
    out = {"thresholds": thresholds, "model": pick("model"), "call": pick("call"), "all": pick("all"),
           "model_interval": intervals}
    assert np.allclose([i[0] for i in intervals], out["model"], atol=1e-12)
    return out


def plan(kappa, prevalence, n, half_width):
    pi = np.array(prevalence)
    joint = kappa * np.diag(pi) + (1 - kappa) * np.outer(pi, pi)
    out = {"kappa": kappa, "prevalence": prevalence, "n": n, "half_width": half_width, "error": {}, "needed": {}}
    for kind in WEIGHTS:
        # statsmodels wants counts; the variance for one pair does not depend on how many.
        found = inter_rater.cohens_kappa(joint * 1e6, weights=1 - matrix(kind))
        unit = found.var_kappa * 1e6
        out["error"][kind] = float(np.sqrt(unit / n))
        out["needed"][kind] = int(np.ceil(stats.norm.ppf(0.975) ** 2 * unit / half_width**2))
    sensitivity = joint[2, 2] / pi[2]

    def limits(m):
        k = np.arange(m + 1)
        low = np.where(k == 0, 0, stats.beta.ppf(0.025, np.maximum(k, 1e-9), m - k + 1))
        high = np.where(k == m, 1, stats.beta.ppf(0.975, k + 1, np.maximum(m - k, 1e-9)))
        mass = stats.binom.pmf(k, m, sensitivity)
        return float(mass @ low), float(mass @ high)

    out["sensitivity"] = [sensitivity, *limits(round(n * pi[2]))]
    m = 1
    while np.subtract(*limits(m)[::-1]) / 2 > half_width:
        m += 1
    out["sensitivity_needed"] = int(np.ceil(m / pi[2]))
    return out


COHORTS = {
    "typical": cohort(86, 1, 0.5, 3),
    "ties": cohort(120, 2, 0.4, 0),
    "weak and large": cohort(300, 3, 0.1, 2, unclear=0.4),
    "an empty class": cohort(40, 4, 0.6, 2, tissue=[0, 2] * 20),
    "one class": cohort(25, 5, 0.5, 2, tissue=[2] * 25, call_cuts=(-9, -8), unclear=0),
    "separated": cohort(30, 6, 4.0, 2, tissue=[0, 1, 2] * 10, unclear=0, call_cuts=(30, 1500)),
    "small": cohort(7, 7, 0.5, 1, tissue=[0, 0, 1, 0, 0, 2, 2], unclear=0),
    "no call": cohort(12, 8, 0.5, 1, unclear=1),
}
out = {
    "versions": {m.__name__: m.__version__ for m in (scipy, sklearn, statsmodels)}
    | {"r": subprocess.run(["Rscript", "-e", "cat(as.character(packageVersion('pROC')), as.character(packageVersion("
                            "'survival')))"], capture_output=True, text=True).stdout},
    "cohorts": [],
    "plans": [plan(0.7, [0.4, 0.3, 0.3], 86, 0.1), plan(0.5, [0.6, 0.1, 0.3], 200, 0.07),
              plan(0, [0.2, 0.5, 0.3], 30, 0.15)],
}
for name, c in COHORTS.items():
    print(name, file=sys.stderr)
    out["cohorts"].append({
        "name": name, "values": c["x"].tolist(), "tissue": c["tissue"].tolist(), "calls": list(c["call"]),
        "forecasts": c["forecasts"].tolist(), "confusion": confusion(c), "kappa": kappas(c),
        "areas": [area(c, 1), area(c, 2)], "obuchowski": [obuchowski(c, True), obuchowski(c, False)],
        "volume": volume(c), "concordance": concordance(c), "scores": scores(c), "slope": slope(c),
        "order": ordered(np.log1p(c["x"]), c["tissue"]) if len(set(c["tissue"])) == 3 else None,
        "calibration": [calibration(c, 1), calibration(c, 2)], "decision": decision(c),
    })
# A cohort holds no infinity, and JSON none.
print(json.dumps(out, allow_nan=False, default=lambda v: v.item()))
