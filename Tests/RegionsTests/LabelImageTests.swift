import Faults
import Regions
import Testing
import Volumes

/// What is taken for a mask, and what is refused, with its code.
struct LabelImageTests {
  let grid = upright(4, 3, 2)

  private func values(_ some: [Int: Float], others: Float = 0) -> [Float] {
    (0..<24).map { some[$0] ?? others }
  }

  @Test func labelsAreCounted() throws {
    let image = try LabelImage(grid: grid, values: values([3: 2, 4: 2, 9: 255]), file: "a/b.nii")
    #expect(image.counts == [2: 2, 255: 1])
    #expect(image.labels.values[9] == 255 && !image.isBinary)
    #expect(image.notices.isEmpty)
    #expect(image.file == "b.nii")
  }

  @Test func driftedLabelsAreRoundedAndSaid() throws {
    let image = try LabelImage(grid: grid, values: values([0: 2.9999, 1: 3.004, 7: -0.001]))
    #expect(image.counts == [3: 2])
    #expect(image.notices.map(\.code) == ["mask-labels-rounded"])
  }

  @Test(arguments: [
    (Float.nan, RegionsFault.maskNotFinite), (-.infinity, .maskNotFinite), (-1, .maskNegative),
    (-0.5, .maskNegative), (0.5, .maskProbability), (2.5, .maskFractional),
    (16_777_218, .labelTooLarge), (3e38, .labelTooLarge),
  ])
  func otherValuesAreRefused(value: Float, code: RegionsFault) {
    let refused = #expect(throws: RegionsError.self) {
      try LabelImage(grid: grid, values: values([2: 1, 6: value]), file: "x/mask.nii.gz")
    }
    #expect(refused?.code == code)
    #expect(refused?.file == "mask.nii.gz")
    #expect(refused?.detail.contains("(2, 1, 0)") == true)
  }

  @Test func halvesAmongLabelsAreNoProbabilities() {
    let refused = #expect(throws: RegionsError.self) {
      try LabelImage(grid: grid, values: values([2: 0.5, 6: 3]))
    }
    #expect(refused?.code == .maskFractional)
  }

  @Test func emptyIsRefused() {
    let refused = #expect(throws: RegionsError.self) {
      try LabelImage(grid: grid, values: values([:]))
    }
    #expect(refused?.code == .maskEmpty)
  }

  @Test func framesAreRefused() {
    for (frames, count) in [(2, 48), (1, 23), (0, 24)] {
      let refused = #expect(throws: RegionsError.self) {
        try LabelImage(grid: grid, values: Array(repeating: 1, count: count), frames: frames)
      }
      #expect(refused?.code == .maskFrames)
    }
  }

  @Test func intensityImagesAreRefused() throws {
    let wide = upright(5000, 1, 1)
    let most = try LabelImage(grid: wide, values: (0..<5000).map { Float(min($0, 4096)) })
    #expect(most.counts.count == 4096)
    for values in [(0..<5000).map { Float($0) }, (0..<5000).map { Float(min($0, 4097)) }] {
      let refused = #expect(throws: RegionsError.self) {
        try LabelImage(grid: wide, values: values)
      }
      #expect(refused?.code == .tooManyLabels)
    }
  }

  @Test func highestLabelIsExact() throws {
    let image = try LabelImage(grid: grid, values: values([0: 16_777_216, 1: 16_777_215]))
    #expect(image.counts.keys.sorted() == [16_777_215, 16_777_216])
  }

  @Test func everyConditionHasWords() {
    for code in RegionsFault.allCases {
      #expect(!code.summary.isEmpty && !code.remedy.isEmpty)
      #expect(code.rawValue.allSatisfy { $0 == "-" || $0.isLowercase || $0.isNumber })
    }
    let codes = RegionsFault.allCases.map(\.rawValue) + RegionsNotice.allCases.map(\.rawValue)
    #expect(Set(codes).count == codes.count)
  }
}
