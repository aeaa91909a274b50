import Volumes

/// A NIfTI file in memory, header and voxels, plain or gzip. An even first byte makes a single
/// file of the rest, an odd one a pair: the header up to byte 348 or 540, then the voxels.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzNIfTI(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
  let bytes = UnsafeRawBufferPointer(start: data, count: size)
  guard let first = bytes.first else { return 0 }
  let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
  let image: NIfTIImage?
  if first & 1 == 0 {
    image = try? NIfTIImage.read(bytes: rest)
  } else {
    let length = first & 2 == 0 ? 348 : 540
    let header = UnsafeRawBufferPointer(rebasing: rest.prefix(length))
    let voxels = UnsafeRawBufferPointer(rebasing: rest.dropFirst(length))
    image = try? NIfTIImage.read(bytes: header, voxels: voxels)
  }
  if let image {
    precondition(image.real.count == image.grid.count * image.frames)
    precondition(image.imaginary == nil || image.imaginary?.count == image.real.count)
    precondition(image.grid.affine.inverse != nil)
  }
  return 0
}
