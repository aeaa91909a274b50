"""Writes the seeds of the fuzz harnesses: small valid inputs of every kind, made at run time.

usage: seeds.py FOLDER      (needs nothing but Python)

FOLDER/nifti and FOLDER/gzip are made; each file is one input of the harness of that name.
"""

import gzip
import struct
import sys
import zlib
from pathlib import Path

TYPES = {2: 8, 4: 16, 8: 32, 16: 32, 32: 64, 64: 64, 256: 8, 512: 16, 768: 32, 1024: 64,
         1280: 64, 1792: 128}


def header1(code, order, single=True, dims=(3, 2, 2, 2, 1, 1, 1, 1), forms=(1, 1), slope=1):
    raw = bytearray(352 if single else 348)
    put = lambda form, at, *values: struct.pack_into(order + form, raw, at, *values)
    put("i", 0, 348)
    put("8h", 40, *dims)
    put("2h", 70, code, TYPES[code])
    put("8f", 76, 1, 1.5, 1.5, 5, 1, 1, 1, 1)
    put("3f", 108, 352 if single else 0, slope, -1)
    put("B", 123, 10)
    put("2h", 252, *forms)
    put("6f", 256, 0.1, 0.2, 0.3, 10, 20, 30)
    put("12f", 280, 1.5, 0, 0, 10, 0, 1.5, 0, 20, 0, 0, 5, 30)
    raw[344:348] = b"n+1\0" if single else b"ni1\0"
    return bytes(raw)


def header2(code, order, single=True, dims=(3, 2, 2, 2, 1, 1, 1, 1), forms=(1, 1), slope=1):
    raw = bytearray(544 if single else 540)
    put = lambda form, at, *values: struct.pack_into(order + form, raw, at, *values)
    put("i", 0, 540)
    raw[4:12] = (b"n+2" if single else b"ni2") + b"\0\r\n\x1a\n"
    put("2h", 12, code, TYPES[code])
    put("8q", 16, *dims)
    put("8d", 104, 1, 1.5, 1.5, 5, 1, 1, 1, 1)
    put("q", 168, 544 if single else 0)
    put("2d", 176, slope, -1)
    put("2i", 344, *forms)
    put("6d", 352, 0.1, 0.2, 0.3, 10, 20, 30)
    put("12d", 400, 1.5, 0, 0, 10, 0, 1.5, 0, 20, 0, 0, 5, 30)
    put("i", 500, 10)
    return bytes(raw)


def main(folder):
    nifti, packed = folder / "nifti", folder / "gzip"
    for path in (nifti, packed):
        path.mkdir(parents=True, exist_ok=True)
    kinds = [(maker, version) for version, maker in ((1, header1), (2, header2))]
    for code, bits in TYPES.items():
        body = bytes(i * 7 % 251 for i in range(bits))
        for maker, version in kinds:
            for order in "<>":
                tag = f"{version}-{code}-{'le' if order == '<' else 'be'}"
                whole = maker(code, order) + body
                (nifti / tag).write_bytes(b"\0" + whole)
                odd = b"\1" if version == 1 else b"\3"
                (nifti / f"{tag}-pair").write_bytes(odd + maker(code, order, False) + body)
                (nifti / f"{tag}-gz").write_bytes(b"\0" + gzip.compress(whole, mtime=0))
    body = bytes(64)
    for name, options in {
        "qform": {"forms": (1, 0)}, "sform": {"forms": (0, 2)}, "pixdim": {"forms": (0, 0)},
        "unscaled": {"slope": 0}, "frames": {"dims": (4, 2, 2, 2, 4, 1, 1, 1)},
        "seven": {"dims": (7, 2, 2, 2, 2, 1, 2, 1)}, "one": {"dims": (1, 7, 0, 0, 0, 0, 0, 0)},
    }.items():
        for maker, version in kinds:
            (nifti / f"{version}-{name}").write_bytes(b"\0" + maker(4, "<", **options) + body)
    text = b"A sentence that repeats, a sentence that repeats. " * 20
    streams = {f"level-{level}": gzip.compress(text, level, mtime=0) for level in (0, 1, 6, 9)}
    fixed = zlib.compressobj(6, zlib.DEFLATED, 31, 8, zlib.Z_FIXED)
    streams["fixed"] = fixed.compress(text) + fixed.flush()
    plain = gzip.compress(text, mtime=0)
    head = b"\x1f\x8b\x08\x12\0\0\0\0\0\xffa comment\0"
    streams |= {
        "empty": gzip.compress(b"", mtime=0), "members": plain + streams["level-0"] + plain,
        "padded": plain + bytes(16), "zeros": gzip.compress(bytes(5000), mtime=0),
        "name": b"\x1f\x8b\x08\x08\0\0\0\0\0\xffscan.nii\0" + plain[10:],
        "extra": b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0abcdef" + plain[10:],
        "comment": head + struct.pack("<H", zlib.crc32(head) & 0xFFFF) + plain[10:],
    }
    for name, stream in streams.items():
        (packed / name).write_bytes(stream)


main(Path(sys.argv[1]))
