"""From a PACS' folder and a drawn segmentation to a number and a report, in one command."""

import os
import shutil
import sys

from .phantoms import KEPT, phantom
from .process import PDFF, ROOT, run
from .text import seconds, table

COMMAND = "--only dicom"
PYTHON = os.environ.get("PDFF_PYTHON", sys.executable)
REFERENCE = ROOT / "Tests/reference"
# Manners of dicom_series.py there.
MANNERS = {
    "siemens": "Siemens, magnitude and phase",
    "ge": "GE, real and imaginary in one series",
    "philips": "Philips, enhanced: one file",
    "siemens-map-permille": "Siemens, PDFF map",
}


def measure(settings):
    scan = phantom("liver-3t", settings.shape)
    mask = segmentation(scan)
    names = ["--lesion-label", "Tumour", "--background-label", "Liver"]
    rows = []
    for manner, words in MANNERS.items():
        exported = series(scan, manner)
        result = scan.folder / "result"
        runs = []
        for _ in range(settings.repeats):
            shutil.rmtree(result, ignore_errors=True)
            runs.append(run(
                [PDFF, "measure", str(exported), "--roi", str(mask), "-o", str(result), *names],
                with_children=True))
            if not list(result.glob("*report.html")):
                raise SystemExit(f"{manner}: no report")
        files = list(exported.iterdir())
        rows.append({
            "words": words, "files": len(files), "bytes": sum(f.stat().st_size for f in files),
            "runs": sorted(({"wall": r.wall, "work": r.work, "memory": r.memory} for r in runs),
                           key=lambda r: r["wall"]),
        })
    return {"shape": scan.shape, "echoes": scan.echoes, "rows": rows,
            "doctor": doctor(scan, mask, settings)}


def doctor(scan, mask, settings):
    """The doctor alone, on NIfTI images, and the measurement with and without its checks."""
    folder = str(scan.scan)
    commands = {
        "doctor": ["doctor", folder, "--roi", str(mask)],
        "measure": ["measure", folder, "--roi", str(mask)],
        "measure, mask trusted": ["measure", folder, "--roi", str(mask), "--trust-mask-geometry"],
    }
    return {name: min(run([PDFF, *command]).wall for _ in range(settings.repeats))
            for name, command in commands.items()}


def series(scan, manner):
    """The phantom as DICOM files, written once."""
    folder = scan.folder / "dicom" / manner
    if not folder.exists():
        partial = KEPT / "partial-dicom"
        shutil.rmtree(partial, ignore_errors=True)
        run([PYTHON, str(REFERENCE / "dicom_series.py"), str(scan.folder), manner, str(partial)])
        folder.parent.mkdir(exist_ok=True)
        partial.rename(folder)
    return folder


def segmentation(scan):
    """Tumour and liver of the phantom as 3D Slicer saves them."""
    path = scan.folder / "drawn.seg.nrrd"
    rows = (scan.folder / "masks/regions.tsv").read_text().splitlines()[1:]
    labels = {name: label for label, name in (row.split("\t")[:2] for row in rows)}
    run([PYTHON, str(REFERENCE / "drawn_segmentation.py"), str(scan.folder / "masks/regions.nii.gz"),
         str(path), f"Tumour={labels['tumour']}", f"Liver={labels['liver']}"])
    return path


def report(found, _):
    rows = []
    for one in found["rows"]:
        best, worst = one["runs"][0], one["runs"][-1]
        memory = max(r["memory"] for r in one["runs"])
        rows.append([
            one["words"], one["files"], f"{one['bytes'] / 1e6:.0f}", seconds(best["wall"]),
            seconds(worst["wall"]), seconds(best["work"]), f"{memory / 1e6:.0f}"])
    times = found["doctor"]
    return [
        "`pdff measure DICOM --roi drawn.seg.nrrd -o result` with tumour and liver named, to maps and",
        f"`report.html`, import included: {'x'.join(map(str, found['shape']))} voxels,",
        f"{found['echoes']} echoes, written as DICOM by `Tests/reference/dicom_series.py`. Seconds;",
        "memory with that of dcm2niix. The bound is 15 s.", "",
        *table(["export", "files", "MB", "best", "worst", "work", "memory MB"], rows),
        "Whether the mask fits is looked at before every measurement. The same scan as NIfTI, best:",
        "", *table(list(times), [[seconds(t) for t in times.values()]]),
    ]
