#!/usr/bin/env python3
"""Draws docs/trial-clock.svg: the days of docs/trial.md with the trial's own settings and no lead time.

    python3 scripts/trial-clock.py > docs/trial-clock.svg
"""

FIRST, LAST = 14, 28  # window
SHORT, LONG = 3, 5  # pause
PLAN = 20
WIDTH, LEFT, TOP, DAY = 1000, 230, 70, 24
COLOURS = {
    "harmless": ("#d9ead3", "#274e13"), "ask": ("#fff2cc", "#7f6000"), "undo": ("#fce5cd", "#783f04"),
    "done": ("#f4cccc", "#660000"), "same": ("#e8eef7", "#1c3d6e"), "tace": ("#cfe2f3", "#0b3a5e"),
}
out = []


def x(day):
    return LEFT + day * DAY


def text(place, y, words, size=13, anchor="middle", fill="#222", weight="normal"):
    out.append(f'<text x="{place}" y="{y}" font-size="{size}" text-anchor="{anchor}" '
               f'font-weight="{weight}" fill="{fill}">{words}</text>')


def bar(y, first, end, kind, words, height=34):
    """From the first day up to and without the end; days are boxes, D0 is the box from 0 to 1."""
    fill, ink = COLOURS[kind]
    out.append(f'<rect x="{x(first)}" y="{y}" width="{(end - first) * DAY}" height="{height}" '
               f'fill="{fill}" stroke="{ink}" stroke-width="1"/>')
    if words:
        text(x((first + end) / 2), y + height / 2 + 5, words, 12 if len(words) * 7 < (end - first) * DAY else 10.5, fill=ink)


def mark(y, day, words):
    """A day's number above its box."""
    text(x(day + 0.5), y, words, 11, weight="bold")


def title(y, first, second=""):
    text(12, y + 15, first, 13, "start", weight="bold")
    text(12, y + 31, second, 12, "start", "#555")


end = 31
axis = TOP - 8
for day in range(end):
    fill = "#fff" if day % 7 else "#f3f3f3"
    out.append(f'<rect x="{x(day)}" y="{axis - 14}" width="{DAY}" height="18" fill="{fill}" stroke="#ccc"/>')
    text(x(day + 0.5), axis, str(day), 10, fill="#555")
text(12, axis, "days after the first systemic dose (D0)", 11, "start", "#555")
text(12, 24, "The TACE clock", 18, "start", weight="bold")
text(x(end), 24, f"TACE within D{FIRST} to D{LAST}, apatinib rests {SHORT} to {LONG} days before and after it", 12, "end", "#555")

y = TOP + 10
title(y, "Treatment", "what the arms have in common")
split = FIRST - LONG
bar(y, 0, split, "same", "both arms are treated alike")
bar(y, split, FIRST, "ask", "F3 may pause")
bar(y, FIRST, LAST + 1, "tace", "TACE of F3 lies in its window")

y += 74
title(y, "Call F3, tissue F1 or F2", "no TACE is planned")
bar(y, 0, split, "harmless", "harmless")
bar(y, split, end, "ask", "confirm-pause: was apatinib paused? until that is recorded")
mark(y - 5, split, f"D{split}")

y += 74
title(y, "Call F3, tissue F1 or F2", f"TACE is planned on D{PLAN}")
bar(y, 0, PLAN - LONG, "harmless", "harmless: cancel the plan")
bar(y, PLAN - LONG, PLAN, "undo", "pause: recoverable")
bar(y, PLAN, end, "done", "TACE done: irreversible")
mark(y - 5, PLAN - LONG, "T-5")
mark(y - 5, PLAN, "T")
text(x(PLAN - LONG), y + 50, "nothing recorded: confirm-pause from T-5 on", 11, "start", COLOURS["ask"][1])

y += 86
last = LAST - LONG
title(y, "Tissue F3", "any other call, or none; L: lead time")
bar(y, 0, last + 1, "harmless", "harmless: TACE can still be planned")
bar(y, last + 1, end, "done", "late-tace")
mark(y - 5, last, f"D{last} - L")
text(x(split), y + 50, f"a pause that began within D{split} to D{LAST - SHORT} and lasts: harmless to D{LAST};", 11, "start",
     COLOURS["harmless"][1])
text(x(split), y + 65, "a TACE within the window: harmless", 11, "start", COLOURS["harmless"][1])

y += 96
title(y, "Tissue must answer by", "")
for day, words in [(split - 1, "call F3, no plan"), (PLAN - LONG - 1, f"call F3, TACE on D{PLAN}"), (last, "any other; less L")]:
    out.append(f'<path d="M{x(day)} {y} h{DAY} v20 h-{DAY} z" fill="#444"/>')
    text(x(day + 0.5), y + 14, f"D{day}", 11, fill="#fff", weight="bold")
    text(x(day + 0.5), y + 36, words, 11)

height = y + 52
print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" role="img" '
      'aria-label="The days on which a discordant call is harmless, can be undone, or can not">')
print(f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>')
print("\n".join(out))
print("</svg>")
