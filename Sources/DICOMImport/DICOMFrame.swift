import Foundation

/// One slice of one image: where it lies, what it holds, how its pixels become values.
struct DICOMFrame: Sendable {
  /// The file, by its index in the folder's list.
  let file: Int
  let rows: Int
  let columns: Int
  /// ImageType, upper case.
  let imageType: [String]
  /// ComplexImageComponent, or GE's (0043,102F), upper case: MAGNITUDE, PHASE, REAL, IMAGINARY.
  let component: String?
  let echoTimeMS: Double?
  let echoNumber: Int?
  /// Millimetres, DICOM's axes.
  let position: [Double]
  let orientation: [Double]
  let spacing: [Double]
  /// Displayed value = slope x stored + intercept; nil where the file says none.
  let slope: Double?
  let intercept: Double
  /// Philips' scale slope: precise value = displayed / (slope x scale slope).
  let scaleSlope: Double?
  let rescaleType: String?
  /// Real-world value = slope x stored + intercept, in units (UCUM).
  let mapping: Mapping?
  /// Where the frame's stored values begin; nil where they are compressed.
  let pixelStart: Int?

  struct Mapping: Sendable, Equatable {
    let slope: Double
    let intercept: Double
    let unit: String
  }

  /// What makes displayed values of precise ones.
  var displayFactor: Double { (scaleSlope ?? 0) == 0 ? 1 : (slope ?? 1) * (scaleSlope ?? 1) }
}

extension DICOMFile {
  /// The file's frames: one, or, of an enhanced file, one for each item of its functional groups.
  func frames(index: Int) -> [DICOMFrame] {
    guard isMultiFrame else { return [frame(index, 0, groups: [root])] }
    let shared = root.items(DICOMTag(0x5200, 0x9229)).first ?? DICOMItem()
    return root.items(DICOMTag(0x5200, 0x9230)).enumerated().map { number, own in
      frame(index, number, groups: [own, shared, root])
    }
  }

  private func frame(_ file: Int, _ number: Int, groups: [DICOMItem]) -> DICOMFrame {
    /// The first item of a functional group, the frame's own before the shared one.
    func group(_ element: UInt16, _ head: UInt16) -> DICOMItem? {
      for item in groups.dropLast() {
        if let found = item.items(DICOMTag(head, element)).first { return found }
      }
      return isMultiFrame ? nil : root
    }
    func numbers(_ item: DICOMItem?, _ head: UInt16, _ element: UInt16) -> [Double] {
      item.map { bytes.numbers($0, DICOMTag(head, element)) } ?? []
    }
    // Damaged files say anything: what is beyond 16 bits is none.
    func size(_ element: UInt16) -> Int {
      let said = (self.number(0x0028, element) ?? 0).whole
      return (0...65535).contains(said) ? said : 0
    }
    let (rows, columns, width) = (size(0x0010), size(0x0011), min(8, size(0x0100) / 8))
    let kind = group(0x9226, 0x0018)
    let type = kind.map { bytes.texts($0, DICOMTag(0x0008, isMultiFrame ? 0x9007 : 0x0008)) } ?? []
    let echo = numbers(group(0x9114, 0x0018), 0x0018, isMultiFrame ? 0x9082 : 0x0081).first
    let measures = group(0x9110, 0x0028)
    let rescale = group(0x9145, 0x0028)
    let start = pixels.map { $0.lowerBound + number * rows * columns * width }
    let end = (start ?? 0) + rows * columns * width
    return DICOMFrame(
      file: file, rows: rows, columns: columns, imageType: type.map { $0.uppercased() },
      component: component(kind), echoTimeMS: echo, echoNumber: echoNumber(groups),
      position: numbers(group(0x9113, 0x0020), 0x0020, 0x0032),
      orientation: numbers(group(0x9116, 0x0020), 0x0020, 0x0037),
      spacing: numbers(measures, 0x0028, 0x0030), slope: numbers(rescale, 0x0028, 0x1053).first,
      intercept: numbers(rescale, 0x0028, 0x1052).first ?? 0, scaleSlope: scaleSlope(groups),
      rescaleType: rescale.flatMap { bytes.text($0, DICOMTag(0x0028, 0x1054)) },
      mapping: mapping(groups),
      pixelStart: end <= (pixels?.upperBound ?? 0) && rows * columns > 0 ? start : nil)
  }

  private func component(_ kind: DICOMItem?) -> String? {
    if let said = kind.flatMap({ bytes.text($0, DICOMTag(0x0008, 0x9208)) }) {
      return said.uppercased()
    }
    // GE's parameters: 0 magnitude, 1 phase, 2 real, 3 imaginary.
    guard let tag = root.privateTag(0x0043, creator: "GEMS_PARM_01", 0x2F, in: bytes),
      let number = bytes.number(root, tag, type: "SS"), (0...3).contains(number)
    else { return nil }
    return ["MAGNITUDE", "PHASE", "REAL", "IMAGINARY"][number.whole]
  }

  private func echoNumber(_ groups: [DICOMItem]) -> Int? {
    let said = isMultiFrame ? nil : bytes.number(root, DICOMTag(0x0018, 0x0086))
    return said.flatMap { Int(exactly: $0) }
  }

  private func scaleSlope(_ groups: [DICOMItem]) -> Double? {
    let philips = "Philips MR Imaging DD"
    for item in groups {
      var places = [item]
      if let outer = item.privateTag(0x2005, creator: philips + " 005", 0x0F, in: bytes) {
        places = item.items(outer) + places
      }
      for place in places {
        if let tag = place.privateTag(0x2005, creator: philips + " 001", 0x0E, in: bytes),
          let value = bytes.number(place, tag, type: "FL"), value > 0
        {
          return value
        }
      }
    }
    return nil
  }

  private func mapping(_ groups: [DICOMItem]) -> DICOMFrame.Mapping? {
    for group in groups {
      guard let item = group.items(DICOMTag(0x0040, 0x9096)).first,
        let slope = bytes.number(item, DICOMTag(0x0040, 0x9225)),
        let intercept = bytes.number(item, DICOMTag(0x0040, 0x9224)),
        let unit = item.items(DICOMTag(0x0040, 0x08EA)).first.flatMap({
          bytes.text($0, DICOMTag(0x0008, 0x0100))
        })
      else { continue }
      return DICOMFrame.Mapping(slope: slope, intercept: intercept, unit: unit)
    }
    return nil
  }
}
