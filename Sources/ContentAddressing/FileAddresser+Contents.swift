import Files
import Glibc

extension FileAddresser {
  /// Goes on with the bytes of the file at `path`, a chunk at a time.
  /// - Throws: `FileError` where the disk does, and what the sink throws. Then `reset()` before the next file.
  public mutating func append(fileAt path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("read", path) }
    defer { close(descriptor) }
    try append(reading: { space in
      while true {
        let count = read(descriptor, space.baseAddress, space.count)
        if count >= 0 { return count }
        if errno != EINTR { throw FileError("read", path) }
      }
    })
  }

  /// Goes on with contents, wherever they are.
  /// - Throws: `FileError`, what making the bytes throws, what the sink throws. Then `reset()` before the next file.
  public mutating func append(_ contents: FileContents) throws {
    switch contents {
    case .bytes(let bytes): try append(bytes)
    case .onDisk(let path, _): try append(fileAt: path)
    case .made(let make): try append(try make())
    }
  }
}

/// Addresses a file that is in memory.
/// - Throws: what the sink throws.
public func address(_ bytes: [UInt8], profile: UnixFSProfile, sink: BlockSink? = nil) throws -> AddressedFile {
  var addresser = FileAddresser(profile: profile, sink: sink)
  try addresser.append(bytes)
  return try addresser.finish()
}

/// Addresses a file on disk, a chunk at a time.
/// - Throws: `FileError` where the disk does, and what the sink throws.
public func address(fileAt path: String, profile: UnixFSProfile, sink: BlockSink? = nil) throws -> AddressedFile {
  var addresser = FileAddresser(profile: profile, sink: sink)
  try addresser.append(fileAt: path)
  return try addresser.finish()
}

/// Addresses contents, wherever they are.
/// - Throws: `FileError`, what making the bytes throws, what the sink throws.
public func address(
  _ contents: FileContents, profile: UnixFSProfile, sink: BlockSink? = nil
) throws -> AddressedFile {
  var addresser = FileAddresser(profile: profile, sink: sink)
  try addresser.append(contents)
  return try addresser.finish()
}
