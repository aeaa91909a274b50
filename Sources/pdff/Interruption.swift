import DICOMImport
import Dispatch
import Documents
import Foundation
import Programs
import Synchronization

/// Ends the programs that run for pdff and takes away what is staged when the user interrupts (SIGINT, SIGTERM, SIGHUP), then ends with
/// 128 and the signal's number, as shells expect.
enum Interruption {
  private static let folder = Mutex<StagedFolder?>(nil)
  private static let temporary = Mutex<String?>(nil)
  nonisolated(unsafe) private static var sources: [any DispatchSourceSignal] = []

  /// From now on an interruption discards `staged`.
  static func discards(_ staged: StagedFolder) {
    folder.withLock { $0 = staged }
    listen()
  }

  /// From now on an interruption removes a temporary folder.
  static func removes(_ path: String) {
    temporary.withLock { $0 = path }
    listen()
  }

  /// From now on an interruption removes what an import under way has written.
  static func removesImport() { listen() }

  private static func listen() {
    guard sources.isEmpty else { return }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(
        signal: number, queue: DispatchQueue(label: "interruption"))
      source.setEventHandler {
        RunningPrograms.end()
        folder.withLock { $0?.discard() }
        for path in [temporary.withLock { $0 }, ImportInterruption.folder.withLock { $0 }] {
          if let path { DICOMImport.remove(path) }
        }
        Console.progressEnds()
        exit(128 + number)
      }
      source.resume()
      sources.append(source)
    }
  }
}
