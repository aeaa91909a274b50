import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// The battery of broken files: each is refused with its code, in words that a user can act on.
@Suite struct BrokenNIfTITests {
  @Test func everyBrokenFileIsRefusedWithItsCode() throws {
    let battery = try BrokenNIfTI.all()
    #expect(battery.count >= 150)
    #expect(Set(battery.map(\.name)).count == battery.count)
    for broken in battery {
      let folder = try Tools.scratchFolder()
      defer { try? FileManager.default.removeItem(at: folder) }
      let path = try broken.write(to: folder)
      let fault = #expect(throws: VolumesError.self, "\(broken.name)") {
        _ = try NIfTIImage.read(path)
      }
      guard let fault else { continue }
      #expect(fault.codeName == broken.code, "\(broken.name)")
      #expect(fault.file == broken.culprit, "\(broken.name)")
      #expect([.data, .missingInput].contains(fault.exit), "\(broken.name)")
      let words = fault.description
      #expect(words.hasPrefix("\(broken.culprit): \(fault.code.summary)"), "\(broken.name)")
      #expect(words.contains("what to do: \(fault.code.remedy)"), "\(broken.name)")
      #expect(words.contains("[\(broken.code)]") && !words.contains(folder.path))
    }
  }

  /// Every refusal that reading can give has a case in the battery.
  @Test func theBatteryMeetsEveryCode() throws {
    let met = Set(try BrokenNIfTI.all().map(\.code))
    // A folder is tried beside the variants; the last two belong to writing.
    let elsewhere: Set<VolumesFault> = [.unreadable, .unstorable, .unwritable]
    let all = VolumesFault.allCases.filter { !elsewhere.contains($0) }.map(\.rawValue)
    #expect(Set(all).subtracting(met).isEmpty)
  }

  /// A header alone is checked as a whole file's is.
  @Test func headersAreCheckedWithoutTheirVoxels() throws {
    let inBody: Set = ["image-truncated", "image-overlong", "gzip-truncated", "gzip-checksum"]
    for broken in try BrokenNIfTI.all() where !inBody.contains(broken.code) {
      let folder = try Tools.scratchFolder()
      defer { try? FileManager.default.removeItem(at: folder) }
      let path = try broken.write(to: folder)
      do throws(VolumesError) {
        _ = try NIfTIHeader.read(path)
        // Damage behind the header goes unseen.
        #expect(broken.code == "gzip-damaged", "\(broken.name)")
      } catch {
        #expect(error.codeName == broken.code, "\(broken.name)")
      }
    }
  }

  /// Valid files with bytes turned over at random: read or refused, never a crash.
  @Test func randomDamageIsReadOrRefused() throws {
    var generator = SeededGenerator(seed: 7)
    let affine = Affine(SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 2), origin: SIMD3(0, 0, 0))
    let grid = VoxelGrid(nx: 4, ny: 3, nz: 2, affine: affine)
    let values = (0..<24).map(Float.init)
    let plain = try NIfTIWriter.encode(grid: grid, real: values, as: .float32)
    let packed = plain.withUnsafeBytes { Gzip.compress($0) }
    var read = 0
    for turn in 0..<40_000 {
      var bytes = turn % 2 == 0 ? plain : packed
      for _ in 0...Int.random(in: 0...3, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[index] = UInt8.random(in: 0...255, using: &generator)
      }
      if let image = bytes.withUnsafeBytes({ try? NIfTIImage.read(bytes: $0) }) {
        read += 1
        #expect(image.real.count == image.grid.count * image.frames)
      }
    }
    #expect(read > 1000 && read < 39_000)
  }

  @Test func codesAreKebabCaseAndExplained() {
    for code in VolumesFault.allCases {
      #expect(code.rawValue.allSatisfy { $0 == "-" || ("a"..."z").contains($0) })
      #expect(!code.summary.isEmpty && !code.remedy.isEmpty)
    }
    #expect(VolumesFault.missing.exit == .missingInput)
    #expect(VolumesFault.unwritable.exit == .cannotCreate)
    #expect(VolumesFault.scaling.exit == .data)
  }
}
