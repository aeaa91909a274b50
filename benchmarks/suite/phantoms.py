"""Phantom volumes of any size, made once and kept, and errors against their truth."""

import hashlib
import pathlib
import shutil
from dataclasses import dataclass

import nibabel
import numpy as np

from .process import PDFF, ROOT, run

KEPT = ROOT / ".build/benchmarks/phantoms"


@dataclass
class PhantomScan:
    name: str
    shape: tuple
    folder: pathlib.Path

    @property
    def scan(self):
        return self.folder / "sub-phantom/anat"

    @property
    def voxels(self):
        return int(np.prod(self.shape))

    @property
    def files(self):
        return sorted(self.scan.glob("*.nii.gz"))

    @property
    def echoes(self):
        return len(list(self.scan.glob("*part-mag*.nii.gz")))

    @property
    def decoded(self):
        """Bytes of the echoes as complex64."""
        return self.voxels * self.echoes * 8


def phantom(name, shape):
    """A recipe's scan of a given shape; made again only when the phantoms' sources change."""
    sources = hashlib.sha256()
    for path in sorted((ROOT / "phantoms").rglob("*.*")):
        sources.update(path.read_bytes())
    size = "x".join(map(str, shape))
    folder = KEPT / f"{name}-{size}-{sources.hexdigest()[:12]}"
    if not (folder / "recipe.json").exists():
        for old in KEPT.glob(f"{name}-{size}-*"):
            shutil.rmtree(old)
        KEPT.mkdir(parents=True, exist_ok=True)
        partial = KEPT / "partial"
        shutil.rmtree(partial, ignore_errors=True)
        run([PDFF, "phantom", "make", name, "-o", str(partial), "--shape", size])
        partial.rename(folder)
    return PhantomScan(name, tuple(shape), folder)


def slices_of(whole, count):
    """A scan of so many of a scan's slices: those in the middle, or all of them there and back again."""
    shape = (*whole.shape[:2], count)
    folder = whole.folder.parent / f"{whole.folder.name}-slices-{count}"
    if folder.exists():
        return PhantomScan(whole.name, shape, folder)
    deep = whole.shape[2]
    if count <= deep:
        order = np.arange(count) + (deep - count) // 2
    else:
        order = np.resize(np.r_[0:deep, deep - 1:-1:-1], count)
    partial = KEPT / "partial"
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(whole.folder / "sub-phantom", partial / "sub-phantom")
    for path in (partial / "sub-phantom/anat").glob("*.nii.gz"):
        one = nibabel.load(path)
        stored = np.asarray(one.dataobj.get_unscaled())[:, :, order]
        made = nibabel.Nifti1Image(stored, one.affine, one.header)
        made.header.set_slope_inter(one.dataobj.slope, one.dataobj.inter)
        nibabel.save(made, path)
    partial.rename(folder)
    return PhantomScan(whole.name, shape, folder)


def image(folder, name):
    return nibabel.load(next(pathlib.Path(folder).rglob(f"*{name}.nii.gz"))).get_fdata()


def errors(maps, phantom):
    """Errors of a folder's `PDFFmap` over all tissue, percentage points; a missing value counts as
    off by more than 20."""
    truth = image(phantom.folder / "truth", "PDFFmap")
    labels = image(phantom.folder / "truth", "labels")
    names = dict(
        line.split("\t")[:2][::-1]
        for line in (phantom.folder / "truth/labels.tsv").read_text().splitlines()[1:])
    error = np.abs(image(maps, "PDFFmap") - truth)
    found = {}
    for region, mask in (("tissue", labels > 0), ("liver", labels == int(names["liver"]))):
        here = error[mask]
        known = here[np.isfinite(here)]
        found[region] = {
            "voxels": int(mask.sum()),
            "median": float(np.median(known)),
            "p95": float(np.percentile(known, 95)),
            "off by 20, %": 100 * float(np.mean(~(here <= 20))),
        }
    return found
