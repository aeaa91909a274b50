"""Writes the seeds of the fuzz harnesses: small valid inputs of every kind, made at run time.

usage: seeds.py FOLDER      (needs nothing but Python)

FOLDER/nifti, gzip, dicom, nrrd and csv are made; each file is one input of the harness of that name.
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


def element(group, number, kind, value, explicit=True):
    value = value.encode() if isinstance(value, str) else value
    value += (b" " if kind not in ("OW", "OB", "SQ", "US", "UI") else b"\0") * (len(value) % 2)
    head = struct.pack("<HH", group, number)
    if not explicit:
        return head + struct.pack("<I", len(value)) + value
    if kind in ("OW", "OB", "SQ", "UN"):
        return head + kind.encode() + b"\0\0" + struct.pack("<I", len(value)) + value
    return head + kind.encode() + struct.pack("<H", len(value)) + value


def sequence(group, number, items, explicit=True, is_open=False):
    body = b""
    for item in items:
        length = 0xFFFFFFFF if is_open else len(item)
        body += struct.pack("<HHI", 0xFFFE, 0xE000, length) + item
        body += struct.pack("<HHI", 0xFFFE, 0xE00D, 0) if is_open else b""
    if not is_open:
        return element(group, number, "SQ", body, explicit)
    head = struct.pack("<HH", group, number) + (b"SQ\0\0" if explicit else b"")
    return head + b"\xff" * 4 + body + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)


def dicom(syntax="1.2.840.10008.1.2.1", explicit=True, frames=0, is_open=False, compressed=False):
    def e(*parts):
        return element(*parts, explicit)

    def s(group, number, items):
        return sequence(group, number, items, explicit, is_open)

    place = e(0x20, 0x32, "DS", "-10\\-20\\30") , e(0x20, 0x37, "DS", "1\\0\\0\\0\\1\\0")
    spacing, time = e(0x28, 0x30, "DS", "1.5\\1.5"), 2.3
    scale = e(0x28, 0x1052, "DS", "-4096") + e(0x28, 0x1053, "DS", "2") + e(0x28, 0x1054, "LO", "US")
    philips = e(0x2005, 0x10, "LO", "Philips MR Imaging DD 001") + e(
        0x2005, 0x100E, "FL", struct.pack("<f", 0.01))
    unit = s(0x40, 0x8EA, [e(8, 0x100, "SH", "%")])
    mapping = s(0x40, 0x9096, [unit + e(0x40, 0x9224, "FD", struct.pack("<d", 0)) + e(
        0x40, 0x9225, "FD", struct.pack("<d", 0.1))])
    kind = "ENHANCED" if frames else "ORIGINAL\\PRIMARY\\P\\ND"
    body = e(8, 8, "CS", kind) + e(8, 0x18, "UI", "1.2.3") + e(8, 0x20, "DA", "20261103")
    body += e(8, 0x32, "TM", "102230.5") + e(8, 0x60, "CS", "MR") + e(8, 0x70, "LO", "SIEMENS")
    body += e(8, 0x103E, "LO", "FatFrac: dixon_W") + e(0x10, 0x10, "PN", "A^B") + e(0x10, 0x20, "LO", "1")
    body += e(0x18, 0x10, "LO", "Primovist") + e(0x18, 0x20, "CS", "GR") + e(0x18, 0x81, "DS", f"{time}")
    body += e(0x18, 0x86, "IS", "2") + e(0x18, 0x1030, "LO", "dixon") + e(0x18, 0x1042, "TM", "1002")
    body += e(0x20, 0xD, "UI", "1.2") + e(0x20, 0xE, "UI", "1.2.1") + e(0x20, 0x11, "IS", "5")
    body += e(0x20, 0x13, "IS", "1") + b"".join(place)
    body += e(0x28, 0x10, "US", b"\2\0") + e(0x28, 0x11, "US", b"\2\0") + spacing
    body += e(0x28, 0x100, "US", b"\x10\0") + e(0x28, 0x103, "US", b"\0\0") + scale + mapping
    body += e(0x43, 0x10, "LO", "GEMS_PARM_01") + e(0x43, 0x102F, "SS", b"\2\0") + philips
    if frames:
        parts = s(0x18, 0x9114, [e(0x18, 0x9082, "FD", struct.pack("<d", time))])
        parts += s(0x18, 0x9226, [e(8, 0x9007, "CS", "ORIGINAL\\PRIMARY\\M") + e(8, 0x9208, "CS", "PHASE")])
        parts += s(0x20, 0x9113, [place[0]]) + s(0x20, 0x9116, [place[1]])
        parts += s(0x28, 0x9110, [spacing]) + s(0x28, 0x9145, [scale])
        parts += e(0x2005, 0x10, "LO", "Philips MR Imaging DD 005") + s(0x2005, 0x100F, [philips])
        body += s(0x5200, 0x9229, [parts]) + s(0x5200, 0x9230, [parts] * frames)
    pixels = bytes(range(8)) * max(1, frames)
    if compressed:
        body += struct.pack("<HH", 0x7FE0, 0x10) + b"OB\0\0" + b"\xff" * 4
        body += struct.pack("<HHI", 0xFFFE, 0xE000, 0) + struct.pack("<HHI", 0xFFFE, 0xE000, 8)
        body += pixels[:8] + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    else:
        body += e(0x7FE0, 0x10, "OW", pixels)
    meta = element(2, 0x10, "UI", syntax)
    return bytes(128) + b"DICM" + element(2, 0, "UL", struct.pack("<I", len(meta))) + meta + body


def nrrd(body, encoding="raw", sizes="2 2 2", extra=""):
    count = len(sizes.split())
    vectors = " ".join(["none"] * (count - 3) + ["(2,0,0)", "(0,2,0)", "(0,0,5)"])
    head = (f"NRRD0004\n# a comment\ntype: unsigned char\ndimension: {count}\n"
            f"space: left-posterior-superior\nsizes: {sizes}\nspace directions: {vectors}\n"
            f"encoding: {encoding}\nspace origin: (-20,10,5)\n{extra}"
            "Segment0_ID:=Segment_1\nSegment0_LabelValue:=1\nSegment0_Layer:=0\n"
            "Segment0_Name:=Tumour\n\n")
    return head.encode() + body


def readers(folder):
    """Seeds of DICOM, NRRD and CSV."""
    for name in ("dicom", "nrrd", "csv"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    implicit = {"syntax": "1.2.840.10008.1.2", "explicit": False}
    for name, options in {
        "classic": {}, "implicit": implicit, "enhanced": {"frames": 2},
        "open": {"frames": 2, "is_open": True}, "open-implicit": {"frames": 2, "is_open": True, **implicit},
        "compressed": {"syntax": "1.2.840.10008.1.2.5", "compressed": True},
        "deflated": {"syntax": "1.2.840.10008.1.2.1.99"},
    }.items():
        (folder / "dicom" / name).write_bytes(dicom(**options))
    labels = bytes([0, 1, 1, 0, 2, 1, 0, 1])
    for name, content in {
        "raw": nrrd(labels), "gzip": nrrd(gzip.compress(labels, mtime=0), "gzip"),
        "text": nrrd(b"0 1 1 0 2 1 0 1\n", "text"), "hex": nrrd(labels.hex().encode(), "hex"),
        "layers": nrrd(labels * 2, sizes="2 2 2 2"), "detached": nrrd(b"", extra="data file: x.raw\n"),
        "big": nrrd(labels, extra="endian: big\nline skip: 1\nbyte skip: -1\n"),
    }.items():
        (folder / "nrrd" / name).write_bytes(content)
    for name, text in {
        "plain": "a,b\n1,2\n3,4\n", "quoted": '"a ""x""","b\n"\r\n1,"2,5"\r\n', "tab": "a\tb\n1\t2\n",
        "semicolon": "a;b\n1,5;2\n", "bom": "\ufeffa,b\n1,2\n",
    }.items():
        (folder / "csv" / name).write_bytes(text.encode())


def main(folder):
    readers(folder)
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
