import Scans

/// One input of the fuzzer: any bytes as a sidecar. A refusal is fine; a crash or a hang is not.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSidecar(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  _ = try? Sidecar.parse(bytes: Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
