import Documents
import Hummingbird
import NIOCore
import Pages
import Registry
import Volumes

extension Site {
  func addViewer(_ inside: RouterGroup<WorklistContext>) {
    inside.get("participants/:id/calls/:entry/maps") { _, context in
      let visit = try arrival(context)
      let place = try MapsPlace(context)
      let (maps, call) = try measured(place, visit)
      return Response.page(viewerPage(place, maps, call, visit))
    }
    inside.get("participants/:id/calls/:entry/maps/about") { _, context in
      let (maps, _) = try measured(MapsPlace(context), arrival(context))
      return Response.json(try about(maps))
    }
    inside.get("participants/:id/calls/:entry/maps/about/:map/:plane/:index") { _, context in
      let (maps, _) = try measured(MapsPlace(context), arrival(context))
      return try slice(maps, context)
    }
  }

  /// The maps of a sealed call's measurement. The visitor must see fat fractions; throws 404 where there
  /// is no such call for the visitor, `serve-maps-missing` where the maps are not here.
  private func measured(_ place: MapsPlace, _ visit: Visit) throws -> (MeasuredMaps, CallLine) {
    guard visit.sight.contains(.fatFractions) else {
      throw WorklistError(.notPermitted, "as \(visit.session.role.rawValue)")
    }
    let status = try visit.session.status(participant: place.participant)
    let history = try visit.session.history(participant: place.participant)
    guard let call = status.calls.first(where: { $0.entry == place.entry }),
      let line = history.first(where: { $0.entry == place.entry }),
      case .string(let seal)? = line.after?["seals"]?["measurement"]
    else { throw HTTPError(.notFound) }
    guard let found = maps?.maps(seal: seal), found.maps["PDFFmap"] != nil else {
      throw WorklistError(.mapsMissing)
    }
    return (found, call)
  }

  /// What the script needs to know before it asks for slices.
  private func about(_ maps: MeasuredMaps) throws -> JSONValue {
    guard let library = self.maps, let file = maps.maps["PDFFmap"] else {
      throw HTTPError(.notFound)
    }
    let volume = try library.volume(file)
    let screen = ScreenAxes(volume.grid)
    let mask = try maskVolume(maps, on: volume.grid)
    return [
      "axes": .array(
        screen.axes.map {
          [
            "of_file": .number(Double($0.ofFile)), "is_flipped": .bool($0.isFlipped),
            "size": .number(Double($0.size)), "spacing": .number($0.spacing),
          ]
        }),
      "letters": .object(
        Dictionary(
          uniqueKeysWithValues: Plane.allCases.map {
            ($0.rawValue, .array($0.letters.map { .string($0) }))
          })),
      "maps": .array(
        try MeasuredMaps.shown.compactMap { name in
          try maps.maps[name].map { try about($0, name, library) }
        }),
      "has_mask": .bool(mask != nil),
      "start": .array(start(screen, mask).map { .number(Double($0)) }),
      "colours": ["viridis": colours(.viridis), "grey": colours(.grey)],
    ]
  }

  private func about(_ file: MeasuredMaps.File, _ name: String, _ library: MapLibrary) throws
    -> JSONValue
  {
    let isFat = name == "PDFFmap"
    let top = isFat ? 100 : try library.volume(file).brightest
    return [
      "name": .string(name), "unit": .string(file.unit == "percent" ? "%" : file.unit),
      "window": [0, .number(isFat ? 40 : top)],
      "colours": .string(["water", "fat"].contains(name) ? "grey" : "viridis"),
    ]
  }

  private func colours(_ map: ColourMap) -> JSONValue {
    .array(
      map.colours.map {
        .array([$0.red, $0.green, $0.blue].map { .number(Double($0)) })
      })
  }

  /// The drawn region, where its file is here, is the one that was measured, and lies on the maps' grid.
  private func maskVolume(_ maps: MeasuredMaps, on grid: VoxelGrid) throws -> Volume<Float>? {
    guard let library = self.maps, let file = maps.mask else { return nil }
    guard let mask = try? library.volume(file), mask.grid.coincides(with: grid) else { return nil }
    return mask
  }

  /// The middle of the drawn region, or of the volume, on the screen's axes.
  private func start(_ screen: ScreenAxes, _ mask: Volume<Float>?) -> [Int] {
    let middle = screen.axes.map { $0.size / 2 }
    guard let mask else { return middle }
    var (sum, count) = ([0, 0, 0], 0)
    for place in mask.values.indices where mask.values[place] > 0 {
      let (nx, ny) = (mask.grid.nx, mask.grid.ny)
      for (axis, index) in [place % nx, place / nx % ny, place / (nx * ny)].enumerated() {
        sum[axis] += index
      }
      count += 1
    }
    guard count > 0 else { return middle }
    return screen.axes.map { axis in
      let index = sum[axis.ofFile] / count
      return axis.isFlipped ? axis.size - 1 - index : index
    }
  }

  /// One slice as little-endian 32-bit floats.
  private func slice(_ maps: MeasuredMaps, _ context: WorklistContext) throws -> Response {
    let name = try context.part("map")
    guard let library = self.maps, let plane = Plane(rawValue: try context.part("plane")),
      let index = Int(try context.part("index")), let reference = maps.maps["PDFFmap"]
    else { throw HTTPError(.notFound) }
    let grid = try library.volume(reference).grid
    let volume =
      name == "mask"
      ? try maskVolume(maps, on: grid) : try maps.maps[name].map { try library.volume($0) }
    guard let volume, let slice = ScreenSlice(volume, ScreenAxes(grid), plane, index) else {
      throw HTTPError(.notFound)
    }
    return Response(
      status: .ok, headers: [.contentType: "application/octet-stream"],
      body: .init(byteBuffer: ByteBuffer(bytes: slice.bytes)))
  }

  private func viewerPage(
    _ place: MapsPlace, _ maps: MeasuredMaps, _ call: CallLine, _ visit: Visit
  ) -> Page {
    let base = participantPath(place.participant, "/calls/\(place.entry)/maps/about")
    return frame(
      title: "Maps of \(place.participant)", visit: visit, current: .worklist,
      script: Asset.viewer.path
    ) {
      element("h1") { "Maps of participant \(place.participant), lesion \(call.lesion)" }
      element("p") {
        "Scan of \(call.scannedOn), call \(call.call), entry \(call.entry). Use the arrow keys on the "
        "picture to move the cross, Page Up and Page Down for the slices."
      }
      element("noscript") {
        note(.neutral) {
          element("p") {
            "The viewer needs a script. The pictures are also in the measurement's report.html."
          }
        }
      }
      element("div", ["id": "viewer", "class": "viewer row", "data-base": base, "hidden": ""]) {
        viewerPicture()
        viewerControls(maps)
      }
      element("p") {
        element("a", ["href": participantPath(place.participant)]) { "Back to the participant" }
      }
    }
  }

  private func viewerPicture() -> Markup {
    element("div", ["class": "picture"]) {
      for (edge, place) in ["left", "right", "top", "bottom"].enumerated() {
        element("span", ["class": "edge \(place)", "data-edge": "\(edge)", "aria-hidden": "true"])
      }
      element(
        "canvas",
        [
          "tabindex": "0", "role": "img", "aria-label": "Slice of the map",
          "aria-describedby": "reading",
        ])
      element("output", ["id": "reading", "aria-live": "polite"])
    }
  }

  private func viewerControls(_ maps: MeasuredMaps) -> Markup {
    element("div") {
      selection("map", "Map", MeasuredMaps.shown.filter { maps.maps[$0] != nil }.map { ($0, $0) })
      selection("plane", "Plane", Plane.allCases.map { ($0.rawValue, $0.rawValue) })
      input("slice", "Slice", type: "range", value: "0", ["min": "0", "max": "0"])
      input("low", "Window from", type: "number", value: "0", ["step": "any"])
      input("high", "Window to", type: "number", value: "40", ["step": "any"])
      if maps.mask != nil {
        element("div", ["class": "field check"]) {
          element("label") {
            element("input", ["type": "checkbox", "name": "outline", "checked": ""])
            " outline of the drawn region"
          }
        }
      }
    }
  }
}

/// A sealed call as an address names it.
private struct MapsPlace {
  let participant: String
  let entry: Int

  init(_ context: WorklistContext) throws {
    participant = try context.part("id")
    guard let entry = Int(try context.part("entry")) else { throw HTTPError(.notFound) }
    self.entry = entry
  }
}

extension Volume<Float> {
  /// A value that few voxels exceed: the 99th percentile of a sample of those that are numbers.
  fileprivate var brightest: Double {
    let step = Swift.max(1, values.count / 20_000)
    let sample = stride(from: 0, to: values.count, by: step).map { values[$0] }
      .filter { $0.isFinite }.sorted()
    guard let last = sample.last else { return 1 }
    let high = sample[Swift.min(sample.count - 1, sample.count * 99 / 100)]
    return Double(high > 0 ? high : Swift.max(last, 1))
  }
}
