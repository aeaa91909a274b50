import Separation
import Volumes

/// The maps that are written: names, units and meanings, said once.
public enum MapFile: String, CaseIterable, Sendable {
  case pdff = "PDFFmap"
  case r2star = "R2starmap"
  case fieldMap = "B0map"
  case water
  case fat
  case pdffSD = "PDFFsd"
  case quality

  /// The file's name behind the BIDS entities of `prefix`.
  public func name(prefix: String) -> String { "\(prefix)\(rawValue).nii.gz" }

  /// Whether BIDS defines the suffix; the others are listed in `.bidsignore`.
  public var isDefinedByBIDS: Bool { self == .r2star }

  public var unit: String {
    switch self {
    case .pdff: "percent"
    case .r2star: "1/s"
    case .fieldMap: "Hz"
    case .water, .fat: "arbitrary"
    case .pdffSD: "percentage points"
    case .quality: "bit field"
    }
  }

  public var meaning: String {
    switch self {
    case .pdff: "proton-density fat fraction; NaN where nothing can be said"
    case .r2star: "effective transverse relaxation rate"
    case .fieldMap: "field map, wrapped as the echoes allow"
    case .water: "water signal at TE = 0"
    case .fat: "fat signal at TE = 0"
    case .pdffSD: "standard deviation of PDFF, from the Cramér-Rao bound and the measured noise"
    case .quality: "why a value is missing or must be read with care, see quality_bits"
    }
  }
}

extension SeparatedMaps {
  /// The map in the unit of its file, shape (x, y, z); nil where separation did not make it.
  func values(for file: MapFile) -> Volume<Float>? {
    switch file {
    case .pdff: fatFraction.scaled(by: 100)
    case .r2star: r2star
    case .fieldMap: fieldMap
    case .water: water
    case .fat: fat
    case .pdffSD: fatFractionSD?.scaled(by: 100)
    case .quality: nil
    }
  }
}

extension Volume<Float> {
  fileprivate func scaled(by factor: Float) -> Volume {
    Volume(grid: grid, values: values.map { $0 * factor })
  }
}
