"""Complex echoes of a BIDS MEGRE folder by nibabel and NumPy, in double precision.

For each echo, by echo time: the time, the sums of |s|, Re s and Im s, and real and imaginary part
of 50 voxels at equal steps, x fastest.
"""

import glob
import json
import os
import sys

import nibabel
import numpy


def volume(path):
    return numpy.asarray(nibabel.load(path).dataobj)


def sidecar(path):
    with open(path.replace(".nii.gz", ".json")) as file:
        return json.load(file)


def radians(values, everything):
    """Siemens' steps where any echo passes 100, radians otherwise."""
    scale = numpy.pi / 4096 if max(abs(v).max() for v in everything) > 100 else 1.0
    return values.astype(float) * scale


def echoes(folder):
    found = []
    phases = [volume(p) for p in glob.glob(os.path.join(folder, "anat", "*part-phase*.nii.gz"))]
    for path in glob.glob(os.path.join(folder, "anat", "*_MEGRE.nii.gz")):
        if "part-mag" in path:
            phase = radians(volume(path.replace("part-mag", "part-phase")), phases)
            signal = volume(path) * numpy.exp(1j * phase)
        elif "part-real" in path:
            signal = volume(path) + 1j * volume(path.replace("part-real", "part-imag"))
        elif "part-" in path:
            continue
        else:
            signal = volume(path)
        times = sidecar(path)["EchoTime"]
        if isinstance(times, list):
            found += [(time, signal[..., frame]) for frame, time in enumerate(times)]
        else:
            found.append((times, signal))
    return sorted(found, key=lambda echo: echo[0])


for time, signal in echoes(sys.argv[1]):
    flat = signal.astype(complex).ravel(order="F")
    row = [time, abs(flat).sum(), flat.real.sum(), flat.imag.sum()]
    for voxel in range(50):
        value = flat[voxel * (flat.size // 50)]
        row += [value.real, value.imag]
    print(*(repr(float(value)) for value in row))
