/// A chart as SVG: axes, marks, and a legend of the marks that have a name.
///
/// Points that are not finite are left out and break a line.
public struct Chart: Sendable {
  /// What a screen reader says; not drawn.
  public var title: String
  /// In SVG's units; pages scale charts down to fit, never up.
  public var width: Double
  public var height: Double
  public var x: Axis
  public var y: Axis
  /// Drawn in their order, later ones on top.
  public var marks: [Mark]

  public init(
    title: String, width: Double = 480, height: Double = 300, x: Axis, y: Axis, marks: [Mark] = []
  ) {
    self.title = title
    self.width = width
    self.height = height
    self.x = x
    self.y = y
    self.marks = marks
  }

  /// The chart for a page whose stylesheet is ours.
  public func markup() -> Markup { ChartDrawing(self).svg() }

  /// The chart as a file of its own, with light and dark colours.
  public func document() -> String {
    let style = Markup.trusted("<style>\(Stylesheet.standalone)</style>")
    return ChartDrawing(self).svg(style).source + "\n"
  }
}

/// One axis of a chart.
public struct Axis: Sendable {
  public enum Scale: Sendable { case linear, logarithmic }

  public enum Ticks: Sendable {
    /// Round numbers, about six.
    case automatic
    /// Words at places, as for categories.
    case at([(place: Double, label: String)])
    case none
  }

  /// With the unit: "PDFF (%)".
  public var label: String
  /// nil: from the marks.
  public var range: ClosedRange<Double>?
  public var scale: Scale
  public var ticks: Ticks
  /// Whether the axis grows downwards or leftwards, as rows of a forest do.
  public var isReversed: Bool
  /// Whether lines at the ticks cross the chart.
  public var hasGrid: Bool

  public init(
    _ label: String, range: ClosedRange<Double>? = nil, scale: Scale = .linear,
    ticks: Ticks = .automatic, isReversed: Bool = false, hasGrid: Bool = true
  ) {
    self.label = label
    self.range = range
    self.scale = scale
    self.ticks = ticks
    self.isReversed = isReversed
    self.hasGrid = hasGrid
  }
}

/// Something drawn in a chart, in the axes' units.
public struct Mark: Sendable {
  public enum Shape: Sendable {
    case line([SIMD2<Double>])
    /// Level from each point to the next one's x, as survival curves are.
    case steps([SIMD2<Double>])
    case points([SIMD2<Double>])
    /// From zero, each over a range of x.
    case bars([(x: ClosedRange<Double>, height: Double)])
    /// Between low and high.
    case band([(x: Double, low: Double, high: Double)])
    /// Whiskers along y, with a point.
    case verticalErrors([(x: Double, y: Double, low: Double, high: Double)])
    /// Whiskers along x, with a point.
    case horizontalErrors([(x: Double, y: Double, low: Double, high: Double)])
    /// Across the whole chart at one x.
    case verticalRule(Double)
    /// Across the whole chart at one y.
    case horizontalRule(Double)
    /// Words, beginning, centred or ending at a point.
    case text(String, at: SIMD2<Double>, anchor: Anchor)
  }

  public enum Anchor: String, Sendable { case start, middle, end }

  public enum Colour: Sendable, Hashable {
    /// 1 and up, round and round.
    case series(Int)
    case muted

    var token: ColourToken {
      switch self {
      case .series(let number):
        ColourToken.series[(max(1, number) - 1) % ColourToken.series.count]
      case .muted: .soft
      }
    }
    var name: String { self == .muted ? "muted" : token.name }
  }

  public var shape: Shape
  /// In the legend; a rule's stands beside it instead.
  public var label: String?
  public var colour: Colour
  public var isDashed: Bool

  public init(
    _ shape: Shape, label: String? = nil, colour: Colour = .series(1), isDashed: Bool = false
  ) {
    self.shape = shape
    self.label = label
    self.colour = colour
    self.isDashed = isDashed
  }
}
