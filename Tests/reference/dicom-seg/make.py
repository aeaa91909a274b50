"""Makes seg.dcm beside it: a DICOM segmentation of a phantom, written by dcmqi's itkimage2segimage.

usage: make.py          (needs pydicom, SimpleITK, and dcmqi on the PATH)

Six slices of 20x16 voxels of 2x2x5 mm, first voxel at (-20, -10, 5) mm in LPS; label 1 'Tumour',
label 2 'Liver', in slices 1 to 4. The tests read what is committed; this was run once.
"""

import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

SHAPE, SPACING, ORIGIN = (20, 16, 6), (2.0, 2.0, 5.0), np.array([-20.0, -10.0, 5.0])
MR = "1.2.840.10008.5.1.4.1.1.4"


def slice_file(folder, k, series):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = MR
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[f"slice {k}"])
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID, data.SOPInstanceUID = MR, meta.MediaStorageSOPInstanceUID
    data.update(series)
    data.InstanceNumber = k + 1
    data.ImagePositionPatient = [float(v) for v in ORIGIN + [0, 0, k * SPACING[2]]]
    data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    data.PixelSpacing, data.SliceThickness = [SPACING[1], SPACING[0]], SPACING[2]
    data.Columns, data.Rows = SHAPE[:2]
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated = data.BitsStored = 16
    data.HighBit, data.PixelRepresentation = 15, 0
    data.PixelData = np.full(SHAPE[1::-1], k, np.uint16).tobytes()
    path = folder / f"{k}.dcm"
    data.save_as(path, enforce_file_format=True)
    return str(path)


def segment(label, name, code):
    def coded(value, meaning):
        return {"CodeValue": value, "CodingSchemeDesignator": "SCT", "CodeMeaning": meaning}

    return {"labelID": label, "SegmentDescription": name, "SegmentLabel": name,
            "SegmentAlgorithmType": "MANUAL",
            "SegmentedPropertyCategoryCodeSequence": coded("85756007", "Tissue"),
            "SegmentedPropertyTypeCodeSequence": coded(code, name)}


def main():
    out = Path(__file__).with_name("seg.dcm")
    from pydicom.dataset import Dataset

    series = Dataset()
    series.StudyInstanceUID, series.SeriesInstanceUID, series.FrameOfReferenceUID = (
        generate_uid(entropy_srcs=[word]) for word in ("study", "series", "frame"))
    series.Modality, series.PatientName, series.PatientID = "MR", "Phantom", "P"
    series.PatientBirthDate = series.PatientSex = series.AccessionNumber = ""
    series.ReferringPhysicianName = series.Manufacturer = series.PositionReferenceIndicator = ""
    series.StudyDate, series.StudyTime, series.StudyID = "20260101", "000000", "1"
    series.SeriesNumber = 1
    labels = np.zeros(SHAPE[::-1], np.uint8)
    labels[1:5, 2:13, 3:17] = 2
    labels[2:4, 5:9, 6:11] = 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [slice_file(folder, k, series) for k in range(SHAPE[2])]
        image = sitk.GetImageFromArray(labels)
        image.SetSpacing(SPACING)
        image.SetOrigin(ORIGIN.tolist())
        sitk.WriteImage(image, str(folder / "labels.nrrd"))
        (folder / "meta.json").write_text(json.dumps({
            "ContentCreatorName": "pdff", "SeriesDescription": "Segmentation", "SeriesNumber": "3",
            "InstanceNumber": "1", "ContentLabel": "SEG", "ContentDescription": "phantom",
            "ClinicalTrialSeriesID": "1", "ClinicalTrialTimePointID": "1",
            "ClinicalTrialCoordinatingCenterName": "none", "BodyPartExamined": "",
            "segmentAttributes": [[segment(1, "Tumour", "108369006"),
                                   segment(2, "Liver", "10200004")]]}))
        subprocess.run(
            ["itkimage2segimage", "--inputDICOMList", ",".join(files), "--inputImageList",
             str(folder / "labels.nrrd"), "--inputMetadata", str(folder / "meta.json"),
             "--outputDICOM", str(out), "--skip"], check=True)


main()
