#!/usr/bin/env python3
"""Draws docs/swap-reliability.svg from the reliability table in docs/accuracy.md.

    benchmarks/swap_reliability.py

Rows of the table come from `PDFF_LONG=1 swift test -c release --filter SwapAlarmTests`; a cell is
'probability said: share exchanged (regions)'. Grey: single protocols, bins of 20 regions and more.
Blue: all protocols, with two standard errors of the binomial.
"""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
CELL = re.compile(r"(\d\.\d+): (\d\.\d+) \((\d+)\)")
LEFT, BOTTOM, SIDE = 50, 325, 300


def rows():
    for line in (DOCS / "accuracy.md").read_text().splitlines():
        cells = [(float(p), float(s), int(n)) for p, s, n in CELL.findall(line)]
        if cells and line.startswith("|"):
            yield line.split("|")[1].strip(), cells


def at(p, s):
    return f"{LEFT + SIDE * p:.1f}", f"{BOTTOM - SIDE * s:.1f}"


def dot(p, s, size, colour):
    x, y = at(p, s)
    return f'<circle cx="{x}" cy="{y}" r="{size}" fill="{colour}"/>'


def bar(p, s, n):
    error = 2 * (s * (1 - s) / n) ** 0.5
    x, top = at(p, min(1, s + error))
    _, bottom = at(p, max(0, s - error))
    return f'<line x1="{x}" y1="{top}" x2="{x}" y2="{bottom}" stroke="#1f5fa8"/>'


def axes():
    yield f'<rect x="{LEFT}" y="{BOTTOM - SIDE}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#888"/>'
    yield (
        f'<line x1="{LEFT}" y1="{BOTTOM}" x2="{LEFT + SIDE}" y2="{BOTTOM - SIDE}" stroke="#bbb" '
        'stroke-dasharray="4 3"/>'
    )
    for percent in (0, 25, 50, 75, 100):
        x, y = at(percent / 100, percent / 100)
        yield f'<text x="{x}" y="{BOTTOM + 18}" text-anchor="middle">{percent}</text>'
        yield f'<text x="{LEFT - 8}" y="{float(y) + 4:.1f}" text-anchor="end">{percent}</text>'
    middle = LEFT + SIDE / 2
    yield f'<text x="{middle}" y="{BOTTOM + 38}" text-anchor="middle">probability said, %</text>'
    y = BOTTOM - SIDE / 2
    yield (
        f'<text x="14" y="{y}" text-anchor="middle" transform="rotate(-90 14 {y})">'
        "exchanged, % of the regions</text>"
    )


def main():
    marks = []
    for name, cells in rows():
        for p, s, n in cells:
            if name == "all":
                marks += [bar(p, s, n), dot(p, s, 4, "#1f5fa8")]
            elif n >= 20:
                marks.insert(0, dot(p, s, 2.5, "#aaa"))
    if not marks:
        raise SystemExit("docs/accuracy.md holds no reliability table")
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 380 375" font-family="sans-serif" '
        'font-size="12">',
        "<title>Swap alarm: probability said, and share of regions that were exchanged</title>",
        '<rect width="380" height="375" fill="white"/>',
        *axes(),
        *marks,
        "</svg>",
    ]
    (DOCS / "swap-reliability.svg").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
