"""Pairs of scan and mask, with geometry faults made on purpose and without any.

usage: geometry_faults.py PHANTOM FOLDER [LAYOUT KIND [STEP]]

PHANTOM is what `pdff phantom make liver-3t --shape 96x96x16` writes. FOLDER gets scans (with noise), masks,
and cases.json: for each case the arguments that name the scan, the mask, its fault ("" for a sound pair),
and a right mask for the same region; of STEP cases one.

LAYOUT says in which order a scan's axes lie: axial, sagittal (a phantom of 40x96x96 voxels, thick along x)
or coronal (96x40x96, thick along y). KIND says what the scan consists of: images (water and fat), polar
(three echoes as magnitude and phase), cartesian (as real and imaginary), magnitude, or map (a PDFF map).

A scan 'P' is the phantom as it lies; 'Q' is a part of 88x72x14 voxels of it under an oblique affine,
'R' the same body stored in other axes with thick slices along the first.
"""

import json
import sys
from pathlib import Path

import nibabel as nib
import numpy as np

phantom, out = Path(sys.argv[1]), Path(sys.argv[2])
layout, kind = sys.argv[3:5] if len(sys.argv) > 3 else ("axial", "images")
step = int(sys.argv[5]) if len(sys.argv) > 5 else 1
ORDER = {"axial": [0, 1, 2], "sagittal": [1, 2, 0], "coronal": [0, 2, 1]}[layout]
rng = np.random.default_rng(88)
cases = []


def load(name):
    return nib.load(phantom / name)


def rotation(degrees):
    a, b, c = np.deg2rad(degrees)
    x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return x @ y @ z


def write(path, data, affine, qform=None, slope=None):
    image = nib.Nifti1Image(data, affine)
    image.set_sform(affine, 1)
    if qform is not None:
        image.set_qform(qform, 1)
    else:
        image.set_qform(affine, 1)
    if slope is not None:
        image.header.set_slope_inter(slope, 0)
    nib.save(image, path)
    return str(path)


class Scan:
    """Images on a grid, labels of the anatomy on the same."""

    def __init__(self, name, images, labels, affine):
        self.name, self.labels, self.affine = name, labels, affine
        self.shape = labels.shape
        self.arguments = []
        for flag, volumes in images.items():
            self.arguments.append("--" + flag)
            for number, data in enumerate(volumes):
                path = out / f"{name}_{flag}_{number}.nii.gz"
                self.arguments.append(write(path, data.astype(np.float32), affine))
        if kind in ("polar", "cartesian", "magnitude"):
            self.arguments += ["--echo-times-ms", ",".join(f"{t:g}" for t in times),
                               "--field-strength-t", "3"]
        if kind == "polar":
            self.arguments += ["--phase-units", "rad"]
        if kind == "map":
            self.arguments += ["--pdff-scale", "percent"]

    def mask(self, *labels):
        """One label 1 for one tissue, several keep their numbers."""
        data = np.where(np.isin(self.labels, labels), self.labels, 0)
        return (data > 0).astype(np.uint8) if len(labels) == 1 else data.astype(np.uint8)


def moved(affine, offset):
    """The affine of the part that begins at a voxel."""
    result = affine.copy()
    result[:3, 3] = affine[:3, :3] @ np.asarray(offset, float) + affine[:3, 3]
    return result


def case(scan, name, fault, data, affine, right=None, right_affine=None, **options):
    number = f"{len(cases):02d}_{name}"
    mask = write(out / f"{number}.nii.gz", data, affine, **options)
    truth = mask
    if right is not None:
        truth = write(out / f"{number}_right.nii.gz", right,
                      scan.affine if right_affine is None else right_affine)
    cases.append({"name": name, "scan": scan.arguments, "mask": mask, "fault": fault,
                  "right": truth})


def box(data, pad=2):
    where = np.argwhere(data)
    low = np.maximum(where.min(0) - pad, 0)
    high = np.minimum(where.max(0) + pad + 1, data.shape)
    return low, tuple(slice(a, b) for a, b in zip(low, high))


# What is drawn where nothing but the images can tell: with thick slices across the body, whose own edges
# are many, the tumour's 9 points of fat are too little.
DRAWN = (4,) if layout == "axial" and kind == "images" else (3, 4)


def faults(p, q, r):
    def header_turned(scan, turn):
        return np.diag([*turn, 1.0]) @ scan.affine

    def columns_turned(scan, turn):
        return scan.affine @ np.diag([*turn, 1.0])

    def flip(scan, data, axes, name):
        case(scan, name, "mask-flipped", np.flip(data, axes).copy(), scan.affine, data)

    # 1-8: flipped, in the voxels or in the header
    flip(p, p.mask(*DRAWN), (0,), "flip x, tumour")
    flip(p, p.mask(3, 4, 6), (1,), "flip y, labels")
    flip(q, q.mask(3), (2,), "flip z, liver")
    flip(q, q.mask(*DRAWN), (0, 1), "flip x and y, tumour")
    flip(r, r.mask(3), (1,), "flip y, stored in other axes")
    data = q.mask(4)
    case(q, "lps for ras", "mask-flipped", data, header_turned(q, [-1, -1, 1]), data)
    case(q, "z runs the other way", "mask-flipped", data, columns_turned(q, [1, 1, -1]), data)
    data = p.mask(4)
    case(p, "x runs the other way", "mask-flipped", data, columns_turned(p, [-1, 1, 1]), data)
    # 9-12: transposed
    data = q.mask(4)
    case(q, "numpy order", "mask-transposed", data.transpose(2, 1, 0).copy(), q.affine, data)
    case(q, "x and y exchanged", "mask-transposed", data.transpose(1, 0, 2).copy(), q.affine, data)
    data = r.mask(3)
    case(r, "numpy order, other axes", "mask-transposed", data.transpose(2, 1, 0).copy(), r.affine, data)
    data = p.mask(3)
    case(p, "x and y exchanged, square", "mask-transposed", data.transpose(1, 0, 2).copy(), p.affine, data)
    # 13-15: half a voxel
    for scan, offset in ((p, [0.5, 0.5, 0]), (q, [0, 0, -0.5]), (q, [0.5, 0.5, 0.5])):
        data = scan.mask(4)
        case(scan, f"half voxel {offset}", "mask-half-voxel-shift", data, moved(scan.affine, offset), data)
    # 16-18: cropped
    for scan, labels, pad in ((p, DRAWN, 2), (q, [3], 1), (r, [3, 4], 0)):
        data = scan.mask(*labels)
        _, part = box(data, pad)
        case(scan, f"cropped {labels}", "mask-cropped", data[part].copy(), scan.affine, data)
    # 19-20: empty slices left out
    for scan, labels in ((p, DRAWN), (q, [6])):
        data = scan.mask(*labels)
        used = np.flatnonzero(data.any((0, 1)))
        assert used[0] > 0
        case(scan, f"slices {labels}", "mask-slices-missing",
             data[:, :, used[0]:used[-1] + 1].copy(), scan.affine, data)
    # 21-24: other resolution
    data = q.mask(4)
    case(q, "twice as fine in the slice", "mask-resolution",
         data.repeat(2, 0).repeat(2, 1), q.affine, data)
    data = p.mask(3)
    case(p, "twice as fine", "mask-resolution", data.repeat(2, 0).repeat(2, 1).repeat(2, 2), p.affine, data)
    half = data[::2, ::2] | data[1::2, ::2] | data[::2, 1::2] | data[1::2, 1::2]
    case(p, "half as fine", "mask-resolution", half, p.affine, half,
         moved(p.affine @ np.diag([2, 2, 1, 1.0]), [0.25, 0.25, 0]))
    data = q.mask(*DRAWN)
    case(q, "voxel size of another", "mask-resolution", data, q.affine @ np.diag([1.25, 1.25, 1, 1]), data)
    # 25-27: sform and qform
    data = p.mask(4)
    case(p, "sform elsewhere", "mask-qform-sform", data, moved(p.affine, [21, -13, 4]), data, qform=p.affine)
    data = q.mask(4)
    turned = q.affine.copy()
    turned[:3, :3] = rotation([0, 0, 30]) @ turned[:3, :3]
    case(q, "sform turned", "mask-qform-sform", data, turned, data, qform=q.affine)
    case(q, "sform mirrored", "mask-qform-sform", data, header_turned(q, [-1, 1, 1]), data, qform=q.affine)
    # 28-29: another frame
    data = p.mask(*DRAWN)
    case(p, "the table moved", "mask-other-frame", data, moved(p.affine, [12.3, -30.7, 3.3]), data)
    data = q.mask(3)
    other = q.affine.copy()
    other[:3, :3] = rotation([20, 0, 0]) @ other[:3, :3]
    case(q, "another direction", "mask-other-frame", data, other, data)
    # 30: labels
    data = p.mask(3, 4, 6)
    case(p, "labels times 0.98", "mask-labels-drifted", (data * 0.98).astype(np.float32), p.affine, data)


def ellipsoid(scan, random):
    """Anywhere on tissue, along no edge."""
    tissue = np.argwhere(scan.labels > 0)
    index = np.indices(scan.shape).transpose(1, 2, 3, 0)
    while True:
        centre = tissue[random.integers(len(tissue))]
        radius = random.uniform(2.5, 12, 3)
        radius[np.argmin(scan.shape)] = random.uniform(0.8, 3)
        data = ((index - centre) / radius) ** 2
        data = (data.sum(-1) < 1).astype(np.uint8)
        if data.sum() > 25 and (scan.labels[data > 0] > 0).mean() > 0.85:
            return data


def on(scan, data, shape, affine):
    """The mask on another grid, nearest neighbour: right by its affine."""
    index = np.indices(shape).reshape(3, -1)
    to = np.linalg.inv(scan.affine) @ affine
    at = np.floor(to[:3, :3] @ index + to[:3, 3:] + 0.5).astype(int)
    inside = ((at >= 0) & (at < np.array(scan.shape)[:, None])).all(0)
    result = np.zeros(index.shape[1], data.dtype)
    result[inside] = data[tuple(at[:, inside])]
    return result.reshape(shape)


def sound(p, q, r):
    for scan in (p, q, r):
        data = scan.mask(4)
        case(scan, "as it lies", "", data, scan.affine)
        case(scan, "liver", "", scan.mask(3), scan.affine)
        case(scan, "labels", "", scan.mask(3, 4, 6), scan.affine)
        case(scan, "every tissue", "", scan.labels.astype(np.uint8), scan.affine)
        case(scan, "second lesion, small", "", scan.mask(5), scan.affine)
        # Stored in reverse order, and in other axes
        image = nib.Nifti1Image(data, scan.affine)
        for axes in ("RAS", "LPI", "SAR"):
            turned = image.as_reoriented(nib.orientations.ornt_transform(
                nib.io_orientation(scan.affine), nib.orientations.axcodes2ornt(axes)))
            case(scan, "stored " + axes, "", np.asarray(turned.dataobj).copy(), turned.affine)
        # Cropped and in part, with the right affine
        low, part = box(data, 3)
        case(scan, "cropped rightly", "", data[part].copy(), moved(scan.affine, low))
        case(scan, "upper half", "", data[:, :, 2:].copy(), moved(scan.affine, [0, 0, 2]))
        # Finer with the same outer faces (as resize does), and with the same first centre (as ITK does)
        fine = scan.affine @ np.diag([0.5, 0.5, 1, 1.0])
        case(scan, "finer, same first centre", "",
             on(scan, data, (2 * scan.shape[0], 2 * scan.shape[1], scan.shape[2]), fine), fine)
        case(scan, "finer, same faces", "", data.repeat(2, 0).repeat(2, 1), moved(fine, [-0.5, -0.5, 0]))
        coarse = scan.affine @ np.diag([2, 2, 1, 1.0])
        liver = scan.mask(3)
        case(scan, "coarser", "", liver[::2, ::2].copy(), coarse)
    # Drawn on another series: other shape, direction, voxels
    for scan, degrees in ((p, [0, 0, 15]), (q, [10, -20, 0]), (r, [30, 0, 0])):
        spacing = np.diag([2.1, 2.1, 4.4])
        affine = np.eye(4)
        affine[:3, :3] = rotation(degrees) @ spacing
        shape = (140, 120, 40)
        centre = scan.affine @ np.array([*(np.array(scan.shape) - 1) / 2, 1])
        affine[:3, 3] = centre[:3] - affine[:3, :3] @ ((np.array(shape) - 1) / 2)
        case(scan, "another series", "", on(scan, scan.mask(3, 4), shape, affine), affine)
    # Another series with as many voxels, a little moved: the same tumour, rightly placed
    affine = moved(p.affine, [3.3, -2.2, 0.4])
    case(p, "as many voxels elsewhere", "", on(p, p.mask(3), p.shape, affine), affine)
    for number in range(8):
        scan = (p, q, r)[number % 3]
        case(scan, f"along no edge {number}", "", ellipsoid(scan, rng), scan.affine)


times = []  # ms


def images(labels):
    """What the scan consists of, by flag, on the phantom's grid in the layout's order."""
    def data(path):
        return np.asarray(nib.load(path).dataobj, dtype=np.float64).transpose(ORDER)

    if kind == "map":
        values = data(phantom / "truth/PDFFmap.nii.gz")
        return {"pdff": [np.where(labels > 0, values + rng.normal(0, 1, values.shape), np.nan)]}
    if kind == "images":
        found = {}
        level = None
        for part in ("water", "fat"):
            values = data(phantom / f"truth/{part}.nii.gz")
            level = np.nanmedian(values[labels == 3]) if level is None else level
            values = np.nan_to_num(values) / level * 100
            found[part] = [np.hypot(values + rng.normal(0, 2, values.shape),
                                    rng.normal(0, 2, values.shape))]
        return found
    magnitudes, phases = [], []
    for path in sorted(phantom.glob("sub-*/anat/*_part-mag_*.nii.gz"))[:6:2]:
        sidecar = json.loads(Path(str(path).replace(".nii.gz", ".json")).read_text())
        times.append(sidecar["EchoTime"] * 1000)
        magnitudes.append(data(path))
        phases.append(data(str(path).replace("part-mag", "part-phase")) / 4096 * np.pi)
    if kind == "polar":
        return {"magnitude": magnitudes, "phase": phases}
    if kind == "magnitude":
        return {"magnitude": magnitudes}
    turned = [m * np.exp(1j * p) for m, p in zip(magnitudes, phases)]
    return {"real": [t.real for t in turned], "imaginary": [t.imag for t in turned]}


def main():
    out.mkdir(parents=True, exist_ok=True)
    label = load("truth/labels.nii.gz")
    labels = np.asarray(label.dataobj).astype(int).transpose(ORDER)
    original = label.affine[:, [*ORDER, 3]]
    whole = images(labels)

    def changed(change):
        return {flag: [change(v) for v in volumes] for flag, volumes in whole.items()}

    p = Scan("P", whole, labels, original)
    len_thick = labels.shape[2]
    part = (slice(4, 92), slice(12, 84), slice(1, len_thick - 1))
    affine = moved(original, [4, 12, 1])
    affine[:3, :3] = rotation([12, -8, 25]) @ affine[:3, :3]
    affine[:3, 3] += [30, -20, 55]
    q = Scan("Q", changed(lambda v: v[part]), labels[part], affine)
    order = (2, 0, 1)
    turned = affine[:, [2, 0, 1, 3]]
    r = Scan("R", changed(lambda v: v[part].transpose(order).copy()),
             labels[part].transpose(order).copy(), turned)
    faults(p, q, r)
    sound(p, q, r)
    (out / "cases.json").write_text(json.dumps(cases[::step], indent=1))


main()
