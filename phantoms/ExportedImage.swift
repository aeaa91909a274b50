import Documents
import Volumes

/// One image of the export: its name without ending, its voxels and its sidecar.
struct ExportedImage: Sendable {
  let name: String
  var frames = 1
  let real: [Float]
  var imaginary: [Float]?
  let datatype: NIfTIDatatype
  var scaling: NIfTIScaling?
  let sidecar: JSONValue
}

extension Phantom {
  /// The images of the scan as the recipe's scanner exports them, echo by echo.
  func exportedImages() -> [ExportedImage] {
    let echoes = scan.echoTimes.indices
    switch recipe.export.style {
    case .siemens: return echoes.flatMap { [magnitude($0), siemensPhase($0)] }
    case .radians: return echoes.flatMap { [magnitude($0, as: .float32), radianPhase($0)] }
    case .realImaginary:
      return echoes.flatMap { [part($0, scan.real, "real"), part($0, scan.imaginary, "imag")] }
    case .complex: return [complexImage()]
    case .magnitude: return echoes.map { magnitude($0) }
    case .twoPoint: return twoPointImages()
    case .vendorMaps: return vendorMaps()
    }
  }

  private func frame(_ values: [Float], _ echo: Int) -> [Float] {
    Array(values[echo * grid.count..<(echo + 1) * grid.count])
  }

  private func magnitudes(_ echo: Int) -> [Float] {
    zip(frame(scan.real, echo), frame(scan.imaginary, echo)).map { re, im in
      (re * re + im * im).squareRoot()
    }
  }

  private func phases(_ echo: Int) -> [Float] {
    zip(frame(scan.imaginary, echo), frame(scan.real, echo)).map { angle(y: $0, x: $1) }
  }

  private func name(_ echo: Int, _ part: String) -> String {
    "sub-phantom_echo-\(echo + 1)_part-\(part)_MEGRE"
  }

  private func magnitude(_ echo: Int, as datatype: NIfTIDatatype = .int16) -> ExportedImage {
    ExportedImage(
      name: name(echo, "mag"), real: magnitudes(echo), datatype: datatype,
      sidecar: sidecar(["M", "ND"], echo: echo))
  }

  /// 0...4095 by slope 2 and intercept -4096; pi is stored as -pi.
  private func siemensPhase(_ echo: Int) -> ExportedImage {
    let values = phases(echo).map { phase in
      let step = (phase / .pi * 2048).rounded()
      return 2 * (step >= 2048 ? -2048 : step)
    }
    return ExportedImage(
      name: name(echo, "phase"), real: values, datatype: .int16,
      scaling: NIfTIScaling(slope: 2, intercept: -4096), sidecar: sidecar(["P", "ND"], echo: echo))
  }

  private func radianPhase(_ echo: Int) -> ExportedImage {
    ExportedImage(
      name: name(echo, "phase"), real: phases(echo), datatype: .float32,
      sidecar: sidecar(["P", "ND"], echo: echo, units: "rad"))
  }

  private func part(_ echo: Int, _ values: [Float], _ part: String) -> ExportedImage {
    ExportedImage(
      name: name(echo, part), real: frame(values, echo), datatype: .int16,
      sidecar: sidecar([part == "real" ? "REAL" : "IMAGINARY"], echo: echo))
  }

  private func complexImage() -> ExportedImage {
    ExportedImage(
      name: "sub-phantom_MEGRE", frames: scan.echoTimes.count, real: scan.real,
      imaginary: scan.imaginary, datatype: .complex64, sidecar: sidecar([], echo: nil))
  }

  private func twoPointImages() -> [ExportedImage] {
    zip(["opp", "in"], ["OPP_PHASE", "IN_PHASE"]).enumerated().map { echo, names in
      ExportedImage(
        name: "sub-phantom_dixon_\(names.0)", real: magnitudes(echo), datatype: .int16,
        sidecar: sidecar(["DIXON", names.1], echo: echo))
    }
  }

  /// What a vendor's separation without error would show: water and fat with the noise of one
  /// echo, and PDFF in whole percent from the two; no PDFF outside tissue.
  private func vendorMaps() -> [ExportedImage] {
    var water = [Float](repeating: 0, count: grid.count)
    var fat = water
    let plane = grid.nx * grid.ny
    for z in 0..<grid.nz {
      // A stream of its own: the echoes use the seed itself.
      var noise = NoiseGenerator(seed: seed ^ 0x7665_6E64_6F72, slice: z)
      for voxel in z * plane..<(z + 1) * plane {
        func seen(_ map: Volume<Float>, _ noise: SIMD2<Double>) -> Float {
          let known = map.values[voxel].isNaN ? 0 : Double(map.values[voxel])
          return Float(length(SIMD2(known, 0) + noise * noiseSD))
        }
        water[voxel] = seen(truth.water, noise.pair())
        fat[voxel] = seen(truth.fat, noise.pair())
      }
    }
    let pdff = zip(zip(water, fat), truth.labels.values).map { signal, label -> Float in
      let sum = signal.0 + signal.1
      return label == 0 || sum == 0 ? 0 : (100 * signal.1 / sum).rounded()
    }
    return [("water", "WATER", water), ("fat", "FAT", fat), ("PDFF", "FAT_FRACTION", pdff)].map {
      ExportedImage(
        name: "sub-phantom_dixon_\($0.0)", real: $0.2, datatype: .int16,
        sidecar: sidecar(["DIXON", $0.1], echo: nil, units: $0.0 == "PDFF" ? "percent" : nil))
    }
  }
}
