import Foundation
import Volumes

/// Memory whose end touches a page that must not be read: ISA-L's assembly, which no sanitizer
/// sees, is caught there when it reads beyond its input.
nonisolated(unsafe) private let guarded: (end: UnsafeMutableRawPointer, room: Int) = {
  let page = 4096
  let room = 16 * page
  let memory = mmap(nil, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
  guard let memory, memory != MAP_FAILED, mprotect(memory + room, page, PROT_NONE) == 0 else {
    fatalError("no guarded memory")
  }
  return (memory + room, room)
}()

/// A gzip stream of any number of members; and for some lengths, since deflating costs a hundred
/// times more than inflating so little, what came out deflated and inflated again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzGzip(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  guard let data, size <= guarded.room else { return 0 }
  let start = guarded.end - size
  start.copyMemory(from: data, byteCount: size)
  let limit = 1 << 15
  if let content = try? Gzip.decompress(
    UnsafeRawBufferPointer(start: start, count: size), limit: limit)
  {
    precondition(content.count <= limit)
    guard content.count % 64 == 1 else { return 0 }
    let packed = content.withUnsafeBytes { Gzip.compress($0) }
    let back = try? packed.withUnsafeBytes { try Gzip.decompress($0, limit: limit) }
    precondition(back == content)
  }
  return 0
}
