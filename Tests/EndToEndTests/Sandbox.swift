import Foundation
import Testing

/// A folder of its own for one test, with what the program takes for the user's home in it, and all processes that the test starts.
///
/// `close` ends the processes and removes the folder.
final class Sandbox {
  let folder: String
  private var running: [Running] = []
  private var count = 0

  init() throws {
    let name = "colophon-end-to-end-\(UUID().uuidString.prefix(8))"
    // Resolved, since the program prints resolved paths.
    folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().appendingPathComponent(name).path
    try FileManager.default.createDirectory(atPath: folder + "/home", withIntermediateDirectories: true)
  }

  func close() {
    for process in running { process.kill() }
    try? FileManager.default.removeItem(atPath: folder)
  }

  func path(_ name: String) -> String { folder + "/" + name }

  // MARK: Files

  func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }

  func write(_ data: Data, to name: String) throws {
    let url = URL(fileURLWithPath: path(name))
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }

  func read(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path(name))) }

  func readText(_ name: String) throws -> String { String(decoding: try read(name), as: UTF8.self) }

  /// All files below a folder, sorted; paths relative to it.
  func files(below name: String) -> [String] {
    let folder = path(name)
    guard let all = FileManager.default.enumerator(atPath: folder) else { return [] }
    var files: [String] = []
    for case let file as String in all {
      var isDirectory: ObjCBool = false
      if FileManager.default.fileExists(atPath: folder + "/" + file, isDirectory: &isDirectory), !isDirectory.boolValue
      {
        files.append(file)
      }
    }
    return files.sorted()
  }

  /// The example site without what was built in it.
  func copyExampleSite(to name: String = "site") throws {
    try FileManager.default.copyItem(atPath: Repository.folder + "/example-site", toPath: path(name))
    for made in ["public", ".colophon"] { try? FileManager.default.removeItem(atPath: path(name + "/" + made)) }
  }

  // MARK: Processes

  /// What a program sees that is run by a person who has configured nothing.
  var environment: [String: String] {
    var environment = [
      "HOME": path("home"), "LANG": "C.UTF-8", "TERM": "dumb", "COLOPHON_NODE_DATA": path("node"),
      "XDG_DATA_HOME": path("home/data"), "XDG_STATE_HOME": path("home/state"),
      "XDG_CONFIG_HOME": path("home/config"), "XDG_CACHE_HOME": path("home/cache"),
    ]
    for name in ["PATH", "LD_LIBRARY_PATH", "TMPDIR"] {
      environment[name] = ProcessInfo.processInfo.environment[name]
    }
    return environment
  }

  /// Runs `colophon` to its end.
  func colophon(
    _ arguments: String..., environment extra: [String: String] = [:], in folder: String = "", limit: Int = 60
  ) throws -> Outcome {
    try startColophon(arguments, environment: extra, in: folder, limit: limit).wait()
  }

  func startColophon(
    _ arguments: [String], environment extra: [String: String] = [:], in folder: String = "", limit: Int = 60
  ) throws -> Running {
    let environment = environment.merging(extra) { $1 }
    return try start([Repository.binary] + arguments, environment: environment, in: folder, limit: limit)
  }

  /// Runs another program to its end, in this process's environment.
  func run(_ command: [String], environment: [String: String]? = nil, in folder: String = "", limit: Int = 60) throws
    -> Outcome
  {
    try start(command, environment: environment, in: folder, limit: limit).wait()
  }

  /// - Parameter limit: seconds after which the process is ended, whatever becomes of this one.
  func start(_ command: [String], environment: [String: String]? = nil, in folder: String = "", limit: Int) throws
    -> Running
  {
    count += 1
    let process = try Running(
      command, environment: environment ?? ProcessInfo.processInfo.environment, in: path(folder), limit: limit,
      output: path("\(count).out"), errors: path("\(count).err"))
    running.append(process)
    return process
  }

  /// Runs one of the scripts in `Tools`, which share no code with Colophon.
  func tool(_ name: String, _ arguments: [String], limit: Int = 60) throws -> Outcome {
    try run(Self.toolCommand(name, arguments), limit: limit)
  }

  static func toolCommand(_ name: String, _ arguments: [String]) -> [String] {
    ["python3", "-B", Repository.folder + "/Tests/EndToEndTests/Tools/" + name] + arguments
  }
}

/// Bytes that repeat with a period that divides no chunk: no two chunks of a file are alike.
func someBytes(_ count: Int, seed: Int = 0) -> Data {
  let period = Data((0..<4093).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 4 &+ seed) })
  var bytes = Data(capacity: count + period.count)
  while bytes.count < count { bytes.append(period) }
  return bytes.prefix(count)
}

/// The checkout, and the program under test.
enum Repository {
  static let folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// `COLOPHON_BINARY`, or what was built along with the tests.
  static let binary: String = {
    if let path = ProcessInfo.processInfo.environment["COLOPHON_BINARY"] { return path }
    let runner = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    let products = [
      URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path,
      runner.deletingLastPathComponent().path, folder + "/.build/debug",
    ]
    let found = products.map { $0 + "/colophon" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    return found ?? "colophon"
  }()
}
