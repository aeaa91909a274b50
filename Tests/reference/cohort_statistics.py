"""Golden values of survival and measurement figures: `cohort_statistics.py > cohort_statistics.json`.

Needs lifelines, pingouin, SciPy, and R with `survival` (Debian: r-cran-survival); the tests read the
JSON, so that they need none. Data sets hold ties, ties of events with censoring, groups without events,
a group that leaves before the first event, one participant, and no event at all.
"""
import json
import subprocess
import warnings

import lifelines
import numpy as np
import pandas as pd
import pingouin
import scipy
from lifelines import KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from scipy import odr, stats

warnings.simplefilter("ignore")
r = np.random.default_rng(20261122)


def survival_sets():
    yield "86, three groups, rounded to weeks", [
        (g, 7 * int(np.ceil(t / 7)), e)
        for g, t, e in zip(r.integers(0, 3, 86), r.exponential(200, 86) + 1, r.integers(0, 2, 86))
    ]
    # Freireich et al. 1963, remission in weeks: 6-MP against placebo.
    mp = [(6, 1)] * 3 + [(7, 1), (10, 1), (13, 1), (16, 1), (22, 1), (23, 1)] + [
        (t, 0) for t in (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)]
    placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    yield "6-MP and placebo", [(0, t, e) for t, e in mp] + [(1, t, 1) for t in placebo]
    yield "all tied at two times", [(k % 2, 10 if k < 8 else 20, int(k % 3 > 0)) for k in range(16)]
    yield "one group without events", [(0, t, 1) for t in (3, 5, 8, 8, 13)] + [(1, t, 0) for t in (4, 8, 9, 20)]
    yield "a group that leaves first", [(0, t, 1) for t in (5, 7, 9)] + [(1, t, 1) for t in (6, 8, 12)] + [
        (2, 1, 0), (2, 2, 0)]
    yield "time zero", [(0, 0, 1), (0, 0, 0), (0, 4, 1), (0, 6, 1), (1, 0, 0), (1, 3, 1), (1, 9, 0)]
    yield "no event", [(0, 3, 0), (0, 9, 0), (1, 4, 0), (1, 4, 0)]
    yield "one participant", [(0, 12, 1)]
    yield "400, heavy ties", [
        (g, t, e) for g, t, e in zip(
            r.integers(0, 4, 400), r.integers(1, 13, 400), (r.random(400) < 0.7).astype(int))]


def in_r(rows):
    """survfit's median with its log-log interval for each group, and survdiff's chi-squared."""
    body = ";".join(f"{g},{t},{e}" for g, t, e in rows)
    code = f"""
      suppressMessages(library(survival))
      m <- do.call(rbind, lapply(strsplit(strsplit("{body}", ";")[[1]], ","), as.numeric))
      d <- data.frame(g = m[, 1], t = m[, 2], e = m[, 3])
      for (g in sort(unique(d$g))) {{
        f <- survfit(Surv(t, e) ~ 1, d[d$g == g, ], conf.type = "log-log", timefix = FALSE)
        cat("S", paste(f$time, f$surv, f$std.err, f$lower, f$upper, sep = ","), "\\n")
        q <- quantile(f, 0.5)
        cat("Q", q$lower, q$upper, "\\n")
      }}
      f <- try(survdiff(Surv(t, e) ~ g, d), silent = TRUE)
      if (!inherits(f, "try-error")) cat("L", f$chisq, "\\n")
    """
    out = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True).stdout
    curves, limits, chisq = [], [], None
    for line in out.splitlines():
        kind, *fields = line.split()
        if kind == "S":
            curves.append([[None if v in ("NA", "NaN", "Inf") else float(v) for v in f.split(",")]
                           for f in fields])
        elif kind == "Q":
            limits.append([None if v == "NA" else float(v) for v in fields])
        elif fields[0] not in ("NA", "NaN"):
            chisq = float(fields[0])
    return curves, limits, chisq


def finite(value):
    return float(value) if np.isfinite(value) else None


def survival_case(name, rows):
    curves, limits, chisq = in_r(rows)
    groups = sorted({g for g, _, _ in rows})
    medians = []
    for g in groups:
        own = [(t, e) for h, t, e in rows if h == g]
        fit = KaplanMeierFitter().fit([t for t, _ in own], [e for _, e in own])
        medians.append(finite(fit.median_survival_time_))
    test = None
    # A group that leaves before the first event has no variance, which lifelines inverts by a pseudo-inverse;
    # its degrees of freedom still count it. R leaves it out, as pdff does.
    if len(groups) > 1 and any(e for _, _, e in rows):
        result = multivariate_logrank_test([t for _, t, _ in rows], [g for g, _, _ in rows],
                                           [e for _, _, e in rows])
        test = [float(result.test_statistic), float(result.p_value)]
    return {"name": name, "rows": [[int(g), float(t), int(e)] for g, t, e in rows],
            "r_curves": curves, "r_median_limits": limits, "r_log_rank": chisq, "lifelines_medians": medians, "lifelines_log_rank": test}


def measurement_sets():
    truth = r.lognormal(1.8, 0.5, 24)
    yield "24 participants, three readers", truth[:, None] + np.array([0, 0.4, -0.2]) + r.normal(0, 0.8, (24, 3))
    yield "two readings, rounded", np.round(truth[:, None] + r.normal(0, 1.2, (24, 2)))
    yield "worse than chance", np.column_stack([np.arange(6.0), np.arange(6.0)[::-1] + [0, 1, 0, 1, 0, 1]])
    yield "five, nearly alike", 5 + r.normal(0, 0.5, (5, 2))
    yield "four readers, few", r.lognormal(1.5, 0.4, (4, 1)) + r.normal(0, 0.3, (4, 4))


def icc(table, kind):
    frame = pd.DataFrame([(i, j, v) for i, row in enumerate(table) for j, v in enumerate(row)],
                         columns=["target", "rater", "score"])
    found = pingouin.intraclass_corr(frame, "target", "rater", "score")
    row = found[found["Type"].isin(kind)].iloc[0]
    column = [c for c in found.columns if c.startswith("CI95")][0]
    return float(row["ICC"]), [float(v) for v in row[column]]


def exact_icc(table, one_way):
    """pingouin rounds its intervals to two decimals: McGraw and Wong's formulae by statsmodels' own ANOVA."""
    n, k = table.shape
    frame = pd.DataFrame([(i, j, v) for i, row in enumerate(table) for j, v in enumerate(row)],
                         columns=["target", "rater", "score"])
    anova = pingouin.anova(frame, dv="score", between=["target"] if one_way else ["target", "rater"],
                           detailed=True, ss_type=2) if one_way else None
    if one_way:
        msb, msw = float(anova["MS"][0]), float(anova["MS"][1])
        f = msb / msw
        low, high = f / stats.f.ppf(0.975, n - 1, n * (k - 1)), f * stats.f.ppf(0.975, n * (k - 1), n - 1)
        return [(low - 1) / (low + k - 1), (high - 1) / (high + k - 1)]
    from statsmodels.formula.api import ols
    from statsmodels.stats.anova import anova_lm
    found = anova_lm(ols("score ~ C(target) + C(rater)", frame).fit())
    msr, msc, mse = (float(v) for v in found["mean_sq"])
    value = (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / n)
    a, b = k * value / (n * (1 - value)), 1 + k * value * (n - 1) / (n * (1 - value))
    v = (a * msc + b * mse) ** 2 / ((a * msc) ** 2 / (k - 1) + (b * mse) ** 2 / ((n - 1) * (k - 1)))
    fl, fu = stats.f.ppf(0.975, n - 1, v), stats.f.ppf(0.975, v, n - 1)
    return [n * (msr - fl * mse) / (fl * (k * msc + (k * n - k - n) * mse) + n * msr),
            n * (fu * msr - mse) / (k * msc + (k * n - k - n) * mse + n * fu * msr)]


def measurement_case(name, table):
    table = np.round(table, 6)
    n = len(table)
    first, second = table[:, 0], table[:, 1]
    difference = second - first
    sd, error = difference.std(ddof=1), difference.std(ddof=1) / np.sqrt(n)
    z = stats.norm.ppf(0.975)
    spread = stats.nct(n - 1, z * np.sqrt(n))
    limits = [difference.mean() + spread.ppf(p) * error for p in (0.025, 0.975)]
    bias = stats.ttest_1samp(difference, 0).confidence_interval(0.95)
    value1, rounded1 = icc(table, ["ICC1", "ICC(1,1)"])
    value2, rounded2 = icc(table, ["ICC2", "ICC(A,1)"])
    exact1, exact2 = exact_icc(table, True), exact_icc(table, False)
    for rounded, exact in ((rounded1, exact1), (rounded2, exact2)):
        assert np.allclose(rounded, exact, atol=0.0051), (name, rounded, exact)
    within = np.sqrt((table.var(axis=1, ddof=1)).mean())
    df = n * (table.shape[1] - 1)
    case = {
        "name": name, "table": table.tolist(),
        "bias": [float(difference.mean()), float(bias.low), float(bias.high)],
        "upper_limit": [float(difference.mean() + z * sd)] + [float(v) for v in limits],
        "icc_1": [value1] + exact1, "icc_a_1": [value2] + exact2,
        "within": [float(within)] + [float(within * np.sqrt(df / stats.chi2.ppf(p, df))) for p in (0.975, 0.025)],
        "deming_slope": None,
    }
    if np.cov(first, second)[0, 1] > 0:
        fit = odr.ODR(odr.RealData(first, second), odr.unilinear, beta0=[1.0, 0.0], sstol=1e-15, partol=1e-15,
                      maxit=1000).run()
        case["deming_slope"] = [float(fit.beta[0]), float(fit.beta[1])]
    return case


def heterogeneity_case(successes, totals):
    table = np.array([successes, np.array(totals) - successes])
    found = stats.chi2_contingency(table, correction=False)
    return {"successes": list(successes), "totals": list(totals), "statistic": float(found.statistic),
            "p": float(found.pvalue)}


print(json.dumps({
    "versions": {"lifelines": lifelines.__version__, "pingouin": pingouin.__version__,
                 "scipy": scipy.__version__,
                 "survival": subprocess.run(["Rscript", "-e", "cat(as.character(packageVersion('survival')))"],
                                            capture_output=True, text=True).stdout},
    "survival": [survival_case(name, rows) for name, rows in survival_sets()],
    "measurement": [measurement_case(name, table) for name, table in measurement_sets()],
    "heterogeneity": [heterogeneity_case([20, 30, 25], [30, 50, 40]), heterogeneity_case([15, 9], [40, 22])],
}))
