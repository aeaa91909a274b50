"""Prints nibabel's aff2axcodes, one line for each affine read from standard input: twelve numbers a
line, the first three rows of the matrix."""

import sys

import numpy as np
from nibabel.orientations import aff2axcodes

for line in sys.stdin if len(sys.argv) < 2 else open(sys.argv[1]):
    affine = np.eye(4)
    affine[:3] = np.array([float(x) for x in line.split()]).reshape(3, 4)
    print("".join(aff2axcodes(affine)))
