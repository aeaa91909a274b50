import Faults
import Foundation

/// Why a page was not printed.
public enum PrintFault: String, FaultCode {
  case programMissing = "pdf-program-missing"
  case notPrinted = "pdf-not-printed"

  public var summary: String {
    switch self {
    case .programMissing:
      "printing a report as PDF needs Chromium or WeasyPrint, and neither is there"
    case .notPrinted: "the report was not printed as PDF"
    }
  }

  public var remedy: String {
    switch self {
    case .programMissing:
      "install one: 'apt-get install chromium' or 'pip install weasyprint'; or leave out --pdf and "
        + "print report.html from a browser"
    case .notPrinted:
      "see that the program named here runs by itself; or leave out --pdf and print report.html from "
        + "a browser"
    }
  }

  public var exit: ExitStatus { .unavailable }
}

public typealias PrintError = Fault<PrintFault>

/// A program of this machine that prints a page as PDF.
public struct PDFPrinter: Sendable {
  enum Kind: Sendable { case chromium, weasyPrint }

  let kind: Kind
  let path: String

  /// In the order in which they are preferred.
  private static let programs: [(name: String, kind: Kind)] = [
    ("chromium", .chromium), ("chromium-browser", .chromium), ("google-chrome", .chromium),
    ("google-chrome-stable", .chromium), ("weasyprint", .weasyPrint),
  ]

  /// The first program on the search path.
  ///
  /// - Parameter searchPath: folders separated by ":"; the environment's PATH where nil.
  public init(searchPath: String? = nil) throws(PrintError) {
    let folders = (searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? "")
      .split(separator: ":")
    for program in PDFPrinter.programs {
      for folder in folders {
        let path = "\(folder)/\(program.name)"
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
          !isFolder.boolValue, FileManager.default.isExecutableFile(atPath: path)
        else { continue }
        (kind, self.path) = (program.kind, path)
        return
      }
    }
    throw PrintError(.programMissing)
  }

  /// How long a program may take, seconds: pages print in a few, a busy machine takes longer.
  static let patience = 180.0

  /// Prints an HTML file; both paths are absolute or from the working folder.
  package func print(_ html: String, to pdf: String) throws(PrintError) {
    let (html, pdf) = (URL(fileURLWithPath: html), URL(fileURLWithPath: pdf))
    // What a browser keeps goes away with it.
    let profile = pdf.path + ".profile"
    defer { try? FileManager.default.removeItem(atPath: profile) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    switch kind {
    case .chromium:
      process.arguments =
        [
          "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions",
          "--user-data-dir=\(profile)", "--no-pdf-header-footer", "--print-to-pdf=\(pdf.path)",
        ]
        // A browser's sandbox does not work for root; the page is ours and runs no script.
        + (geteuid() == 0 ? ["--no-sandbox"] : []) + [html.absoluteString]
    case .weasyPrint:
      process.arguments = ["--quiet", html.path, pdf.path]
    }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let name = (path as NSString).lastPathComponent
    do { try process.run() } catch { throw PrintError(.notPrinted, "\(name) does not start") }
    let end = Date(timeIntervalSinceNow: PDFPrinter.patience)
    while process.isRunning, Date() < end { Thread.sleep(forTimeInterval: 0.05) }
    if process.isRunning {
      kill(process.processIdentifier, SIGKILL)
      throw PrintError(.notPrinted, "\(name) took longer than \(Int(PDFPrinter.patience)) s")
    }
    let start = FileManager.default.contents(atPath: pdf.path)?.prefix(5)
    guard process.terminationStatus == 0, start == Data("%PDF-".utf8) else {
      throw PrintError(.notPrinted, "\(name) ended with status \(process.terminationStatus)")
    }
  }
}
