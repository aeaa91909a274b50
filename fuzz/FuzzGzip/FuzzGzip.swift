import Volumes

/// A gzip stream of any number of members; then the same bytes deflated and inflated again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzGzip(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  let bytes = UnsafeRawBufferPointer(start: data, count: size)
  let limit = 1 << 20
  if let content = try? Gzip.decompress(bytes, limit: limit) {
    precondition(content.count <= limit)
    let packed = content.withUnsafeBytes { Gzip.compress($0) }
    let back = try? packed.withUnsafeBytes { try Gzip.decompress($0, limit: limit) }
    precondition(back == content)
  }
  return 0
}
