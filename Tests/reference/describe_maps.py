"""Prints type, shape, origin and voxel (1, 1, 0) of every map in a folder, as nibabel reads them."""

import pathlib
import sys

import nibabel
import numpy

for path in sorted(pathlib.Path(sys.argv[1]).glob("*.nii.gz")):
    image = nibabel.load(path)
    values = numpy.asanyarray(image.dataobj)
    shape = ",".join(map(str, image.shape))
    origin = ",".join(f"{v:g}" for v in image.affine[:3, 3])
    missing = int(numpy.isnan(values.astype(float)).sum())
    print(
        f"{path.name.removesuffix('.nii.gz')} {values.dtype} shape {shape} origin {origin}"
        f" voxel5 {values[1, 1, 0]:.6g} nan {missing}"
    )
