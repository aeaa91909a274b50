import DICOMImport

/// libFuzzer's entry: any bytes as a DICOM file are sorted, set aside or refused, and nothing else.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDICOM(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  _ = scansOfDICOMFile(Array(UnsafeBufferPointer(start: data, count: count)))
  return 0
}
