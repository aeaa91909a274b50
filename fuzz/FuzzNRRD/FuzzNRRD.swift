import Segmentations

/// libFuzzer's entry: any bytes as a NRRD file of masks are labels or refused, and nothing else.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzNRRD(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  if let mask = try? MaskFile.nrrd(bytes: bytes), let images = try? mask.labelImages() {
    for image in images { precondition(image.labels.values.count == mask.grid.count) }
  }
  return 0
}
