import Pages

/// A plane as a picture with outlines, orientation letters and a scale bar.
///
/// One pixel is one voxel, untouched by interpolation; what has no value is black.
package struct SlicePicture {
  let plane: Plane
  let frame: Frame
  /// What a screen reader says.
  let title: String
  /// Of a voxel by its index; nil is black.
  let colour: (Int) -> Colour?
  /// Voxels of regions to be outlined, and whether their line is dashed.
  var outlines: [(voxels: [Int], isDashed: Bool)]

  package init(
    plane: Plane, frame: Frame, title: String, colour: @escaping (Int) -> Colour?,
    outlines: [(voxels: [Int], isDashed: Bool)] = []
  ) {
    self.plane = plane
    self.frame = frame
    self.title = title
    self.colour = colour
    self.outlines = outlines
  }

  /// The pixels alone.
  func pixels() -> PNGImage {
    var image = PNGImage(width: frame.columns.count, height: frame.rows.count)
    for row in frame.rows {
      for column in frame.columns {
        image[column - frame.columns.lowerBound, row - frame.rows.lowerBound] =
          colour(plane.voxel(column: column, row: row))
      }
    }
    return image
  }

  /// In the drawing's units, which are millimetres.
  private var size: SIMD2<Double> {
    SIMD2(Double(frame.columns.count), Double(frame.rows.count)) * plane.pixel
  }

  /// - Parameter width: on a page, in CSS pixels; a page may make it smaller.
  package func markup(width: Double = 260) -> Markup {
    // Long planes keep to the height of a square.
    let scale = width / max(size.x, size.y)
    return element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "slice", "role": "img",
        "overflow": "hidden", "viewBox": "0 0 \(short(size.x)) \(short(size.y))",
        "width": short(size.x * scale),
        "height": short(size.y * scale), "font-family": "system-ui, 'DejaVu Sans', sans-serif",
        "font-size": short(letterSize), "font-weight": "600",
      ]
    ) {
      element("title") { title }
      element(
        "rect",
        ["width": short(size.x), "height": short(size.y), "fill": "#000000"])
      element(
        "image",
        [
          "width": short(size.x), "height": short(size.y), "preserveAspectRatio": "none",
          "image-rendering": "pixelated", "href": pixels().address,
        ])
      for outline in outlines { drawn(outline.voxels, isDashed: outline.isDashed) }
      letters
      scaleBar
    }
  }

  /// Alike on all pictures of one width; smaller on flat ones.
  private var letterSize: Double { min(size.x / 16, size.y / 4) }

  @MarkupBuilder private func drawn(_ voxels: [Int], isDashed: Bool) -> Markup {
    let pixels = voxels.compactMap { voxel -> SIMD2<Int>? in
      // One pixel more on each side: a region that goes on there has no edge at the frame's.
      guard let place = plane.place(of: voxel),
        (frame.columns.lowerBound - 1...frame.columns.upperBound).contains(place.column),
        (frame.rows.lowerBound - 1...frame.rows.upperBound).contains(place.row)
      else { return nil }
      return SIMD2(place.column - frame.columns.lowerBound, place.row - frame.rows.lowerBound)
    }
    let path = Outline.path(pixels, edge: plane.pixel)
    if !path.isEmpty {
      // A dark seam keeps the line visible on every colour.
      stroke(path, "#000000", 3.4, isDashed: false)
      stroke(path, "#ffffff", 1.5, isDashed: isDashed)
    }
  }

  private func stroke(_ path: String, _ colour: String, _ width: Double, isDashed: Bool) -> Markup {
    element(
      "path",
      [
        "d": path, "fill": "none", "stroke": colour, "stroke-width": short(width),
        "stroke-dasharray": isDashed ? "4 3" : nil, "vector-effect": "non-scaling-stroke",
        "stroke-linecap": "square",
      ])
  }

  @MarkupBuilder private var letters: Markup {
    let letters = plane.letters
    let (middle, near) = (size / 2, letterSize * 0.35)
    let line = letterSize * 0.36
    words(letters.left, near, middle.y + line, "start")
    words(letters.right, size.x - near, middle.y + line, "end")
    words(letters.top, middle.x, letterSize * 1.05, "middle")
    words(letters.bottom, middle.x, size.y - near, "middle")
  }

  @MarkupBuilder private var scaleBar: Markup {
    let length = [5.0, 10, 20, 50, 100, 200].last { $0 <= 0.4 * size.x } ?? 2
    let (x, y) = (letterSize * 0.5, size.y - letterSize * 0.5)
    let path = "M\(short(x)) \(short(y))h\(short(length))"
    stroke(path, "#000000", 5, isDashed: false)
    stroke(path, "#ffffff", 2.5, isDashed: false)
    words("\(short(length)) mm", x, y - letterSize * 0.45, "start")
  }

  /// White on a black seam. The seam is a text of its own: not every printer of pages paints it first.
  @MarkupBuilder private func words(_ text: String, _ x: Double, _ y: Double, _ anchor: String)
    -> Markup
  {
    element(
      "text",
      [
        "x": short(x), "y": short(y), "text-anchor": anchor, "fill": "#000000",
        "stroke": "#000000", "stroke-width": short(letterSize / 6), "stroke-linejoin": "round",
        "aria-hidden": "true",
      ]
    ) { text }
    element(
      "text",
      ["x": short(x), "y": short(y), "text-anchor": anchor, "fill": "#ffffff"]
    ) { text }
  }
}
