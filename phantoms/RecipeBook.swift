import Foundation

extension Recipe {
  /// The recipes of `phantoms/recipes`, built into the program; the name is the file's.
  private static let book: [String: [UInt8]] = [
    "bipolar": PackageResources.bipolar_json,
    "eddy": PackageResources.eddy_json,
    "eight-echo": PackageResources.eight_echo_json,
    "fat-phase": PackageResources.fat_phase_json,
    "iron": PackageResources.iron_json,
    "islands": PackageResources.islands_json,
    "liver-1.5t": PackageResources.liver_1_5t_json,
    "liver-3t": PackageResources.liver_3t_json,
    "low-fat": PackageResources.low_fat_json,
    "magnitude-only": PackageResources.magnitude_only_json,
    "noise": PackageResources.noise_json,
    "partial-volume": PackageResources.partial_volume_json,
    "reversed": PackageResources.reversed_json,
    "snr-300": PackageResources.snr_300_json,
    "spectrum-mismatch": PackageResources.spectrum_mismatch_json,
    "steep-3t": PackageResources.steep_3t_json,
    "t1-weighted": PackageResources.t1_weighted_json,
    "three-echo": PackageResources.three_echo_json,
    "two-point": PackageResources.two_point_json,
    "two-r2star": PackageResources.two_r2star_json,
    "uneven": PackageResources.uneven_json,
    "vendor-maps": PackageResources.vendor_maps_json,
    "volume-a": PackageResources.volume_a_json,
    "volume-b": PackageResources.volume_b_json,
  ]

  /// Every recipe, by name.
  public static func all() throws(PhantomsError) -> [Recipe] {
    var recipes: [Recipe] = []
    for name in names { recipes.append(try named(name)) }
    return recipes
  }

  /// Names of the recipes, sorted.
  public static var names: [String] { book.keys.sorted() }

  /// The recipe of that name.
  ///
  /// - Throws: `unknown-recipe`, `recipe-unreadable`.
  public static func named(_ name: String) throws(PhantomsError) -> Recipe {
    guard let bytes = book[name] else { throw PhantomsError(.unknownRecipe, name) }
    return try Recipe(json: Data(bytes), file: "\(name).json")
  }

  /// Reads a recipe file.
  ///
  /// - Throws: `recipe-missing`, `recipe-unreadable`.
  public init(file: String) throws(PhantomsError) {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw PhantomsError(.recipeMissing, file: file)
    }
    try self.init(json: data, file: file)
  }

  /// Reads a recipe: the keys it gives replace the defaults; an unknown key is refused.
  ///
  /// - Throws: `recipe-unreadable`.
  public init(json: Data, file: String? = nil) throws(PhantomsError) {
    do {
      let given = try JSONSerialization.jsonObject(with: json)
      let defaults = try JSONSerialization.jsonObject(with: Recipe().json())
      let merged = try Self.merge(given, over: defaults, key: "recipe", file: file)
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      self = try decoder.decode(
        Recipe.self, from: JSONSerialization.data(withJSONObject: merged))
    } catch let fault as PhantomsError {
      throw fault
    } catch let error as DecodingError {
      throw PhantomsError(.recipeUnreadable, error.key, file: file)
    } catch {
      throw PhantomsError(.recipeUnreadable, "not JSON", file: file)
    }
  }

  /// The whole recipe as JSON, keys sorted.
  public func json() -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    return (try? encoder.encode(self)) ?? Data()
  }

  private static func merge(
    _ given: Any, over defaults: Any, key: String, file: String?
  ) throws(PhantomsError) -> Any {
    guard let defaults = defaults as? [String: Any] else { return given }
    guard let given = given as? [String: Any] else {
      throw PhantomsError(.recipeUnreadable, "\(key) must be an object", file: file)
    }
    var merged = defaults
    for (name, value) in given {
      guard let standing = defaults[name] else {
        throw PhantomsError(.recipeUnreadable, "unknown key \(name) in \(key)", file: file)
      }
      merged[name] = try merge(value, over: standing, key: name, file: file)
    }
    return merged
  }
}

extension DecodingError {
  /// The key that a decoder stumbled over.
  fileprivate var key: String {
    let path: [any CodingKey] =
      switch self {
      case .typeMismatch(_, let context), .valueNotFound(_, let context),
        .dataCorrupted(let context):
        context.codingPath
      case .keyNotFound(let key, let context): context.codingPath + [key]
      @unknown default: []
      }
    return "the value of " + path.map(\.stringValue).joined(separator: ".")
  }
}
