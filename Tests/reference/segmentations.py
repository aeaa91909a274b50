"""NRRD masks as several programs write them, and what SimpleITK and NumPy read from them.

usage: segmentations.py FOLDER

Writes FOLDER/cases.json, the files, and raw little-endian int32 volumes (x fastest) beside them.
Affines map voxel indices to RAS+ mm. The headers are written here, line by line; SimpleITK reads
each file again, and must find the same values and place (but for bzip2, which its NRRD reader lacks,
and layers as the last axis, which it takes for time).
"""

import bz2
import gzip
import json
import sys
from pathlib import Path

import numpy as np
import SimpleITK as sitk

folder = Path(sys.argv[1])
TURN = {"left-posterior-superior": [-1, -1, 1], "RAS": [1, 1, 1], "left-anterior-superior": [-1, 1, 1]}
TYPES = {"u1": "unsigned char", "i2": "short", "u2": "ushort", "f4": "float"}


def rotation(rng):
    q, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    return q


def header(array, space, columns, origin, encoding, pairs, axis, order, comment):
    """Lines of a header; `array` has the shape of the file's axes, first fastest."""
    vectors = ["(" + ",".join(repr(float(v)) for v in c) + ")" for c in columns]
    kinds = ["domain"] * 3
    if axis is not None:
        vectors.insert(axis, "none")
        kinds.insert(axis, "list")
    lines = ["NRRD0004"]
    if comment:
        lines.append("# " + comment)
    lines += [
        "type: " + TYPES[array.dtype.str[1:]],
        f"dimension: {array.ndim}",
        "space: " + space,
        "sizes: " + " ".join(map(str, array.shape)),
        "space directions: " + " ".join(vectors),
        "kinds: " + " ".join(kinds),
    ]
    if array.dtype.itemsize > 1:
        lines.append("endian: " + order)
    lines += ["encoding: " + encoding,
              "space origin: (" + ",".join(repr(float(v)) for v in origin) + ")"]
    lines += [f"{k}:={v}" for k, v in pairs.items()]
    return ("\n".join(lines) + "\n\n").encode()


def body(array, encoding, order):
    data = array.astype(array.dtype.newbyteorder(">" if order == "big" else "<")).tobytes("F")
    if encoding == "gzip":
        return gzip.compress(data)
    if encoding == "bzip2":
        return bz2.compress(data)
    if encoding == "text":
        return (" ".join(str(v) for v in array.ravel("F")) + "\n").encode()
    return data


def slicer(number, name, label, layer):
    return {f"Segment{number}_ID": f"Segment_{number + 1}", f"Segment{number}_Name": name,
            f"Segment{number}_LabelValue": label, f"Segment{number}_Layer": layer,
            f"Segment{number}_Extent": "0 1 0 1 0 1", f"Segment{number}_Color": "0.5 0.6 0.4"}


def main():
    rng = np.random.default_rng(81)
    labels = np.zeros((13, 11, 5), np.uint8)
    labels[3:9, 2:7, 1:4] = 2
    labels[5:8, 4:6, 2:3] = 1
    overlapping = np.stack([(labels == 1), (labels > 0)]).astype(np.uint8)
    general = {"Segmentation_ReferenceImageExtentOffset": "3 4 1",
               "Segmentation_MasterRepresentation": "Binary labelmap"}
    two = {**general, **slicer(0, "Tumour", 1, 0), **slicer(1, "Leber, groß", 2, 0)}
    layered = {**general, **slicer(0, "Tumour", 1, 0), **slicer(1, "Liver", 1, 1)}
    old = {"Segment0_ID": "a", "Segment0_Name": "first", "Segment1_ID": "b", "Segment1_Name": "second"}
    sparse = {**general, **slicer(0, "Tumour", 1, 0), **slicer(1, "Vessel", 7, 0)}
    lps = "left-posterior-superior"
    names_two = [{"1": "Tumour", "2": "Leber, groß"}]
    plans = [
        # name, array, space, encoding, pairs, layer axis, byte order, names by layer
        ("gzip.seg.nrrd", labels, lps, "gzip", two, None, "little", names_two),
        ("raw.seg.nrrd", labels, lps, "raw", two, None, "little", names_two),
        ("bzip2.nrrd", labels, lps, "bzip2", {}, None, "little", [{}]),
        ("text.nrrd", labels, "RAS", "text", {}, None, "little", [{}]),
        ("big.nrrd", labels.astype(np.int16), "left-anterior-superior", "gzip", {}, None, "big", [{}]),
        ("float.nrrd", labels.astype(np.float32), "RAS", "raw", {}, None, "little", [{}]),
        ("layers.seg.nrrd", overlapping, lps, "gzip", layered, 0, "little",
         [{"1": "Tumour"}, {"1": "Liver"}]),
        ("last.seg.nrrd", np.moveaxis(overlapping, 0, -1), lps, "gzip", layered, 3, "little",
         [{"1": "Tumour"}, {"1": "Liver"}]),
        ("old.seg.nrrd", overlapping * 255, lps, "raw", old, 0, "little",
         [{"1": "first"}, {"1": "second"}]),
        ("sparse.seg.nrrd", labels, lps, "gzip", sparse, None, "little",
         [{"1": "Tumour", "7": "Vessel"}]),
    ]
    cases = []
    for name, array, space, encoding, pairs, axis, order, names in plans:
        spacing = rng.uniform(0.8, 5, 3)
        columns = (rotation(rng) * spacing).T
        origin = rng.normal(size=3) * 50
        path = folder / name
        path.write_bytes(header(array, space, columns, origin, encoding, pairs, axis, order, "c")
                         + body(array, encoding, order))
        turn = np.array(TURN[space])
        layers = [array] if axis is None else list(np.moveaxis(array, axis, 0))
        if encoding != "bzip2" and axis in (None, 0):
            image = sitk.ReadImage(str(path))
            read = sitk.GetArrayFromImage(image)
            parts = [read] if axis is None else [read[..., i] for i in range(read.shape[-1])]
            for part, layer in zip(parts, layers, strict=True):
                assert np.array_equal(part.T, layer), name
            direction = np.array(image.GetDirection()).reshape(3, 3)
            found = np.diag([-1, -1, 1]) @ (direction * image.GetSpacing())
            assert np.allclose(found, (columns * turn).T, atol=1e-9), name
            assert np.allclose(np.array(image.GetOrigin()) * [-1, -1, 1], origin * turn), name
        for number, layer in enumerate(layers):
            value = np.where(layer > 0, 1, 0) if pairs is old else layer
            value.astype("<i4").ravel("F").tofile(folder / f"{name}.{number}.raw")
        cases.append({
            "file": name,
            "grid": {"shape": list(layers[0].shape),
                     "columns": [list(map(float, c * turn)) for c in columns],
                     "origin": list(map(float, origin * turn))},
            "names": names,
        })
    (folder / "cases.json").write_text(json.dumps(cases))


main()
