import Faults
import Foundation
import Scans
import Testing
import Volumes

/// Expects a fault of this room, its exit status, words that name the place, and a remedy.
func expectFault(
  _ code: ScansFault, exit: Int32 = 65, naming words: String,
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> DixonScan
) {
  do {
    let scan = try body()
    Issue.record("loaded as \(scan.kind)", sourceLocation: sourceLocation)
  } catch let error as ScansError {
    #expect(error.code == code, sourceLocation: sourceLocation)
    #expect(error.exit.rawValue == exit, sourceLocation: sourceLocation)
    #expect(
      "\(error)".contains(words), "\(error) does not say \(words)", sourceLocation: sourceLocation)
    #expect("\(error)".contains("what to do: "), sourceLocation: sourceLocation)
    #expect(!"\(error)".contains("/tmp"), sourceLocation: sourceLocation)
  } catch {
    Issue.record("another error: \(error)", sourceLocation: sourceLocation)
  }
}

@Suite("Bad input")
struct BadInputTests {
  private func scan(_ change: (ScanFolder) throws -> Void) throws -> ScanFolder {
    let folder = try ScanFolder()
    try folder.bids()
    try change(folder)
    return folder
  }

  @Test("Phase for some echoes only")
  func phaseMissing() throws {
    let folder = try scan { try $0.remove("sub-01_echo-3_part-phase_MEGRE.nii.gz") }
    expectFault(.phaseMissing, naming: "sub-01_echo-3_part-mag_MEGRE.nii.gz") { try folder.load() }
  }

  @Test("Phase without magnitude, real without imaginary, water without fat")
  func counterparts() throws {
    var folder = try scan { folder in
      for echo in 1...4 { try folder.remove("sub-01_echo-\(echo)_part-mag_MEGRE.nii.gz") }
    }
    expectFault(.counterpartMissing, naming: "phase and no magnitude") { try folder.load() }
    folder = try scan { try $0.remove("sub-01_echo-3_part-mag_MEGRE.nii.gz") }
    expectFault(.counterpartMissing, naming: "3.6 ms") { try folder.load() }
    folder = try ScanFolder()
    try folder.image("s_e1_real.nii", ScanFolder.magnitude(1))
    expectFault(.counterpartMissing, naming: "real and no imaginary") { try folder.load() }
    folder = try ScanFolder()
    try folder.image("s_F.nii", ScanFolder.magnitude(1))
    expectFault(.counterpartMissing, naming: "fat and no water") { try folder.load() }
  }

  @Test("No echo times, no field strength")
  func missingValues() throws {
    var folder = try ScanFolder()
    for echo in 1...3 { try folder.image("s_e\(echo).nii", ScanFolder.magnitude(echo)) }
    expectFault(.echoTimesMissing, naming: "--echo-times-ms") { try folder.load() }
    folder = try ScanFolder()
    try folder.bids(field: false)
    expectFault(.fieldStrengthMissing, naming: "--field-strength-t") { try folder.load() }
    guard case .scan(let plan) = try ScanRecognition.of(ScanRequest(inputs: [folder.path])) else {
      Issue.record("several series")
      return
    }
    #expect(plan.missing.map(\.code) == [.fieldStrengthMissing])
    #expect(try plan.load().kind == .complex)
  }

  @Test("Field strengths that make no sense or contradict each other")
  func fieldStrength() throws {
    for (keys, code) in [
      (#""MagneticFieldStrength": 15000"#, ScansFault.fieldStrengthImplausible),
      (#""MagneticFieldStrength": -3"#, .fieldStrengthImplausible),
      (#""ImagingFrequency": 127740000"#, .fieldStrengthImplausible),
      (#""MagneticFieldStrength": 1.5, "ImagingFrequency": 127.7"#, .fieldStrengthContradicts),
      (#""MagneticFieldStrength": 1.5"#, .fieldStrengthContradicts),
    ] {
      let folder = try scan {
        try $0.text("sub-01_echo-2_part-mag_MEGRE.json", #"{"EchoTime": 0.0024, \#(keys)}"#)
        if code == .fieldStrengthContradicts && !keys.contains("Frequency") { return }
        for echo in [1, 3, 4] {
          try $0.text(
            "sub-01_echo-\(echo)_part-mag_MEGRE.json",
            #"{"EchoTime": \#(ScanFolder.times[echo - 1]), \#(keys)}"#)
        }
        for echo in 1...4 {
          try $0.text(
            "sub-01_echo-\(echo)_part-phase_MEGRE.json", #"{"Units": "rad", \#(keys)}"#)
        }
      }
      expectFault(code, naming: "--") { try folder.load() }
    }
  }

  @Test("Echo times in ms, zero, or not one for each echo")
  func echoTimes() throws {
    var folder = try scan {
      try $0.text("sub-01_echo-2_part-mag_MEGRE.json", #"{"EchoTime": 2.4}"#)
    }
    expectFault(.echoTimesInMilliseconds, naming: "sub-01_echo-2_part-mag") { try folder.load() }
    folder = try scan { try $0.text("sub-01_echo-2_part-mag_MEGRE.json", #"{"EchoTime": 0}"#) }
    expectFault(.echoTimeInvalid, naming: "sub-01_echo-2_part-mag") { try folder.load() }
    folder = try scan {
      try $0.text("sub-01_echo-4_part-mag_MEGRE.json", #"{"EchoTime": [0.001, 0.002]}"#)
    }
    expectFault(.echoTimesCount, naming: "2 in the sidecar, 1 in the image") { try folder.load() }
    folder = try scan { _ in }
    expectFault(.echoTimesCount, naming: "2 by --echo-times-ms, 4 echoes") {
      try folder.load { $0.echoTimes = [Seconds(0.001), Seconds(0.002)] }
    }
    expectFault(.echoTimesInMilliseconds, naming: "0.5 s") {
      try folder.load { $0.echoTimes = [1, 2, 3, 4].map { Seconds($0) } }
    }
  }

  @Test("Frames that do not match the echo times")
  func frames() throws {
    let folder = try ScanFolder()
    let values = (1...3).flatMap { ScanFolder.magnitude($0) }
    try folder.image(
      "sub-01_MEGRE.nii", values, frames: 3, #"{"EchoTime": 0.001, "MagneticFieldStrength": 3}"#)
    expectFault(.echoTimesCount, naming: "1 in the sidecar, 3 in the image") { try folder.load() }
    var request = ScanRequest()
    request.pdff = folder.path("sub-01_MEGRE.nii")
    expectFault(.framesUnexpected, naming: "3 frames") { try DixonScan.load(request) }
  }

  @Test("Duplicate echoes")
  func duplicates() throws {
    let folder = try ScanFolder()
    try folder.bids(times: [0.0012, 0.0024, 0.0024, 0.0048])
    expectFault(.echoesDuplicate, naming: "2.4 ms") { try folder.load() }
  }

  @Test("Unequal grids among echoes")
  func grids() throws {
    let wide = ScanFolder.grid(nx: 10, ny: 7, nz: 3)
    let moved = ScanFolder.grid(nx: 9, ny: 7, nz: 3, shift: 1)
    for grid in [wide, moved] {
      let folder = try scan {
        try $0.image(
          "sub-01_echo-3_part-phase_MEGRE.nii.gz", ScanFolder.steps(3, grid: grid), grid: grid)
      }
      expectFault(.gridsDiffer, naming: "sub-01_echo-3_part-phase") { try folder.load() }
    }
  }

  @Test("Too few echoes")
  func tooFew() throws {
    var folder = try ScanFolder()
    try folder.bids(echoes: 1)
    expectFault(.tooFewEchoes, naming: "1 of at least 2") { try folder.load() }
    folder = try ScanFolder()
    try folder.bids(echoes: 2, times: [0.0012, 0.0019], withPhase: false)
    expectFault(.tooFewEchoes, naming: "2 of at least 3") { try folder.load() }
  }

  @Test("Several series are listed, with how to choose")
  func severalSeries() throws {
    let folder = try ScanFolder()
    try folder.bids(prefix: "sub-01_run-1")
    try folder.bids(prefix: "sub-01_run-2")
    expectFault(.severalSeries, naming: "sub-01_run-2: 4 magnitude, 4 phase") { try folder.load() }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.contains("run-2") }.map(folder.path)
    #expect(try DixonScan.load(ScanRequest(inputs: files)).outputPrefix == "sub-01_run-2_")
    // Repetitions that differ in a series number are not joined: their images collide.
    let repeated = try ScanFolder()
    for series in [3, 4] {
      for echo in 1...3 {
        try repeated.image("g_\(series)_e\(echo).nii", ScanFolder.magnitude(echo))
      }
    }
    expectFault(.severalSeries, naming: "g_3") { try repeated.load() }
  }

  @Test("Nothing to recognise")
  func nothing() throws {
    let folder = try ScanFolder()
    expectFault(.noImages, exit: 66, naming: "no NIfTI") { try folder.load() }
    expectFault(.inputNotFound, exit: 66, naming: "absent") {
      try DixonScan.load(ScanRequest(inputs: [folder.path("absent")]))
    }
    try folder.image("image.nii", ScanFolder.magnitude(1))
    expectFault(.roleUnknown, naming: "--magnitude") { try folder.load() }
    try folder.image("s_e1_ph.nii", ScanFolder.radians(1), #"{"ImageType": ["M"]}"#)
    expectFault(.roleContradicts, naming: "s_e1_ph.nii") { try folder.load() }
  }

  @Test("A bad sidecar is named")
  func sidecar() throws {
    let folder = try scan { try $0.text("sub-01_echo-2_part-mag_MEGRE.json", "{") }
    expectFault(.sidecarNotJSON, naming: "sub-01_echo-2_part-mag_MEGRE.json") { try folder.load() }
  }

  @Test("Negative magnitudes")
  func negative() throws {
    let folder = try scan {
      try $0.image("sub-01_echo-2_part-mag_MEGRE.nii.gz", ScanFolder.steps(2), as: .int16)
    }
    expectFault(.magnitudeNegative, naming: "sub-01_echo-2_part-mag") { try folder.load() }
  }

  @Test("Voxels that are not finite: few are a warning, more than half a fault")
  func nonFinite() throws {
    func folder(_ share: Int) throws -> ScanFolder {
      try scan { folder in
        for echo in 1...4 {
          try folder.image(
            "sub-01_echo-\(echo)_part-mag_MEGRE.nii.gz",
            ScanFolder.magnitude(echo).enumerated().map { $0 % 10 < share ? .nan : $1 })
          try folder.image(
            "sub-01_echo-\(echo)_part-phase_MEGRE.nii.gz",
            ScanFolder.radians(echo).enumerated().map { $0 % 10 < share && $0 > 1 ? .nan : $1 })
        }
      }
    }
    let loaded = try folder(1).load()
    #expect(loaded.notices.map(\.code) == ["non-finite-voxels"])
    #expect(loaded.echo(0)?.real[10].isNaN == true)
    #expect(loaded.echo(0)?.imaginary[10].isNaN == true)
    expectFault(.tooManyNonFinite, naming: "values") { try folder(7).load() }
  }

  @Test("A file that cannot be read is named by the reader's fault")
  func unreadable() throws {
    let folder = try scan { try $0.text("sub-01_echo-2_part-mag_MEGRE.nii.gz", "no image") }
    do {
      _ = try folder.load()
      Issue.record("loaded")
    } catch let error as any UserFacingError {
      #expect("\(error)".contains("sub-01_echo-2_part-mag_MEGRE.nii.gz"))
    }
  }

  @Test("Every condition has words and a remedy of its own")
  func words() {
    #expect(ScansFault.allCases.allSatisfy { !$0.summary.isEmpty && !$0.remedy.isEmpty })
    #expect(Set(ScansFault.allCases.map(\.summary)).count == ScansFault.allCases.count)
  }
}
