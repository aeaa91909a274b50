#!/usr/bin/env python3
"""The synthetic cohort of the demonstration model: `cohort.py > cohort.csv`.

Nobody's data. 240 invented participants of three invented sites: the true fat fraction x (percent)
has ln(1 + x) ~ Normal(2.1, 0.6^2), cut off at 0; the subtype follows proportional odds in ln(1 + x)
with an odds ratio of 12 for one standard deviation; the measured mean has a standard uncertainty
between 0.6 and 1.4 percentage points. That fat rises from F1 to F3 here is a choice of this file:
nothing is known about the direction in patients.

Only the standard library's generator is used, whose numbers do not change between versions.
"""
import math
import random

draw = random.Random(20261120)
mean, sd, odds_ratio = 2.1, 0.6, 12.0
print("participant_id,tumour_pdff_percent,tissue_subtype,standard_uncertainty,site,scanner")
for number in range(1, 241):
    t = max(draw.gauss(mean, sd), 0.0)
    chance = draw.random()
    predictor = math.log(odds_ratio) * (t - mean) / sd + math.log(chance / (1 - chance))
    subtype = 1 + (predictor > -1.1) + (predictor > 1.1)
    uncertainty = 0.6 + 0.8 * draw.random()
    measured = math.expm1(t) + uncertainty * draw.gauss(0.0, 1.0)
    site = 1 + number % 3
    print(f"demo-{number:03d},{measured:.2f},F{subtype},{uncertainty:.2f},site-{site},scanner-{site}")
