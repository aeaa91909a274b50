import Documents
import Foundation

/// When a file's image was acquired: a day, and a time of day in seconds.
struct AcquisitionMoment {
  let day: CalendarDay?
  let secondsOfDay: Double?

  /// From the acquisition's own date and time, else the series', else the study's; nil where an
  /// anonymiser left none.
  init?(_ file: DICOMFile) {
    let moment = file.text(0x0008, 0x002A)
    let dates = [
      moment.map { String($0.prefix(8)) }, file.text(0x0008, 0x0022), file.text(0x0008, 0x0021),
      file.text(0x0008, 0x0020),
    ]
    day = dates.lazy.compactMap { $0.flatMap(Self.day) }.first
    let times = [moment.map { String($0.dropFirst(8)) }, file.text(0x0008, 0x0032)]
    secondsOfDay = times.lazy.compactMap { $0.flatMap(Self.seconds) }.first
    if day == nil, secondsOfDay == nil { return nil }
  }

  /// `20261103`; old files write `2026.11.03`.
  static func day(_ text: String) -> CalendarDay? {
    let digits = text.filter { $0 != "." && $0 != "-" }
    guard digits.count == 8 else { return nil }
    return CalendarDay("\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))")
  }

  /// `102230.500000`, seconds since midnight.
  static func seconds(_ text: String) -> Double? {
    let plain = text.prefix { $0.isNumber || $0 == "." || $0 == ":" }.filter { $0 != ":" }
    let whole = plain.prefix { $0 != "." }
    guard whole.count >= 4, let hour = Double(whole.prefix(2)),
      let minute = Double(whole.dropFirst(2).prefix(2)), hour < 24, minute < 60
    else { return nil }
    let seconds = Double(plain.dropFirst(4)) ?? 0
    return hour * 3600 + minute * 60 + (seconds < 61 ? seconds : 0)
  }

  /// `10:22:30.5`
  static func clock(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded(.down))
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return
      "\(two(tenths / 36000)):\(two(tenths / 600 % 60)):\(two(tenths / 10 % 60)).\(tenths % 10)"
  }
}
