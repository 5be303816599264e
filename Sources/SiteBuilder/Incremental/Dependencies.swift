import Files
import Glibc

/// One thing that a file of the output was made from, by a digest of its name. Two things with one digest cost a needless rendering, no more.
typealias Dependency = UInt32

/// What one file of the output (or the text of one page) was made from: noted while it is rendered, by the objects that rendering reads.
///
/// Whatever a template asks of `page`, `site` or a link passes through `PageObject.member`, `SiteObject.member` and `Site.output(at:)`, which
/// note it with whoever records on their thread; so a new member is recorded without a word about it.
final class Dependencies {
  // One thread records: the checks for overlapping access would find nothing.
  @exclusivity(unchecked) private(set) var all: [Dependency] = []
  /// What came last with these low bits: templates ask for the same few things again and again.
  private let recent = UnsafeMutablePointer<Dependency>.allocate(capacity: recentCount)
  private static let recentCount = 64
  /// Pictures that were asked for.
  private(set) var variants: Set<ImageVariant> = []
  /// Something was read that cannot be compared with what it is next time: the file is made anew then.
  var isUnknown = false
  /// The text shows something of other texts.
  var showsTexts = false
  /// What the text links to, by the digest of the path in the output; noted where somebody asks for `backlinks`.
  private var links: Set<UInt64> = []

  init() { recent.initialize(repeating: 0, count: Self.recentCount) }

  deinit { recent.deallocate() }

  func add(_ dependency: Dependency) {
    let place = Int(dependency) & (Self.recentCount - 1)
    if recent[place] == dependency, dependency != 0 { return }
    recent[place] = dependency
    all.append(dependency)
  }

  func add(_ variant: ImageVariant) { variants.insert(variant) }

  func addLink(to path: TreePath) { links.insert(path.fingerprint) }

  var sortedLinks: [UInt64] { links.sorted() }

  func add(_ others: TextDependencies) {
    all += others.all
    variants.formUnion(others.variants)
    if others.isUnknown { isUnknown = true }
  }

  /// Sorted, each once.
  func sorted() -> [Dependency] {
    all.sort()
    var count = 0
    for place in all.indices where count == 0 || all[place] != all[count - 1] {
      all[count] = all[place]
      count += 1
    }
    // With no room for more: each file of the output keeps its own.
    return all.withUnsafeBufferPointer { Array($0[..<count]) }
  }

  // Rendering one file never leaves its thread, and reads are many: a thread's own variable costs less than a task's.
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    guard pthread_key_create(&key, nil) == 0 else { preconditionFailure("bug: no room for a variable of a thread") }
    return key
  }()

  /// What is recorded on this thread just now; nil where nothing is.
  static var current: Dependencies? {
    // `recording` below holds the object for as long as the pointer is set.
    pthread_getspecific(key).map { Unmanaged<Dependencies>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Runs `body`, and records what it reads here, instead of where it was recorded before.
  func recording<Result>(_ body: () throws -> Result) rethrows -> Result {
    let outer = pthread_getspecific(Self.key)
    pthread_setspecific(Self.key, Unmanaged.passUnretained(self).toOpaque())
    defer { pthread_setspecific(Self.key, outer) }
    return try withExtendedLifetime(self) { try body() }
  }
}

/// What the text of one page was made from.
struct TextDependencies: Sendable {
  /// Sorted, each once.
  var all: [Dependency]
  /// It is made anew every time.
  var isUnknown: Bool
  /// Pictures that it shows and the build makes, sorted by path.
  var variants: [ImageVariant]
  /// What the text links to: digests of paths in the output, sorted. Of texts alone, and where templates ask for `backlinks`.
  var links: [UInt64]
  /// It shows something of other texts. Not written down: another process remembers no text.
  var showsTexts = false

  init(all: [Dependency], isUnknown: Bool, variants: [ImageVariant] = [], links: [UInt64] = []) {
    self.all = all
    self.isUnknown = isUnknown
    self.variants = variants
    self.links = links
  }

  init(_ dependencies: Dependencies) {
    self.init(
      all: dependencies.sorted(), isUnknown: dependencies.isUnknown,
      variants: dependencies.variants.sorted { $0.output < $1.output }, links: dependencies.sortedLinks)
    showsTexts = dependencies.showsTexts
  }
}

extension Dependency {
  private init(_ kind: UInt64, _ subject: UInt64, _ detail: Int = 0) {
    self.init(truncatingIfNeeded: Fingerprint.of(kind &+ UInt64(detail) &* 16, subject))
  }

  /// A member (or a group of them) of a page.
  static func page(_ identity: UInt64, _ member: Int) -> Self { Self(1, identity, member) }
  /// A member of the site in one language.
  static func site(_ language: LanguageID, _ member: Int) -> Self { Self(2, UInt64(language), member) }
  /// Whether there is a file of this path in the output, and what it is made from. By the digest of the path.
  static func output(_ path: UInt64) -> Self { Self(3, path) }
  /// Where a file of the site's folder is found in the output.
  static func source(_ path: UInt64) -> Self { Self(4, path) }
  /// The bytes of a file of the site's folder.
  static func file(_ path: UInt64) -> Self { Self(5, path) }
  /// All pages of the site, in every respect but their text.
  static let everything = Self(6, 0)
  /// Which files the site and its output have, by their names: what a dead link may have meant.
  static let names = Self(7, 0)
}

extension TreePath {
  var fingerprint: UInt64 { Fingerprint.of(string) }

  /// Of the path without language that a page in `language` has.
  func fingerprint(in language: LanguageID) -> UInt64 { Fingerprint.of(fingerprint, UInt64(language)) }
}
