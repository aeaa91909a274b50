import Regions

/// libFuzzer's entry: label names from any bytes are read or refused, and nothing else.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLabels(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  if let names = try? LabelNames(bytes: bytes, file: "names.tsv") {
    precondition(!names.names.isEmpty && !names.names.keys.contains(0))
  }
  return 0
}
