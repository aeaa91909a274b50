import Faults
import Regions
import Volumes

/// What the doctor finds between a mask and a scan.
public struct Diagnosis: Sendable {
  /// A hypothesis that was weighed.
  public struct Weighed: Sendable {
    public let hypothesis: Hypothesis
    public let evidence: MaskEvidence
  }

  public let asGiven: MaskEvidence
  /// What was weighed besides, the best first.
  public let weighed: [Weighed]
  /// What is wrong, or nil.
  public let fault: Weighed?
  /// Why it is called so, or why nothing is.
  public let reason: String

  /// The layers as mended, where there is something to mend.
  public func mended(_ mask: ExaminedMask) -> [Volume<Int32>]? {
    fault.map { $0.hypothesis.mended(mask) }
  }

  /// Less than half of the mask lies on tissue, and nothing explains it.
  public var isMostlyInAir: Bool { fault == nil && asGiven.inTissue < 0.5 }

  /// The fault as an error.
  public func error(file: String?) -> GeometryError? {
    fault.map {
      GeometryError($0.hypothesis.fault, "\($0.hypothesis.words); \(reason)", file: file)
    }
  }
}

/// When evidence decides.
///
/// On real scans, masks drawn at random and turned over in every way reach an edge of
/// 3.2 standard deviations, and 4.3 above that as given, in 94 masks (docs/doctor.md).
enum Verdict {
  /// An edge that was drawn along one in the images.
  static let fits = 4.0
  /// An edge that convinces against the header, and by how much it must exceed that as given.
  static let convinces = 6.0
  static let margin = 5.0
  /// The same where thousands of places are searched, and by how much where it is a few slices.
  static let convincesSearched = 7.0
  static let sliceMargin = 4.0
  /// A large mask whose edge stands out so far need not be turned over to see whether it could more.
  static let beyondDoubt = 10.0
  static let largeMask = 30_000
}

/// Weighs everything that may be wrong between a mask and a scan.
///
/// - Parameters:
///   - mask: as its file gives it.
///   - images: the scan's, on its grid.
///   - scanOther: where the scan header's other affine places its grid.
/// - Throws: `mask-geometry` where an affine is unusable.
public func diagnose(
  _ mask: ExaminedMask, on images: ScanImages, scanOther: VoxelGrid? = nil
) throws(RegionsError) -> Diagnosis {
  var placing = Placing(images)
  let hypotheses = Hypotheses(mask: mask, scan: images.grid, scanOther: scanOther)
  let given = try placing.place(mask, on: mask.grid)
  let asGiven = images.measured(images.evidence(given), given)

  var candidates: [(Hypothesis, PlacedMask, MaskEvidence)] = []
  var all = hypotheses.all
  if hypotheses.mayBeCropped, asGiven.inTissue < 0.5 || (asGiven.z ?? 0) < Verdict.fits {
    all += try searchCrop(mask, hypotheses, images)
  }
  if mask.count > Verdict.largeMask, (asGiven.z ?? 0) >= Verdict.beyondDoubt {
    all.removeAll { $0.ground == .images }
  }
  for hypothesis in all {
    let placed = try placing.place(mask, hypothesis.reordering, on: hypothesis.grid)
    let evidence = images.evidence(placed)
    // Where nothing fits better than as given, the images need not be asked further.
    if hypothesis.ground != .header, evidence.edge <= asGiven.edge,
      evidence.inTissue <= asGiven.inTissue
    {
      continue
    }
    candidates.append((hypothesis, placed, evidence))
  }
  candidates.sort { $0.2.edge * $0.2.inTissue > $1.2.edge * $1.2.inTissue }
  var weighed: [Diagnosis.Weighed] = []
  for (place, (hypothesis, placed, evidence)) in candidates.enumerated() {
    let isClose = place < 4 || hypothesis.ground == .header
    weighed.append(
      .init(
        hypothesis: hypothesis,
        evidence: isClose ? images.measured(evidence, placed) : evidence))
  }
  return decide(asGiven, weighed)
}

/// The first of the best-supported hypotheses that convinces.
private func decide(_ given: MaskEvidence, _ weighed: [Diagnosis.Weighed]) -> Diagnosis {
  let order = weighed.sorted { rank($0) > rank($1) }
  for one in order {
    if let reason = reason(for: one, against: given) {
      return Diagnosis(asGiven: given, weighed: order, fault: one, reason: reason)
    }
  }
  let reason =
    given.inTissue < 0.5
    ? "no known fault explains it"
    : (given.z ?? 0) >= Verdict.fits
      ? "its edge follows edges of the images" : "nothing speaks against its header"
  return Diagnosis(asGiven: given, weighed: order, fault: nil, reason: reason)
}

private func rank(_ one: Diagnosis.Weighed) -> Double {
  (one.evidence.z ?? one.evidence.edge) + 10 * (one.evidence.inTissue - 1)
    + (one.hypothesis.ground == .header ? 1 : 0)
    // A header that says itself where it fits explains more than turned signs that lead there, too.
    + (one.hypothesis.fault == .form && one.hypothesis.ground == .header ? 0.5 : 0)
}

/// Why a hypothesis is believed, or nil.
private func reason(for one: Diagnosis.Weighed, against given: MaskEvidence) -> String? {
  let (z, given0) = (one.evidence.z, given.z)
  let isSearched = one.hypothesis.fault == .cropped
  let isSlices = one.hypothesis.fault == .slicesMissing
  let convinces = isSearched ? Verdict.convincesSearched : Verdict.convinces
  let margin = isSlices ? Verdict.sliceMargin : Verdict.margin
  let gain = (z ?? 0) - (given0 ?? 0)
  let byEdge =
    (z ?? 0) >= convinces && gain >= margin
    && one.evidence.inTissue >= given.inTissue - 0.05
  let isInAir = given.inTissue < 0.5 && one.evidence.inTissue >= max(0.9, 2 * given.inTissue)
  let shares =
    "\(percent(given.inTissue)) of it lie on tissue as given, "
    + "\(percent(one.evidence.inTissue)) as mended"
  let edges =
    "its edge stands out by \(words(given0)) standard deviations as given, \(words(z)) as mended"
  switch one.hypothesis.ground {
  case .header:
    // The images may still say that all is well.
    if let given0, given0 >= Verdict.fits, given0 - (z ?? 0) >= 2 { return nil }
    guard one.evidence.inTissue >= min(0.5, given.inTissue) else { return nil }
    return "its header agrees with the scan's in no other way; \(shares); \(edges)"
  case .possible:
    let isLikely = isSearched ? (z ?? 0) >= 5 : (z ?? 3) >= 3
    return byEdge || (isInAir && isLikely) ? "\(shares); \(edges)" : nil
  case .images:
    return byEdge || (isInAir && (z ?? 0) >= 5) ? "\(shares); \(edges)" : nil
  }
}

private func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }

private func words(_ z: Double?) -> String {
  z.map { "\(($0 * 10).rounded() / 10)" } ?? "an unknown number of"
}
