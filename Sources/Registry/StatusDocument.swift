import Documents
import Trial

extension ParticipantStatus {
  /// What a role may not know is not in it.
  public var document: JSONValue {
    var members: [String: JSONValue] = [
      "participant": .string(participant), "site": .string(site), "enrolled_on": .day(enrolledOn),
      "on": .day(on), "state": .string(state), "simulated": .bool(isSimulated),
    ]
    if let assessment { members.merge(assessment.members) { $1 } }
    if !calls.isEmpty { members["calls"] = .array(calls.map(\.document)) }
    if !tissue.isEmpty { members["tissue"] = .array(tissue.map(\.document)) }
    if !events.isEmpty { members["events"] = .array(events.map(\.document)) }
    return .object(members)
  }
}

extension Assessment {
  fileprivate var members: [String: JSONValue] {
    [
      "reconciliation": .string(reconciliation.rawValue),
      "not_evidence": .array(notEvidence.map { .string($0.rawValue) }),
      "consequence": .string(consequence.rawValue),
      "provisional_arm": .string(provisionalArm.rawValue),
      "tissue_arm": .text(tissueArm?.rawValue), "systemic_start": .day(systemicStart),
      "closed_on": .day(closedOn), "tissue_deadline": .day(tissueDeadline),
      "action": [
        "kind": .string(action.kind.rawValue), "words": .string(action.kind.words),
        "from": .day(action.from), "by": .day(action.by),
      ],
      "call_entry": .integer(callEntry), "tissue_entry": .integer(tissueEntry),
    ]
  }
}

extension CallLine {
  var document: JSONValue {
    var members: [String: JSONValue] = [
      "entry": .integer(entry), "lesion": .string(lesion), "call": .string(call),
      "set": .array(set.map { .string($0.rawValue) }), "arm": .string(arm.rawValue),
      "scanned_on": .day(scannedOn), "sealed_on": .day(sealedOn),
      "standing": .string(standing.rawValue), "model": .string(model), "seal": .string(seal),
      "reasons": .array(reasons.map { .string($0) }),
    ]
    if let pdffPercent {
      members["pdff_percent"] = .number(pdffPercent)
      members["standard_uncertainty"] = .finite(standardUncertainty)
      members["background_pdff_percent"] = .finite(backgroundPercent)
    }
    return .object(members)
  }
}

extension TissueLine {
  var document: JSONValue {
    [
      "entry": .integer(entry), "lesion": .string(lesion), "subtype": .string(finding.rawValue),
      "biopsy_on": .day(biopsyOn), "reported_on": .day(reportedOn), "specimen": .string(specimen),
      "method": .string(method), "reference": .string(reference),
    ]
  }
}

extension EventLine {
  var document: JSONValue {
    [
      "entry": .integer(entry), "event": .string(event), "date": .day(date),
      "lesion": .text(lesion), "detail": .string(detail),
      "deviations": .array(deviations.map { .string($0) }),
    ]
  }
}
