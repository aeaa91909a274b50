import Faults
import Pages
import Regions
import Scans
import Separation
import Volumes

/// The fit behind the number: echoes of a typical and of the worst voxel, what is left over, the field
/// map and the swap alarm.
struct FitSection {
  let report: Report
  /// nil where echoes and model cannot be shown; then `reason` says why.
  private let witness: FitWitness?
  private let reason: String

  init(_ report: Report) {
    self.report = report
    switch FitWitness.made(for: report) {
    case .success(let witness): (self.witness, reason) = (witness, "")
    case .failure(let why): (witness, reason) = (nil, why.words)
    }
  }

  @MarkupBuilder func markup() -> Markup {
    if let witness {
      voxels(witness)
    } else {
      note(.neutral) { "Echoes and model are not shown: \(reason)." }
    }
    maps
  }

  @MarkupBuilder private func voxels(_ witness: FitWitness) -> Markup {
    element("div", ["class": "row keep"]) {
      if let typical = witness.typical {
        chart(
          witness, typical, title: "A typical voxel", words: "its misfit is the region's median")
      }
      if let worst = witness.worst {
        chart(witness, worst, title: "The worst voxel", words: "the largest misfit in the region")
      }
    }
    if witness.residuals.isEmpty {
      note(.neutral) {
        "What is left over is not shown: \(report.measurement.scan.echoTimes.count) echoes are as "
        "many as the fit needs, and it meets them whatever they are. The typical voxel is the one "
        "with the median PDFF."
      }
    }
  }

  private func chart(_ witness: FitWitness, _ voxel: Int, title: String, words: String) -> Markup {
    guard let fit = witness.fits[voxel] else { return .nothing }
    let times = report.measurement.scan.echoTimes
    let last = (times.last?.value ?? 0) * 1.05
    let curve = (0...120).map { step -> SIMD2<Double> in
      let time = Seconds(last * Double(step) / 120)
      return SIMD2(time.milliseconds, witness.model.magnitude(of: fit, at: time))
    }
    let points = zip(times, fit.measured).map { time, value in
      SIMD2(time.milliseconds, (value * value).sum().squareRoot())
    }
    var marks = [
      Mark(.line(curve), label: "model"),
      Mark(.points(points), label: "measured echoes", colour: .series(2)),
    ]
    // Two species that turn against each other hide in magnitudes what the real channels show.
    let rest = zip(times, zip(fit.measured, fit.model)).map { time, pair -> SIMD2<Double> in
      let off = pair.0 - pair.1
      return SIMD2(time.milliseconds, (off * off).sum().squareRoot())
    }
    marks.append(Mark(.points(rest), label: "left over", colour: .series(6), isDashed: true))
    let chart = Chart(
      title: "\(title): echoes and model", width: 420, height: 270, x: Axis("Echo time (ms)"),
      y: Axis("Magnitude (a.u.)", range: 0...(1.1 * (curve + points).map(\.y).reduce(1e-9, max))),
      marks: marks)
    return figure(
      chart.markup(),
      caption:
        "\(element("strong") { title }): \(words). \(place(voxel)). \(numbers(witness, voxel, fit))"
    )
  }

  private func place(_ voxel: Int) -> String {
    let grid = report.maps.fatFraction.grid
    return "Column \(voxel % grid.nx + 1), row \(voxel / grid.nx % grid.ny + 1), slice "
      + "\(voxel / (grid.nx * grid.ny) + 1), counted from 1"
  }

  private func numbers(_ witness: FitWitness, _ voxel: Int, _ fit: EchoFit) -> String {
    var words = ["PDFF \(number(Double(report.maps.fatFraction.values[voxel]) * 100, 1)) %"]
    if let rate = report.maps.r2star?.values[voxel] {
      words.append("R2* \(number(Double(rate), 0)) 1/s")
    }
    if let misfit = witness.misfit(fit) {
      words.append("misfit \(number(misfit, 1)) \(witness.unit)")
    }
    return words.joined(separator: ", ") + "."
  }

  /// Whether the alarm ran, or magnitudes left it open in places what is water and what fat.
  private var showsAlarm: Bool {
    report.maps.water != nil
      && (report.measurement.method.swapCheck != nil || report.measurement.scan.kind == .magnitude)
  }

  @MarkupBuilder private var maps: Markup {
    if let region = report.shownRegion, let slice = region.largestSlice {
      let plane = Plane(region.grid, normal: 2, index: slice)
      let pictures = RegionPictures(report: report, region: region)
      element("section", ["class": "keep"]) {
        element("h4") { "Slice \(slice + 1) of \(region.grid.nz), counted from 1" }
        element("div", ["class": "pictures"]) {
          if let view = witness?.view(report) { pictures.picture(view, plane, .whole(plane)) }
          if let view = report.fieldMapView(plane) {
            pictures.picture(view, plane, .whole(plane))
          }
          if showsAlarm { AlarmPicture(report: report, region: region, plane: plane).markup() }
        }
      }
      if !showsAlarm {
        element("p") { "There is no swap alarm: it needs three complex echoes or more." }
      }
      if report.maps.fieldMap == nil {
        element("p") { "There is no field map: this kind of input has none." }
      }
    }
  }
}

/// The swap alarm over a slice of the water image.
struct AlarmPicture {
  let report: Report
  let region: Region
  let plane: Plane

  private static let suspected = Colour(red: 213, green: 94, blue: 0)
  private static let ambiguous = Colour(red: 240, green: 228, blue: 66)

  func markup() -> Markup {
    let quality = report.maps.quality.values
    let picture = SlicePicture(
      plane: plane, frame: .whole(plane), title: "Swap alarm, \(plane.view.rawValue) slice",
      colour: { voxel in
        let bits = Quality(rawValue: quality[voxel])
        if bits.contains(.swapSuspected) { return AlarmPicture.suspected }
        if bits.contains(.ambiguous) { return AlarmPicture.ambiguous }
        return report.views.first?.colour(voxel)
      }, outlines: report.outlines(around: region))
    let voxels = (0..<plane.rows).flatMap { row in
      (0..<plane.columns).map { plane.voxel(column: $0, row: row) }
    }
    func count(_ bit: Quality) -> Int {
      voxels.count { Quality(rawValue: quality[$0]).contains(bit) }
    }
    return element("figure") {
      element("h5") { "Swap alarm" }
      picture.markup()
      element("figcaption") {
        "Orange: water and fat may be exchanged (\(count(.swapSuspected)) voxels). Yellow: the data "
        "do not decide (\(count(.ambiguous)))."
        if report.measurement.method.swapCheck == nil {
          " The alarm itself needs three complex echoes or more, and did not run."
        }
      }
    }
  }
}
