import Documents

/// One measurement of one vial of a fat phantom, percent.
public struct Vial: Sendable, Hashable {
  /// What is in it.
  public var referencePercent: Double
  /// The mean that the scanner gave.
  public var measuredPercent: Double
  /// 1, 2, ...: which measurement of the vial.
  public var measurement: Int

  public init(referencePercent: Double, measuredPercent: Double, measurement: Int = 1) {
    self.referencePercent = referencePercent
    self.measuredPercent = measuredPercent
    self.measurement = measurement
  }
}

extension Vial {
  /// Reads `reference_pdff_percent,measured_pdff_percent[,repeat]`.
  ///
  /// Throws `TableError` for a file that is no such table, else one `vials-invalid` that names every
  /// problem with its line.
  public static func read(_ table: CSVTable, file: String? = nil) throws -> [Vial] {
    do {
      try table.require(["reference_pdff_percent", "measured_pdff_percent"])
    } catch { throw file.map { error.placed(in: $0) } ?? error }
    var problems: [String] = []
    var vials: [Vial] = []
    var lines: [[Double]: Int] = [:]
    for record in table.records {
      func field(_ name: String) -> String? { table.column(name).map { record.fields[$0] } }
      func number(_ name: String, _ range: ClosedRange<Double>) -> Double? {
        let text = field(name) ?? ""
        guard let value = Double(text), value.isFinite else {
          problems.append("line \(record.line): \(name) '\(shown(text))' is not a number")
          return nil
        }
        guard range.contains(value) else {
          problems.append("line \(record.line): \(name) \(text) is no percentage")
          return nil
        }
        return value
      }
      let reference = number("reference_pdff_percent", 0...100)
      let measured = number("measured_pdff_percent", -20...120)
      let text = field("repeat") ?? "1"
      guard let measurement = Int(text), (1...1000).contains(measurement) else {
        problems.append("line \(record.line): repeat '\(shown(text))' is not a whole number from 1")
        continue
      }
      guard let reference, let measured else { continue }
      if let first = lines.updateValue(record.line, forKey: [reference, Double(measurement)]) {
        let what = table.column("repeat") == nil ? "give a column repeat" : "it has the same repeat"
        problems.append("line \(record.line): the vial of line \(first) again; \(what)")
      }
      vials.append(
        Vial(referencePercent: reference, measuredPercent: measured, measurement: measurement))
    }
    let most = vials.map { max($0.referencePercent, abs($0.measuredPercent)) }.max() ?? 0
    if problems.isEmpty, most <= 1.5 {
      problems.append("every value is at most 1.5: these look like fractions, not percent")
    }
    guard problems.isEmpty else {
      throw LedgerError(.vialsInvalid, problems.joined(separator: "; "), file: file)
    }
    return vials
  }

  private static func shown(_ text: String) -> String { String(text.prefix(20)) }
}
