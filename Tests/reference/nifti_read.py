"""Reads files with nibabel and says what they hold.

usage: nifti_read.py FOLDER

For each NIfTI file in FOLDER writes X.f32 (get_fdata() as float32; the real plane, then the
imaginary one) and prints, tab-separated: name, shape, data type, affine by rows, sform code,
qform code, qform by rows or "-", units of space and time, descrip, sizeof_hdr, slope, intercept.
"""

import sys
from pathlib import Path

import nibabel as nib
import numpy as np

nib.imageglobals.error_level = 20  # Anything that nibabel would repair is an error.
rows = lambda a: " ".join(repr(float(v)) for v in np.asarray(a)[:3].ravel())
for path in sorted(Path(sys.argv[1]).glob("*.nii*")):
    image = nib.load(path)
    header = image.header
    header.__class__(header.binaryblock, check=True)
    kind = header.get_data_dtype()
    if kind.kind == "c":
        data = np.asanyarray(image.dataobj).astype(np.complex128)
        planes = [data.real, data.imag]
    else:
        planes = [image.get_fdata()]
    with open(str(path) + ".f32", "wb") as file:
        for plane in planes:
            file.write(plane.astype("<f4").tobytes(order="F"))
    qform, qcode = header.get_qform(coded=True)
    print("\t".join([
        path.name, "x".join(map(str, image.shape)), kind.newbyteorder("=").name,
        rows(image.affine), str(int(header["sform_code"])), str(qcode),
        "-" if qform is None else rows(qform), " ".join(header.get_xyzt_units()),
        header["descrip"].item().decode(), str(int(header["sizeof_hdr"])),
        repr(image.dataobj.slope), repr(image.dataobj.inter)]))
