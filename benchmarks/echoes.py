"""Complex echoes of a BIDS folder, for the programs that pdff is compared with.

A reader of its own, so that a mistake of pdff's reading is not shared with its peers.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy as np


@dataclass
class Echoes:
    times: list  # s
    field: float  # T
    signal: np.ndarray  # complex64, shape (echo, x, y, z)
    voxel_size: tuple  # mm
    affine: np.ndarray


def radians(phase):
    """Phase in rad; values beyond a turn are steps of pi / 4096, as Siemens exports them."""
    return phase if np.abs(phase).max() < 7 else phase * (np.pi / 4096)


def load(folder):
    """The echoes of every `*MEGRE.nii.gz` under `folder`, by echo time."""
    parts, field, image = {}, None, None
    for sidecar in sorted(Path(folder).rglob("*MEGRE.json")):
        known = json.loads(sidecar.read_text())
        image = nibabel.load(str(sidecar)[: -len("json")] + "nii.gz")
        values = np.asanyarray(image.dataobj)
        field = known["MagneticFieldStrength"]
        if isinstance(known["EchoTime"], list):
            signal = np.moveaxis(values, -1, 0).astype(np.complex64)
            return _echoes(known["EchoTime"], field, signal, image)
        part = next(p for p in ("mag", "phase", "real", "imag") if f"part-{p}_" in sidecar.name)
        parts.setdefault(known["EchoTime"], {})[part] = values.astype(np.float32)
    if not parts:
        raise SystemExit(f"no *MEGRE.json under {folder}")
    times = sorted(parts)
    return _echoes(times, field, np.stack([_complex(parts[t]) for t in times]), image)


def _complex(part):
    if "mag" in part:
        return (part["mag"] * np.exp(1j * radians(part["phase"]))).astype(np.complex64)
    return (part["real"] + 1j * part["imag"]).astype(np.complex64)


def _echoes(times, field, signal, image):
    if signal.ndim == 3:
        signal = signal[..., np.newaxis]
    size = tuple(float(x) for x in image.header.get_zooms()[:3])
    return Echoes(times, field, signal, size, image.affine)
