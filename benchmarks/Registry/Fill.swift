import Documents
import Foundation
import Registry
import Trial

/// `pdff-registry-fill FILE COUNT`: a simulated study of COUNT participants with systemic treatment, one in
/// three with tissue, recorded change by change as the commands do; prints the coordinator's token.
@main enum Fill {
  static func main() throws {
    guard CommandLine.arguments.count == 3, let count = Int(CommandLine.arguments[2]) else {
      FileHandle.standardError.write(Data("usage: pdff-registry-fill FILE COUNT\n".utf8))
      exit(64)
    }
    let path = CommandLine.arguments[1]
    var settings = StudySettings(study: "Benchmark")
    settings.isSimulated = true
    let admin = try Registry.create(path, settings: settings, admin: "admin")
    let registry = try Registry(opening: path)
    let token = try registry.session(user: "admin", token: admin)
      .addUser(name: "coordinator", role: .coordinator)
    let session = try registry.session(user: "coordinator", token: token)
    guard let first = CalendarDay("2026-01-05") else { return }
    for number in 0..<count {
      let digits = String(number)
      let id = "P-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
      let enrolled = first.adding(days: number % 360)
      _ = try session.enrol(participant: id, site: "site-\(number % 40)", on: enrolled)
      _ = try session.treat(
        TreatmentRequest(
          participant: id, kind: .systemicStart, date: enrolled.adding(days: 6), lesion: nil,
          reason: nil))
      guard number % 3 == 0 else { continue }
      _ = try session.tissue(
        TissueRequest(
          participant: id, lesion: "L1", finding: number % 2 == 0 ? .f3 : .f1,
          biopsyOn: enrolled.adding(days: 4), reportedOn: enrolled.adding(days: 18),
          specimen: "core", method: "RNA", reference: "R\(number)"))
    }
    print(token.text)
  }
}
