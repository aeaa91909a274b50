import ArgumentParser
import DICOMImport
import Documents
import Faults
import Scans

/// `pdff import DICOM_DIR -o DIR`
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Turn a folder of DICOM files into NIfTI images with sidecars, through dcm2niix.",
    discussion: """
      Sorts out the series that belong to Dixon scans, compares every converted value with the DICOM \
      files, and leaves the patient's name, numbers and dates of birth behind. 'pdff measure' takes a \
      DICOM folder, too.
      """)

  @Argument(help: "A folder of DICOM files of one patient.", completion: .directory)
  var folder: String

  @Option(name: [.customShort("o"), .customLong("output")], help: "A new or an empty folder.")
  var output: String

  @OptionGroup var options: ImportOptions

  @Option(
    help: ArgumentHelp(
      "The participant's label in the tree: letters and digits, never the hospital's number.",
      valueName: "label"))
  var subject = "01"

  @Option(
    // Days before take a minus.
    parsing: .unconditional,
    help: ArgumentHelp(
      "Move all dates by this many days; what is made from the tree says dates_shifted.",
      valueName: "days"))
  var shiftDays: Int?

  @Flag(help: "Print import.json and nothing else.")
  var json = false

  func validate() throws {
    guard !subject.isEmpty, subject.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
    else {
      throw ValidationError("--subject takes letters and digits")
    }
    if let shiftDays, shiftDays == 0 || abs(shiftDays) > 100_000 {
      throw ValidationError("--shift-days takes a number of days, from -100000 to 100000, not 0")
    }
  }

  func run() throws {
    var work = DICOMImport()
    work.series = options.series
    work.subject = subject
    work.shiftDays = shiftDays
    Interruption.removesImport()
    Console.progress("importing")
    let outcome = try work.run(folder, to: output)
    Console.progressEnds()
    Console.warn(outcome.notices)
    if json { return try Console.result(outcome.document.pretty()) }
    var lines = outcome.scans.map { "imported: \($0)" }
    lines += outcome.setAside.map { "set aside: \($0)" }
    try Console.result(lines.joined(separator: "\n") + "\n")
  }
}

/// What choosing among series takes.
struct ImportOptions: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Of an input with several scans, the one of this series number, or of the label in the list.",
      valueName: "number"))
  var series: [String] = []
}

/// A request whose DICOM folder, if it named one, was imported into a folder that is removed again.
final class ImportedRequest {
  let request: ScanRequest
  private let folder: String?

  init(_ request: ScanRequest, series: [String]) throws {
    let dicom = request.inputs.filter(DICOMImport.recognises)
    guard !dicom.isEmpty else {
      guard series.isEmpty || !request.inputs.isEmpty else {
        throw ValidationError("--series chooses among the scans of INPUT; there is none")
      }
      var chosen = request
      chosen.series = series
      (self.request, folder) = (chosen, nil)
      return
    }
    guard let only = dicom.first, request.inputs.count == 1 else {
      throw ValidationError("give one folder of DICOM files, and no other INPUT beside it")
    }
    var work = DICOMImport()
    work.series = series
    work.wantsOne = true
    work.compresses = false
    Interruption.removesImport()
    Console.progress("importing")
    let place = DICOMImport.temporaryFolder()
    let outcome = try work.run(only, to: place)
    var imported = request
    imported.inputs = [place]
    imported.earlierNotices = outcome.notices
    imported.earlierEvidence = outcome.evidence
    (self.request, folder) = (imported, place)
    Interruption.removes(place)
  }

  /// The images are needed no more.
  func discard() {
    if let folder { DICOMImport.remove(folder) }
  }

  deinit { discard() }
}
