import CProcessor
import KernelTypes
import KernelsBaseline

#if arch(x86_64)
  import KernelsAVX2
  import KernelsAVX512
#endif

/// The kernels of one instruction set. All are built from one source; results agree within rounding.
public struct Kernels: Sendable {
  /// "baseline", "avx2", "avx512" or "neon".
  public let name: String
  package let findCandidates:
    @Sendable (
      UnsafePointer<Float>, SearchPlan, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>
    ) -> Void
  package let fitSignal:
    @Sendable (
      Int, UnsafePointer<Float>, UnsafePointer<Float>, FitPlan, UnsafeMutablePointer<Float>
    ) -> Void
  package let passMessages: @Sendable (FieldGraph, Range<Int>, Bool) -> Void
  package let chooseCandidates: @Sendable (FieldGraph, Range<Int>) -> Void
  package let relaxChoices: @Sendable (FieldGraph, Range<Int>) -> Bool
  package let updatePairCosts: @Sendable (FieldGraph, Range<Int>) -> Void
  package let proposeShift:
    @Sendable (FieldGraph, Range<Int>, Float, UnsafeMutablePointer<UInt8>) -> Void
  package let ownCosts:
    @Sendable (
      Int, UnsafePointer<Float>, UnsafePointer<Float>, SearchPlan, EvidencePlan,
      UnsafeMutablePointer<Float>
    ) -> Void
  package let phaseCosts:
    @Sendable (
      UnsafePointer<Float>, UnsafePointer<Float>, SearchPlan, EvidencePlan,
      UnsafeMutablePointer<Float>
    ) -> Void
  package let contrasts:
    @Sendable (Int, UnsafePointer<Float>, EvidencePlan, UnsafeMutablePointer<Float>) -> Void
  package let pairWeights:
    @Sendable (
      Range<Int>, UnsafePointer<Int32>, UnsafePointer<Float>, UnsafePointer<Float>, EvidencePlan,
      UnsafeMutablePointer<Float>
    ) -> Void
  package let divideImages:
    @Sendable (
      Range<Int>, UnsafePointer<Float>, UnsafePointer<Float>, RatioPlan,
      UnsafeMutablePointer<Float>, UnsafeMutablePointer<UInt16>
    ) -> Void
  package let fatFractions:
    @Sendable (
      UnsafePointer<Float>, MapPlan, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Int32>
    ) -> Void
}

extension Kernels {
  /// Every set that this machine runs, the best last.
  public static let available: [Kernels] = {
    #if arch(x86_64)
      let level = Int(cprocessor_level())
      return Array([baseline, avx2, avx512].prefix(level + 1))
    #else
      return [baseline]
    #endif
  }()

  /// The best set of this machine.
  public static var best: Kernels { available[available.count - 1] }

  package static let baseline: Kernels = {
    #if arch(arm64)
      let name = "neon"
    #else
      let name = "baseline"
    #endif
    return Kernels(
      name: name,
      findCandidates: {
        KernelsBaseline.findCandidates(signal: $0, plan: $1, scratch: $2, candidates: $3)
      },
      fitSignal: {
        KernelsBaseline.fitSignal(blocks: $0, signal: $1, start: $2, plan: $3, result: $4)
      },
      passMessages: { KernelsBaseline.passMessages(graph: $0, range: $1, forward: $2) },
      chooseCandidates: { KernelsBaseline.chooseCandidates(graph: $0, range: $1) },
      relaxChoices: { KernelsBaseline.relaxChoices(graph: $0, range: $1) },
      updatePairCosts: { KernelsBaseline.updatePairCosts(graph: $0, range: $1) },
      proposeShift: {
        KernelsBaseline.proposeShift(graph: $0, range: $1, shift: $2, proposal: $3)
      },
      ownCosts: {
        KernelsBaseline.ownCosts(
          block: $0, candidates: $1, energies: $2, search: $3, evidence: $4, own: $5)
      },
      phaseCosts: {
        KernelsBaseline.phaseCosts(
          fit: $0, energies: $1, search: $2, evidence: $3, costs: $4)
      },
      contrasts: {
        KernelsBaseline.contrasts(block: $0, brightness: $1, evidence: $2, contrast: $3)
      },
      pairWeights: {
        KernelsBaseline.pairWeights(
          range: $0, neighbours: $1, brightness: $2, contrast: $3, evidence: $4, weights: $5)
      },
      divideImages: {
        KernelsBaseline.divideImages(
          range: $0, a: $1, b: $2, plan: $3, fractions: $4, bits: $5)
      },
      fatFractions: { KernelsBaseline.fatFractions(fit: $0, plan: $1, maps: $2, bits: $3) })
  }()

  #if arch(x86_64)
    static let avx2 = Kernels(
      name: "avx2",
      findCandidates: {
        KernelsAVX2.findCandidates(signal: $0, plan: $1, scratch: $2, candidates: $3)
      },
      fitSignal: {
        KernelsAVX2.fitSignal(blocks: $0, signal: $1, start: $2, plan: $3, result: $4)
      },
      passMessages: { KernelsAVX2.passMessages(graph: $0, range: $1, forward: $2) },
      chooseCandidates: { KernelsAVX2.chooseCandidates(graph: $0, range: $1) },
      relaxChoices: { KernelsAVX2.relaxChoices(graph: $0, range: $1) },
      updatePairCosts: { KernelsAVX2.updatePairCosts(graph: $0, range: $1) },
      proposeShift: {
        KernelsAVX2.proposeShift(graph: $0, range: $1, shift: $2, proposal: $3)
      },
      ownCosts: {
        KernelsAVX2.ownCosts(
          block: $0, candidates: $1, energies: $2, search: $3, evidence: $4, own: $5)
      },
      phaseCosts: {
        KernelsAVX2.phaseCosts(
          fit: $0, energies: $1, search: $2, evidence: $3, costs: $4)
      },
      contrasts: {
        KernelsAVX2.contrasts(block: $0, brightness: $1, evidence: $2, contrast: $3)
      },
      pairWeights: {
        KernelsAVX2.pairWeights(
          range: $0, neighbours: $1, brightness: $2, contrast: $3, evidence: $4, weights: $5)
      },
      divideImages: {
        KernelsAVX2.divideImages(
          range: $0, a: $1, b: $2, plan: $3, fractions: $4, bits: $5)
      },
      fatFractions: { KernelsAVX2.fatFractions(fit: $0, plan: $1, maps: $2, bits: $3) })

    static let avx512 = Kernels(
      name: "avx512",
      findCandidates: {
        KernelsAVX512.findCandidates(signal: $0, plan: $1, scratch: $2, candidates: $3)
      },
      fitSignal: {
        KernelsAVX512.fitSignal(blocks: $0, signal: $1, start: $2, plan: $3, result: $4)
      },
      passMessages: { KernelsAVX512.passMessages(graph: $0, range: $1, forward: $2) },
      chooseCandidates: { KernelsAVX512.chooseCandidates(graph: $0, range: $1) },
      relaxChoices: { KernelsAVX512.relaxChoices(graph: $0, range: $1) },
      updatePairCosts: { KernelsAVX512.updatePairCosts(graph: $0, range: $1) },
      proposeShift: {
        KernelsAVX512.proposeShift(graph: $0, range: $1, shift: $2, proposal: $3)
      },
      ownCosts: {
        KernelsAVX512.ownCosts(
          block: $0, candidates: $1, energies: $2, search: $3, evidence: $4, own: $5)
      },
      phaseCosts: {
        KernelsAVX512.phaseCosts(
          fit: $0, energies: $1, search: $2, evidence: $3, costs: $4)
      },
      contrasts: {
        KernelsAVX512.contrasts(block: $0, brightness: $1, evidence: $2, contrast: $3)
      },
      pairWeights: {
        KernelsAVX512.pairWeights(
          range: $0, neighbours: $1, brightness: $2, contrast: $3, evidence: $4, weights: $5)
      },
      divideImages: {
        KernelsAVX512.divideImages(
          range: $0, a: $1, b: $2, plan: $3, fractions: $4, bits: $5)
      },
      fatFractions: { KernelsAVX512.fatFractions(fit: $0, plan: $1, maps: $2, bits: $3) })
  #endif
}
