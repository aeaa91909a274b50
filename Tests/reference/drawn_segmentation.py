"""Labels of a NIfTI image as 3D Slicer saves a segmentation: SimpleITK writes it, in LPS.

usage: drawn_segmentation.py LABELS OUT.seg.nrrd NAME=LABEL ...

Segments are numbered in the order given.
"""

import sys

import numpy as np
import SimpleITK


def draw(labels, out, segments):
    """`segments`: a name and the label in the file `labels`, pairs."""
    image = SimpleITK.ReadImage(str(labels), SimpleITK.sitkUInt8)
    found = SimpleITK.GetArrayFromImage(image)
    drawn = np.zeros_like(found)
    for value, (_, label) in enumerate(segments, start=1):
        drawn[found == label] = value
    made = SimpleITK.GetImageFromArray(drawn)
    made.CopyInformation(image)
    for number, (name, _) in enumerate(segments):
        said = {"ID": f"Segment_{number + 1}", "Name": name, "Layer": "0",
                "LabelValue": str(number + 1)}
        for key, value in said.items():
            made.SetMetaData(f"Segment{number}_{key}", value)
    SimpleITK.WriteImage(made, str(out), useCompression=True)


if __name__ == "__main__":
    pairs = [word.rsplit("=", 1) for word in sys.argv[3:]]
    draw(sys.argv[1], sys.argv[2], [(name, int(label)) for name, label in pairs])
