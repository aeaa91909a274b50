import Documents
import Foundation

/// A moment in coordinated universal time, to the millisecond.
public struct Moment: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Since 1970-01-01T00:00:00Z.
  public let milliseconds: Int

  public init(milliseconds: Int) { self.milliseconds = milliseconds }

  public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

  /// A moment as `description` writes it.
  public init?(_ text: String) {
    guard text.utf8.count == 24, text.hasSuffix("Z"),
      let day = CalendarDay(String(text.prefix(10))),
      text.dropFirst(10).first == "T"
    else { return nil }
    let fields = text.dropFirst(11).dropLast().split { $0 == ":" || $0 == "." }
    let parts = fields.compactMap { Int($0) }
    guard parts.count == 4 else { return nil }
    milliseconds =
      day.number * 86_400_000 + parts[0] * 3_600_000 + parts[1] * 60_000 + parts[2] * 1000
      + parts[3]
  }

  public var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

  /// `2026-11-20T14:03:12.345Z`.
  public var description: String {
    var seconds = time_t((milliseconds - Self.rest(milliseconds)) / 1000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ value: Int, _ digits: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
    let day =
      "\(padded(Int(parts.tm_year) + 1900, 4))-\(padded(Int(parts.tm_mon) + 1, 2))-\(padded(Int(parts.tm_mday), 2))"
    let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded(Int($0), 2) }
    return "\(day)T\(time.joined(separator: ":")).\(padded(Self.rest(milliseconds), 3))Z"
  }

  private static func rest(_ milliseconds: Int) -> Int {
    let rest = milliseconds % 1000
    return rest < 0 ? rest + 1000 : rest
  }
}

/// Where audit and seal times come from. Only tests use another than the system's.
package struct RegistryClock: Sendable {
  package let now: @Sendable () -> Moment

  package init(now: @escaping @Sendable () -> Moment) { self.now = now }

  package static let system = RegistryClock {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Moment(milliseconds: Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000)
  }
}
