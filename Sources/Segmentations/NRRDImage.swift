import CNRRD
import Faults
import Foundation
import Volumes

/// A NRRD image of masks: layers on one grid, and its key/value pairs.
///
/// The format: teem.sourceforge.net/nrrd/format.html, read by teem. Three axes of space, and at most
/// one other, of layers, at any place. Spaces RAS, LAS and LPS become RAS+ mm.
struct NRRDImage {
  let grid: VoxelGrid
  /// Values of each layer, shape (x, y, z), x fastest.
  let layers: [[Float]]
  /// `key:=value` pairs.
  let pairs: [String: String]
  /// Whether the file says where its voxels lie.
  let isPlaced: Bool

  /// The most values, over all layers.
  static let mostValues = 1 << 31

  /// teem's messages belong to the process.
  private static let teem = NSLock()

  static func isNRRD(_ bytes: [UInt8]) -> Bool { bytes.starts(with: "NRRD000".utf8) }

  init(_ bytes: [UInt8], file: String) throws(SegmentationsError) {
    // teem would open the other file at once.
    guard !Self.isDetached(bytes) else { throw SegmentationsError(.nrrdDetached, file: file) }
    Self.teem.lock()
    defer { Self.teem.unlock() }
    // The header alone first: nothing is allocated on its word before it is checked.
    let shape = try Self.withImage(bytes, values: false, file: file) {
      (image, header) throws(SegmentationsError) in
      try NRRDShape(header, bytes: bytes.count, file: file)
    }
    (grid, isPlaced) = (shape.grid, shape.isPlaced)
    (layers, pairs) = try Self.withImage(bytes, values: true, file: file) { image, _ in
      var values = [Float](repeating: 0, count: shape.count)
      values.withUnsafeMutableBufferPointer { cnrrd_values(image, $0.baseAddress) }
      return (shape.layers(of: values), Self.pairs(image))
    }
  }

  /// Whether a line of the header names a file of voxels.
  private static func isDetached(_ bytes: [UInt8]) -> Bool {
    var lines = bytes.prefix(1 << 20).split(separator: 10, omittingEmptySubsequences: false)[...]
    while let line = lines.popFirst(), !line.isEmpty, line != [13] {
      let field = String(decoding: line.prefix(10), as: UTF8.self).lowercased()
      if field.hasPrefix("data file:") || field.hasPrefix("datafile:") { return true }
    }
    return false
  }

  private static func withImage<R>(
    _ bytes: [UInt8], values: Bool, file: String,
    _ body: (OpaquePointer, cnrrd_header) throws(SegmentationsError) -> R
  ) throws(SegmentationsError) -> R {
    let image = bytes.withUnsafeBytes { cnrrd_read($0.baseAddress, $0.count, values ? 1 : 0) }
    guard let image else { throw SegmentationsError(.nrrdTooLarge, file: file) }
    defer { cnrrd_free(image) }
    if let error = cnrrd_error(image) {
      throw SegmentationsError(.nrrdDamaged, reason(String(cString: error)), file: file)
    }
    guard let header = cnrrd_get_header(image)?.pointee else {
      throw SegmentationsError(.nrrdDamaged, file: file)
    }
    return try body(image, header)
  }

  /// The innermost of teem's messages, which stands last: "[nrrd] _nrrdReadNrrdParse_sizes: ...".
  /// What it quotes of the file is left out: a name may stand there.
  private static func reason(_ message: String) -> String {
    let last = message.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
    let words = last.replacing(#/^\[nrrd\] /#, with: "").replacing(#/"[^"]*"/#, with: "\"...\"")
    return "teem: \(words.prefix(120))"
  }

  private static func pairs(_ image: OpaquePointer) -> [String: String] {
    var pairs: [String: String] = [:]
    for index in 0..<cnrrd_pairs(image) {
      guard let key = cnrrd_key(image, index), let value = cnrrd_value(image, index) else {
        continue
      }
      pairs[String(cString: key)] = String(cString: value)
    }
    return pairs
  }
}

/// What a NRRD header says of axes and space, checked.
private struct NRRDShape {
  let grid: VoxelGrid
  let isPlaced: Bool
  /// Sizes of all axes, fastest first.
  let sizes: [Int]
  /// The axis of layers, or nil.
  let layerAxis: Int?

  var count: Int { sizes.reduce(1, *) }

  init(_ header: cnrrd_header, bytes: Int, file: String) throws(SegmentationsError) {
    func refuse(_ code: SegmentationsFault, _ detail: String = "") -> SegmentationsError {
      SegmentationsError(code, detail, file: file)
    }
    guard header.is_detached == 0 else { throw refuse(.nrrdDetached) }
    let axes = NRRDAxis.all(header)
    let space = axes.indices.filter { axes[$0].isSpace }
    let others = axes.indices.filter { !axes[$0].isSpace }
    guard header.is_block == 0, space.count == 3, others.count <= 1,
      others.allSatisfy({ axes[$0].isList })
    else {
      throw refuse(.nrrdShape, "sizes \(axes.map { "\($0.size)" }.joined(separator: " "))")
    }
    var product = 1
    for axis in axes {
      let (next, overflows) = product.multipliedReportingOverflow(by: axis.size)
      guard axis.size > 0, !overflows, next <= NRRDImage.mostValues else {
        throw refuse(.nrrdTooLarge, "sizes \(axes.map { "\($0.size)" }.joined(separator: " "))")
      }
      product = next
    }
    // No compression does better than a thousandth (deflate) or a millionth (bzip2).
    let encoding = String(cString: header.encoding)
    let most = ["raw": 1, "gzip": 1040, "bzip2": 4_000_000][encoding] ?? 1
    let needed = product * (["text", "hex"].contains(encoding) ? 1 : Int(header.bytes_per_value))
    guard needed / most <= bytes else {
      throw refuse(.nrrdDamaged, "it has \(bytes) bytes and states \(needed) of voxels")
    }
    sizes = axes.map(\.size)
    layerAxis = others.first
    let placed = try Self.affine(header, space.map { axes[$0] }, file: file)
    isPlaced = placed != nil
    let spacing = space.map { axes[$0].spacing.isFinite ? abs(axes[$0].spacing) : 1 }
    grid = VoxelGrid(
      nx: sizes[space[0]], ny: sizes[space[1]], nz: sizes[space[2]],
      affine: placed
        ?? Affine(
          [spacing[0], 0, 0], [0, spacing[1], 0], [0, 0, spacing[2]], origin: [0, 0, 0]))
  }

  /// RAS+ mm; nil where the file has no space at all.
  private static func affine(
    _ header: cnrrd_header, _ axes: [NRRDAxis], file: String
  ) throws(SegmentationsError) -> Affine? {
    let turn: SIMD3<Double>
    switch header.space {
    case CNRRD_NO_SPACE: return nil
    case CNRRD_RAS: turn = [1, 1, 1]
    case CNRRD_LAS: turn = [-1, 1, 1]
    case CNRRD_LPS: turn = [-1, -1, 1]
    default: throw SegmentationsError(.nrrdSpace, "its space is not RAS, LAS or LPS", file: file)
    }
    let origin = SIMD3(header.origin.0, header.origin.1, header.origin.2)
    let columns = axes.map { $0.direction * turn }
    let edges = 0.001...1000.0
    let affine = Affine(columns[0], columns[1], columns[2], origin: origin * turn)
    let product = columns.reduce(1) { $0 * $1.length }
    guard columns.allSatisfy({ edges.contains($0.length) }), affine.origin.length < 1e9,
      abs(affine.determinant) > 1e-6 * product
    else {
      throw SegmentationsError(
        .nrrdSpace, "its directions or its origin are missing or make no sense", file: file)
    }
    return affine
  }

  /// Values of the file, taken apart by layer.
  func layers(of values: [Float]) -> [[Float]] {
    guard let layerAxis, sizes[layerAxis] > 1 else { return [values] }
    let stride = sizes[..<layerAxis].reduce(1, *)
    let layers = sizes[layerAxis]
    return (0..<layers).map { layer in
      (0..<(count / layers)).map { values[($0 / stride * layers + layer) * stride + $0 % stride] }
    }
  }
}

/// One axis of a NRRD file.
private struct NRRDAxis {
  let size: Int
  let kind: cnrrd_kind
  let direction: SIMD3<Double>
  let spacing: Double
  /// Whether the file gives any axis a direction.
  let isAmongDirected: Bool

  /// An axis of space has a direction where any has one, else it is not said to be anything else.
  var isSpace: Bool {
    isAmongDirected ? !direction.x.isNaN && kind != CNRRD_OTHER : kind == CNRRD_SPACE
  }
  /// Kind "none", "???" and "list" alike stand for layers where an axis is not of space.
  var isList: Bool { kind != CNRRD_OTHER || size == 1 }

  static func all(_ header: cnrrd_header) -> [NRRDAxis] {
    var header = header
    let count = max(0, min(Int(header.axes), Int(CNRRD_MOST_AXES)))
    func list<T, E>(_ tuple: inout T, of type: E.Type) -> [E] {
      withUnsafeBytes(of: &tuple) { Array($0.bindMemory(to: E.self).prefix(count)) }
    }
    let sizes = list(&header.size, of: Int.self)
    let kinds = list(&header.kind, of: cnrrd_kind.self)
    let spacings = list(&header.spacing, of: Double.self)
    let directions = list(&header.direction, of: (Double, Double, Double).self)
    let isDirected = directions.contains { !$0.0.isNaN }
    return (0..<count).map {
      NRRDAxis(
        size: sizes[$0], kind: kinds[$0],
        direction: SIMD3(directions[$0].0, directions[$0].1, directions[$0].2),
        spacing: spacings[$0], isAmongDirected: isDirected)
    }
  }
}
