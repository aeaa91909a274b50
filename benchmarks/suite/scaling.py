"""One core against all, and time per voxel over sizes."""

from .mapping import separate, signal_voxels
from .phantoms import phantom, slices_of
from .process import CORES
from .text import seconds, table

COMMAND = "--only scaling"


def measure(settings):
    scan = phantom(settings.volume, settings.shape)
    cores = {str(n): separate(scan, settings.repeats, n)[0] for n in (1, CORES)}

    def size(one):
        best = separate(one, settings.repeats, look=signal_voxels)[0]
        return {
            "shape": one.shape, "voxels": one.voxels, "signal": best["look"], "decoded": one.decoded,
            "wall": best["wall"], "work": best["work"], "separate": best["stages"]["separate"],
            "memory": best["memory"],
        }

    return {
        "volume": settings.volume, "shape": scan.shape, "cores": cores,
        "slices": [size(slices_of(scan, count)) for count in settings.slices],
        "sizes": [size(phantom(settings.volume, shape)) for shape in settings.sizes],
    }


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
    return lines + [
        *sizes(found["slices"], f"More slices of the same voxels, {count} cores."),
        *sizes(found["sizes"], "The same anatomy in voxels of other sizes: in larger ones the field is steeper."),
    ]


def sizes(found, words):
    rows = []
    for size in found:
        per = [1e9 * size[key] / size[by] for key, by in (
            ("wall", "voxels"), ("work", "voxels"), ("separate", "voxels"), ("separate", "signal"))]
        rows.append([
            "x".join(map(str, size["shape"])), f"{size['voxels']:,}", seconds(size["wall"]),
            *(f"{value:.0f}" for value in per), f"{size['memory'] / size['decoded']:.2f}"])

    def spread(key, by):
        each = [size[key] / size[by] for size in found]
        return f"{100 * (max(each) / min(each) - 1):.0f} %"

    return [
        words, f"From the smallest to the largest time per voxel: whole command {spread('wall', 'voxels')},",
        f"separation of voxels with signal {spread('separate', 'signal')}.", "",
        *table(
            ["shape", "voxels", "wall", "ns/voxel, whole", "work of all cores", "separation",
             "separation, voxels with signal", "memory x echoes"], rows),
    ]
