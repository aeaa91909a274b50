import Documents

/// libFuzzer's entry: any bytes as a CSV table are rows of one width or refused, and nothing else.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCSV(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  _ = try? CSVTable(bytes: Array(UnsafeBufferPointer(start: data, count: count)))
  return 0
}
