"""Values of SciPy's distributions: name, function, parameters, argument, value."""
import sys

from scipy import stats

if sys.argv[1:] == ["binomial"]:
    for n in (1, 5, 29, 500):
        for p in (0.0, 1e-3, 0.3, 0.9, 1.0):
            for k in sorted({0, 1, n // 3, n - 1, n}):
                d = stats.binom(n, p)
                print(n, p, k, *(repr(float(v)) for v in (d.pmf(k), d.cdf(k), d.sf(k))))
    sys.exit()

families = {
    "normal": (stats.norm, [(0, 1), (2.5, 0.3)], [-30, -8, -1.2, 0, 0.7, 6, 30]),
    "t": (stats.t, [(1,), (3.5,), (10,), (200,)], [-40, -3, -0.1, 0.5, 2, 12]),
    "chi2": (stats.chi2, [(1,), (2,), (7.5,), (100,)], [1e-6, 0.3, 3.84, 20, 150, 900]),
    "f": (stats.f, [(1, 5), (3, 40), (20, 3)], [1e-4, 0.5, 1, 4, 60]),
    "beta": (stats.beta, [(0.5, 0.5), (1, 9), (27, 3), (180, 21)], [1e-8, 0.05, 0.3, 0.87, 0.999]),
}
shares = [1e-12, 1e-5, 0.025, 0.3, 0.5, 0.7, 0.975, 1 - 1e-6]
for name, (family, parameters, places) in families.items():
    for p in parameters:
        d = family(*p)
        for x in places:
            print(name, "cdf", *p, x, repr(float(d.cdf(x))))
            print(name, "sf", *p, x, repr(float(d.sf(x))))
        for share in shares:
            print(name, "ppf", *p, share, repr(float(d.ppf(share))))
