import Calibration
import Pages
import Regions
import Volumes

/// How PDFF is distributed over the tumour, with its median, the liver beside it, and where the model
/// would say something else.
struct Histogram {
  let report: Report

  @MarkupBuilder func markup() -> Markup {
    if let region = report.shown, region.fatFraction != nil {
      figure(chart(region).markup(), caption: caption(region))
    } else {
      note(.caution) { "No voxel of the region has a value: there is no histogram." }
    }
  }

  private func values(_ region: RegionStatistics) -> [Double] {
    region.usedVoxels.map { Double(report.maps.fatFraction.values[$0]) * 100 }
  }

  private func chart(_ region: RegionStatistics) -> Chart {
    let own = values(region)
    let beside = report.background.map(values) ?? []
    let range = Histogram.range(own + beside)
    let bins = Histogram.bins(range, count: own.count)
    var marks = [
      Mark(.bars(Histogram.shares(own, bins)), label: report.name(region), colour: .series(1))
    ]
    if !beside.isEmpty {
      let shares = Histogram.shares(beside, bins)
      let steps = shares.map { SIMD2($0.x.lowerBound, $0.height) } + [SIMD2(range.upperBound, 0)]
      marks.append(Mark(.steps(steps), label: "background liver", colour: .series(2)))
    }
    if let median = region.fatFraction?.median.percent {
      marks.append(
        Mark(.verticalRule(median), label: "median \(percent(median))", colour: .series(4)))
    }
    for boundary in report.boundaries where range.contains(boundary.percent) {
      marks.append(
        Mark(
          .verticalRule(boundary.percent), label: boundary.words, colour: .muted, isDashed: true))
    }
    return Chart(
      title: "Histogram of PDFF in \(report.name(region))", width: 640, height: 320,
      x: Axis("PDFF as measured (%)", range: range), y: Axis("Share of voxels (%)"), marks: marks)
  }

  @MarkupBuilder private func caption(_ region: RegionStatistics) -> Markup {
    beyond(region)
    " Values below 0 % are noise. "
    if report.material.model == nil {
      "No model was given, so it has no boundaries to show. "
    } else if report.boundaries.isEmpty {
      "The model has no boundary to show: nothing could be fed to it, or its set never changes. "
    } else {
      "Dashed: where the model's set of subtypes changes for this tumour's uncertainty. "
      if measurementIsCalibrated { "Boundaries are brought to the scale as measured. " }
      if report.boundaries.allSatisfy({ !Histogram.range(values(region)).contains($0.percent) }) {
        "All of them lie outside the picture: "
          + report.boundaries.map { "\(number($0.percent, 1)) %" }.joined(separator: ", ") + ". "
      }
    }
    if report.background == nil {
      "No background liver was named (--background-label), so none stands beside it."
    }
  }

  private func beyond(_ region: RegionStatistics) -> Markup {
    let own = values(region)
    let range = Histogram.range(own + (report.background.map(values) ?? []))
    let count = own.count { !range.contains($0) }
    return count == 0
      ? "Used voxels only."
      : "Used voxels only; \(count) of \(own.count) lie outside the picture."
  }

  private var measurementIsCalibrated: Bool {
    report.measurement.lesionCall?.fed?.isCalibrated == true
  }

  /// From the lowest to the highest value but for one in two hundred at either end.
  static func range(_ values: [Double]) -> ClosedRange<Double> {
    let sorted = values.filter(\.isFinite).sorted()
    guard !sorted.isEmpty else { return 0...1 }
    // Beyond lies noise of voxels that hardly have a signal.
    func within(_ value: Double) -> Double { min(max(value, -20), 120) }
    let cut = sorted.count / 200
    let low = within(min(0, sorted[cut])).rounded(.down)
    return low...max(within(sorted[sorted.count - 1 - cut]).rounded(.up), low + 2)
  }

  /// About the square root of the count, 8 to 60 of one width.
  static func bins(_ range: ClosedRange<Double>, count: Int) -> [ClosedRange<Double>] {
    let number = min(60, max(8, Int(Double(count).squareRoot())))
    let width = (range.upperBound - range.lowerBound) / Double(number)
    return (0..<number).map {
      let start = range.lowerBound + width * Double($0)
      return start...(start + width)
    }
  }

  /// Per cent of all values in each bin; those beyond the range are in none.
  static func shares(_ values: [Double], _ bins: [ClosedRange<Double>])
    -> [(x: ClosedRange<Double>, height: Double)]
  {
    guard let first = bins.first, let last = bins.last else { return [] }
    let (low, high) = (first.lowerBound, last.upperBound)
    var counts = [Int](repeating: 0, count: bins.count)
    for value in values where value >= low && value <= high {
      let place = Int((value - low) / (high - low) * Double(bins.count))
      counts[min(place, bins.count - 1)] += 1
    }
    return zip(bins, counts).map { ($0, 100 * Double($1) / Double(max(1, values.count))) }
  }
}

/// Where the model's set of subtypes changes, on the scale as measured.
struct ReportBoundary {
  let percent: Double
  let below: [Subtype]
  let above: [Subtype]

  var words: String {
    func name(_ set: [Subtype]) -> String {
      set.isEmpty ? "none" : set.map(\.rawValue).joined(separator: "+")
    }
    return "\(name(below)) | \(name(above))"
  }

  /// Of the value that was fed, at its uncertainty and beside its background.
  static func all(_ measurement: Measurement, _ model: SubtypeModel?) -> [ReportBoundary] {
    guard let model, let fed = measurement.lesionCall?.fed,
      let uncertainty = fed.standardUncertainty, uncertainty.value.isFinite,
      !model.usesBackground || fed.background != nil
    else { return [] }
    let stretches = model.stretches(
      standardUncertainty: uncertainty.percent, background: fed.background?.percent)
    let line = fed.isCalibrated ? measurement.calibration?.entry.line : nil
    return zip(stretches, stretches.dropFirst()).map { below, above in
      let percent = above.range.lowerBound
      return ReportBoundary(
        percent: line.map { $0.intercept.value + $0.slope.value * percent } ?? percent,
        below: below.set, above: above.set)
    }
  }
}
