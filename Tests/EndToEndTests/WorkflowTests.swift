import Foundation
import Testing

/// Publishing on push: the steps of the example's workflow, played against a node on this machine.
@Suite struct WorkflowTests {
  @Test func theExamplesStepsPublishIt() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try #require(
      try sandbox.run(["bash", "-c", "command -v jq"]).status == 0, "jq is missing: the workflow's last step needs it")
    try sandbox.copyExampleSite()
    let node = try sandbox.node()
    let steps = ["Build", "Publish", "Say where it is"]
    let workflow = sandbox.path("site/.github/workflows/publish.yml")
    let scripts: [String?] = try sandbox.tool("workflow.py", [workflow] + steps).json()
    try sandbox.write("", to: "summary.md")
    try FileManager.default.createDirectory(atPath: sandbox.path("bin"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: sandbox.path("bin/colophon"), withDestinationPath: Repository.binary)
    var environment = sandbox.environment
    environment["PATH"] = sandbox.path("bin") + ":" + (environment["PATH"] ?? "")
    environment["CI"] = "true"
    environment["GITHUB_ACTIONS"] = "true"
    environment["GITHUB_STEP_SUMMARY"] = sandbox.path("summary.md")
    environment["GITHUB_WORKSPACE"] = sandbox.path("site")
    // Secrets and variables that are not set are empty there, not absent.
    let publishing = [
      "DSTOR_API_KEY": node.key, "DSTOR_EMAIL": "", "DSTOR_PASSWORD": "", "COLOPHON_API": node.url,
      "COLOPHON_GATEWAY": "",
    ]
    for (name, script) in zip(steps, scripts) {
      let script = try #require(script, "the workflow has no step \(name)")
      let extra = name == "Publish" ? publishing : [:]
      let outcome = try sandbox.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        environment: environment.merging(extra) { $1 }, in: "site")
      #expect(outcome.status == 0, "\(name): \(outcome.errors)")
    }
    let published = try JSONDecoder().decode(Published.self, from: sandbox.read("site/edition.json"))
    let summary = try sandbox.readText("summary.md")
    #expect(summary.contains("(\(published.entry))"))
    #expect(summary.contains("\(published.uploaded) files sent"))
    #expect(try sandbox.crawl(published).errors == [])
  }

  /// A job stops where a step fails, and says why.
  @Test func aSiteWithErrorsFailsTheJob() throws {
    let sandbox = try Sandbox()
    defer { sandbox.close() }
    try sandbox.copyExampleSite()
    let about = try sandbox.readText("site/content/about.md")
    try sandbox.write(about + "\n[gone](nowhere.md)\n", to: "site/content/about.md")
    let node = try sandbox.node()
    for command in ["build", "publish"] {
      let outcome = try sandbox.startColophon([command, "--json"], environment: node.environment, in: "site").wait()
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("content/about.md:"))
    }
    #expect(try node.uploads() == [])
  }
}
