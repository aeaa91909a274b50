"""`pdff map` on a scan, measured."""

import re
import shutil
import tempfile

import numpy as np

from .phantoms import image
from .process import PDFF, run


def separate(scan, repeats, cores=None, look=None):
    """Runs `pdff map --timings` so often on a phantom scan; gives its runs, fastest first.

    Each run has "wall" and "work" in s, "memory" in bytes and "stages" in s by name. `look` is called with the
    last run's folder of maps, and what it returns stands in every run as "look".
    """
    runs = []
    for repeat in range(repeats):
        folder = tempfile.mkdtemp(prefix="pdff-bench-")
        try:
            done = run([PDFF, "map", str(scan.scan), "-o", folder, "--timings"], cores)
            seen = look(folder) if look and repeat == repeats - 1 else None
        finally:
            shutil.rmtree(folder)
        line = next(line for line in done.errors.splitlines() if line.startswith("timings: "))
        stages = {name: float(s) for name, s in re.findall(r"([a-zA-Z][\w.-]*) ([0-9.]+)", line)}
        runs.append({"wall": done.wall, "work": done.work, "memory": done.memory, "stages": stages})
    for one in runs:
        one["look"] = seen
    return sorted(runs, key=lambda one: one["wall"])


def signal_voxels(folder):
    """Voxels with signal: those that have a field map."""
    return int(np.isfinite(image(folder, "B0map")).sum())
