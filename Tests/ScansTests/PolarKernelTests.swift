import Foundation
import Scans
import TestSupport
import Testing

@Suite("Magnitude and phase to real and imaginary")
struct PolarKernelTests {
  private func combine(
    _ magnitude: [Float], _ phase: [Float], _ quarterTurns: Float
  ) -> ([Float], [Float]) {
    var (re, im) = (magnitude, phase)
    re.withUnsafeMutableBufferPointer { re in
      im.withUnsafeMutableBufferPointer { im in
        PolarKernel.combine(real: re, imaginary: im, quarterTurns: quarterTurns)
      }
    }
    return (re, im)
  }

  @Test("The loop equals cosine and sine in double precision to 2.5 ulps of 1")
  func accuracy() {
    var generator = SeededGenerator(seed: 5)
    // 1003: the last lane is not full.
    let quarters = (0..<1003).map { _ in Float.random(in: -9...9, using: &generator) }
    let (re, im) = combine(Array(repeating: 1, count: quarters.count), quarters, 1)
    let worst = quarters.indices.map { index in
      let angle = Double(quarters[index]) * .pi / 2
      return max(abs(Double(re[index]) - cos(angle)), abs(Double(im[index]) - sin(angle)))
    }.max()
    #expect((worst ?? 1) < 2.5 * Double(Float.ulpOfOne))
  }

  @Test("Quarter turns are exact, and signs are right")
  func quarters() {
    let (re, im) = combine([1, 1, 1, 1, 1, 2], [0, 1, 2, 3, -1, 0.5], 1)
    #expect(Array(re.prefix(5)) == [1, 0, -1, 0, 0])
    #expect(Array(im.prefix(5)) == [0, 1, 0, -1, -1])
    #expect(abs(re[5] - 2 * Float(0.5).squareRoot()) < 3e-7)
    #expect(re[5] > 0 && im[5] > 0)
  }

  @Test("What is not finite stays not finite")
  func nonFinite() {
    let (re, im) = combine([1, .nan, .infinity, 1], [.nan, 1, 0.5, .infinity], 1)
    for index in 0..<4 {
      #expect(!re[index].isFinite && !im[index].isFinite)
    }
  }
}
