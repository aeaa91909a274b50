"""Prints a colour map of matplotlib as 256 colours in hexadecimal: colour_maps.py NAME"""

import sys

import numpy as np
from matplotlib import colormaps

colours = np.round(np.array(colormaps[sys.argv[1]].colors) * 255).astype(int)
print("".join("%02x%02x%02x" % tuple(colour) for colour in colours))
