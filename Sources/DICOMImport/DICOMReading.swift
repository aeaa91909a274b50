import Foundation

/// What an import learns from one file's bytes before anything is converted; for the fuzzer.
///
/// - Returns: how many scans could be imported; nil where the file is none to import.
package func scansOfDICOMFile(_ bytes: [UInt8]) -> Int? {
  guard let file = try? DICOMFile(Data(bytes), path: ""),
    let folder = try? DICOMFolder([file], path: "")
  else { return nil }
  let candidates = ScanCandidate.named(ScanCandidate.sorted(folder.volumes))
  for volume in folder.volumes {
    _ = ValueCheck(volume, volume.frames, files: folder.files)
    _ = RenumberedFiles([volume], files: folder.files).data(of: 0, file)
  }
  _ = (candidates.map { $0.choice(among: candidates) + $0.shortcoming }, InjectedContrast(file))
  return candidates.count(where: \.isComplete)
}
