import Faults
import Foundation
import Programs

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
  private enum Kind: Sendable { case chromium, weasyPrint }

  private let kind: Kind
  private let program: ExternalProgram

  /// In the order in which they are preferred.
  private static let programs: [(name: String, kind: Kind)] = [
    ("chromium", .chromium), ("chromium-browser", .chromium), ("google-chrome", .chromium),
    ("google-chrome-stable", .chromium), ("weasyprint", .weasyPrint),
  ]

  /// The first program on the search path.
  ///
  /// - Parameter searchPath: folders separated by ":"; the environment's PATH where nil.
  public init(searchPath: String? = nil) throws(PrintError) {
    for (name, kind) in PDFPrinter.programs {
      guard let program = ExternalProgram(named: name, searchPath: searchPath) else { continue }
      (self.kind, self.program) = (kind, program)
      return
    }
    throw PrintError(.programMissing)
  }

  /// How long a program may take, seconds: pages print in a few, a busy machine takes longer.
  private static let patience = 180.0

  /// Prints an HTML file; both paths are absolute or from the working folder.
  package func print(_ html: String, to pdf: String) throws(PrintError) {
    let (html, pdf) = (URL(fileURLWithPath: html), URL(fileURLWithPath: pdf))
    // What a browser keeps goes away with it.
    let profile = pdf.path + ".profile"
    defer { try? FileManager.default.removeItem(atPath: profile) }
    let arguments =
      switch kind {
      case .chromium: chromiumArguments(html, pdf, profile: profile)
      case .weasyPrint: ["--quiet", html.path, pdf.path]
      }
    guard let ending = try? program.run(arguments, patience: PDFPrinter.patience) else {
      throw PrintError(.notPrinted, "\(program.name) does not start")
    }
    guard ending.isSuccess else { throw PrintError(.notPrinted, "\(program.name) \(ending)") }
    guard FileManager.default.contents(atPath: pdf.path)?.prefix(5) == Data("%PDF-".utf8) else {
      throw PrintError(.notPrinted, "\(program.name) wrote no PDF")
    }
  }

  private func chromiumArguments(_ html: URL, _ pdf: URL, profile: String) -> [String] {
    [
      "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions",
      "--user-data-dir=\(profile)", "--no-pdf-header-footer", "--print-to-pdf=\(pdf.path)",
    ]
      // A browser's sandbox does not work for root; the page is ours and runs no script.
      + (geteuid() == 0 ? ["--no-sandbox"] : []) + [html.absoluteString]
  }
}
