/// The contrast agent of a file: classic files name it (0018,0010), enhanced ones hold it in a sequence
/// (0018,0012), with the injection in its administration profile (PS3.3, C.8.13.4 and C.7.6.4b).
struct InjectedContrast {
  /// Stands for an agent without a name, or with one that names the patient.
  static let unnamed = "a contrast agent"

  let agent: String?
  /// When its injection began.
  let secondsOfDay: Double?

  /// nil where nothing in the file says that there was an agent.
  init?(_ file: DICOMFile) {
    let bytes = file.bytes
    func text(_ item: DICOMItem, _ element: UInt16, group: UInt16 = 0x0018) -> String? {
      bytes.text(item, DICOMTag(group, element))
    }
    let sequence = file.root.items(DICOMTag(0x0018, 0x0012))
    let profiles = sequence.flatMap { $0.items(DICOMTag(0x0018, 0x9340)) }
    // The name, the ingredient, the code's meaning.
    agent =
      text(file.root, 0x0010) ?? text(file.root, 0x1048)
      ?? sequence.lazy.compactMap { text($0, 0x0104, group: 0x0008) }.first
    let start = text(file.root, 0x1042) ?? profiles.lazy.compactMap { text($0, 0x1042) }.first
    secondsOfDay = start.flatMap(AcquisitionMoment.seconds)
    if agent == nil, sequence.isEmpty, start == nil { return nil }
  }
}
