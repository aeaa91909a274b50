import Foundation

/// Holds back who tries passwords: five failures of one name within a quarter of an hour close it for
/// the rest of that time, and thirty tries a minute of all together close the door for everybody.
///
/// A try counts when it begins, so that many at once gain nothing; one that succeeds takes its name's
/// failures away.
actor LoginGate {
  static let triesOfOne = 5
  static let windowOfOne: TimeInterval = 15 * 60
  static let triesOfAll = 30
  static let windowOfAll: TimeInterval = 60

  private var ofOne: [String: [Date]] = [:]
  private var ofAll: [Date] = []

  /// Lets a try in, or says for how many seconds none is let in.
  func admit(_ user: String, at now: Date) -> Int? {
    if let seconds = closed(to: user, at: now) { return seconds }
    failed(user, at: now)
    return nil
  }

  /// For how many seconds none is let in; nil where one is.
  func closed(to user: String, at now: Date) -> Int? {
    ofAll.removeAll { now.timeIntervalSince($0) >= Self.windowOfAll }
    ofOne = ofOne.compactMapValues { tries in
      let recent = tries.filter { now.timeIntervalSince($0) < Self.windowOfOne }
      return recent.isEmpty ? nil : recent
    }
    if ofAll.count >= Self.triesOfAll { return wait(ofAll[0], Self.windowOfAll, now) }
    let tries = ofOne[user, default: []]
    return tries.count >= Self.triesOfOne ? wait(tries[0], Self.windowOfOne, now) : nil
  }

  func failed(_ user: String, at now: Date) {
    ofAll.append(now)
    ofOne[user, default: []].append(now)
  }

  func succeeded(_ user: String) { ofOne[user] = nil }

  private func wait(_ first: Date, _ window: TimeInterval, _ now: Date) -> Int {
    max(1, Int((window - now.timeIntervalSince(first)).rounded(.up)))
  }
}
