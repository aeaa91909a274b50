import Foundation
import Phantoms
import TestSupport
import Testing
import Volumes

@Suite struct PhantomFolderTests {
  private func withFolder<T>(_ body: (URL) throws -> T) throws -> T {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  private func contents(_ folder: URL) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      let url = folder.appendingPathComponent(name)
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
      if !isFolder.boolValue { files[name] = try Data(contentsOf: url) }
    }
    return files
  }

  private func number(_ text: String, _ key: String) throws -> Double {
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    return try #require(object?[key] as? Double)
  }

  @Test func sameRecipeGivesTheSameBytes() throws {
    try withFolder { folder in
      let first = folder.appendingPathComponent("first")
      let again = folder.appendingPathComponent("again")
      try make(try small("liver-3t", [24, 24, 6]), seed: 7).write(to: first.path)
      // From the recipe that stands beside the scan, into an empty folder.
      try FileManager.default.createDirectory(at: again, withIntermediateDirectories: false)
      let recipe = try Recipe(file: first.appendingPathComponent("recipe.json").path)
      #expect(recipe.seed == 7)
      try make(recipe).write(to: again.path)
      #expect(try contents(first) == contents(again))
      #expect(try contents(folder).count == 2 * contents(first).count, "nothing is left beside")
    }
  }

  @Test func aFolderInUseIsLeftAlone() throws {
    try withFolder { folder in
      let phantom = try make(try small("liver-3t", [8, 8, 2]))
      let file = folder.appendingPathComponent("file")
      try Data([1]).write(to: file)
      for (path, code) in [
        (folder.path, PhantomsFault.phantomOutputNotEmpty), (file.path, .phantomOutputUnwritable),
        (file.path + "/inside", .phantomOutputUnwritable),
      ] {
        do {
          try phantom.write(to: path)
          Issue.record("wrote to \(path)")
        } catch let error as PhantomsError {
          #expect(error.code == code)
        }
      }
      #expect(try contents(folder) == ["file": Data([1])])
    }
  }

  /// Every departure at once but partial volume, to float precision of the written values.
  @Test func numPyMakesTheSameSignals() throws {
    var all = noiseFree(try small("liver-1.5t", [40, 40, 8]))
    all.departures.flipDeg = 12
    all.departures.extraFatDecayPerS = 25
    all.departures.firstEchoPhaseRad = 0.25
    all.departures.bipolarPhaseRad = 0.1
    all.departures.bipolarRampRad = 0.5
    all.departures.fatPhaseRad = 0.4
    all.precession = "-"
    all.spectrum.name = "hamilton-nine-peak"
    all.export.style = .complex
    var plain = noiseFree(try small("steep-3t", [40, 40, 8]))
    // Largest deviation over the largest signal: rounding of float32; of one step of phase (2 of
    // 8192 to the circle) and half a unit of 1600 for whole numbers.
    let styles: [(ExportOfRecipe.Style, Double)] = [
      (.complex, 1e-6), (.radians, 1e-6), (.realImaginary, 1e-3), (.siemens, 2e-3),
    ]
    try compare(all, within: 1e-6)
    for (style, tolerance) in styles {
      plain.export.style = style
      try compare(plain, within: tolerance)
    }
  }

  private func compare(_ recipe: Recipe, within tolerance: Double) throws {
    try withFolder { folder in
      let target = folder.appendingPathComponent("phantom").path
      try make(recipe).write(to: target)
      let report = try Tools.reference("simulate", [target])
      #expect(try number(report, "largest") < tolerance, "\(recipe.export.style): \(report)")
      #expect(try number(report, "voxels") > 1000)
    }
  }

  /// The floor's errors by NumPy are those that `score` finds in the map it wrote; and the floor
  /// has no bias, so simulation, export and floor speak of the same signal.
  @Test func scoreAgreesWithNumPyAtTheFloor() throws {
    try withFolder { folder in
      let target = folder.appendingPathComponent("phantom").path
      try make(try small("liver-3t")).write(to: target)
      let maps = folder.appendingPathComponent("maps")
      try FileManager.default.createDirectory(at: maps, withIntermediateDirectories: false)
      let json = try Tools.reference(
        "floor", [target, "-o", maps.appendingPathComponent("PDFFmap.nii.gz").path])
      let map = try MapFolder(folder: maps.path)
      let found = try score(
        fatFraction: map.fatFraction, r2star: map.r2star, against: ScoredTruth(folder: target))

      let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      let known = try #require(object?["regions"] as? [[String: Any]])
      #expect(known.count == found.regions.count)
      for (region, known) in zip(found.regions, known) {
        let points = try #require(known["pdff_points"] as? [String: Double])
        #expect(region.name == known["name"] as? String)
        #expect(Double(region.voxels) == points["voxels"])
        // Percentage points; both read the same single-precision map.
        for (ours, theirs) in [
          (region.pdff.medianAbsolute, "median_abs"), (region.pdff.p95Absolute, "p95_abs"),
          (region.pdff.meanError, "bias"), (region.pdff.medianError, "median_bias"),
          (region.missed10Percent, "missed_10_percent"),
        ] {
          #expect(abs((ours ?? .nan) - (points[theirs] ?? .nan)) < 1e-4, "\(theirs)")
        }
        // Four standard errors, and what single precision leaves.
        let bias = abs(points["bias"] ?? .nan)
        #expect(bias < 4 * (points["standard_error"] ?? .nan) + 1e-3, "\(region.name)")
      }
    }
  }
}
