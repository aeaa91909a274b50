"""Prints mean and count of an image's finite values where a mask on the same grid is not 0."""

import sys

import nibabel
import numpy

image, mask = (nibabel.load(path) for path in sys.argv[1:3])
assert image.shape == mask.shape, "other shapes"
assert numpy.allclose(image.affine, mask.affine, atol=1e-4), "other affines"
values = image.get_fdata()[mask.get_fdata() != 0]
values = values[numpy.isfinite(values)]
print(f"{values.mean():.9g} {values.size}")
