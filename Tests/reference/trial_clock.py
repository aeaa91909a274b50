#!/usr/bin/env python3
"""The trial's clock a second time, from the words of its public record and of docs/trial.md alone.

Writes a table, one case a line, fields separated by blanks, '-' for nothing. Days are whole numbers, D0
(the first systemic dose) is 0 wherever it is given.

  settings  first and last day of the window, shortest and longest pause, lead time, scan before biopsy
  day       the reading date
  calls     lesion:set:scanned:sealed, joined by commas
  tissue    lesion:finding:biopsy:reported, joined by commas
  events    kind:day:lesion, in the order of recording
  closing   kind:day
  expected  state reconciliation reasons consequence deadline action by
"""

import argparse
import itertools

F3 = "systemic+TACE"
READING_DAYS = [-10, 0, 4, 7, 8, 9, 10, 12, 13, 14, 15, 17, 18, 19, 20, 22, 23, 24, 25, 26, 28, 29, 33, 45]
SETTINGS = [(14, 28, 3, 5, 0, 0), (14, 28, 3, 5, 4, 1), (10, 35, 2, 7, 1, 0)]
CALLS = {
    "none": [],
    "F1": [("L1", "F1", -12, -11)],
    "F2": [("L1", "F2", -12, -11)],
    "F3": [("L1", "F3", -12, -11)],
    "arm": [("L1", "F1+F2", -12, -11)],
    "wide": [("L1", "F2+F3", -12, -11)],
    "all": [("L1", "F1+F2+F3", -12, -11)],
    "late-seal": [("L1", "F3", -12, 7)],
    "seal-next-day": [("L1", "F1", -12, 12)],
    "other-lesion": [("L2", "F3", -12, -11)],
    "two-agree": [("L1", "F3", -12, -11), ("L2", "F2+F3", -12, -11)],
    "two-differ": [("L2", "F3", -12, -11), ("L1", "F1", -12, -11)],
    "scan-on-d0": [("L1", "F3", 0, 1)],
    "scan-after-d0": [("L1", "F1", 1, 2)],
}
TISSUE = {
    "none": [],
    "failed": [("L1", "failed", -9, 5)],
    "F1": [("L1", "F1", -9, 7)],
    "F2": [("L1", "F2", -9, 12)],
    "F3": [("L1", "F3", -9, 12)],
    "F3-late": [("L1", "F3", -9, 24)],
    "failed-then-F1": [("L1", "failed", -9, 5), ("L1", "F1", 8, 13)],
    "biopsy-before-scan": [("L1", "F3", -13, 8)],
    "two-arms": [("L1", "F1", -9, 7), ("L2", "F3", -9, 9)],
}
START = ("systemic-start", 0, "-")
EVENTS = {
    "nothing": [],
    "plan-before-start": [("tace-planned", 20, "-")],
    "prior": [("prior-tace", -30, "-"), START],
    "prior-on-scan-day": [("prior-tace", -12, "-"), START],
    "start": [START],
    "no-pause-early": [START, ("no-pause", 8, "-")],
    "no-pause": [START, ("no-pause", 13, "-")],
    "plan-14": [START, ("tace-planned", 14, "L1")],
    "plan-20": [START, ("tace-planned", 20, "L1")],
    "plan-28": [START, ("tace-planned", 28, "-")],
    "plan-40": [START, ("tace-planned", 40, "-")],
    "plan-20-no-pause": [START, ("tace-planned", 20, "L1"), ("no-pause", 15, "-")],
    "plan-20-no-pause-early": [START, ("tace-planned", 20, "L1"), ("no-pause", 10, "-")],
    "plan-cancelled": [START, ("tace-planned", 20, "L1"), ("tace-cancelled", 20, "L1")],
    "all-cancelled": [START, ("tace-planned", 20, "L1"), ("tace-planned", 26, "L2"), ("tace-cancelled", 12, "-")],
    "one-cancelled": [START, ("tace-planned", 20, "L1"), ("tace-planned", 26, "L1"), ("tace-cancelled", 20, "-")],
    "replanned": [START, ("tace-planned", 16, "L1"), ("tace-cancelled", 12, "-"), ("tace-planned", 25, "L1")],
    "pause": [START, ("tace-planned", 20, "L1"), ("apatinib-pause", 15, "-")],
    "pause-unplanned": [START, ("apatinib-pause", 10, "-")],
    "pause-too-early": [START, ("apatinib-pause", 8, "-")],
    "pause-last": [START, ("apatinib-pause", 25, "-")],
    "pause-too-late": [START, ("apatinib-pause", 26, "-")],
    "restarted": [START, ("tace-planned", 20, "L1"), ("apatinib-pause", 15, "-"), ("tace-cancelled", 17, "-"),
                  ("apatinib-restart", 17, "-")],
    "restarted-early": [START, ("apatinib-pause", 8, "-"), ("apatinib-restart", 8, "-")],
    "done-14": [START, ("apatinib-pause", 9, "-"), ("tace", 14, "L1")],
    "done-20": [START, ("tace-planned", 20, "L1"), ("apatinib-pause", 15, "-"), ("tace", 20, "L1"),
                ("apatinib-restart", 24, "-")],
    "done-20-more": [START, ("tace-planned", 20, "L1"), ("apatinib-pause", 15, "-"), ("tace", 20, "L1"),
                     ("apatinib-restart", 24, "-"), ("tace-planned", 45, "L2")],
    "done-30": [START, ("apatinib-pause", 26, "-"), ("tace", 30, "L1")],
    "done-12": [START, ("tace", 12, "L1")],
}
CLOSING = [None, ("death", 18), ("withdrawal", 10), ("conversion", 29)]


def arm(subtypes):
    if subtypes == {"F3"}:
        return F3
    return "systemic" if subtypes and "F3" not in subtypes else "undetermined"


class Facts:
    """Facts dated up to a day; plans and cancellations are known whatever their date."""

    def __init__(self, events, day):
        until = [e for e in events if e[1] <= day]
        starts = [e[1] for e in until if e[0] == "systemic-start"]
        self.d0 = min(starts) if starts else None
        self.taces = sorted((e[1], e[2]) for e in until if e[0] == "tace")
        self.every_tace = [e[1] for e in until if e[0] in ("tace", "prior-tace")]
        self.no_pauses = [e[1] for e in until if e[0] == "no-pause"]
        self.pauses = [e[1] for e in until if e[0] == "apatinib-pause"]
        restarts = [e[1] for e in until if e[0] == "apatinib-restart"]
        unended = [p for p in self.pauses if not any(r >= p for r in restarts)]
        self.paused_since = max(unended) if unended else None
        plans = []
        for kind, when, lesion in events:
            if kind == "tace-planned":
                plans.append((when, lesion))
            if kind == "tace-cancelled":
                candidates = [p for p in plans if "-" in (p[1], lesion) or p[1] == lesion]
                named = [p for p in candidates if p[0] == when]
                gone = named or [p for p in candidates if p[0] >= when]
                plans = [p for p in plans if p not in gone]
        done = [p for p in plans if any(p[0] <= t and p[1] in ("-", l) for t, l in self.taces)]
        self.planned = sorted(p[0] for p in plans if p not in done)


def compare(calls, tissue, facts, day, scan_before_biopsy):
    """State but for closing, reasons, arm of the calls, whether they differ, deciding result, whether those differ."""
    calls = [c for c in calls if c[3] <= day]
    results = [t for t in tissue if t[3] <= day]
    arms = {arm(set(c[1].split("+"))) for c in calls} - {"undetermined"}
    provisional = next(iter(arms)) if len(arms) == 1 else "undetermined"
    answers = sorted((t for t in results if t[1] != "failed"), key=lambda t: t[3])
    differ = len({arm({t[1]}) for t in answers}) > 1
    named = {c[0] for c in calls}
    deciding = next(iter([t for t in answers if t[0] in named] + answers), None)
    reasons = set()
    if deciding is None:
        state = "tissue-failed" if results else "awaiting-tissue" if calls else "no-call"
    elif not calls:
        state = "no-call"
    else:
        same = [c for c in calls if c[0] == deciding[0]]
        leading = [c for c in calls if arm(set(c[1].split("+"))) == provisional]
        call = (same or leading or calls)[-1]
        subtypes = set(call[1].split("+"))
        if not same:
            reasons.add("other-lesion")
        if not call[3] < deciding[3]:
            reasons.add("sealed-too-late")
        if arm(subtypes) == "undetermined":
            reasons.add("indeterminate")
        if any(call[2] >= t for t in facts.every_tace):
            reasons.add("scan-after-tace")
        if facts.d0 is not None and call[2] > facts.d0:
            reasons.add("scan-after-start")
        if scan_before_biopsy and any(call[2] > t[2] for t in results):
            reasons.add("scan-after-biopsy")
        if reasons:
            state = "not-evidence"
        elif subtypes == {deciding[1]}:
            state = "concordant"
        else:
            state = "same-arm" if arm(subtypes) == arm({deciding[1]}) else "discordant"
    return state, reasons, provisional, len(arms) > 1, deciding, differ


def divergence(facts, setting):
    """The first day on which the arms' treatments may differ."""
    if facts.planned:
        return facts.planned[0] - setting[3]
    return None if facts.d0 is None else facts.d0 + setting[0] - setting[3]


def consequence(provisional, deciding, facts, setting, day):
    if deciding is None or arm({deciding[1]}) == provisional:
        return "none"
    first, last, shortest, longest, lead, _ = setting
    if arm({deciding[1]}) == "systemic":
        if facts.taces:
            return "irreversible"
        if facts.paused_since is not None:
            return "recoverable"
        if provisional == "undetermined" and not facts.planned:
            return "none"
        split = divergence(facts, setting)
        if split is None or day < split:
            return "harmless"
        known = any(x >= split for x in facts.pauses + facts.no_pauses)
        return "harmless" if known else "confirm-pause"
    if facts.d0 is None or day <= facts.d0 + last - longest - lead:
        return "harmless"
    window = range(facts.d0 + first, facts.d0 + last + 1)
    if any(t in window for t, _ in facts.taces):
        return "harmless"
    if facts.paused_since is not None and day <= window[-1]:
        possible = {facts.paused_since + rest for rest in range(shortest, longest + 1)}
        if possible & set(window):
            return "harmless"
    return "late-tace"


def deadline(provisional, deciding, facts, setting):
    if deciding is not None:
        return None
    changes = [x for x in [divergence(facts, setting)] if x is not None]
    began = facts.pauses + [t for t, _ in facts.taces]
    changes += [min(began)] if began else []
    before = [min(changes) - 1] if changes else []
    for_tace = [] if facts.d0 is None else [facts.d0 + setting[1] - setting[3] - setting[4]]
    if provisional == F3:
        days = before
    else:
        days = for_tace + (before if began or facts.planned else [])
    return min(days) if days else None


def action(state, provisional, differing, deciding, torn, effect, facts, setting, day, limit):
    """docs/trial.md, 'What to do next': the first row that fits."""
    first, last, shortest, longest, lead, _ = setting
    over = facts.d0 is not None and day > facts.d0 + last
    paused = facts.paused_since
    in_pause = [t for t, _ in facts.taces if paused is not None and t >= paused]
    restart = ("restart-apatinib", max(in_pause) + longest) if in_pause else None
    if torn:
        return "review-tissue", None if over else day
    answer = None if deciding is None else arm({deciding[1]})
    if answer == "systemic":
        if effect == "confirm-pause":
            return "confirm-pause", day
        if paused is not None and not restart:
            return "cancel-tace-and-restart", day
        if facts.planned:
            return "cancel-tace", max(day, facts.planned[0] - longest - 1)
        if restart:
            return restart
        return ("start-systemic", None) if facts.d0 is None else ("follow-up", None)
    if restart:
        return restart
    if paused is not None:
        return "perform-tace", min([paused + longest] + facts.planned)
    missed = any(t < day for t in facts.planned)
    if answer == F3:
        if facts.d0 is None:
            return "start-systemic", None
        if missed:
            return "confirm-tace", day
        if facts.planned:
            return "pause-apatinib", facts.planned[0] - shortest
        if facts.taces:
            return "follow-up", None
        decide_by = facts.d0 + last - longest - lead
        if day <= decide_by:
            return "plan-tace", decide_by
        return "decide-late-tace", None if over else day
    if missed:
        return "confirm-tace", day
    if state == "tissue-failed":
        return "rebiopsy-or-fallback", None if over else limit
    if differing:
        return "review-calls", None if over else limit
    if state == "no-call" and facts.d0 is None:
        return "seal-call", None
    if limit is None or facts.taces or over:
        return "await-tissue", None
    return ("await-tissue" if day <= limit else "decide-without-tissue"), limit


def text(parts):
    return ",".join(":".join(str(x) for x in part) for part in parts) or "-"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1, help="only each so-manieth combination")
    every = parser.parse_args().every
    combinations = itertools.product(
        SETTINGS, CALLS.values(), TISSUE.values(), EVENTS.values(), CLOSING, READING_DAYS)
    for setting, calls, tissue, events, closing, day in itertools.islice(combinations, 0, None, every):
        if closing and (closing[1] > day or day % 2 == 0):
            continue  # not closed yet: the same as without
        left = closing[1] if closing else None
        state, reasons, provisional, differing, deciding, torn = compare(
            calls, tissue, Facts(events, day), day, setting[5])
        if left is None:
            then = (provisional, deciding)
        else:
            _, _, at_end, _, known_then, _ = compare(calls, tissue, Facts(events, left), left, setting[5])
            then = (at_end, known_then)
        settled = day if left is None else left
        facts = Facts(events, settled)
        effect = consequence(*then, facts, setting, settled)
        limit = deadline(provisional, deciding, facts, setting) if left is None else None
        todo = ("none", None)
        if left is None:
            todo = action(state, provisional, differing, deciding, torn, effect, facts, setting, day, limit)
        shown = [
            *setting, day, text(calls), text(tissue), text(events), text([closing] if closing else []),
            state if left is None else "closed", state, ",".join(sorted(reasons)) or "-", effect,
            "-" if limit is None else limit, todo[0], "-" if todo[1] is None else todo[1],
        ]
        print(*shown)


if __name__ == "__main__":
    main()
