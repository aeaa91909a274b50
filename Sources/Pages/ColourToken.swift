/// A colour of the pages by its part, in light and in dark surroundings: `var(--ink)` in styles.
///
/// Text has a contrast of at least 4.5 to 1 on page, panel and its own back, lines that carry meaning
/// 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11); a test works them out.
public struct ColourToken: Sendable, Hashable {
  public let name: String
  /// Six hexadecimal digits behind "#".
  public let light: String
  public let dark: String

  private init(_ name: String, _ light: String, _ dark: String) {
    self.name = name
    self.light = light
    self.dark = dark
  }

  public static let page = ColourToken("page", "#ffffff", "#12171c")
  public static let panel = ColourToken("panel", "#f4f6f8", "#1b2229")
  /// Hairlines that only decorate.
  public static let line = ColourToken("line", "#c3cad2", "#3a4550")
  /// Borders of what can be filled in.
  public static let edge = ColourToken("edge", "#7a8591", "#75828f")
  public static let ink = ColourToken("ink", "#16202a", "#eef2f5")
  public static let soft = ColourToken("soft", "#4a5663", "#b3bec9")
  public static let accent = ColourToken("accent", "#0b5394", "#8cc2f5")
  public static let good = ColourToken("good", "#14622e", "#8fdba5")
  public static let goodBack = ColourToken("good-back", "#e3f4e7", "#17301f")
  public static let caution = ColourToken("caution", "#7a4b00", "#f3c66b")
  public static let cautionBack = ColourToken("caution-back", "#fdf1d7", "#352a12")
  public static let bad = ColourToken("bad", "#a3161f", "#ff9b97")
  public static let badBack = ColourToken("bad-back", "#fce6e6", "#3d1b1c")

  /// The colours of series in charts, in their order.
  public static let series = [
    ColourToken("series-1", "#0b5fa5", "#6db3f2"), ColourToken("series-2", "#b4460b", "#f2955c"),
    ColourToken("series-3", "#0a7355", "#5cc9a2"), ColourToken("series-4", "#8a3a8f", "#d79be0"),
    ColourToken("series-5", "#7a5c00", "#dcbf5a"), ColourToken("series-6", "#4a5663", "#b3bec9"),
  ]

  static let all =
    [
      page, panel, line, edge, ink, soft, accent, good, goodBack, caution, cautionBack, bad,
      badBack,
    ] + series
}
