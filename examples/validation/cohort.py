#!/usr/bin/env python3
"""A simulated cohort for `pdff validate`: `cohort.py FOLDER` writes cohort.csv and adverse-events.csv.

Nobody's data: 92 invented participants of three invented sites. The true fat fraction x (percent) has
ln(1 + x) ~ Normal(2.1, 0.6^2), cut off at 0; tissue follows proportional odds in ln(1 + x) with an odds
ratio of 12 for one standard deviation, as in models/demonstration. Calls come from two cuts through the
measured value, with an indeterminate call where a cut lies within one standard uncertainty. Survival is
exponential and knows nothing of the treatment. That fat rises from F1 to F3 is a choice of this file:
nothing is known about the direction in patients.

Only the standard library's generator is used, whose numbers do not change between versions.
"""
import csv
import datetime
import math
import pathlib
import random
import sys

draw = random.Random(20261121)
CUTS = (4.9, 10.4)
ARMS = {"F1": "systemic", "F2": "systemic", "F3": "systemic+TACE"}
COLUMNS = (
    "participant_id,tumour_pdff_percent,tissue_subtype,provisional_subtype,provisional_set,"
    "provisional_arm,sealed_on,tissue_reported_on,lesion,tissue_lesion,standard_uncertainty,"
    "background_pdff_percent,site,scanner,field_strength_t,reader,repeat,r2star_per_s,systemic_start,"
    "best_response_recist,best_response_mrecist,response_confirmed,response_days,pfs_days,pfs_event,"
    "os_days,os_event,converted,as_treated_arm,first_tace_days,simulated"
).split(",")
SCANNERS = {"site-1": ("MR-A", 3), "site-2": ("MR-B", 1.5), "site-3": ("MR-C", 3)}
# A scanner's own slope and offset, as if a ledger had left a little.
BIAS = {"MR-A": (1.0, 0.0), "MR-B": (0.98, 0.2), "MR-C": (1.02, -0.1)}


def call(measured, uncertainty):
    """The subtypes that can't be excluded."""
    low = sum(measured - uncertainty > cut for cut in CUTS)
    high = sum(measured + uncertainty > cut for cut in CUTS)
    return [f"F{k + 1}" for k in range(low, high + 1)]


def measured(x, scanner, extra=0.0):
    slope, offset = BIAS[scanner]
    return slope * x + offset + 0.75 * draw.gauss(0, 1) + extra


def response(scale):
    u = draw.random()
    return "CR" if u < 0.05 * scale else "PR" if u < 0.3 * scale else "SD" if u < 0.75 else "PD"


def outcome(row, treated_f3):
    """Endpoints, in place; times from systemic start."""
    pfs = -math.log(draw.random()) * 240
    os_ = pfs + -math.log(draw.random()) * 330
    end = 120 + 420 * draw.random()
    row["pfs_days"], row["pfs_event"] = round(min(pfs, end)) or 1, int(pfs <= end)
    row["os_days"], row["os_event"] = max(round(min(os_, end)), row["pfs_days"]), int(os_ <= end)
    recist, mrecist = response(1.0), response(1.3)
    # Who progresses before the first look has no response.
    if row["pfs_days"] < 42:
        recist = mrecist = "PD" if row["pfs_event"] else "NE"
    row["best_response_recist"], row["best_response_mrecist"] = recist, mrecist
    responded = {"CR", "PR"} & {recist, mrecist}
    if responded:
        row["response_confirmed"] = "yes" if draw.random() < 0.85 else "no"
        row["response_days"] = 42 * draw.randint(1, min(3, row["pfs_days"] // 42))
    row["converted"] = "yes" if responded and draw.random() < 0.3 else "no"
    row["as_treated_arm"] = "systemic"
    day = draw.randint(14, 40)
    if treated_f3 and day <= row["os_days"]:
        row["as_treated_arm"], row["first_tace_days"] = "systemic+TACE", day


def participant(number):
    site = f"site-{1 + number % 3}"
    scanner, field = SCANNERS[site]
    t = max(draw.gauss(2.1, 0.6), 0.0)
    chance = draw.random()
    predictor = math.log(12) * (t - 2.1) / 0.6 + math.log(chance / (1 - chance))
    tissue = f"F{1 + (predictor > -1.1) + (predictor > 1.1)}"
    x, uncertainty = math.expm1(t), round(0.8 + 0.5 * draw.random(), 2)
    value = measured(x, scanner)
    found = call(value, uncertainty)
    start = datetime.date(2026, 1, 12) + datetime.timedelta(days=5 * number)
    row = dict.fromkeys(COLUMNS, "")
    row.update(
        participant_id=f"sim-{number:03d}", tumour_pdff_percent=f"{value:.2f}", tissue_subtype=tissue,
        provisional_subtype=found[0] if len(found) == 1 else "indeterminate",
        provisional_set=" ".join(found),
        provisional_arm="systemic+TACE" if found == ["F3"] else "undetermined" if "F3" in found else "systemic",
        sealed_on=start - datetime.timedelta(days=2),
        tissue_reported_on=start + datetime.timedelta(days=draw.randint(5, 25)),
        lesion="L1", tissue_lesion="L1", standard_uncertainty=uncertainty,
        background_pdff_percent=f"{math.exp(draw.gauss(1.6, 0.7)):.2f}", site=site, scanner=scanner,
        simulated=1, field_strength_t=field, reader="R1", repeat=1, r2star_per_s=round(30 + 25 * draw.random(), 1),
        systemic_start=start,
    )
    outcome(row, treated_f3=tissue == "F3")
    if number % 23 == 5:
        row["tissue_subtype"], row["tissue_lesion"] = "failed", ""
    if number % 31 == 7:
        row["tissue_subtype"] = row["tissue_reported_on"] = row["tissue_lesion"] = ""
    if number == 40:
        row["tissue_reported_on"] = row["sealed_on"]
    if number == 41:
        row["tissue_lesion"] = "L2"
    if number == 50:
        row.update(tumour_pdff_percent="", standard_uncertainty="", provisional_subtype="",
                   provisional_set="", provisional_arm="", sealed_on="")
    rows = [row]
    if row["tumour_pdff_percent"]:
        def again(scanner=scanner, field=field, extra=0.0, **changes):
            other = dict.fromkeys(COLUMNS, "")
            other.update(participant_id=row["participant_id"], simulated=1, lesion="L1", scanner=scanner,
                         field_strength_t=field, reader="R1", repeat=1, standard_uncertainty=uncertainty,
                         tumour_pdff_percent=f"{measured(x, scanner, extra):.2f}")
            other.update(changes)
            rows.append(other)
        if number % 3 == 0:
            again(reader="R2", extra=0.15)
        if number % 4 == 0:
            again(repeat=2)
        if number % 6 == 0:
            travelled = "MR-B" if scanner != "MR-B" else "MR-A"
            again(scanner=travelled, field=1.5 if travelled == "MR-B" else 3)
    return rows


def adverse_events(rows):
    terms = ["Hypertension", "Fatigue", "Aspartate aminotransferase increased", "Hand-foot syndrome"]
    for row in rows:
        tace = row["as_treated_arm"] == "systemic+TACE"
        for term in terms + (["Post-embolisation fever"] if tace else []):
            if draw.random() < (0.8 if term.startswith("Post") else 0.3):
                grade = draw.choices([1, 2, 3, 4], [5, 4, 2, 0.3])[0]
                yield row["participant_id"], term, grade, "yes" if term.startswith("Post") else "no"


def write(path, head, rows):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


folder = pathlib.Path(sys.argv[1])
people = [participant(number) for number in range(1, 93)]
lines = [row for rows in people for row in rows]
write(folder / "cohort.csv", COLUMNS, ([row[name] for name in COLUMNS] for row in lines))
write(folder / "adverse-events.csv", ["participant_id", "ctcae_term", "grade", "related_to_tace"],
      adverse_events([rows[0] for rows in people]))
