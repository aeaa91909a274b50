import Volumes

/// The field strength and the imaging frequency, from flags or sidecars; never by default.
struct FieldEvidence {
  var fieldStrength: Tesla?
  var imagingFrequency: Hertz?
  var evidence: [Evidence] = []

  /// Values nearer to each other than this share are the same.
  private static let tolerance = 0.01
  /// A frequency may differ by this share from the Larmor frequency of the field, whose nominal
  /// value ("3 T") is rounded.
  private static let nominalTolerance = 0.1

  /// - Throws: `field-strength-implausible`, `field-strength-contradicts`.
  static func of(_ images: [ImageFile], request: ScanRequest) throws(ScansError) -> FieldEvidence {
    var found = FieldEvidence()
    if let frequency = request.imagingFrequency {
      found.imagingFrequency = frequency
      found.say("imaging frequency", "\(short(frequency.megahertz)) MHz", "--imaging-frequency-mhz")
    }
    if let field = request.fieldStrength {
      found.fieldStrength = field
      found.say("field strength", "\(short(field.value)) T", "--field-strength-t")
    }
    // What a flag says is not held against the sidecars it overrules.
    let isSaid = request.imagingFrequency != nil || request.fieldStrength != nil
    if !isSaid, let frequency = try common(images, "ImagingFrequency", \.imagingFrequency) {
      found.imagingFrequency = frequency
      found.say(
        "imaging frequency", "\(short(frequency.megahertz)) MHz", "sidecar key ImagingFrequency")
    }
    if request.fieldStrength == nil,
      let field = try common(images, "MagneticFieldStrength", \.fieldStrength)
    {
      found.fieldStrength = field
      found.say("field strength", "\(short(field.value)) T", "sidecar key MagneticFieldStrength")
    }
    try found.check(isSaid: isSaid)
    return found
  }

  private mutating func say(_ about: String, _ finding: String, _ source: String) {
    evidence.append(Evidence(about: about, finding: finding, source: source))
  }

  private static func common<Value: Quantity>(
    _ images: [ImageFile], _ key: String, _ path: KeyPath<Sidecar, Value?>
  ) throws(ScansError) -> Value? {
    var first: Value?
    for image in images {
      guard let value = image.sidecar?[keyPath: path] else { continue }
      if let first, abs(value.value - first.value) > tolerance * abs(first.value) {
        throw ScansError(
          .fieldStrengthContradicts,
          "\(key) is \(short(value.value)) here, elsewhere "
            + short(first.value), file: image.path)
      }
      if first == nil { first = value }
    }
    return first
  }

  private func check(isSaid: Bool) throws(ScansError) {
    if let field = fieldStrength, !(0.01...25).contains(field.value) {
      throw ScansError(.fieldStrengthImplausible, "\(field.value) T")
    }
    if let frequency = imagingFrequency, !(0.4...1100).contains(frequency.megahertz) {
      throw ScansError(.fieldStrengthImplausible, "\(frequency.megahertz) MHz")
    }
    guard !isSaid, let field = fieldStrength, let frequency = imagingFrequency else { return }
    let expected = larmorFrequency(at: field).value
    guard abs(frequency.value - expected) <= FieldEvidence.nominalTolerance * expected else {
      throw ScansError(
        .fieldStrengthContradicts,
        "\(FieldEvidence.short(field.value)) T and "
          + "\(FieldEvidence.short(frequency.megahertz)) MHz do not belong together")
    }
  }

  /// Four decimals, without trailing zeros.
  static func short(_ value: Double) -> String {
    let rounded = (value * 1e4).rounded() / 1e4
    return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
  }
}
