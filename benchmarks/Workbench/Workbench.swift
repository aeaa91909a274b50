import Foundation
import Phantoms
import Scans
import Separation
import Volumes

/// Separates recipes in this process and compares with truth and with the fit started at the truth.
///
///     pdff-workbench [--shape 96x96x16] [--dump DIR] RECIPE...
@main
struct Workbench {
  static func main() throws {
    var names: [String] = []
    var shape: [Int]?
    var dump: String?
    var (echoTimes, fieldStrength, snr) = ([Double]?.none, Double?.none, Double?.none)
    var arguments = CommandLine.arguments.dropFirst().makeIterator()
    while let argument = arguments.next() {
      switch argument {
      case "--shape": shape = arguments.next()?.split(separator: "x").compactMap { Int($0) }
      case "--dump": dump = arguments.next()
      case "--te":
        echoTimes = arguments.next()?.split(separator: ",").compactMap { Double($0) }
      case "--b0": fieldStrength = arguments.next().flatMap(Double.init)
      case "--snr": snr = arguments.next().flatMap(Double.init)
      case "--scan": try separateScan(arguments.next()!, dump: dump)
      default: names.append(argument)
      }
    }
    if names.isEmpty { return }
    if names == ["all"] { names = Recipe.names }
    print(
      "recipe               tissue  missing% |  median  p95   >20%   bias | "
        + "floor: median  p95   >20%   bias | ratio excess% seconds")
    for name in names {
      var recipe = try Recipe.named(name)
      if let shape { recipe.shape = shape }
      if let echoTimes { recipe.echoTimesMs = echoTimes }
      if let fieldStrength { recipe.fieldStrengthT = fieldStrength }
      if let snr { recipe.snr = snr }
      let phantom = try make(recipe)
      guard phantom.scan.echoTimes.count > 2 else { continue }
      let clock = ContinuousClock()
      var maps: SeparatedMaps?
      let time = try clock.measure {
        maps = try separate(
          complex: phantom.scan, frequency: phantom.imagingFrequency, settings: .init())
      }
      let floor = ComplexSeparation.fitStarted(
        at: phantom.truth.fieldMap, r2star: phantom.truth.r2star, series: phantom.scan,
        frequency: phantom.imagingFrequency, conjugated: phantom.precession == "-",
        noiseSD: phantom.noiseSD, settings: .init())
      report(phantom, maps!, floor, time)
      if let dump { try write(phantom, maps!, floor, to: dump) }
    }
  }

  /// Separates a real scan and dumps its maps, to be looked at.
  static func separateScan(_ path: String, dump: String?) throws {
    var request = ScanRequest()
    request.inputs = [path]
    let scan = try DixonScan.load(request)
    guard case .complex(let series) = scan.signal else { return print(path, scan.kind) }
    let frequency = scan.imagingFrequency ?? larmorFrequency(at: scan.fieldStrength!)
    let start = ContinuousClock.now
    let maps =
      series.echoTimes.count == 2
      ? try separate(twoEchoes: series, frequency: frequency, settings: .init())
      : try separate(complex: series, frequency: frequency, settings: .init())
    let name = path.split(separator: "/").filter { $0.hasPrefix("sub-") }.first.map(String.init)
    let g = series.grid
    print(
      name ?? path, series.echoTimes.count, "echoes", "\(g.nx)x\(g.ny)x\(g.nz)",
      "precession", maps.method.precession ?? "?", "noise", maps.method.noiseSD ?? .nan,
      maps.notices.map(\.message), ContinuousClock.now - start)
    tell(maps.method.swapCheck)
    guard let dump else { return }
    try FileManager.default.createDirectory(atPath: dump, withIntermediateDirectories: true)
    let sd = maps.fatFractionSD ?? Volume(grid: g, repeating: .nan)
    let r2 = maps.r2star ?? Volume(grid: g, repeating: .nan)
    for (map, label) in [
      (maps.fatFraction, "pdff"), (maps.fieldMap!, "field"), (r2, "r2star"), (sd, "sd"),
      (maps.water!, "water"), (maps.fat!, "fat"),
      (
        Volume(
          grid: g,
          values: maps.quality.values.map {
            let quality = Quality(rawValue: $0)
            return quality.contains(.swapSuspected) ? 2 : quality.contains(.ambiguous) ? 1 : 0
          }), "swap"
      ),
    ] {
      try map.values.withUnsafeBytes {
        try Data($0).write(to: URL(fileURLWithPath: "\(dump)/\(name ?? "scan")-\(label).f32"))
      }
    }
    try Data("\(g.nx) \(g.ny) \(g.nz)".utf8).write(
      to: URL(fileURLWithPath: "\(dump)/\(name ?? "scan").shape"))
  }

  static func report(
    _ phantom: Phantom, _ maps: SeparatedMaps, _ floor: SeparatedMaps, _ time: Duration
  ) {
    let ours = Errors(maps.fatFraction, phantom)
    let best = Errors(floor.fatFraction, phantom)
    let excess = ours.swapped + ours.missing - best.swapped
    print(
      phantom.recipe.name.padding(toLength: 18, withPad: " ", startingAt: 0)
        + String(
          format:
            "%9d  %7.4f | %7.3f %6.2f %7.4f %6.2f | %7.3f %6.2f %7.4f %6.2f | %5.3f %8.4f %6.2f",
          ours.count, 100 * ours.missing, ours.median, ours.p95, 100 * ours.swapped, ours.bias,
          best.median, best.p95, 100 * best.swapped, best.bias, ours.median / best.median,
          100 * excess, Double(time.components.attoseconds) / 1e18 + Double(time.components.seconds)
        )
    )
    print(
      "    noise \(maps.method.noiseSD ?? -1) true \(phantom.noiseSD) precession "
        + "\(maps.method.precession ?? "?") (\(phantom.precession)) "
        + maps.notices.map(\.code).joined(separator: " "))
    tell(maps.method.swapCheck)
  }

  /// The regions that the swap alarm judged.
  static func tell(_ check: SwapCheck?) {
    guard let check else { return }
    print("    swap alarm:", check.regions, "regions")
    for region in check.listed {
      print(
        String(
          format: "      %-9@ %8d voxels  gap %10.1f  p %.4f border %d", region.verdict.rawValue,
          region.voxels, region.gap, region.probability, region.borderPairs))
    }
  }

  static func write(
    _ phantom: Phantom, _ maps: SeparatedMaps, _ floor: SeparatedMaps, to folder: String
  ) throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    let named: [(String, [Float])] = [
      ("truth", phantom.truth.fatFraction.values), ("pdff", maps.fatFraction.values),
      ("floor", floor.fatFraction.values), ("field", maps.fieldMap!.values),
      ("truefield", phantom.truth.fieldMap.values),
    ]
    for (name, values) in named {
      let path = "\(folder)/\(phantom.recipe.name)-\(name).f32"
      try values.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: path)) }
    }
    let g = phantom.grid
    try Data("\(g.nx) \(g.ny) \(g.nz)".utf8).write(
      to: URL(fileURLWithPath: "\(folder)/\(phantom.recipe.name).shape"))
  }
}

/// Errors against truth in percentage points, over all tissue.
struct Errors {
  var count = 0
  var missing = 0.0
  var median = 0.0
  var p95 = 0.0
  var swapped = 0.0
  var bias = 0.0

  init(_ map: Volume<Float>, _ phantom: Phantom) {
    var errors: [Float] = []
    for (i, isTissue) in phantom.tissue.enumerated() where isTissue {
      count += 1
      let error = 100 * (map.values[i] - phantom.truth.fatFraction.values[i])
      if error.isNaN { missing += 1 } else { errors.append(error) }
    }
    let absolute = errors.map { abs($0) }.sorted()
    missing /= Double(count)
    swapped = Double(absolute.reversed().prefix { $0 > 20 }.count) / Double(count)
    median = Double(absolute[absolute.count / 2])
    p95 = Double(absolute[absolute.count * 95 / 100])
    bias = errors.reduce(0) { $0 + Double($1) } / Double(errors.count)
  }
}
