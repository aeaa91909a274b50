import Faults
import Geometry
import Regions
import Scans
import Segmentations
import Volumes

/// One mask file held against a scan: its labels, and what is wrong with their geometry.
struct Examination {
  let file: MaskFile
  /// The labels, mended where they had drifted by scaling.
  let images: [LabelImage]
  /// Labels that drifted so far that they were no whole numbers any more.
  let drift: LabelDrift?
  let mask: ExaminedMask
  let diagnosis: Diagnosis

  /// - Throws: what makes the file no mask at all.
  init(_ file: MaskFile, against scan: ScanUnderMask) throws {
    self.file = file
    let layer = file.layers[0]
    let drift = file.layers.count == 1 && layer.frames == 1 ? LabelDrift(layer.values) : nil
    self.drift = drift
    // A small drift is rounded by the reader, which says so.
    images =
      if let drift, drift.farthest > Double(LabelImage.drift) {
        try [LabelImage(grid: file.grid, values: drift.mended(layer.values), file: file.path)]
      } else {
        try file.labelImages()
      }
    mask = ExaminedMask(
      layers: images.map(\.labels), isPlaced: file.isPlaced,
      other: file.forms.map { ($0.other, $0.otherGrid) })
    diagnosis = try diagnose(mask, on: scan.images, scanOther: scan.other)
  }

  /// What is wrong first of all; drift that rounding mends is none.
  var error: GeometryError? {
    if let error = diagnosis.error(file: file.path) { return error }
    guard let drift, drift.farthest > Double(LabelImage.drift) else { return nil }
    return GeometryError(.labelsDrifted, drift.words, file: file.path)
  }

  var notices: [Notice] {
    diagnosis.isMostlyInAir
      ? [
        Notice(
          GeometryNotice.mostlyInAir,
          "\(file.name): \(Int((100 * diagnosis.asGiven.inTissue).rounded())) %")
      ] : []
  }
}

/// What a mask is held against: the scan's images, and its grid by its header's other affine.
struct ScanUnderMask {
  let images: ScanImages
  let other: VoxelGrid?

  init(_ scan: DixonScan) {
    images = ScanImages(scan)
    let grid = scan.grid
    let file = scan.files.first { ![.sidecar, .mask].contains($0.role) }
    let header = file.flatMap { try? NIfTIHeader.read($0.path) }
    other = header?.disagreeing.map {
      VoxelGrid(nx: grid.nx, ny: grid.ny, nz: grid.nz, affine: $0.affine)
    }
  }
}

extension ScanImages {
  /// At most four echoes' magnitudes, or the vendor's images.
  init(_ scan: DixonScan) {
    let grid = scan.grid
    func echoes(_ count: Int) -> [Int] {
      count <= 4 ? Array(0..<count) : (0..<4).map { $0 * (count - 1) / 3 }
    }
    switch scan.signal {
    case .complex(let series):
      self.init(
        grid: grid,
        channels: echoes(series.echoTimes.count).map {
          Channel(real: series.real, imaginary: series.imaginary, offset: $0 * grid.count)
        })
    case .magnitude(let series):
      self.init(
        grid: grid,
        channels: echoes(series.echoTimes.count).map {
          Channel(real: series.magnitude, offset: $0 * grid.count)
        })
    case .waterFat(let water, let fat):
      self.init(grid: grid, channels: [Channel(real: water.values), Channel(real: fat.values)])
    case .twoPoint(let inPhase, let opposed):
      self.init(
        grid: grid, channels: [Channel(real: inPhase.values), Channel(real: opposed.values)])
    case .pdff(let map):
      self.init(grid: grid, channels: [Channel(real: map.values)], isMap: true)
    }
  }
}
