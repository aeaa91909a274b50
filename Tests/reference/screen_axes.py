"""Slices of a numbered volume as nibabel turns it towards left, back and feet. Reads one JSON object: `shape`,
`affine` (rows); prints for each plane the values of its third slice from the upper left, row by row."""

import json
import sys

import nibabel
import numpy as np

given = json.loads(sys.argv[1])
shape = given["shape"]
values = np.arange(np.prod(shape)).reshape(shape, order="F")
turn = nibabel.orientations.ornt_transform(
    nibabel.orientations.io_orientation(np.array(given["affine"], float)),
    nibabel.orientations.axcodes2ornt(("L", "P", "I")))
turned = nibabel.orientations.apply_orientation(values, turn)
planes = {"axial": turned[:, :, 2].T, "coronal": turned[:, 2, :].T, "sagittal": turned[2, :, :].T}
print(json.dumps({name: plane.ravel().tolist() for name, plane in planes.items()}))
