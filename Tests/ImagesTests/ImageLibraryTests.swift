import Files
import Glibc
import Images
import TestSupport
import Testing

/// libvips itself; left out where it is not on the machine.
@Suite(
  .enabled(if: (try? ImageLibrary.shared.get()) != nil, "libvips is not on this machine: apt-get install libvips42"))
struct ImageLibraryTests {
  static func file(_ path: String) throws -> [UInt8] {
    try readFile(testsFolder + "/../example-site/" + path)
  }

  static let samples = ["assets/images/card.jpg", "assets/images/tiles.png", "assets/images/endpaper.webp"]

  @Test(arguments: samples, [ImageOperation.Format.webp, .jpeg, .png])
  func becomesWhatIsAsked(_ path: String, _ format: ImageOperation.Format) throws {
    let library = try ImageLibrary.shared.get()
    let bytes = try Self.file(path)
    let info = try #require(imageInfo(of: bytes))
    for mode in ImageOperation.Mode.allCases {
      let operation = ImageOperation(info, width: 90, height: 77, mode: mode, format: format, quality: 80)
      let made = try library.resize(bytes, operation, refusesDamage: true)
      let result = try #require(imageInfo(of: made))
      #expect(result.format.rawValue == format.rawValue)
      #expect(result.width == operation.width && result.height == operation.height, "\(mode)")
      #expect(try library.resize(bytes, operation, refusesDamage: true) == made, "the same again")
    }
  }

  @Test func canWriteWhatItSays() throws {
    let library = try ImageLibrary.shared.get()
    #expect(library.canWrite(.webp) && library.canWrite(.jpeg) && library.canWrite(.png))
    guard library.canWrite(.avif) else { return }
    let bytes = try Self.file(Self.samples[0])
    let operation = ImageOperation(
      try #require(imageInfo(of: bytes)), width: 64, height: nil, format: .avif, quality: 50)
    let made = try library.resize(bytes, operation, refusesDamage: true)
    #expect(imageInfo(of: made) == ImageInfo(.avif, operation.width, operation.height))
  }

  /// liborc's machine code is no thread's own: libvips makes none while several threads resize.
  @Test func noCodeOfOrc() throws {
    _ = try ImageLibrary.shared.get()
    guard let orc = dlopen("liborc-0.4.so.0", RTLD_NOW | RTLD_NOLOAD) else { return }
    dlclose(orc)
    let library = try #require(dlopen("libvips.so.42", RTLD_NOW | RTLD_NOLOAD))
    defer { dlclose(library) }
    let function = try #require(dlsym(library, "vips_vector_isenabled"))
    let isEnabled = unsafeBitCast(function, to: (@convention(c) () -> Int32).self)
    #expect(isEnabled() == 0)
  }

  /// As many threads as ask at once get the same picture.
  @Test func manyAtATime() async throws {
    let library = try ImageLibrary.shared.get()
    let bytes = try Self.file(Self.samples[0])
    let info = try #require(imageInfo(of: bytes))
    let operation = ImageOperation(info, width: 100, height: nil, format: .webp, quality: 80)
    let made = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<16 { group.addTask { try library.resize(bytes, operation, refusesDamage: true) } }
      return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
    }
    #expect(made.count == 1)
  }

  @Test func aTurnedPictureIsMadeUpright() throws {
    let library = try ImageLibrary.shared.get()
    let upright = try Self.file(Self.samples[0])
    let exif: [UInt8] = [
      0xFF, 0xE1, 0, 0x22, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0,
      0,
      6, 0, 0, 0, 0, 0, 0, 0,
    ]
    let turned = upright[..<2] + exif + upright[2...]
    let info = try #require(imageInfo(of: Array(turned)))
    let before = try #require(imageInfo(of: upright))
    #expect(info.width == before.height && info.height == before.width)
    let operation = ImageOperation(info, width: 60, height: nil, format: .png, quality: 80)
    let made = try #require(imageInfo(of: library.resize(Array(turned), operation, refusesDamage: true)))
    #expect(made.width == 60 && made.height == operation.height && made.height > made.width)
  }

  @Test(arguments: samples) func damageIsTold(_ path: String) throws {
    let library = try ImageLibrary.shared.get()
    let bytes = try Self.file(path)
    let operation = ImageOperation(
      try #require(imageInfo(of: bytes)), width: 100, height: nil, format: .webp, quality: 80)
    let cut = Array(bytes[..<(bytes.count / 2)])
    #expect(throws: ImageError.self) { try library.resize(cut, operation, refusesDamage: true) }
  }

  /// Nothing but pictures of the web is read, whatever else the library could read.
  @Test(arguments: [
    "", "GIF89a", "%PDF-1.7", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "P5 1 1 255 a",
  ])
  func otherFilesAreRefused(_ text: String) throws {
    let library = try ImageLibrary.shared.get()
    let operation = ImageOperation(ImageInfo(.png, 9, 9), width: 9, height: 9, format: .png, quality: 80)
    let error = #expect(throws: ImageError.self) {
      try library.resize(Array(text.utf8), operation, refusesDamage: false)
    }
    #expect(error?.description.isEmpty == false)
  }

  /// Bytes changed at random, by a fixed seed, end in a picture or an error.
  @Test func anyBytes() throws {
    let library = try ImageLibrary.shared.get()
    var random = SeededGenerator(seed: 0x5EED)
    var ends = (pictures: 0, errors: 0)
    for path in Self.samples {
      let bytes = try Self.file(path)
      let operation = ImageOperation(
        try #require(imageInfo(of: bytes)), width: 20, height: nil, format: .png, quality: 80)
      for _ in 0..<12 {
        var changed = bytes
        for _ in 0...random.below(20) {
          changed[random.below(random.below(2) == 0 ? 400 : changed.count)] = UInt8(random.below(256))
        }
        if (try? library.resize(changed, operation, refusesDamage: false)) != nil {
          ends.pictures += 1
        } else {
          ends.errors += 1
        }
      }
    }
    #expect(ends.pictures > 0 && ends.errors > 0)
  }
}
