import ContentAddressing
import Files
import Glibc
import Images
import Synchronization

/// A picture that the build makes: what from, how, and the file of the output that it becomes.
struct ImageVariant: Sendable, Hashable {
  /// Relative to the site's folder.
  let source: TreePath
  let operation: ImageOperation
  /// Named by a hash of all that decides its bytes.
  let output: TreePath
  /// Of the source's bytes.
  let sourceDigest: SHA256Digest
}

/// The images of a site: what their files say, each read once, and the pictures that are to be made of them.
final class SiteImages: Sendable {
  let settings: ImageSettings
  private let known = Mutex<[TreePath: ImageInfo?]>([:])
  private let digests = Mutex<[TreePath: SHA256Digest]>([:])
  private let wanted = Mutex<[TreePath: ImageVariant]>([:])
  /// So that sites without any pay nothing for asking.
  private let hasVariants = Atomic(false)

  init(_ settings: ImageSettings) { self.settings = settings }

  /// What the head of the file says; nil for what is no image.
  func info(of file: Inventory.File) -> ImageInfo? {
    Dependencies.current?.add(.file(file.path.fingerprint))
    if let info = known.withLock({ $0[file.path] }) { return info }
    let info = imageInfo(ofFileAt: file.diskPath, length: file.size)
    known.withLock { $0[file.path] = .some(info) }
    return info
  }

  /// libvips, where it is on the machine.
  var library: ImageLibrary? { settings.library }

  /// Whether pictures can be made of the file.
  static func canScale(_ info: ImageInfo) -> Bool {
    switch info.format {
    case .jpeg, .png, .webp: !info.isAnimated && info.pixels <= ImageSettings.mostPixels
    case .gif, .avif, .svg: false
    }
  }

  /// Notes a picture to be made.
  ///
  /// - Parameter output: where the file itself is found in the output.
  /// - Returns: nil where the file cannot be read, or libvips is not there.
  func variant(of file: Inventory.File, at output: TreePath, _ operation: ImageOperation) -> ImageVariant? {
    guard let library, let digest = digest(of: file) else { return nil }
    let key = ImageVariant.key(digest, operation, library)
    let name = "\(output.stem)-\(operation.width)x\(operation.height)-\(key.hex.prefix(12))"
    guard let path = TreePath(name + "." + operation.format.fileExtension) else { return nil }
    let variant = ImageVariant(
      source: file.path, operation: operation,
      output: output.parent?.appending(path) ?? path, sourceDigest: digest)
    note(variant)
    Dependencies.current?.add(variant)
    return variant
  }

  /// Notes a picture that is known from an earlier build.
  func note(_ variant: ImageVariant) {
    wanted.withLock { $0[variant.output] = variant }
    hasVariants.store(true, ordering: .releasing)
  }

  /// Forgets what was asked for: the site is rendered once more.
  func forgetVariants() { wanted.withLock { $0 = [:] } }

  /// The variant that is to be found at `output`.
  func variant(at output: TreePath) -> ImageVariant? {
    hasVariants.load(ordering: .acquiring) ? wanted.withLock { $0[output] } : nil
  }

  /// All that were asked for, sorted by path.
  var variants: [ImageVariant] { wanted.withLock { $0.values.sorted { $0.output < $1.output } } }

  private func digest(of file: Inventory.File) -> SHA256Digest? {
    if let digest = digests.withLock({ $0[file.path] }) { return digest }
    guard let bytes = try? readFile(file.diskPath) else { return nil }
    let digest = SHA256Digest(of: bytes)
    digests.withLock { $0[file.path] = digest }
    return digest
  }
}

extension ImageVariant {
  /// A digest of all that decides the bytes of a picture.
  static func key(_ source: SHA256Digest, _ operation: ImageOperation, _ library: ImageLibrary) -> SHA256Digest {
    SHA256Digest(of: Array("\(source.hex) \(operation.fingerprint) libvips \(library.version)".utf8))
  }
}

private func imageInfo(ofFileAt path: String, length: Int) -> ImageInfo? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  return imageInfo(length: length) { offset, count in
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, let start = buffer.baseAddress {
        let read = pread(descriptor, start + filled, count - filled, off_t(offset + filled))
        if read < 0, errno == EINTR { continue }
        if read <= 0 { return }
        filled += read
      }
    }
  }
}
