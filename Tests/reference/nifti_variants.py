"""Writes every kind of NIfTI file with nibabel, and what nibabel reads back from each.

usage: nifti_variants.py FOLDER

For each file FOLDER/X.f32 holds the values as float32 (the real plane, then the imaginary one),
from nibabel's get_fdata() in double precision. Standard output has one line a file, tab-separated:
name, nx, ny, nz, frames, data type, source of the affine, its code, 12 numbers of the affine by
rows, "-" or the rows of the other affine where both are set and disagree, NIfTI version, swapped.
"""

import gzip
import struct
import sys
import zlib
from pathlib import Path

import nibabel as nib
import numpy as np

folder = Path(sys.argv[1])
random = np.random.default_rng(20260101)
TYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64",
         "float32", "float64", "complex64", "complex128"]
SHAPE = (5, 4, 3, 2)


def voxels(name, shape=SHAPE):
    kind = np.dtype(name)
    if kind.kind in "iu":
        info = np.iinfo(kind)
        # Beyond 2^53 get_fdata() itself rounds.
        low, high = max(info.min, -2**53), min(info.max, 2**53)
        data = random.integers(low, high, shape, dtype=np.int64, endpoint=True).astype(kind)
        data.flat[0], data.flat[-1] = low, high
        return data
    data = random.normal(scale=1000, size=shape)
    if kind.kind == "c":
        data = data + 1j * random.normal(scale=1000, size=shape)
    return data.astype(kind)


def affine_of(seed=1):
    """A rotated, left-handed affine with three different edges."""
    a, b, c = 0.3 * seed, -0.2, 0.5
    x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    affine = np.eye(4)
    affine[:3, :3] = x @ y @ z @ np.diag([-1.5, 1.25, 4])
    affine[:3, 3] = [91.25, -120.5, 33.75]
    return affine


def image(data, affine, version=1, order="<", pair=False, sform=1, qform=1):
    header = nib.Nifti1Header if version == 1 else nib.Nifti2Header
    kinds = {(1, False): nib.Nifti1Image, (2, False): nib.Nifti2Image,
             (1, True): nib.Nifti1Pair, (2, True): nib.Nifti2Pair}
    kind = kinds[version, pair]
    start = kind.header_class(endianness=order)
    start.set_data_dtype(data.dtype)
    made = kind(data, affine, start)
    made.set_sform(affine if sform else None, sform)
    made.set_qform(affine if qform else None, qform)
    made.header.set_xyzt_units("mm", "sec")
    return made


def line(path, data, source, code, affine, other=None, version=1, order="<", name=None):
    """Says what is to be read from a file; `data` in double precision."""
    data = np.asarray(data)
    planes = [data.real, data.imag] if np.iscomplexobj(data) else [data]
    with open(str(path) + ".f32", "wb") as file:
        for plane in planes:
            file.write(plane.astype("<f4").tobytes(order="F"))
    shape = list(data.shape[:3]) + [1] * (3 - len(data.shape[:3]))
    frames = int(np.prod(data.shape[3:]))
    rows = lambda a: " ".join(repr(float(v)) for v in np.asarray(a)[:3].ravel())
    print("\t".join([path.name, *map(str, shape), str(frames), name, source, str(code),
                     rows(affine), "-" if other is None else rows(other), str(version),
                     str(int(order == ">"))]))


def read_back(path):
    read = nib.load(path)
    if np.dtype(read.get_data_dtype()).kind == "c":
        return read, np.asanyarray(read.dataobj).astype(np.complex128)
    return read, read.get_fdata()


def plain(made, path, source="sform", code=1, other=None, version=1, order="<"):
    nib.save(made, path)
    read, data = read_back(path)
    first = Path(path)
    head = (gzip.open if path.suffix == ".gz" else open)(
        str(first).replace(".img", ".hdr"), "rb").read(4)
    assert head == struct.pack(order + "i", 348 if version == 1 else 540), (path, head)
    line(path, data, source, code, read.affine, other, version, order,
         read.get_data_dtype().newbyteorder("=").name)


def containers():
    for name in TYPES:
        for version in (1, 2):
            for order in "<>":
                tag = f"{name}-{version}-{'le' if order == '<' else 'be'}"
                for suffix in (".nii", ".nii.gz", ".img", ".img.gz"):
                    pair = ".img" in suffix
                    made = image(voxels(name), affine_of(), version, order, pair)
                    plain(made, folder / (tag + suffix), version=version, order=order)


def orientations():
    data = voxels("int16")
    affine, second = affine_of(), affine_of(2)
    plain(image(data, affine, qform=0, sform=4), folder / "sform-only.nii", code=4)
    plain(image(data, affine, qform=2, sform=0), folder / "qform-only.nii", "qform", 2)
    right = affine @ np.diag([-1, 1, 1, 1])
    plain(image(data, right, sform=0), folder / "right-handed.nii", "qform")
    plain(image(data, right, sform=0, version=2), folder / "right-handed-2.nii", "qform",
          version=2)
    both = image(data, affine)
    both.set_qform(second, 3)
    plain(both, folder / "disagree.nii", other=both.header.get_qform())
    sheared = affine.copy()
    sheared[:3, 1] += 0.4 * sheared[:3, 0]
    plain(image(data, sheared, qform=0), folder / "sheared.nii")
    # Method 1: x = pixdim[1] i. nibabel centres and mirrors here, so the standard is written out.
    for version in (1, 2):
        neither = image(data, affine, sform=0, qform=0, version=version)
        path = folder / f"pixdim-{version}.nii"
        nib.save(neither, path)
        line(path, read_back(path)[1], "pixdim", 0, np.diag([1.5, 1.25, 4, 1]),
             version=version, name="int16")
    # pixdim[0] of 0 counts as 1.
    path = folder / "qfac-zero.nii"
    plain(image(data, right, sform=0), path, "qform")
    raw = bytearray(path.read_bytes())
    assert struct.unpack_from("<f", raw, 76)[0] == 1
    struct.pack_into("<f", raw, 76, 0)
    path.write_bytes(raw)


def units():
    """The standard's metres and micrometres, which nibabel's affine leaves as they are."""
    for name, scale in (("meter", 1000), ("micron", 0.001), ("unknown", 1)):
        made = image(voxels("int16"), affine_of() / scale)
        made.header.set_xyzt_units(name, "sec")
        path = folder / f"{name}.nii"
        nib.save(made, path)
        read, data = read_back(path)
        affine = read.affine.copy()
        affine[:3] *= scale
        line(path, data, "sform", 1, affine, name="int16")


def scalings():
    for name, slope, intercept in (("int16", 2, -4096), ("uint8", 0.1, 3), ("int32", 1e-3, 0),
                                   ("float32", -2.5, 1), ("float64", 3, 0.125),
                                   ("uint64", 1e-9, 7)):
        for version in (1, 2):
            made = image(voxels(name), affine_of(), version)
            path = folder / f"scaled-{name}-{version}.nii.gz"
            nib.save(made, path)
            patch(path, version, slope, intercept)
            read, data = read_back(path)
            line(path, data, "sform", 1, read.affine, version=version, name=name)
    # A slope of 0 means none; the intercept then counts for nothing.
    for name in ("int16", "float32"):
        path = folder / f"slope-zero-{name}.nii.gz"
        nib.save(image(voxels(name), affine_of()), path)
        patch(path, 1, 0, 17)
        read, data = read_back(path)
        line(path, data, "sform", 1, read.affine, name=name)
    # Complex: the standard scales both parts; nibabel adds the intercept to the real part only.
    for name in ("complex64", "complex128"):
        raw = voxels(name)
        path = folder / f"scaled-{name}.nii.gz"
        nib.save(image(raw, affine_of()), path)
        patch(path, 1, 2.5, -3)
        read, _ = read_back(path)
        data = (raw.real.astype(float) * 2.5 - 3) + 1j * (raw.imag.astype(float) * 2.5 - 3)
        line(path, data, "sform", 1, read.affine, name=name)


def patch(path, version, slope, intercept):
    raw = bytearray(gzip.decompress(path.read_bytes()))
    struct.pack_into("<ff" if version == 1 else "<dd", raw, 112 if version == 1 else 176,
                     slope, intercept)
    path.write_bytes(gzip.compress(bytes(raw)))


def shapes():
    for shape in ((7,), (7, 5), (7, 5, 3), (7, 5, 3, 2), (7, 5, 3, 2, 2), (3, 2, 2, 2, 2, 2),
                  (2, 2, 2, 2, 2, 2, 2), (5, 4, 3, 1, 3), (1, 1, 1)):
        name = "shape-" + "x".join(map(str, shape)) + ".nii"
        plain(image(voxels("int16", shape), affine_of()), folder / name)
    plain(image(voxels("uint8", (40000, 2, 1)), affine_of(), version=2),
          folder / "long.nii", version=2)
    labels = np.array([0, 1, 255, 256, 65535, 65536, 2**24 - 1, 2**24], np.int32)
    plain(image(labels.reshape(2, 2, 2), affine_of()), folder / "labels.nii.gz")
    odd = voxels("float32")
    odd.flat[:3] = [np.nan, np.inf, -np.inf]
    plain(image(odd, affine_of()), folder / "non-finite.nii")
    odd = voxels("float64")
    odd.flat[:3] = [np.nan, np.inf, -np.inf]
    plain(image(odd, affine_of()), folder / "non-finite-64.nii.gz")
    big = voxels("int16", (64, 64, 40, 6))
    plain(image(big, affine_of()), folder / "big.nii")
    plain(image(big, affine_of()), folder / "big.nii.gz")
    plain(image(big.astype(np.float32) * (1 + 0.5j), affine_of(), order=">"),
          folder / "big-complex.nii.gz", order=">")


def wrappings():
    """Other ways to lay the same bytes."""
    made = image(voxels("int16", (40, 30, 10)), affine_of())
    path = folder / "source.nii"
    plain(made, path)
    raw = path.read_bytes()
    read, data = read_back(path)
    def keep(name, content):
        (folder / name).write_bytes(content)
        line(folder / name, data, "sform", 1, read.affine, name="int16")
    third = len(raw) // 3
    members = [raw[:100], b"", raw[100:third], raw[third:third + 1], raw[third + 1:]]
    keep("members.nii.gz", b"".join(gzip.compress(m) for m in members))
    keep("one-byte-members.nii.gz",
         b"".join(gzip.compress(raw[i:i + 1]) for i in range(2000)) + gzip.compress(raw[2000:]))
    keep("stored.nii.gz", gzip.compress(raw, 0))
    keep("best.nii.gz", gzip.compress(raw, 9))
    fixed = zlib.compressobj(6, zlib.DEFLATED, 31, 8, zlib.Z_FIXED)
    keep("fixed.nii.gz", fixed.compress(raw) + fixed.flush())
    keep("plain-under-gz.nii.gz", raw)
    keep("gz-under-plain.nii", gzip.compress(raw))
    keep("zeros-after-gzip.nii.gz", gzip.compress(raw) + bytes(512))
    keep("padding.nii", raw + bytes(4096))
    keep("padding.nii.gz", gzip.compress(raw + bytes(4096)))
    body = gzip.compress(raw)[10:]
    keep("gzip-name.nii.gz", b"\x1f\x8b\x08\x08\0\0\0\0\0\xffscan.nii\0" + body)
    keep("gzip-extra.nii.gz", b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0abcdef" + body)
    head = b"\x1f\x8b\x08\x12\0\0\0\0\0\xffa comment\0"
    keep("gzip-comment.nii.gz", head + struct.pack("<H", zlib.crc32(head) & 0xFFFF) + body)
    keep("UPPER.NII", raw)
    extended = image(voxels("int16"), affine_of())
    extended.header.extensions.append(nib.nifti1.Nifti1Extension("comment", b"words " * 40))
    plain(extended, folder / "extension.nii")
    plain(extended, folder / "extension.nii.gz")
    moved = bytearray(raw[:352] + bytes(48) + raw[352:])
    struct.pack_into("<f", moved, 108, 400)
    keep("offset.nii", bytes(moved))
    pair = image(voxels("int16"), affine_of(), pair=True)
    plain(pair, folder / "mixed.img.gz")
    for name in ("mixed.hdr.gz",):
        (folder / "mixed.hdr").write_bytes(gzip.decompress((folder / name).read_bytes()))
        (folder / name).unlink()


containers()
orientations()
units()
scalings()
shapes()
wrappings()
