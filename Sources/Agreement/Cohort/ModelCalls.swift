import Calibration
import Documents
import Volumes

extension SubtypeModel {
  /// What the model says of a recorded measurement; whether that was calibrated is not known.
  func call(_ row: MeasurementRow) -> SubtypeCall {
    call(
      pdff: row.percent.map { FatFraction(percent: $0) },
      standardUncertainty: row.standardUncertainty.map { FatFraction(percent: $0) },
      background: row.background.map { FatFraction(percent: $0) }, findsBoundary: false)
  }

  /// On whom it was trained: its document holds keyed hashes of their identifiers.
  var trainingParticipants: TrainingParticipants? {
    guard let list = document["cohort"]?["participants"], case .string(let key)? = list["key"],
      case .array(let hashes)? = list["hashes"]
    else { return nil }
    return TrainingParticipants(key: key, hashes: Set(hashes))
  }
}

/// The participants of a model's training, as hashes.
struct TrainingParticipants {
  let key: String
  let hashes: Set<JSONValue>

  func contains(_ identifier: String) -> Bool {
    hashes.contains(.string(keyedSHA256Hex(identifier, key: key)))
  }
}
