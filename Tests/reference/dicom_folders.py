"""Folders of DICOM files as they come out of archives and off discs: in disorder, damaged, mixed.

usage: dicom_folders.py SOURCE OUT [NAME,...]

SOURCE is one export of dicom_series.py (classic files of a magnitude and a phase series). OUT gets a folder for
each name and cases.json: a name and what is expected, the code of a refusal, or "" where the measurement
must be the source's to the last digit; "words" must occur in what is printed.
"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pydicom
from pydicom.filewriter import dcmwrite
from pydicom.uid import (DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, RLELossless,
                         generate_uid)

CASES = {}


def case(expected="", words=""):
    def keep(make):
        CASES[make.__name__.replace("_", "-")] = (make, expected, words)
        return make
    return keep


class Folder:
    def __init__(self, source, out):
        self.out = Path(out)
        shutil.copytree(source, self.out)

    @property
    def files(self):
        return sorted(p for p in self.out.rglob("*") if p.is_file())

    def edit(self, change, files=None):
        """`change` a data set; False takes the file away."""
        for number, path in enumerate(self.files if files is None else files):
            data = pydicom.dcmread(path)
            if change(data, number) is False:
                path.unlink()
            else:
                data.save_as(path)


def slices(folder):
    """Heights of the slices, rising."""
    return sorted({float(pydicom.dcmread(p, stop_before_pixels=True).ImagePositionPatient[2])
                   for p in folder.files})


def remove_slice(folder, keep):
    heights = slices(folder)
    folder.edit(lambda d, n: keep(d, heights.index(float(d.ImagePositionPatient[2]))))


# What is right all the same


@case()
def messy(folder):
    """Nested, renamed in another order, with copies, numbers of no order, and what lies on discs besides."""
    rng = np.random.default_rng(5)
    files = folder.files
    for place, number in enumerate(rng.permutation(len(files))):
        part = folder.out / f"S{place % 3}" / "deeper"
        part.mkdir(parents=True, exist_ok=True)
        files[number].rename(part / f"{place:04d}")
    order = rng.permutation(len(files))
    folder.edit(lambda d, n: setattr(d, "InstanceNumber", int(order[n]) + 1))
    for path in folder.files[:7]:
        shutil.copy(path, folder.out / f"copy of {path.name}")
    (folder.out / "readme.pdf").write_bytes(b"%PDF-1.4\n" + bytes(300))
    (folder.out / "viewer.exe").write_bytes(b"MZ" + bytes(1000))
    (folder.out / "tumour.nii.gz").write_bytes(b"\x1f\x8b")
    directory(folder)


def directory(folder):
    """A DICOMDIR, and a file of another modality."""
    meta = pydicom.dataset.FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = "1.2.840.10008.1.3.10", "1.2.3"
    meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    record = pydicom.Dataset()
    record.DirectoryRecordType, record.PatientName = "PATIENT", "Another^Name"
    listing = pydicom.Dataset()
    listing.DirectoryRecordSequence = pydicom.Sequence([record])
    listing.file_meta, listing.preamble = meta, bytes(128)
    dcmwrite(folder.out / "DICOMDIR", listing, enforce_file_format=True)
    other = pydicom.dcmread(folder.files[5])
    other.Modality, other.SOPInstanceUID = "SR", "1.2.4"
    other.save_as(folder.out / "report")


@case(words="dicom-values-unverified")
def rle(folder):
    folder.edit(lambda d, n: d.compress(RLELossless) and None)


@case()
def one_uid_for_all(folder):
    """An anonymiser's."""
    def change(data, _):
        data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    folder.edit(change)


# What is refused


@case("dicom-missing", "are deflated")
def deflated(folder):
    folder.edit(lambda d, n: setattr(d.file_meta, "TransferSyntaxUID", DeflatedExplicitVRLittleEndian))


@case("dicom-missing", "are big-endian")
def big_endian(folder):
    for path in folder.files:
        data = pydicom.dcmread(path)
        data.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
        swapped = np.frombuffer(data.PixelData, "<u2").astype(">u2").tobytes()
        data.PixelData = swapped
        for tag in [t for t in data.keys() if t.group % 2]:
            del data[tag]
        dcmwrite(path, data, little_endian=False, implicit_vr=False, enforce_file_format=False)


@case("dicom-lossy")
def lossy(folder):
    folder.edit(lambda d, n: setattr(d, "LossyImageCompression", "01"))


@case("dicom-no-dixon-scan", "some of its images lack slices")
def cut_short(folder):
    path = folder.files[3]
    path.write_bytes(path.read_bytes()[:-200])


@case("dicom-no-dixon-scan", "some of its images lack slices")
def slice_of_one_echo_missing(folder):
    remove_slice(folder, lambda d, place: not (place == 2 and d.EchoNumbers == 2 and "P" in d.ImageType))


@case("dicom-no-dixon-scan", "mm apart")
def slice_missing(folder):
    remove_slice(folder, lambda d, place: place != 2)


@case("dicom-no-dixon-scan", "several times")
def coil_images(folder):
    for path in folder.files:
        data = pydicom.dcmread(path)
        data.SOPInstanceUID = generate_uid(entropy_srcs=[path.name])
        data.save_as(folder.out / ("coil2-" + path.name))


@case("dicom-no-dixon-scan", "several directions")
def turned_slices(folder):
    def change(data, number):
        if number % 6 > 2:
            data.ImageOrientationPatient = [1, 0, 0, 0, 0, -1]
    folder.edit(change)


@case("dicom-several-patients")
def another_name(folder):
    folder.edit(lambda d, n: setattr(d, "PatientName", "Someone^Else") if n % 2 else None)


@case("dicom-several-scans", "--series 5b of 2027-02-01")
def two_studies(folder):
    copies = []
    for path in folder.files:
        data = pydicom.dcmread(path)
        data.StudyInstanceUID, data.SOPInstanceUID = "1.2.9", data.SOPInstanceUID + ".9"
        data.SeriesInstanceUID += ".9"
        data.AcquisitionDate = data.StudyDate = data.SeriesDate = "20270201"
        copies.append(data)
    for number, data in enumerate(copies):
        data.save_as(folder.out / f"later{number}")


def main():
    source, out = sys.argv[1], Path(sys.argv[2])
    names = sys.argv[3].split(",") if len(sys.argv) > 3 else list(CASES)
    for name in names:
        CASES[name][0](Folder(source, out / name))
    (out / "cases.json").write_text(json.dumps(
        [{"name": n, "expected": CASES[n][1], "words": CASES[n][2]} for n in names]))


main()
