"""Writes a phantom's images as DICOM series, in the manner of one vendor or another.

    dicom_series.py PHANTOM MANNER OUT    one manner into the folder OUT
    dicom_series.py --list                the manners, one a line, with what is expected of them
    dicom_series.py --truth PHANTOM       each region's mean of the true PDFF in percent
    dicom_series.py --identifiers         the made-up patient's words

PHANTOM is a folder that `pdff phantom make` wrote with phase (radians are rebuilt from its files).
Every file carries a made-up patient, so that a test can look for it in what comes out.

What is expected of a manner: the evidence's word for scale or phase unit, or the code with which it is
"refused"; "may_refuse" is the code with which some version of dcm2niix makes it impossible. A manner
whose true scale is not told by the file (no slope, no units, no subcutaneous fat) expects a refusal.
"""

import json
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import nibabel
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

# What must never come out again. Each word is made up, and occurs nowhere else.
PATIENT = {
    "PatientName": "Zweifelstein^Amalgunde",
    "PatientID": "HOSP0815471100",
    "PatientBirthDate": "19570321",
    "OtherPatientIDs": "INSURANCE99887766",
    "PatientAddress": "Irrgartenweg 77",
    "PatientTelephoneNumbers": "+49555123987",
    "PatientMotherBirthName": "Kummerbund",
    "PatientComments": "Patientin_Zweifelstein_kommt_wieder",
    "AccessionNumber": "ACCNR5566778899",
    "StudyID": "STUDYID4433",
    "InstitutionName": "Klinikum Nirgendheim",
    "InstitutionAddress": "Spitalgasse Hinterhofhaus",
    "InstitutionalDepartmentName": "Roentgenabteilung Nordkeller",
    "ReferringPhysicianName": "Ueberweiser^Konradin",
    "PerformingPhysicianName": "Durchfuehrer^Philomena",
    "OperatorsName": "Knoepfchen^Berthilde",
    "RequestingPhysician": "Anforderer^Kunigunde",
    "StationName": "STATIONKELLER3",
    "DeviceSerialNumber": "SERIAL-778812",
    "StudyDescription": "Leber MRT Zweifelstein",
    "ImageComments": "Zweifelstein in Atemstillstand",
    "RequestedProcedureDescription": "Leber bei Zweifelstein",
    "PatientAge": "069Y",
    "PatientWeight": "81",
    "PatientSex": "F",
}
ROOT = "1.2.826.0.1.3680043.10.1999."
CLASSIC, ENHANCED = "1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.4.1"


@dataclass
class Part:
    """One volume of a series: stored = (value - intercept) / slope."""

    values: np.ndarray  # (x, y, z), as displayed
    slope: object = 1.0  # a number, one for each slice, or None: no rescale fields
    intercept: object = 0.0
    scale_slope: object = None  # Philips' (2005,100E), a number or one for each slice
    image_type: tuple = ("ORIGINAL", "PRIMARY", "M", "ND")
    component: str = ""  # ComplexImageComponent
    echo: int = 1
    time_ms: float = 1.15
    ge_component: int | None = None  # (0043,102F)
    signed: bool = False
    units: str = ""  # RescaleType
    mapping: tuple | None = None  # real world value mapping: slope, intercept, unit


@dataclass
class Maker:
    """How a vendor's files look."""

    manufacturer: str = "SIEMENS"
    model: str = "Skyra"
    enhanced: bool = False
    dates: bool = True
    echo_numbers: bool = True
    software: str = "syngo MR E11"
    contrast: bool = False
    name_in_description: bool = False
    implicit: bool = False
    patient_id: str = ""


@dataclass
class Series:
    number: int
    description: str
    parts: list
    protocol: str = ""
    sequence: str = "GR"


def stored(part, z):
    """Pixels of a slice, shape (rows, columns), and its slope and intercept."""
    def at(value):
        return value[z] if isinstance(value, (list, tuple, np.ndarray)) else value

    slope, intercept, scale = at(part.slope), at(part.intercept), at(part.scale_slope)
    values = part.values[:, :, z] if slope is None else (part.values[:, :, z] - intercept) / slope
    pixels = np.rint(values).T
    low, high = (-32768, 32767) if part.signed else (0, 65535)
    assert pixels.min() >= low and pixels.max() <= high, (pixels.min(), pixels.max())
    return pixels.astype(np.int16 if part.signed else np.uint16), slope, intercept, scale


class Writer:
    def __init__(self, grid, maker, folder):
        self.affine, self.shape = grid
        self.maker, self.folder = maker, Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.count = 0

    # Geometry: the phantom's axes are x from right to left (mm fall), y from back to front, z up.
    def position(self, z):
        corner = self.affine @ np.array([0, 0, z, 1])
        return [-corner[0], -corner[1], corner[2]]

    def orientation(self):
        x, y = self.affine[:3, 0], self.affine[:3, 1]
        lps = np.array([-1, -1, 1])
        return [*(x * lps / np.linalg.norm(x)), *(y * lps / np.linalg.norm(y))]

    def spacing(self):
        return [float(np.linalg.norm(self.affine[:3, a])) for a in (1, 0, 2)]

    def dataset(self, series, sop_class):
        self.count += 1
        uid = f"{ROOT}{series.number}.{self.count}"
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = sop_class
        meta.MediaStorageSOPInstanceUID = uid
        meta.TransferSyntaxUID = ImplicitVRLittleEndian if self.maker.implicit else ExplicitVRLittleEndian
        meta.ImplementationClassUID = ROOT + "1"
        ds = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
        ds.SOPClassUID, ds.SOPInstanceUID = sop_class, uid
        ds.StudyInstanceUID, ds.SeriesInstanceUID = ROOT + "7", f"{ROOT}8.{series.number}"
        ds.FrameOfReferenceUID = ROOT + "9"
        for keyword, value in PATIENT.items():
            setattr(ds, keyword, value)
        if self.maker.patient_id:
            ds.PatientID = self.maker.patient_id
        ds.Modality = "MR"
        if self.maker.manufacturer:
            ds.Manufacturer, ds.ManufacturerModelName = self.maker.manufacturer, self.maker.model
            ds.SoftwareVersions = self.maker.software
        if self.maker.dates:
            ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = ds.ContentDate = "20261103"
            ds.StudyTime, ds.SeriesTime = "101500", "102100"
            ds.AcquisitionTime = ds.ContentTime = "102230.500000"
        name = " Zweifelstein" if self.maker.name_in_description else ""
        ds.SeriesDescription, ds.ProtocolName = series.description + name, series.protocol or series.description
        ds.SeriesNumber, ds.AcquisitionNumber = series.number, 1
        ds.MagneticFieldStrength, ds.FlipAngle, ds.RepetitionTime = 3, 3, 9
        ds.ImagingFrequency, ds.EchoTrainLength = 127.732434, 6
        ds.ScanningSequence, ds.SequenceVariant, ds.MRAcquisitionType = series.sequence, "SP", "3D"
        ds.PatientPosition, ds.BodyPartExamined = "HFS", "LIVER"
        ds.SliceThickness = ds.SpacingBetweenSlices = self.spacing()[2]
        if self.maker.contrast:
            ds.ContrastBolusAgent, ds.ContrastBolusStartTime = "gadoxetate", "100230"
        return ds

    def pixels(self, ds, array, signed):
        ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
        ds.Rows, ds.Columns = array.shape[-2:]
        ds.BitsAllocated = 16
        ds.BitsStored = 16 if signed or array.max() > 4095 else 12
        ds.HighBit, ds.PixelRepresentation = ds.BitsStored - 1, int(signed)
        ds.PixelData = array.tobytes()
        ds["PixelData"].VR = "OW"

    def save(self, ds, name):
        ds.save_as(self.folder / name, enforce_file_format=True)

    def classic(self, series):
        """One file for each slice of each part."""
        instance = 0
        for part in series.parts:
            for z in range(self.shape[2]):
                instance += 1
                array, slope, intercept, scale = stored(part, z)
                ds = self.dataset(series, CLASSIC)
                ds.InstanceNumber = instance
                ds.ImageType = list(part.image_type)
                if part.component:
                    ds.ComplexImageComponent = part.component
                ds.EchoTime = part.time_ms
                if self.maker.echo_numbers:
                    ds.EchoNumbers = part.echo
                ds.ImagePositionPatient = [f"{v:.6f}" for v in self.position(z)]
                ds.ImageOrientationPatient = [f"{v:.6f}" for v in self.orientation()]
                ds.PixelSpacing = [f"{v:.6f}" for v in self.spacing()[:2]]
                ds.SliceLocation = f"{self.position(z)[2]:.6f}"
                if slope is not None:
                    ds.RescaleSlope, ds.RescaleIntercept = f"{slope:.10g}", f"{intercept:.10g}"
                    ds.RescaleType = part.units or "normalized"
                if scale is not None:
                    block = ds.private_block(0x2005, "Philips MR Imaging DD 001", create=True)
                    block.add_new(0x0E, "FL", float(scale))
                if part.ge_component is not None:
                    block = ds.private_block(0x0043, "GEMS_PARM_01", create=True)
                    block.add_new(0x2F, "SS", part.ge_component)
                if part.mapping:
                    ds.RealWorldValueMappingSequence = Sequence([mapping(part.mapping)])
                self.pixels(ds, array, part.signed)
                self.save(ds, f"IM{self.count:05d}")

    def multiframe(self, series):
        """One enhanced file: all slices of all parts."""
        ds = self.dataset(series, ENHANCED)
        first = series.parts[0]
        ds.InstanceNumber = 1
        ds.ImageType = list(first.image_type)
        if self.maker.dates:
            ds.AcquisitionDateTime = "20261103102230.500000"
        frames, functional = [], []
        for number, part in enumerate(series.parts):
            for z in range(self.shape[2]):
                array, slope, intercept, scale = stored(part, z)
                frames.append(array)
                functional.append(self.frame(part, number, z, slope, intercept, scale))
        shared = Dataset()
        shared.MRTimingAndRelatedParametersSequence = Sequence([Dataset()])
        shared.MRTimingAndRelatedParametersSequence[0].RepetitionTime = 9.0
        shared.MRTimingAndRelatedParametersSequence[0].FlipAngle = 3.0
        ds.SharedFunctionalGroupsSequence = Sequence([shared])
        ds.PerFrameFunctionalGroupsSequence = Sequence(functional)
        components = {p.component for p in series.parts if p.component}
        ds.ComplexImageComponent = components.pop() if len(components) == 1 else "MIXED"
        ds.NumberOfFrames = len(frames)
        self.pixels(ds, np.stack(frames), first.signed)
        self.save(ds, f"XM{self.count:05d}")

    def frame(self, part, number, z, slope, intercept, scale):
        group, one = Dataset(), lambda d: Sequence([d])
        content = Dataset()
        content.InStackPositionNumber, content.StackID = z + 1, "1"
        content.TemporalPositionIndex = 1
        content.DimensionIndexValues = [1, z + 1, part.echo, number + 1]
        if self.maker.dates:
            content.FrameAcquisitionDateTime = "20261103102230.500000"
        group.FrameContentSequence = one(content)
        place = Dataset()
        place.ImagePositionPatient = [f"{v:.6f}" for v in self.position(z)]
        group.PlanePositionSequence = one(place)
        turn = Dataset()
        turn.ImageOrientationPatient = [f"{v:.6f}" for v in self.orientation()]
        group.PlaneOrientationSequence = one(turn)
        measures = Dataset()
        measures.PixelSpacing = [f"{v:.6f}" for v in self.spacing()[:2]]
        measures.SliceThickness = f"{self.spacing()[2]:.6f}"
        measures.SpacingBetweenSlices = self.spacing()[2]
        group.PixelMeasuresSequence = one(measures)
        kind = Dataset()
        kind.FrameType = list(part.image_type)
        kind.ComplexImageComponent = part.component or "MAGNITUDE"
        group.MRImageFrameTypeSequence = one(kind)
        echo = Dataset()
        echo.EffectiveEchoTime = part.time_ms
        group.MREchoSequence = one(echo)
        if slope is not None:
            rescale = Dataset()
            rescale.RescaleSlope, rescale.RescaleIntercept = f"{slope:.10g}", f"{intercept:.10g}"
            rescale.RescaleType = part.units or "normalized"
            group.PixelValueTransformationSequence = one(rescale)
        if part.mapping:
            group.RealWorldValueMappingSequence = one(mapping(part.mapping))
        private = Dataset()
        block = private.private_block(0x2005, "Philips MR Imaging DD 001", create=True)
        if scale is not None:
            block.add_new(0x0E, "FL", float(scale))
        private.ImageType = list(part.image_type)
        private.EchoTime, private.EchoNumbers = part.time_ms, part.echo
        if slope is not None:
            private.RescaleSlope, private.RescaleIntercept = rescale.RescaleSlope, rescale.RescaleIntercept
        outer = group.private_block(0x2005, "Philips MR Imaging DD 005", create=True)
        outer.add_new(0x0F, "SQ", Sequence([private]))
        return group

    def write(self, series_list):
        for series in series_list:
            (self.multiframe if self.maker.enhanced else self.classic)(series)


def mapping(said):
    slope, intercept, unit = said
    item, code = Dataset(), Dataset()
    item.RealWorldValueSlope, item.RealWorldValueIntercept = float(slope), float(intercept)
    item.RealWorldValueFirstValueMapped, item.RealWorldValueLastValueMapped = 0, 4095
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = unit, "UCUM", unit
    item.MeasurementUnitsCodeSequence = Sequence([code])
    return item


# What the phantom says.


class Phantom:
    def __init__(self, folder):
        folder = Path(folder)
        scan = next(folder.glob("sub-*/anat"))
        self.times, self.magnitude, self.phase = [], [], []
        for path in sorted(scan.glob("*_part-mag_*.nii.gz")):
            image = nibabel.load(path)
            self.affine = image.affine
            self.magnitude.append(image.get_fdata())
            turned = nibabel.load(str(path).replace("part-mag", "part-phase"))
            stored = turned.get_fdata()
            # Siemens' steps, or radians.
            self.phase.append(stored if np.abs(stored).max() < 4 else stored / 4096 * np.pi)
            sidecar = json.loads(Path(str(path).replace(".nii.gz", ".json")).read_text())
            self.times.append(sidecar["EchoTime"] * 1000)
        self.percent = nibabel.load(folder / "truth/PDFFmap.nii.gz").get_fdata()
        self.tissue = nibabel.load(folder / "truth/tissue.nii.gz").get_fdata() > 0
        self.labels = nibabel.load(folder / "masks/regions.nii.gz").get_fdata()
        self.water = np.nan_to_num(nibabel.load(folder / "truth/water.nii.gz").get_fdata())
        self.fat = np.nan_to_num(nibabel.load(folder / "truth/fat.nii.gz").get_fdata())
        noise = np.random.default_rng(7).normal(0, 0.3, self.percent.shape)
        self.map = np.where(self.tissue, np.clip(np.nan_to_num(self.percent) + noise, 0, 100), 0)

    @property
    def grid(self):
        return self.affine, self.magnitude[0].shape


# Echoes, one function for each way to write them; each gives its series.

M, P = ("ORIGINAL", "PRIMARY", "M", "ND"), ("ORIGINAL", "PRIMARY", "P", "ND")


def echoes(phantom, make):
    return [make(e, t) for e, t in enumerate(phantom.times)]


def siemens(phantom, slope=2.0, intercept=-4096.0, masked=False):
    def phase(e):
        turned = np.round(phantom.phase[e] / np.pi * 2048) * 2
        turned = np.where(phantom.tissue, turned, 0) if masked else turned
        turned = np.clip(turned, -4096, 4094)
        return turned if slope is not None else (turned + 4096) / 2

    magnitude = echoes(phantom, lambda e, t: Part(phantom.magnitude[e], None, echo=e + 1, time_ms=t))
    turned = echoes(phantom, lambda e, t: Part(
        phase(e), slope, intercept, image_type=P, echo=e + 1, time_ms=t))
    return [Series(5, "t1_vibe_q-dixon", magnitude), Series(6, "t1_vibe_q-dixon", turned)]


def ge(phantom, components="RI", chopped=False, milliradians=1000.0):
    """All echoes and components in one series."""
    flip = np.where(np.arange(phantom.magnitude[0].shape[2]) % 2, -1.0, 1.0) if chopped else 1.0

    def make(kind, e, t):
        m, p = phantom.magnitude[e], phantom.phase[e]
        values = {"M": m, "P": p * milliradians, "R": m * np.cos(p) * flip, "I": m * np.sin(p) * flip}
        return Part(
            np.round(values[kind]), None, image_type=("ORIGINAL", "PRIMARY", "OTHER"), echo=e + 1,
            time_ms=t, ge_component="MPRI".index(kind), signed=True)

    parts = [make(kind, e, t) for e, t in enumerate(phantom.times) for kind in components]
    return [Series(7, "IDEAL IQ", parts)]


def stacked(phantom):
    """Echoes of which nothing says which is which."""
    series = ge(phantom)[0]
    return [Series(7, series.description, [replace(p, time_ms=1.15, echo=1) for p in series.parts])]


def philips(phantom, varying=False, masked=False, cartesian=False, scale=0.0143):
    """Magnitude and phase in one series; displayed phase is mrad."""
    nz = phantom.magnitude[0].shape[2]
    bend = 1 + 0.05 * np.arange(nz) if varying else np.ones(nz)

    def part(values, kind, component, e, t):
        # Every echo is displayed at a scale of its own; precise values are the signal.
        product = bend if kind == "P" else scale * (1 + 0.1 * e) * bend
        shown = values if kind == "P" else values * product
        high = np.abs(shown).max(axis=(0, 1)) + 1e-9 if varying else np.abs(shown).max() * np.ones(nz)
        slope, intercept = (2 * high / 4095, -high) if kind in "PRI" else (high / 4095, 0 * high)
        if kind == "P":
            product = scale * slope
        return Part(
            shown, slope, intercept, product / slope,
            image_type=("ORIGINAL", "PRIMARY", f"{kind}_FFE", kind, "FFE"), component=component,
            echo=e + 1, time_ms=t)

    def both(e, t):
        m, p = phantom.magnitude[e], np.where(phantom.tissue | (not masked), phantom.phase[e], 0)
        if cartesian:
            return [part(m * np.cos(p), "R", "REAL", e, t), part(m * np.sin(p), "I", "IMAGINARY", e, t)]
        return [part(m, "M", "MAGNITUDE", e, t), part(p * 1000, "P", "PHASE", e, t)]

    # Scanners export magnitudes first.
    pairs = echoes(phantom, both)
    return [Series(701, "mDIXON_Quant", [pair[i] for i in (0, 1) for pair in pairs])]


def plain_phase(phantom, full_turn, offset=0.0, slope=1.0):
    """Phase of an unknown maker: `full_turn` for 2 pi."""
    turned = lambda e: (phantom.phase[e] + offset) / (2 * np.pi) * full_turn
    low = (offset - np.pi) / (2 * np.pi) * full_turn
    magnitude = echoes(phantom, lambda e, t: Part(phantom.magnitude[e], None, echo=e + 1, time_ms=t))
    phase = echoes(phantom, lambda e, t: Part(
        turned(e), slope, low, image_type=P, echo=e + 1, time_ms=t))
    return [Series(5, "gre_me", magnitude), Series(6, "gre_me", phase)]


# Vendors' maps.

MAP_TYPES = {
    "siemens": ("DERIVED", "PRIMARY", "DIXON", "FAT_FRACTION"),
    "ge": ("DERIVED", "PRIMARY", "OTHER"),
    "philips": ("DERIVED", "PRIMARY", "FF", "FF", "DERIVED"),
    "none": ("DERIVED", "PRIMARY", "FAT_FRACTION"),
}
MAP_NAMES = {
    "siemens": "t1_vibe_q-dixon_FF", "ge": "FatFrac: IDEAL IQ", "philips": "mDIXON_Quant",
    "none": "pdff",
}
FULL = {"percent": 100.0, "fraction": 1.0, "permille": 1000.0}


def pdff(phantom, vendor, scale, slope=1.0, intercept=0.0, scale_slope=None, only=None, bend=0.0,
         **said):
    """A PDFF map. `only`: tissue outside these labels is zero. `bend`: slopes grow by slice."""
    nz = phantom.map.shape[2]
    values = phantom.map if only is None else np.where(np.isin(phantom.labels, only), phantom.map, 0)
    values = values * FULL[scale] / 100
    if slope == "none":
        values, slope = np.round(values / FULL[scale] * 4095), None
    else:
        factor = 1 + bend * np.arange(nz)
        slope = slope * factor if bend else slope
        scale_slope = scale_slope / factor if bend and scale_slope else scale_slope
    part = Part(
        values, slope, intercept, scale_slope, image_type=MAP_TYPES[vendor], time_ms=phantom.times[0],
        component="MAGNITUDE" if vendor == "philips" else "", **said)
    return [Series(9, MAP_NAMES[vendor], [part])]


def water_fat(phantom):
    """Water and fat images beside a localizer, a lone image and spin echoes."""
    def one(number, name, values, kind):
        protocol = "t1_vibe_dixon" if "dixon" in name else name
        return Series(number, name, [Part(np.round(values), None, image_type=kind)], protocol)

    return [
        one(1, "localizer", phantom.magnitude[0], ("ORIGINAL", "PRIMARY", "M", "LOCALIZER")),
        one(3, "t1_vibe_dixon_W", phantom.water, ("DERIVED", "PRIMARY", "DIXON", "WATER")),
        one(4, "t1_vibe_dixon_F", phantom.fat, ("DERIVED", "PRIMARY", "DIXON", "FAT")),
        one(8, "t2_haste", phantom.magnitude[1], M),
        Series(11, "t2_mapping", echoes(phantom, lambda e, t: Part(
            phantom.magnitude[e], None, echo=e + 1, time_ms=10 * t)), sequence="SE"),
    ]


SIEMENS, GE = Maker(), Maker("GE MEDICAL SYSTEMS", "SIGNA Premier", software="MR30.1")
PHILIPS = Maker("Philips Medical Systems", "Ingenia", software="5.7.1")
ENHANCED_PHILIPS = replace(PHILIPS, enhanced=True)
NOBODY = Maker("", "", dates=False)
MAKERS = {"siemens": SIEMENS, "ge": GE, "philips": PHILIPS, "none": NOBODY}


def manners():
    """name -> (maker, function of the phantom that gives series, what is expected)."""
    table = {}

    def add(name, maker, make, **expected):
        table[name] = (maker, make, expected)

    siemens_unit = dict(kind="complex", phase="siemens")
    add("siemens", SIEMENS, siemens, **siemens_unit)
    add("siemens-no-rescale", SIEMENS, lambda p: siemens(p, None), **siemens_unit)
    add("siemens-masked", SIEMENS, lambda p: siemens(p, masked=True), **siemens_unit)
    add("siemens-anonymous", replace(SIEMENS, manufacturer="", dates=False), siemens, **siemens_unit)
    add("siemens-anonymous-no-rescale", NOBODY, lambda p: siemens(p, None), **siemens_unit)
    add("siemens-implicit", replace(SIEMENS, implicit=True), siemens, **siemens_unit)
    add("siemens-contrast-named", replace(SIEMENS, contrast=True, name_in_description=True), siemens,
        **siemens_unit)
    add("siemens-without-echo-numbers", replace(SIEMENS, echo_numbers=False), siemens, **siemens_unit)
    add("siemens-other-patient", replace(SIEMENS, patient_id="HOSP0815471101"),
        lambda p: siemens(p)[:1], kind="magnitude")
    add("ge", GE, ge, kind="complex")
    add("ge-chopped", GE, lambda p: ge(p, chopped=True), kind="complex")
    add("ge-four", GE, lambda p: ge(p, "MPRI"), kind="complex")
    add("ge-mrad", GE, lambda p: ge(p, "MP"), kind="complex", phase="mrad")
    add("ge-magnitude", GE, lambda p: ge(p, "M"), kind="magnitude")
    add("ge-without-echo-numbers", replace(GE, echo_numbers=False), ge, kind="complex")
    add("ge-stacked", replace(GE, echo_numbers=False), stacked, refused="dicom-no-dixon-scan")
    add("ge-anonymous", replace(NOBODY), ge, kind="complex")
    for name, maker in (("philips", ENHANCED_PHILIPS), ("philips-classic", PHILIPS)):
        add(name, maker, philips, kind="complex", phase="mrad")
        add(f"{name}-slopes-vary", maker, lambda p: philips(p, varying=True), kind="complex", phase="mrad")
        add(f"{name}-cartesian", maker, lambda p: philips(p, cartesian=True), kind="complex")
        add(f"{name}-masked", maker, lambda p: philips(p, masked=True), kind="complex", phase="mrad")
    add("philips-anonymous", replace(NOBODY, enhanced=True), philips, kind="complex", phase="mrad",
        may_refuse="dicom-conversion-failed")
    add("phase-degrees", NOBODY, lambda p: plain_phase(p, 360.0, slope=0.1), kind="complex", phase="deg")
    add("phase-radians", NOBODY, lambda p: plain_phase(p, 2 * np.pi, slope=0.001), kind="complex", phase="rad")
    add("phase-mrad-turn", NOBODY, lambda p: plain_phase(p, 2000 * np.pi, np.pi), kind="complex", phase="mrad")
    add("phase-odd", NOBODY, lambda p: plain_phase(p, 5000.0), refused="phase-units-unknown")
    add("water-fat", SIEMENS, water_fat, kind="water-fat")
    for vendor, maker in MAKERS.items():
        for scale in FULL:
            slope = {"percent": 0.1, "fraction": 0.001, "permille": 1.0}[scale]
            add(f"{vendor}-map-{scale}", maker, lambda p, v=vendor, s=scale, k=slope: pdff(p, v, s, k),
                kind="pdff", scale=scale)
            unit = {"percent": "%", "fraction": "1", "permille": "[ppth]"}[scale]
            add(f"{vendor}-organ-{scale}-stated", maker,
                lambda p, v=vendor, s=scale, k=slope, u=unit: pdff(
                    p, v, s, k, only=[3, 4, 5], mapping=(k, 0, u)), kind="pdff", scale=scale)
            add(f"{vendor}-organ-{scale}", maker,
                lambda p, v=vendor, s=scale, k=slope: pdff(p, v, s, k, only=[3, 4, 5]),
                refused="pdff-scale-unknown")
        add(f"{vendor}-map-unsloped", maker, lambda p, v=vendor: pdff(p, v, "percent", "none"),
            refused="pdff-scale-unknown")
        add(f"{vendor}-map-slopes-vary", maker,
            lambda p, v=vendor: pdff(p, v, "percent", 0.025, bend=0.06), kind="pdff", scale="percent")
    for name, maker in (("philips-classic", PHILIPS), ("philips-enhanced", ENHANCED_PHILIPS)):
        for word, product in (("tenth", 0.1), ("ten", 10.0), ("odd", 1.13)):
            add(f"{name}-precise-{word}", maker,
                lambda p, k=product: pdff(p, "philips", "percent", 0.025, scale_slope=k / 0.025),
                kind="pdff", scale="percent")
            add(f"{name}-precise-{word}-vary", maker,
                lambda p, k=product: pdff(
                    p, "philips", "percent", 0.025, scale_slope=k / 0.025, bend=0.06),
                kind="pdff", scale="percent")
            add(f"{name}-organ-precise-{word}-stated", maker,
                lambda p, k=product: pdff(
                    p, "philips", "percent", 0.025, scale_slope=k / 0.025, only=[3, 4, 5],
                    mapping=(0.025, 0, "%")), kind="pdff", scale="percent")
    return table


def main(arguments):
    table = manners()
    if arguments == ["--list"]:
        for name, (_, _, expected) in table.items():
            print(name, json.dumps(expected), sep="\t")
        return
    if arguments == ["--identifiers"]:
        words = {w for v in PATIENT.values() for w in v.replace("^", " ").split(" ") if len(w) > 4}
        print("\n".join(sorted(words - {"Leber"})))
        return
    if arguments[0] == "--truth":
        phantom = Phantom(arguments[1])
        for label in np.unique(phantom.labels[phantom.labels > 0]).astype(int):
            print(label, np.nanmean(phantom.percent[phantom.labels == label]))
        return
    folder, names, out = arguments[0], arguments[1].split(","), Path(arguments[2])
    phantom = Phantom(folder)
    for name in names:
        maker, make, _ = table[name]
        Writer(phantom.grid, maker, out / name if len(names) > 1 else out).write(make(phantom))


if __name__ == "__main__":
    main(sys.argv[1:])
