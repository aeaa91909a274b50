import Foundation
import Phantoms
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
    var arguments = CommandLine.arguments.dropFirst().makeIterator()
    while let argument = arguments.next() {
      switch argument {
      case "--shape": shape = arguments.next()?.split(separator: "x").compactMap { Int($0) }
      case "--dump": dump = arguments.next()
      default: names.append(argument)
      }
    }
    if names.isEmpty { names = Recipe.names }
    print(
      "recipe               tissue  missing% |  median  p95   >20%   bias | "
        + "floor: median  p95   >20%   bias | ratio excess% seconds")
    for name in names {
      var recipe = try Recipe.named(name)
      if let shape { recipe.shape = shape }
      let phantom = try make(recipe)
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

  static func report(
    _ phantom: Phantom, _ maps: SeparatedMaps, _ floor: SeparatedMaps, _ time: Duration
  ) {
    let ours = Errors(maps.fatFraction, phantom)
    let best = Errors(floor.fatFraction, phantom)
    let excess = ours.swapped + ours.missing - best.swapped
    print(
      phantom.recipe.name.padding(toLength: 18, withPad: " ", startingAt: 0)
        + String(
          format: "%9d  %7.4f | %7.3f %6.2f %7.4f %6.2f | %7.3f %6.2f %7.4f %6.2f | %5.3f %8.4f %6.2f",
          ours.count, 100 * ours.missing, ours.median, ours.p95, 100 * ours.swapped, ours.bias,
          best.median, best.p95, 100 * best.swapped, best.bias, ours.median / best.median,
          100 * excess, Double(time.components.attoseconds) / 1e18 + Double(time.components.seconds))
    )
    print(
      "    noise \(maps.method.noiseSD ?? -1) true \(phantom.noiseSD) precession "
        + "\(maps.method.precession ?? "?") (\(phantom.precession)) "
        + maps.notices.map(\.code).joined(separator: " "))
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
