"""The whole command from files to files: wall time and memory."""

from .mapping import separate
from .phantoms import phantom
from .text import seconds, table

COMMAND = "--only whole"


def measure(settings):
    rows = []
    for name in settings.volumes:
        scan = phantom(name, settings.shape)
        runs = separate(scan, settings.repeats)
        rows.append({
            "volume": name, "shape": scan.shape, "echoes": scan.echoes, "decoded": scan.decoded,
            "files": sum(path.stat().st_size for path in scan.files), "runs": runs,
        })
    return rows


def report(found, _):
    rows = []
    for one in found:
        best, worst = one["runs"][0], one["runs"][-1]
        memory = max(run["memory"] for run in one["runs"])
        stages = (seconds(best["stages"].get(stage, 0)) for stage in ("load", "separate", "write"))
        rows.append([
            one["volume"], f"{one['files'] / 1e6:.0f}", seconds(best["wall"]), seconds(worst["wall"]),
            seconds(best["work"]), *stages, f"{memory / 1e6:.0f}", f"{memory / one['decoded']:.2f}"])
    first = found[0]
    return [
        f"`pdff map` from files to files, {'x'.join(map(str, first['shape']))} voxels and",
        f"{first['echoes']} complex echoes ({first['decoded'] / 1e6:.0f} MB as complex64);",
        f"{len(first['runs'])} runs: the best and the worst, seconds; work of all cores and stages are the",
        "best run's. Memory is the most that any run held, then as a multiple of the decoded echoes.", "",
        *table(
            ["volume", "files MB", "best", "worst", "work", "load", "separate", "write", "memory MB",
             "x echoes"],
            rows),
    ]
