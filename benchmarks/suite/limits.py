"""What the machine can do: arithmetic of each instruction set, memory."""

import json

from .process import BENCH, run
from .text import table

COMMAND = "--only limits"


def measure(_):
    return json.loads(run([BENCH, "limits"]).output)


def peak(found, name, cores):
    """Operations/s of one instruction set."""
    return found["arithmetic"][name][str(cores)]


def bandwidth(found, cores):
    """Bytes/s of the fastest kind of traffic that reads and writes."""
    return max(found["memory"][kind][str(cores)] for kind in ("copy", "triad"))


def report(found, _):
    cores = sorted(map(int, next(iter(found["memory"].values()))))
    header = ["", *(f"{n} core{'s' if n > 1 else ''}" for n in cores), "ratio"]

    def row(name, rates, unit):
        rates = [rates[str(n)] for n in cores]
        return [name, *(f"{r / 1e9:.1f} {unit}" for r in rates), f"{rates[-1] / rates[0]:.2f}"]

    kinds = ("read", "write", "write past caches", "copy", "triad")
    sets = {"baseline": "baseline (no fused multiply-add)"}
    rows = [
        row(sets.get(name, name), found["arithmetic"][name], "GF/s")
        for name in ("baseline", "neon", "avx2", "avx512") if name in found["arithmetic"]
    ] + [row(kind, found["memory"][kind], "GB/s") for kind in kinds]
    return [
        "Greatest rate of single-precision multiply-adds (two operations each) in registers, for each",
        "instruction set that pdff chooses among; and of memory over arrays of 256 MB. A plain `write`",
        "also reads what it replaces, which is not counted; `write past caches`, `copy` and `triad` do",
        "without. Bandwidth below means the better of `copy` and `triad`.", "",
        *table(header, rows),
    ]
