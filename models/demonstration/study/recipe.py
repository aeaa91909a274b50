#!/usr/bin/env python3
"""A simulated study of 86 participants, as the commands that record it: `recipe.py FOLDER`.

Nobody's data. Tumour fat follows the demonstration cohort (../cohort.py); the subtype follows it with an odds ratio
of 3 for a standard deviation and not of 12, so that calls and tissue disagree often enough to be seen. Writes

  scans.tsv     scan, tumour PDFF in percent, seed, day: what each phantom is made from
  commands.tsv  user, verb and arguments of `pdff registry`, in the order of their days

Coordinators act as the trial's rules ask: a call for F3 gets a plan of TACE, tissue turns participants round
in time, or too late. Some biopsies fail, some calls are sealed on the day of tissue's report, some biopsies
are of another lesion. Only the standard library's generator is used, whose numbers do not change between
versions. Day 0 is 2026-01-05, the last day that is recorded 2026-08-31.
"""
import datetime
import math
import pathlib
import random
import sys

draw = random.Random(11)
FIRST, END, COUNT = datetime.date(2026, 1, 5), 238, 86
# Called F3, tissue F1, reported so many days after D0, with TACE on D17: turned round in time, while apatinib is
# paused, and too late.
TURNED = {12: 15, 41: 19, 57: 15, 66: 10}
SITES = {"Nord": 2, "Ost": 4, "West": 0}  # lead times, as in study.json
SYSTEMIC, TACE = "systemic", "systemic+TACE"
# Arms of the demonstration model for a standard uncertainty near one percentage point (pdff subtype show).
SYSTEMIC_BELOW, TACE_ABOVE, KEEP_AWAY = 6.6, 16.1, 1.6


def date(day):
    return str(FIRST + datetime.timedelta(days=day))


def tumour():
    """True fat fraction in percent and subtype, away from where the arm's call would be a matter of noise."""
    while True:
        t = max(draw.gauss(2.1, 0.6), 0.0)
        chance = draw.random()
        predictor = math.log(3.0) * (t - 2.1) / 0.6 + math.log(chance / (1 - chance))
        x = math.expm1(t)
        if x < 38 and min(abs(x - SYSTEMIC_BELOW), abs(x - TACE_ABOVE)) > KEEP_AWAY:
            return round(x, 1), f"F{1 + (predictor > -1.1) + (predictor > 1.1)}"


class Participant:
    def __init__(self, number, enrolled):
        self.id = f"SIM-{number:03d}"
        self.number = number
        self.site = draw.choice(sorted(SITES))
        self.enrolled = enrolled
        self.pdff, self.subtype = (22.0, "F1") if number in TURNED else tumour()
        self.provisional = None
        self.lines, self.scans = [], []
        self.closed = END + 1

    def say(self, day, user, verb, *arguments, reason=None):
        if day > END or day > self.closed:
            return
        words = [user, verb, "--participant", self.id, *arguments]
        self.lines.append((day, words + (["--reason", reason] if reason else [])))

    def treat(self, day, event, when=None, lesion=None, reason=None):
        words = ["--event", event, "--date", date(day if when is None else when)]
        self.say(day, "coordinator", "treat", *words, *(["--lesion", lesion] if lesion else []), reason=reason)

    def enrol_and_call(self):
        self.say(self.enrolled, "coordinator", "enrol", "--site", self.site, "--enrolled-on", date(self.enrolled))
        scan = self.enrolled + draw.randint(1, 4)
        self.sealed = scan + draw.randint(0, 1)
        self.start = self.sealed + draw.randint(1, 5)
        self.biopsy = self.enrolled + draw.randint(2, 9)
        self.reported = self.biopsy + max(4, round(math.exp(draw.gauss(math.log(14), 0.45))))
        kind = self.number % 29
        if kind == 11:  # sealed on the day of the report: no evidence
            self.sealed = max(self.reported, scan)
            self.reported = self.sealed
            self.start = self.sealed + 1
        if self.number % 17 == 5:  # lipiodol is oil: no scan after it can be measured
            self.treat(self.enrolled, "prior-tace", self.enrolled - 400)
            return
        if draw.random() < 0.05 and self.number not in TURNED:
            return  # no scan
        self.call(scan, self.sealed)
        if self.number in TURNED:
            self.reported = self.start + TURNED[self.number]
        if kind == 17:
            self.call(scan, self.sealed + 1, reason="the mask left out the capsule; drawn again")
            self.start = max(self.start, self.sealed + 2)
        self.provisional = (
            SYSTEMIC if self.pdff < SYSTEMIC_BELOW else TACE if self.pdff > TACE_ABOVE else "undetermined")

    def call(self, scan, sealed, reason=None):
        name = f"{self.id}-{len(self.scans) + 1}"
        self.scans.append((name, self.pdff, 1000 * self.number + len(self.scans), date(scan)))
        self.say(sealed, "radiologist", "call", "--lesion", "L1", "--measurement", f"SCANS/{name}.json",
                 "--sealed-on", date(sealed), reason=reason)

    def report(self, finding, biopsy, reported):
        lesion = "L2" if self.number % 29 == 23 else "L1"
        self.say(reported, "reader", "tissue", "--lesion", lesion, "--subtype", finding, "--biopsy-on", date(biopsy),
                 "--reported-on", date(reported), "--specimen", "core needle biopsy", "--method", "RNA sequencing",
                 "--reference", f"R{self.number:04d}")

    def tissue(self):
        """When tissue answers and with which arm; None where it never does."""
        self.answer = None
        if draw.random() < 0.1 and self.number not in TURNED:
            self.report("failed", self.biopsy, self.reported)
            if draw.random() < 0.4:
                return
            self.biopsy = self.reported + draw.randint(3, 8)
            self.reported = self.biopsy + draw.randint(6, 14)
        self.report(self.subtype, self.biopsy, self.reported)
        if self.reported <= END:
            self.answer = (self.reported, TACE if self.subtype == "F3" else SYSTEMIC)

    def session(self, planned, day, reason=None):
        """Pause, TACE and restart; the pause was planned on `planned`."""
        self.treat(day - 4, "apatinib-pause")
        self.treat(day, "tace", lesion="L1", reason=reason)
        self.treat(day + 4, "apatinib-restart")

    def plan_and_do(self, decided, day):
        self.treat(decided, "tace-planned", day, "L1")
        self.session(decided, day)
        if draw.random() < 0.4:
            self.treat(day + 30, "tace-planned", day + 42, "L1")
            self.session(day + 30, day + 42)

    def treatment(self):
        start = self.start
        self.treat(start, "systemic-start")
        known, arm = self.answer or (END + 1, None)
        if self.provisional == TACE:
            self.towards_tace(start, known, arm)
        elif arm == TACE:
            self.turned_to_tace(start, known)

    def towards_tace(self, start, known, arm):
        planned, day = start + 6, start + (17 if self.number in TURNED else draw.randint(15, 20))
        pause = day - 4
        if arm != SYSTEMIC:
            self.plan_and_do(planned, day)
        elif known <= planned:
            self.treat(max(known + 1, start + 9), "no-pause")
        elif known <= pause:
            self.treat(planned, "tace-planned", day, "L1")
            self.treat(known, "tace-cancelled", day)
            if draw.random() < 0.7:
                self.treat(max(known + 1, start + 9), "no-pause")
        elif known <= day:
            self.treat(planned, "tace-planned", day, "L1")
            self.treat(pause, "apatinib-pause")
            self.treat(known, "tace-cancelled", day)
            self.treat(known + 1, "apatinib-restart")
        else:
            self.treat(planned, "tace-planned", day, "L1")
            self.session(planned, day)

    def turned_to_tace(self, start, known):
        decided = max(known, start)
        day = max(start + 14, decided + SITES[self.site] + 5)
        if day <= start + 28:
            self.plan_and_do(decided, day)
        elif draw.random() < 0.5:
            self.treat(decided + 1, "tace-planned", day, "L1", reason="tissue answered late; decided at the tumour board")
            self.session(decided + 1, day, reason="tissue answered late; decided at the tumour board")

    def ending(self):
        chance = draw.random()
        after = self.start + round(math.exp(draw.gauss(math.log(120), 0.5)))
        kinds = [("death", 0.07), ("withdrawal", 0.12), ("conversion", 0.2)]
        kind = next((name for name, share in kinds if chance < share), None)
        if kind and after <= END:
            self.say(after, "coordinator", "follow", "--event", kind, "--date", date(after))
            self.closed = after

    def follow_up(self):
        responds = draw.random() < (0.35 if self.subtype == "F1" else 0.25)
        seen = None
        for number in range(1, 6):
            day = self.start + 42 * number
            category = "PR" if responds and number > 1 else "SD"
            words = ["--recist", category, "--mrecist", "CR" if category == "PR" and self.number % 3 == 0 else category]
            if category == "PR" and seen is not None:
                words += ["--recist-confirmed", "--mrecist-confirmed"]
            seen = day if category == "PR" and seen is None else seen
            self.say(day, "coordinator", "follow", "--event", "response", "--date", date(day), *words)
            if draw.random() < 0.12:
                self.say(day + 7, "coordinator", "follow", "--event", "progression", "--date", date(day + 7),
                         "--criterion", "recist")
                break
        if draw.random() < 0.4:
            day = self.start + draw.randint(5, 40)
            term, grade = draw.choice([("Hypertension", 2), ("Hand-foot syndrome", 2), ("ALT increased", 3)])
            self.say(day, "coordinator", "follow", "--event", "adverse-event", "--date", date(day), "--term", term,
                     "--grade", str(grade))


def main():
    folder = pathlib.Path(sys.argv[1])
    days = sorted(draw.randint(0, END - 20) for _ in range(COUNT))
    lines, scans = [], []
    for number, enrolled in enumerate(days, 1):
        participant = Participant(number, enrolled)
        participant.enrol_and_call()
        participant.tissue()
        # Whoever leaves does so after what is recorded of the calls; later events fall away.
        before = participant.lines
        participant.lines = []
        participant.ending()
        participant.treatment()
        participant.follow_up()
        lines += [line for line in before if line[0] <= participant.closed] + participant.lines
        scans += [scan for scan in participant.scans if any(f"SCANS/{scan[0]}.json" in w for _, w in lines)]
    lines.sort(key=lambda line: line[0])
    (folder / "scans.tsv").write_text("".join("\t".join(map(str, scan)) + "\n" for scan in scans))
    (folder / "commands.tsv").write_text("".join("\t".join(words) + "\n" for _, words in lines))


if __name__ == "__main__":
    main()
