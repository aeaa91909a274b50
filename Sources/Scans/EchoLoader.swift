import Dispatch
import Faults
import Volumes

/// Reads echoes into planar arrays: every file straight into its place, several files at a time.
///
/// Beyond the result, one decoded file for each core is held at a time: magnitude and phase are
/// read into the places of the real and the imaginary part and combined there.
struct EchoLoader {
  private let plan: ScanPlan
  private let echoes: EchoTable
  private let grid: VoxelGrid

  init(_ plan: ScanPlan) throws(ScansError) {
    guard let echoes = plan.echoes, !echoes.times.isEmpty else {
      throw ScansError(.echoTimesMissing)
    }
    self.plan = plan
    self.echoes = echoes
    grid = plan.grid
  }

  /// Where one file's voxels go: for each of its frames the echo.
  private struct Job: Sendable {
    let file: ImageFile
    let isSecond: Bool
    let echoOfFrame: [Int: Int]
  }

  /// What is kept of a file that was read.
  private struct Record: Sendable {
    let sources: [SourceFile]
    let range: ClosedRange<Double>?
    let nonFinite: Int
    let values: Int
  }

  // MARK: Kinds

  func polar(_ magnitude: [ImageFile], _ phase: [ImageFile]) throws -> DixonScan {
    let jobs = jobs(magnitude, echoes.first, false) + jobs(phase, echoes.second, true)
    var evidence: [Evidence] = []
    let (real, imaginary, reading) = try fill(jobs) { real, imaginary, records in
      try checkMagnitudes(jobs, records)
      let seen = zip(jobs, records).filter { $0.0.isSecond }.map { job, record in
        PhaseImage(file: job.file.baseName, range: record.range, sidecar: job.file.sidecar)
      }
      let (scale, found) = try PhaseEvidence.decide(seen, said: plan.request.phaseUnits)
      evidence = [found]
      combine(real, imaginary, factors: quarterTurns(phase, scale))
    }
    return scan(real, imaginary, reading, evidence)
  }

  func cartesian(_ real: [ImageFile], _ imaginary: [ImageFile]) throws -> DixonScan {
    let jobs = jobs(real, echoes.first, false) + jobs(imaginary, echoes.second, true)
    let (real, imaginary, reading) = try fill(jobs) { _, _, _ in }
    return scan(real, imaginary, reading, [])
  }

  func complex(_ images: [ImageFile]) throws -> DixonScan {
    let (real, imaginary, reading) = try fill(jobs(images, echoes.first, false)) { _, _, _ in }
    return scan(real, imaginary, reading, [])
  }

  func magnitude(_ images: [ImageFile]) throws -> DixonScan {
    let jobs = jobs(images, echoes.first, false)
    let (magnitude, _, reading) = try fill(jobs, isComplex: false) { _, _, records in
      try checkMagnitudes(jobs, records)
    }
    var scan = DixonScan(
      signal: .magnitude(
        MagnitudeSeries(grid: grid, echoTimes: echoes.times, magnitude: magnitude)))
    (scan.files, scan.notices) = (reading.files, reading.notices)
    return scan
  }

  private func scan(
    _ real: [Float], _ imaginary: [Float], _ reading: Reading, _ evidence: [Evidence]
  ) -> DixonScan {
    var scan = DixonScan(
      signal: .complex(
        EchoSeries(grid: grid, echoTimes: echoes.times, real: real, imaginary: imaginary)))
    (scan.files, scan.notices, scan.evidence) = (reading.files, reading.notices, evidence)
    return scan
  }

  // MARK: Reading

  private func jobs(
    _ images: [ImageFile], _ frames: [EchoTable.Frame], _ isSecond: Bool
  ) -> [Job] {
    images.enumerated().map { index, file in
      var echoOfFrame: [Int: Int] = [:]
      for (echo, frame) in frames.enumerated() where frame.image == index {
        echoOfFrame[frame.frame] = echo
      }
      return Job(file: file, isSecond: isSecond, echoOfFrame: echoOfFrame)
    }
  }

  /// Planar places that are filled by several threads, no place by two.
  private struct Planes: @unchecked Sendable {
    let real: UnsafeMutableBufferPointer<Float>
    let imaginary: UnsafeMutableBufferPointer<Float>
  }

  /// Reads all files; `finish` works on the filled arrays in place.
  private func fill(
    _ jobs: [Job], isComplex: Bool = true,
    finish: (
      UnsafeMutableBufferPointer<Float>, UnsafeMutableBufferPointer<Float>, [Record]
    ) throws -> Void
  ) throws -> (real: [Float], imaginary: [Float], reading: Reading) {
    try readDoubtfulFilesFirst(jobs)
    let count = grid.count * echoes.times.count
    var reading = Reading()
    var imaginary: [Float] = []
    let real = try [Float](count: count) { real in
      imaginary = try [Float](count: isComplex ? count : 0) { imaginary in
        let planes = Planes(real: real, imaginary: imaginary)
        let records = try read(jobs, planes)
        for record in records {
          reading.add(record.sources, nonFinite: record.nonFinite, values: record.values)
        }
        try reading.checkFinite()
        try finish(planes.real, planes.imaginary, records)
      }
    }
    return (real, imaginary, reading)
  }

  /// A file that promises more than its size can hold (deflate shrinks by 1032 at most) is read, and
  /// refused, before memory is set aside for its voxels.
  private func readDoubtfulFilesFirst(_ jobs: [Job]) throws {
    for job in jobs {
      let shrunk = job.file.path.lowercased().hasSuffix(".gz") ? 1032 : 1
      if job.file.sizeOnDisk < job.file.header.byteCount / shrunk {
        _ = try LoadedImage(job.file)
      }
    }
  }

  private func read(_ jobs: [Job], _ planes: Planes) throws -> [Record] {
    try concurrentMap(jobs.count) { try read(jobs[$0], planes) }
  }

  private func read(_ job: Job, _ planes: Planes) throws -> Record {
    let loaded = try LoadedImage(job.file)
    let voxels = grid.count
    for (frame, echo) in job.echoOfFrame {
      let target = echo * voxels
      let source = frame * voxels
      copy(loaded.image.real, source, to: job.isSecond ? planes.imaginary : planes.real, target)
      if let imaginary = loaded.image.imaginary {
        copy(imaginary, source, to: planes.imaginary, target)
      }
    }
    return Record(
      sources: loaded.sources, range: loaded.range, nonFinite: loaded.image.nonFiniteCount,
      values: loaded.image.real.count * (loaded.image.imaginary == nil ? 1 : 2))
  }

  private func copy(
    _ values: [Float], _ from: Int, to plane: UnsafeMutableBufferPointer<Float>, _ target: Int
  ) {
    let voxels = grid.count
    values.withUnsafeBufferPointer { source in
      guard let into = plane.baseAddress, let first = source.baseAddress,
        from + voxels <= source.count, target + voxels <= plane.count
      else { return }
      (into + target).initialize(from: first + from, count: voxels)
    }
  }

  // MARK: Magnitude and phase

  /// A magnitude below a tenth of the greatest, negative, is none.
  private func checkMagnitudes(_ jobs: [Job], _ records: [Record]) throws(ScansError) {
    for (job, record) in zip(jobs, records) where !job.isSecond {
      guard let range = record.range, range.lowerBound < -0.1 * abs(range.upperBound) else {
        continue
      }
      throw ScansError(
        .magnitudeNegative,
        "values \(FieldEvidence.short(range.lowerBound))..."
          + FieldEvidence.short(range.upperBound), file: job.file.path)
    }
  }

  /// For each echo the quarter turns of one unit of its phase values.
  private func quarterTurns(_ phase: [ImageFile], _ scale: PhaseScale) -> [Float] {
    echoes.second.map { frame in
      let display =
        scale.usesDisplayFactor ? phase[frame.image].sidecar?.philipsDisplayFactor ?? 1 : 1
      return Float(scale.radiansPerUnit * display * 2 / .pi)
    }
  }

  private func combine(
    _ real: UnsafeMutableBufferPointer<Float>, _ imaginary: UnsafeMutableBufferPointer<Float>,
    factors: [Float]
  ) {
    let planes = Planes(real: real, imaginary: imaginary)
    let voxels = grid.count
    DispatchQueue.concurrentPerform(iterations: factors.count) { echo in
      let part = echo * voxels..<(echo + 1) * voxels
      PolarKernel.combine(
        real: .init(rebasing: planes.real[part]),
        imaginary: .init(rebasing: planes.imaginary[part]), quarterTurns: factors[echo])
    }
  }
}
