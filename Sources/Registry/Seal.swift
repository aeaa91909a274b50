import Documents

/// The seal of a provisional call: one hash over what it rests on and when it was made.
enum Seal {
  /// SHA-256 over the canonical JSON of the call's `seals`.
  static func hash(_ sealed: JSONValue) -> String {
    sha256Hex(Array(sealed.canonical().utf8))
  }

  /// What is sealed: the measurement's own seal, model, ledger, the study's settings, and the system's clock.
  static func content(
    participant: String, lesion: String, _ measurement: SealedMeasurement, scannedOn: CalendarDay,
    settingsSHA256: String, at moment: Moment
  ) -> JSONValue {
    [
      "schema": "pdff.seal/1", "participant": .string(participant), "lesion": .string(lesion),
      "measurement": .string(measurement.sha256), "model": .string(measurement.model.sha256),
      "ledger": .text(measurement.ledgerSHA256), "settings": .string(settingsSHA256),
      "scanned_on": .day(scannedOn), "sealed_at": .string(moment.description),
    ]
  }

  /// Whether a call's seal is that of what it says: its parts, the entry's participant and time, and the
  /// settings of that time.
  static func holds(_ call: JSONValue, entry: Entry, settingsSHA256: String?) -> Bool {
    guard let sealed = call["seals"], call.text("seal") == hash(sealed) else { return false }
    return sealed.text("participant") == entry.participant && sealed.text("sealed_at") == entry.at
      && sealed.text("settings") == settingsSHA256
      && sealed["lesion"] == call["lesion"] && sealed["scanned_on"] == call["scanned_on"]
      && sealed["model"] == call["model"]?["sha256"]
  }
}
