"""Markdown tables, and numbers as they are read."""


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines] + [""]


def seconds(value):
    return f"{value:.2f}" if value >= 1 else f"{1000 * value:.1f} ms"


def percent(share):
    return f"{100 * share:.0f} %" if share >= 0.095 else f"{100 * share:.1f} %"
