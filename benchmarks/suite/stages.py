"""Each stage of `pdff map` against the limit that it meets."""

import json
import shutil
import tempfile
from pathlib import Path

from . import limits
from .mapping import separate, signal_voxels
from .phantoms import phantom
from .process import BENCH, CORES, PDFF, run
from .text import percent, seconds, table

COMMAND = "--only limits,stages"


def bench(*arguments):
    return json.loads(run([BENCH, *map(str, arguments)]).output)


def measure(settings):
    scan = phantom(settings.volume, settings.shape)
    runs = separate(scan, settings.repeats, look=signal_voxels)
    folder = tempfile.mkdtemp(prefix="pdff-bench-")
    try:
        run([PDFF, "map", str(scan.scan), "-o", folder])
        deflate = bench("deflate", *sorted(Path(folder).glob("*.nii.gz")))
    finally:
        shutil.rmtree(folder)
    return {
        "volume": settings.volume, "shape": scan.shape, "echoes": scan.echoes,
        "voxels": scan.voxels, "signal": runs[0]["look"], "stages": runs[0]["stages"],
        "kernels": bench("kernels", settings.volume, "x".join(map(str, settings.kernel_shape))),
        "elementwise": bench("elementwise", settings.elementwise),
        "inflate": bench("inflate", *scan.files), "deflate": deflate,
    }


def report(found, results):
    lines = stages(found, results.get("limits"))
    lines += kernels(found["kernels"])
    lines += elementwise(found["elementwise"], results.get("limits"))
    return lines + files(found)


def stages(found, machine):
    """Time of each stage, and the share of the limit by what it needs."""
    total = sum(s for name, s in found["stages"].items() if "." not in name)
    rows = []
    for name, time in found["stages"].items():
        if time == 0:
            continue
        need, least = needs(name, found, machine)
        share = percent(least / time) if least and time > 0 else "-"
        shown = f"&nbsp;&nbsp;{name.split('.', 1)[1]}" if "." in name else name
        rows.append([shown, seconds(time), percent(time / total), need, share])
    shape = "x".join(map(str, found["shape"]))
    return [
        f"### Stages of `pdff map`, {found['volume']}, {shape}, {found['echoes']} echoes, {CORES} cores",
        "",
        f"{found['voxels']:,} voxels, {found['signal']:,} of them with signal. Times are the program's own",
        "(`--timings`). *Needs* counts what the algorithm cannot do without (`benchmarks/Bench/Operations.swift`",
        "says which operations those are); the last column is the time that this would take at the limit of",
        "all cores, over the time it took.", "",
        *table(["stage", "time", "share", "needs", "of the limit"], rows),
    ]


def needs(name, found, machine):
    """What a stage needs, in words, and the least seconds in which this machine does it."""
    signal, voxels, n = found["signal"], found["voxels"], found["echoes"]
    codec = {"load": "inflate", "write": "deflate"}.get(name)
    if codec:
        library, time = fastest(found[codec]["seconds"])
        return f"{codec} {found[codec]['decoded'] / 1e6:.0f} MB ({library})", time / CORES
    stage = name.split(".", 1)[-1]
    if machine is None:
        return "-", None
    traffic = {
        "noise": voxels * (8 * n + 4), "arrange": signal * 16 * n,
    }
    if stage in traffic:
        return f"{traffic[stage] / 1e6:.0f} MB", traffic[stage] / limits.bandwidth(machine, CORES)
    operations = {"candidates": "search_operations", "fit": "fit_operations"}
    if stage in operations:
        each = found["kernels"][operations[stage]]
        best = max(one["peak"][str(CORES)] for one in found["kernels"]["sets"].values())
        return f"{each:,.0f} operations a voxel", each * signal / best
    return "-", None


def fastest(times):
    """The fastest library other than pdff itself."""
    name = min((n for n, s in times.items() if n != "pdff" and s > 0), key=times.get)
    return name, times[name]


def kernels(found):
    """The two kernels that do the arithmetic, alone."""
    rows = []
    for name in (n for n in ("baseline", "neon", "avx2", "avx512") if n in found["sets"]):
        one = found["sets"][name]
        for cores in sorted(one["fit_s"], key=int):
            row = [name, cores]
            for kernel in ("search", "fit"):
                time = one[f"{kernel}_s"][cores] / found["voxels"]
                rate = found[f"{kernel}_operations"] / time
                row += [f"{1e9 * time:.0f}", f"{rate / 1e9:.1f}", percent(rate / one["peak"][cores])]
            rows.append(row)
    return [
        f"### Kernels alone, {found['recipe']}, {found['voxels']:,} voxels of tissue", "",
        f"The search needs {found['search_operations']:,.0f} operations a voxel; the fit",
        f"{found['projection_operations']:,.0f} for each variable projection, of which a voxel needs",
        f"{found['projections']:.2f} on average until it has converged by itself. (A block of sixteen makes",
        f"{found['block_projections']:.2f}, until all have: what is more does not count.) Shares are of the",
        "same set's peak on as many cores, measured in turns with the kernels: on a machine that is shared",
        "both change from minute to minute.", "",
        *table(
            ["set", "cores", "search ns/voxel", "GF/s", "of peak", "fit ns/voxel", "GF/s", "of peak"],
            rows),
    ]


def elementwise(found, machine):
    rows = []
    for name, one in found.items():
        if name == "voxels":
            continue
        rate = one["bytes"] * found["voxels"] / one["seconds"]
        cores = int(one["cores"])
        share = percent(rate / limits.bandwidth(machine, cores)) if machine else "-"
        time = 1e9 * one["seconds"] / found["voxels"]
        rows.append([
            name, f"{one['bytes']:.0f}", str(cores), f"{time:.2f}", f"{rate / 1e9:.2f} GB/s", share])
    return [
        f"### A few operations a voxel, {found['voxels']:,.0f} voxels", "",
        "Two-point and water-fat maps read two images and write a map and quality bits: whole calls, with",
        "the level of signal and the memory that they set aside, whose first touch costs as much again; and the",
        "arithmetic alone, into memory that is there.", "",
        *table(["", "bytes a voxel", "cores", "ns/voxel", "rate", "of bandwidth"], rows),
    ]


def files(found):
    names = list(found["inflate"]["seconds"])

    def row(direction):
        one = found[direction]
        cells = []
        for name in names:
            time = one["seconds"][name]
            cell = f"{one['decoded'] / time / 1e6:.0f}" if time > 0 else "fails"
            if "deflated" in one:
                cell += f" ({percent(one['deflated'][name] / one['decoded'])})"
            cells.append(cell)
        return cells

    return [
        "### Files", "",
        "Decoded MB/s on one core; pdff's with its checks and copies. Deflating at each library's level 1,",
        "in brackets the result's size. libdeflate inflates fastest, but only a whole file into memory of a",
        "size that is known; pdff reads by isa-l, piece by piece, and a file's claim sets no memory aside.",
        "",
        *table(["", *names], [
            ["inflate the scan", *row("inflate")], ["deflate the maps", *row("deflate")]]),
    ]
