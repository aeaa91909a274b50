"""One core against all, and time per voxel over sizes."""

from .mapping import separate, signal_voxels
from .phantoms import phantom
from .process import CORES
from .text import seconds, table

COMMAND = "--only scaling"


def measure(settings):
    scan = phantom(settings.volume, settings.shape)
    cores = {str(n): separate(scan, settings.repeats, n)[0] for n in (1, CORES)}
    sizes = []
    for shape in settings.sizes:
        one = phantom(settings.volume, shape)
        best = separate(one, settings.repeats, look=signal_voxels)[0]
        sizes.append({
            "shape": shape, "voxels": one.voxels, "signal": best["look"], "decoded": one.decoded,
            "wall": best["wall"], "work": best["work"], "separate": best["stages"]["separate"],
            "memory": best["memory"],
        })
    return {"volume": settings.volume, "shape": scan.shape, "cores": cores, "sizes": sizes}


def report(found, _):
    one, all_ = (found["cores"][n] for n in ("1", max(found["cores"], key=int)))
    names = ["wall", "work", *one["stages"]]
    rows = []
    for name in names:
        slow, fast = (
            run[name] if name in ("wall", "work") else run["stages"][name] for run in (one, all_))
        if slow > 0.01:
            rows.append([name, seconds(slow), seconds(fast), f"{slow / fast:.2f}"])
    count = max(found["cores"], key=int)
    lines = [
        f"`pdff map` of {found['volume']}, {'x'.join(map(str, found['shape']))}, held to one core, and",
        f"on {count}.", "",
        *table(["", "1 core", f"{count} cores", "ratio"], rows),
    ]
    sizes = []
    for size in found["sizes"]:
        per = [1e9 * size[key] / size[by] for key, by in (
            ("wall", "voxels"), ("work", "voxels"), ("separate", "voxels"), ("separate", "signal"))]
        sizes.append([
            "x".join(map(str, size["shape"])), f"{size['voxels']:,}", seconds(size["wall"]),
            *(f"{value:.0f}" for value in per), f"{size['memory'] / size['decoded']:.2f}"])
    walls = [s["wall"] / s["voxels"] for s in found["sizes"]]
    return lines + [
        f"The same anatomy in voxels of other sizes, {count} cores. From the smallest to the largest time per",
        f"voxel of the whole command: {100 * (max(walls) / min(walls) - 1):.0f} %.", "",
        *table(
            ["shape", "voxels", "wall", "ns/voxel, whole", "work of all cores", "separation",
             "separation, voxels with signal", "memory x echoes"], sizes),
    ]
