import Volumes

/// Holds a converted image's place against that of its DICOM frames.
struct PlaceCheck {
  private let sizes: [Int]
  private let affine: Affine

  init(_ image: ConvertedImage) { (sizes, affine) = (image.sizes, image.affine) }

  /// The volume's frames in the order of the image's slices; nil where the image does not lie as they
  /// do: the centre of each slice within a twentieth of a slice and 0.1 mm, rows and columns along
  /// theirs.
  func frames(of volume: DICOMVolume) -> [DICOMFrame]? {
    guard let first = volume.frames.first, volume.frames.count == sizes[2],
      sizes[0] == first.columns, sizes[1] == first.rows, lies(along: first)
    else { return nil }
    let tolerance = 0.1 + 0.05 * affine.columns.2.length
    var left = volume.frames.map { (frame: $0, centre: Self.centre($0)) }
    var found: [DICOMFrame] = []
    for slice in 0..<sizes[2] {
      let centre = affine.apply(
        SIMD3(Double(sizes[0] - 1) / 2, Double(sizes[1] - 1) / 2, Double(slice)))
      guard let place = left.firstIndex(where: { ($0.centre - centre).length <= tolerance }) else {
        return nil
      }
      found.append(left.remove(at: place).frame)
    }
    return found
  }

  /// RAS+ mm.
  private static func vector(_ parts: ArraySlice<Double>) -> SIMD3<Double> {
    let at = parts.startIndex
    return SIMD3(-parts[at], -parts[at + 1], parts[at + 2])
  }

  private static func centre(_ frame: DICOMFrame) -> SIMD3<Double> {
    let (row, column) = (vector(frame.orientation[0..<3]), vector(frame.orientation[3..<6]))
    return vector(frame.position[0..<3])
      + row * (frame.spacing[1] * Double(frame.columns - 1) / 2)
      + column * (frame.spacing[0] * Double(frame.rows - 1) / 2)
  }

  /// Whether a step in x is one along a row, either way, and one in y along a column.
  private func lies(along frame: DICOMFrame) -> Bool {
    guard frame.position.count == 3, frame.orientation.count == 6, frame.spacing.count == 2 else {
      return false
    }
    let (row, column) = (
      Self.vector(frame.orientation[0..<3]), Self.vector(frame.orientation[3..<6])
    )
    let (x, y, _) = affine.columns
    func isAlong(_ step: SIMD3<Double>, _ direction: SIMD3<Double>, _ length: Double) -> Bool {
      min((step - direction * length).length, (step + direction * length).length) <= 0.01 * length
    }
    return isAlong(x, row, frame.spacing[1]) && isAlong(y, column, frame.spacing[0])
  }
}
