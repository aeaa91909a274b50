"""What the machine can do: arithmetic of each instruction set, memory."""

import json

from .process import BENCH, run
from .text import table

COMMAND = "--only limits"
KINDS = (
    "read", "write", "write past caches", "copy", "copy past caches", "triad", "triad past caches",
    "first touch")


def measure(_):
    return json.loads(run([BENCH, "limits"]).output)


def bandwidth(found, cores):
    """Bytes/s of the fastest kind of traffic that reads and writes as maps are written: not past caches,
    since what follows reads them."""
    return max(found["memory"][kind][str(cores)] for kind in ("copy", "triad"))


def report(found, _):
    cores = sorted(map(int, next(iter(found["memory"].values()))))
    header = ["", *(f"{n} core{'s' if n > 1 else ''}" for n in cores), "ratio"]

    def row(name, rates, unit):
        rates = [rates[str(n)] for n in cores]
        return [name, *(f"{r / 1e9:.1f} {unit}" for r in rates), f"{rates[-1] / rates[0]:.2f}"]

    sets = {"baseline": "baseline (no fused multiply-add)"}
    rows = [
        row(sets.get(name, name), found["arithmetic"][name], "GF/s")
        for name in ("baseline", "neon", "avx2", "avx512") if name in found["arithmetic"]
    ] + [row(kind, found["memory"][kind], "GB/s") for kind in KINDS]
    return [
        "Greatest rate of single-precision multiply-adds (two operations each) in registers, for each",
        "instruction set that pdff chooses among; and of memory over arrays of 256 MB, counting the bytes",
        "that a loop asks for. A plain store also reads what it replaces; one *past caches* does not.",
        "*First touch* is memory that a process never had: pages to be fetched and cleared by the system.",
        "*Bandwidth* below means the faster of copy and triad; maps are not written past the caches, since what",
        "follows reads them.", "",
        *table(header, rows),
    ]
