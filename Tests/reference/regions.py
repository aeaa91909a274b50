"""Reference values for Tests/RegionsTests: SimpleITK, SciPy and NumPy on seeded data.

usage: regions.py resample|erosion|neighbours|statistics FOLDER

Writes FOLDER/cases.json and raw little-endian volumes (x fastest) beside it. Affines map voxel
indices to RAS+ mm.
"""

import json
import sys
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

LPS = np.diag([-1.0, -1.0, 1.0])


def rotation(rng):
    q = rng.normal(size=4)
    w, x, y, z = q / np.linalg.norm(q)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def grid(shape, direction, spacing, center):
    matrix = direction @ np.diag(spacing)
    origin = np.asarray(center) - matrix @ ((np.asarray(shape) - 1) / 2)
    return {"shape": [int(n) for n in shape], "matrix": matrix, "origin": origin}


def as_json(g):
    columns = [list(map(float, g["matrix"][:, a])) for a in range(3)]
    return {"shape": g["shape"], "columns": columns, "origin": list(map(float, g["origin"]))}


def place(image, g):
    matrix = LPS @ g["matrix"]
    spacing = np.linalg.norm(matrix, axis=0)
    image.SetSpacing(spacing.tolist())
    image.SetDirection((matrix / spacing).ravel().tolist())
    image.SetOrigin((LPS @ g["origin"]).tolist())
    return image


def blobs(rng, shape, labels=3, sigma=2.0):
    """Array in (z, y, x) of a few smooth labels, 0 elsewhere; labels may touch the border."""
    size = shape[::-1]
    result = np.zeros(size, np.int32)
    for label in range(1, labels + 1):
        smooth = ndimage.gaussian_filter(rng.normal(size=size), sigma, mode="wrap")
        result[smooth > np.quantile(smooth, 0.9)] = label
    return result


def resample(folder):
    rng = np.random.default_rng(20261)
    cases = []
    for number in range(40):
        kind = ["oblique", "flipped", "permuted", "shifted", "oblique", "tie"][number % 6]
        shape = rng.integers(12, 30, 3)
        scan_shape = rng.integers(12, 34, 3)
        spacing = rng.uniform(0.7, 4.0, 3)
        scan_spacing = rng.uniform(0.7, 5.0, 3)
        direction, scan_direction = np.eye(3), np.eye(3)
        center = rng.normal(size=3) * 40
        offset = rng.normal(size=3) * 6
        if kind == "oblique":
            direction, scan_direction = rotation(rng), rotation(rng)
            if number % 2:
                direction = direction @ np.diag([-1.0, 1.0, 1.0])
        if kind == "flipped":
            scan_direction = np.diag(rng.choice([-1.0, 1.0], 3))
            direction = np.diag(rng.choice([-1.0, 1.0], 3))
        if kind == "permuted":
            direction = np.eye(3)[rng.permutation(3)] @ np.diag(rng.choice([-1.0, 1.0], 3))
        if kind == "shifted":
            scan_spacing = spacing
        mask_grid = grid(shape, direction, spacing, center)
        scan_grid = grid(scan_shape, scan_direction, scan_spacing, center + offset)
        if kind == "tie":  # exact in binary: every scan voxel lies halfway between mask voxels
            scan_shape = [int(n) // 2 for n in shape]
            mask_grid = {"shape": shape.tolist(), "matrix": np.diag([0.75, 0.75, 2.5]),
                         "origin": np.array([-8.0, 4.0, 2.5])}
            scan_grid = {"shape": scan_shape, "matrix": np.diag([1.5, 1.5, 5.0]),
                         "origin": np.array([-8.0 + 0.375, 4.0 + 0.375, 2.5 + 1.25])}
        labels = blobs(rng, [int(n) for n in mask_grid["shape"]])
        image = place(sitk.GetImageFromArray(labels), mask_grid)
        reference = place(sitk.Image(scan_grid["shape"], sitk.sitkInt32), scan_grid)
        expected = sitk.GetArrayFromImage(
            sitk.Resample(image, reference, sitk.Transform(), sitk.sitkNearestNeighbor, 0)
        )
        labels.astype("<i4").tofile(folder / f"mask{number}.raw")
        expected.astype("<i4").tofile(folder / f"expected{number}.raw")
        cases.append({"kind": kind, "mask": as_json(mask_grid), "scan": as_json(scan_grid)})
    return cases


def erosion(folder):
    rng = np.random.default_rng(20262)
    cases = []
    for number in range(24):
        shape = [int(n) for n in rng.integers(8, 26, 3)]
        spacing = rng.uniform(0.8, 5.0, 3)
        radius = float(rng.uniform(0.5, 7.0))
        mask = ndimage.gaussian_filter(rng.normal(size=shape[::-1]), 3, mode="wrap")
        mask = (mask > np.quantile(mask, 0.45)).astype(np.int32)
        g = grid(shape, rotation(rng), spacing, [0, 0, 0])
        if number >= 18:  # sheared, on small grids: every distance by itself
            shape = [9, 8, 6]
            mask = mask[:6, :8, :9]
            mask = np.pad(mask, [(0, n - m) for n, m in zip(shape[::-1], mask.shape)])
            matrix = rotation(rng) @ (np.diag(spacing) + np.triu(rng.normal(size=(3, 3)), 1))
            g = {"shape": shape, "matrix": matrix, "origin": np.zeros(3)}
            points = np.argwhere(np.ones_like(mask))[:, ::-1] @ matrix.T
            inside = mask.ravel() > 0
            distance = np.linalg.norm(points[:, None] - points[None, ~inside], axis=2).min(axis=1)
            kept = (inside & (distance > radius)).reshape(mask.shape)
        else:
            kept = ndimage.distance_transform_edt(mask, sampling=spacing[::-1]) > radius
        mask.astype("<i4").tofile(folder / f"mask{number}.raw")
        kept.astype("<i4").tofile(folder / f"expected{number}.raw")
        cases.append({"mask": as_json(g), "radius": radius})
    return cases


def neighbours(folder):
    rng = np.random.default_rng(20263)
    faces = ndimage.generate_binary_structure(3, 1)
    plane = faces.copy()
    plane[0] = plane[2] = False
    cases = []
    for number in range(8):
        shape = [int(n) for n in rng.integers(6, 18, 3)]
        mask = ndimage.gaussian_filter(rng.normal(size=shape[::-1]), 2, mode="wrap") > 0
        mask.astype("<i4").tofile(folder / f"mask{number}.raw")
        for name, structure in [("inPlane", plane), ("faces", faces)]:
            eroded = ndimage.binary_erosion(mask, structure, border_value=1)
            dilated = ndimage.binary_dilation(mask, structure)
            eroded.astype("<i4").tofile(folder / f"eroded-{name}{number}.raw")
            dilated.astype("<i4").tofile(folder / f"dilated-{name}{number}.raw")
        cases.append({"mask": as_json(grid(shape, np.eye(3), [1, 1, 4], [0, 0, 0]))})
    return cases


def statistics(folder):
    rng = np.random.default_rng(20264)
    cases = []
    for number, spread in enumerate([0.04, 0.3, 1e-4, 0.0]):
        shape = [40, 30, 12]
        labels = blobs(rng, shape, labels=4)
        labels[0, 0, 0] = 5  # a region of one voxel
        values = (0.05 + 0.2 * number + spread * rng.gamma(2, 1, labels.shape)).astype(np.float32)
        missing = (rng.random(labels.shape) < 0.1) & (labels != 5)
        regions = {}
        filtered = sitk.LabelStatisticsImageFilter()
        filtered.Execute(
            sitk.GetImageFromArray(np.where(missing, 0, values)),
            sitk.GetImageFromArray(np.where(missing, 0, labels)),
        )
        for label in range(1, 6):
            used = values[(labels == label) & ~missing].astype(np.float64)
            p05, p25, p75, p95 = np.percentile(used, [5, 25, 75, 95])
            regions[str(label)] = {
                "voxels": int((labels == label).sum()),
                "used": int(used.size),
                "mean": used.mean(), "median": np.median(used),
                "sd": used.std(ddof=1) if used.size > 1 else None,
                "p05": p05, "p25": p25, "p75": p75, "p95": p95,
                "min": used.min(), "max": used.max(),
                "itkCount": filtered.GetCount(label),
                "itkMean": filtered.GetMean(label), "itkSigma": filtered.GetSigma(label),
                "itkMin": filtered.GetMinimum(label), "itkMax": filtered.GetMaximum(label),
            }
        slices = []
        for z in range(shape[2]):
            used = values[z][(labels[z] == 1) & ~missing[z]].astype(np.float64)
            slices.append({
                "voxels": int((labels[z] == 1).sum()), "used": int(used.size),
                "mean": used.mean() if used.size else None,
                "median": np.median(used) if used.size else None,
                "sd": used.std(ddof=1) if used.size > 1 else None,
            })
        labels.astype("<i4").tofile(folder / f"mask{number}.raw")
        np.where(missing, np.nan, values).astype("<f4").tofile(folder / f"values{number}.raw")
        g = grid(shape, rotation(rng), [1.5, 1.5, 5.0], [0, 0, 0])
        cases.append({"mask": as_json(g), "regions": regions, "slices": slices})
    return cases


def main():
    kind, folder = sys.argv[1], Path(sys.argv[2])
    makers = {"resample": resample, "erosion": erosion, "neighbours": neighbours,
              "statistics": statistics}
    (folder / "cases.json").write_text(json.dumps(makers[kind](folder)))


main()
