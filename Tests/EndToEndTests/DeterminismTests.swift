import Foundation
import Testing

/// The same site gives the same bytes, wherever and whenever it is built.
@Suite struct DeterminismTests {
  @Test func folderZoneAndLocaleMakeNoDifference() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    let node = try sandbox.node()
    let places = [
      ("one", ["TZ": "Pacific/Kiritimati", "LC_ALL": "C"]),
      ("a b/two", ["TZ": "America/Los_Angeles", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"]),
    ]
    var sums: [String] = []
    var roots: [String] = []
    for (name, environment) in places {
      try sandbox.write("", to: name + "/.keep")
      try FileManager.default.removeItem(atPath: sandbox.path(name))
      try sandbox.copyExampleSite(to: name)
      let built = try sandbox.colophon("build", name, environment: environment)
      try #require(built.status == 0, "\(built.errors)")
      let sum = try sandbox.run(
        ["bash", "-c", "set -o pipefail; find public -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum"], in: name
      )
      try #require(sum.status == 0)
      sums.append(sum.output)
      roots.append(try sandbox.publish(name, to: node.url, key: node.key, environment: environment).root)
    }
    #expect(sums[0].split(separator: "\n").count > 50)
    #expect(sums[0] == sums[1])
    #expect(roots[0] == roots[1])
    // Building again, on what is there, changes nothing; nor does the number of workers.
    let again = try sandbox.colophon("build", "one", "--jobs", "1")
    #expect(again.status == 0)
    let sum = try sandbox.run(
      ["bash", "-c", "find public -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum"], in: "one")
    #expect(sum.output == sums[0])
  }
}
