import Calibration
import Pages
import Regions
import Scans
import Separation
import Volumes

/// One measurement as a page: `report.html`.
public struct Report: Sendable {
  let measurement: Measurement
  let maps: SeparatedMaps
  let material: ReportMaterial
  /// Of `measurement.json`.
  let seal: String?
  let redaction: Redaction
  let views: [MapView]
  let boundaries: [ReportBoundary]

  public init(
    _ measurement: Measurement, maps: SeparatedMaps, material: ReportMaterial, seal: String?
  ) {
    self.measurement = measurement
    self.maps = maps
    self.material = material
    self.seal = seal
    redaction = Redaction(measurement, material)
    let measured = measurement.regions.filter {
      material.lesionLabel == nil || $0.label == material.lesionLabel
        || $0.label == material.backgroundLabel
    }
    views = MapView.all(
      maps,
      Windows(
        maps, measured,
        // What surrounds the tumour is to be seen too where no liver says how fat it is.
        leastPDFF: material.backgroundLabel == nil ? 30 : 0))
    boundaries = ReportBoundary.all(measurement, material.model)
  }

  /// The page: UTF-8, self-contained.
  public func html() -> String {
    Page(title: title, kind: "report") {
      element("header") {
        element("h1") { title }
        element("p", ["class": "soft"]) { "\(inputWords). \(Measurement.researchUse)" }
      }
      element("main") {
        FirstScreen(report: self).markup()
        section("Pictures", pictures)
        section("Distribution", Histogram(report: self).markup())
        section("The fit", FitSection(self).markup())
        section("How much depends on the drawing", DrawingTable(report: self).markup())
        section("Where it comes from", Provenance(report: self).markup())
      }
      element("footer") { element("p") { element("strong") { Measurement.researchUse } } }
    }.html()
  }

  private var title: String {
    material.showsNames && !measurement.scan.outputPrefix.isEmpty
      ? "Fat fraction of \(measurement.scan.outputPrefix.dropLast())" : "Fat-fraction report"
  }

  private func section(_ title: String, _ content: Markup) -> Markup {
    element("section") {
      element("h2") { title }
      content
    }
  }

  @MarkupBuilder private var pictures: Markup {
    element("p", ["class": "small"]) {
      "One pixel is one voxel, without interpolation; black has no value. R, L, A, P, S, I: the "
      "patient's right, left, anterior, posterior, superior, inferior. White line: the region; dashed: "
      "the other regions that are shown. "
      if maps.water != nil { "Water and fat share one grey scale. " }
      absences
    }
    for region in pictured {
      element("section") {
        element("h3") { name(of: region.label).capitalised }
        RegionPictures(report: self, region: region).markup()
      }
    }
    if pictured.count < material.regions.regions.count {
      element("p") {
        "\(material.regions.regions.count - pictured.count) more regions have numbers above and no "
        "pictures here."
      }
    }
  }

  @MarkupBuilder private var absences: Markup {
    if maps.water == nil { "There are no water and fat images: the input is a PDFF map. " }
    if maps.r2star == nil { "There is no R2* map: this kind of input does not tell R2*. " }
  }
}

/// What the parts of the page ask for.
extension Report {
  func statistics(_ label: Int?) -> RegionStatistics? {
    label.flatMap { label in measurement.regions.first { $0.label == label } }
  }

  var lesion: RegionStatistics? { statistics(material.lesionLabel) }
  var background: RegionStatistics? { statistics(material.backgroundLabel) }
  /// The tumour, else the first region.
  var shown: RegionStatistics? { lesion ?? measurement.regions.first }
  var shownRegion: Region? {
    shown.flatMap { shown in material.regions.regions.first { $0.label == shown.label } }
  }

  var pdffView: MapView { views.first { $0.title == "PDFF" } ?? views[0] }

  func name(_ region: RegionStatistics) -> String { name(of: region.label) }

  func name(of label: Int) -> String {
    let given = statistics(label)?.name ?? "region \(label)"
    return redaction(given)
  }

  /// Mean PDFF of a region's voxels in a slice, percent.
  func mean(of region: Region, inSlice slice: Int) -> Double? {
    let values = (region.bySlice[slice] ?? []).map { maps.fatFraction.values[$0] }
      .filter(\.isFinite)
    guard !values.isEmpty else { return nil }
    return 100 * values.reduce(0) { $0 + Double($1) } / Double(values.count)
  }

  /// The regions that get pictures of their own: tumour and background, else the first four.
  var pictured: [Region] {
    let all = material.regions.regions
    guard let lesion = material.lesionLabel else { return Array(all.prefix(4)) }
    return all.filter { $0.label == lesion } + all.filter { $0.label == material.backgroundLabel }
  }

  /// A region's outline, and dashed those of the others that have pictures.
  func outlines(around region: Region) -> [(voxels: [Int], isDashed: Bool)] {
    pictured.filter { $0.label != region.label }.map { ($0.voxels, true) }
      + [(region.voxels, false)]
  }

  /// The field map, its window from the values of one plane.
  func fieldMapView(_ plane: Plane) -> MapView? {
    guard let map = maps.fieldMap else { return nil }
    let values = (0..<plane.rows).flatMap { row in
      (0..<plane.columns).map { map.values[plane.voxel(column: $0, row: row)] }
    }.filter(\.isFinite).sorted()
    guard let least = values.first, let most = values.last else { return nil }
    let step = 50.0
    let window =
      (Double(least) / step).rounded(.down) * step...(Double(most) / step).rounded(.up) * step
    return MapView(
      title: "Field map", values: map, factor: 1, colours: .cividis, window: window,
      bar: ColourBar(.cividis, window: window, label: "Field map (Hz)"))
  }

  var inputWords: String {
    var words: [String]
    switch measurement.scan.kind {
    case .complex: words = ["Complex data, \(measurement.scan.echoTimes.count) echoes"]
    case .magnitude: words = ["Magnitudes, \(measurement.scan.echoTimes.count) echoes"]
    case .waterFat: words = ["The vendor's water and fat images"]
    case .twoPoint: words = ["In-phase and opposed-phase images"]
    case .pdff: words = ["The vendor's PDFF map"]
    }
    if let field = measurement.scan.fieldStrength { words.append("\(number(field.value, 1)) T") }
    if let date = measurement.scan.acquiredOn { words.append("acquired on \(date)") }
    return words.joined(separator: ", ")
  }
}
