import Pages
import Regions
import Separation
import Volumes

/// The maps as colours: one window for each quantity on the whole page, so that pictures compare.
struct Windows {
  let signal: ClosedRange<Double>
  let pdff: ClosedRange<Double>
  let r2star: ClosedRange<Double>

  /// - Parameter leastPDFF: per cent that the PDFF window reaches at least.
  init(_ maps: SeparatedMaps, _ regions: [RegionStatistics], leastPDFF: Double) {
    signal = 0...max(Windows.bright(maps), 1e-30)
    let fat = regions.compactMap { $0.fatFraction?.p95.percent }.max() ?? 20
    pdff = 0...([10.0, 20, 30, 50].first { $0 >= max(1.25 * fat, leastPDFF) } ?? 100)
    let rate = regions.compactMap { $0.r2star?.p95.value }.max() ?? 100
    r2star = 0...([100.0, 200, 300, 500, 1000].first { $0 >= 1.25 * rate } ?? 1500)
  }

  /// The brightest signal but for the last per cent, of water and fat together.
  private static func bright(_ maps: SeparatedMaps) -> Double {
    let values = [maps.water, maps.fat].compactMap { $0 }
      .flatMap { map in
        stride(from: 0, to: map.values.count, by: map.values.count / 40_000 + 1)
          .map { map.values[$0] }.filter { $0.isFinite && $0 > 0 }
      }.sorted()
    guard !values.isEmpty else { return 1 }
    return Double(values[min(values.count - 1, values.count * 99 / 100)])
  }
}

/// One kind of picture of a scan: what it shows, in which colours.
package struct MapView: Sendable {
  let title: String
  let values: Volume<Float>
  let factor: Double
  let colours: ColourMap
  let window: ClosedRange<Double>
  /// nil for grey images, whose unit is arbitrary.
  let bar: ColourBar?

  package init(
    title: String, values: Volume<Float>, factor: Double, colours: ColourMap,
    window: ClosedRange<Double>, bar: ColourBar?
  ) {
    self.title = title
    self.values = values
    self.factor = factor
    self.colours = colours
    self.window = window
    self.bar = bar
  }

  package func colour(_ voxel: Int) -> Colour? {
    colours.colour(Double(values.values[voxel]) * factor, in: window)
  }

  static func pdff(_ maps: SeparatedMaps, _ windows: Windows) -> MapView {
    MapView(
      title: "PDFF", values: maps.fatFraction, factor: 100, colours: .viridis,
      window: windows.pdff,
      bar: ColourBar(
        .viridis, window: windows.pdff, label: "PDFF (%)",
        isOpenAbove: windows.pdff.upperBound < 100))
  }

  /// Water, fat, PDFF and R2*, as far as there are maps of them.
  static func all(_ maps: SeparatedMaps, _ windows: Windows) -> [MapView] {
    func grey(_ title: String, _ map: Volume<Float>?) -> MapView? {
      map.map {
        MapView(
          title: title, values: $0, factor: 1, colours: .grey, window: windows.signal, bar: nil)
      }
    }
    let r2star = maps.r2star.map {
      MapView(
        title: "R2*", values: $0, factor: 1, colours: .cividis, window: windows.r2star,
        bar: ColourBar(
          .cividis, window: windows.r2star, label: "R2* (1/s)", isOpenAbove: true))
    }
    return [
      grey("Water", maps.water), grey("Fat", maps.fat), pdff(maps, windows), r2star,
    ].compactMap { $0 }
  }
}
