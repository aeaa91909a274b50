"""How long `pdff validate` takes: 86 participants and 10,000, each with 10,000 bootstrap samples.

    validation.py PDFF [--model MODEL.json] [--runs N]

Cohorts are simulated here, with calls, sites, scanners, repeats and endpoints, seeded. Wall seconds,
processor seconds and peak memory of the slowest run are printed; the limits are 3 s and 30 s on two cores.
"""
import argparse
import math
import os
import pathlib
import random
import subprocess
import tempfile
import time

COLUMNS = (
    "participant_id,tumour_pdff_percent,tissue_subtype,provisional_subtype,sealed_on,tissue_reported_on,"
    "standard_uncertainty,background_pdff_percent,site,scanner,field_strength_t,reader,repeat,"
    "best_response_recist,response_confirmed,pfs_days,pfs_event,os_days,os_event,converted,as_treated_arm,"
    "first_tace_days"
)


def cohort(path, count):
    draw = random.Random(20261122)
    with open(path, "w") as file:
        print(COLUMNS, file=file)
        for number in range(count):
            t = max(draw.gauss(2.1, 0.6), 0)
            chance = draw.random()
            predictor = math.log(12) * (t - 2.1) / 0.6 + math.log(chance / (1 - chance))
            tissue = f"F{1 + (predictor > -1.1) + (predictor > 1.1)}"
            value = math.expm1(t) + draw.gauss(0, 0.9)
            call = "F1" if value < 4.4 else "F2" if value < 9.6 else "F3"
            if draw.random() < 0.25:
                call = "indeterminate"
            site = 1 + number % 7
            event = int(draw.random() < 0.6)
            days = 1 + int(-math.log(draw.random()) * 200)
            treated = "systemic+TACE,20" if tissue == "F3" else "systemic,"
            start = (f"p{number},{value:.2f},{tissue},{call},2026-01-01,2026-02-01,0.9,"
                     f"{math.exp(draw.gauss(1.6, 0.7)):.2f},site {site},MR{site},{1.5 if site % 2 else 3},R1")
            print(f"{start},1,{draw.choice(['CR', 'PR', 'SD', 'PD'])},,{days},{event},{days + 100},{event},no,"
                  f"{treated}", file=file)
            if number % 10 == 0:
                again = f"p{number},{value + draw.gauss(0, 1):.2f},{tissue},,,2026-02-01,0.9,,site {site}"
                print(f"{again},MR{site},{1.5 if site % 2 else 3},R1,2" + "," * 9, file=file)


def timed(command):
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, command
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("pdff")
parser.add_argument("--model")
parser.add_argument("--runs", type=int, default=3)
options = parser.parse_args()
with tempfile.TemporaryDirectory() as folder:
    print("participants  model  wall s  processor s  peak MB  limit s")
    for count, limit in ((86, 3), (10_000, 30)):
        table = pathlib.Path(folder, f"{count}.csv")
        cohort(table, count)
        for model in (None, options.model) if options.model else (None,):
            command = [options.pdff, "validate", table, "-o", pathlib.Path(folder, "out")]
            command += ["--model", model] if model else []
            wall, processor, memory = max(timed(command) for _ in range(options.runs))
            print(f"{count:12}  {'yes' if model else 'no':>5}  {wall:6.2f}  {processor:11.2f}  {memory:7.0f}  {limit:7}")
