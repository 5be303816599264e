import ContentAddressing
import Files
import Foundation
import TestSupport
import Testing

@testable import LocalNode

/// The rows of the gateway's table, as a real Kubo answers them.
@Suite struct GatewayTests {
  private let fixture: NodeFixture
  private let site: CID
  private let tree: FileTree = [
    "index.html": "<!doctype html><title>front</title>", "style.css": "p{}", "a b/é.txt": "text", "app.js": "let a = 1",
    "data/x.json": "{}", "data/<i>&\"'.html": "<p>", "data/none": "plain", "sub/index.html": "<p>sub",
  ]

  init() async throws {
    fixture = try NodeFixture()
    var files: [(String, String)] = []
    for path in tree.paths {
      let text = String(decoding: try tree.bytes(of: path) ?? [], as: UTF8.self)
      files.append((path.string.replacingOccurrences(of: "\"", with: "%22"), text))
    }
    site = try await fixture.folder(files)
    #expect(try address(tree, profile: .v0).root.cid == site)
  }

  private func get(_ path: String, _ headers: [String: String] = [:]) async throws -> Answer {
    try await fixture.send("GET", path, headers)
  }

  private func cid(_ path: TreePath) throws -> CID {
    let tree = try address(tree, profile: .v0)
    return try #require(tree[path]?.cid ?? tree.directories.first { $0.path == path }?.link.cid)
  }

  @Test func directoriesGetTheirSlash() async throws {
    for (path, location) in [
      ("/ipfs/\(site)", "/ipfs/\(site)/"), ("/ipfs/\(site)/sub?x=1&y", "/ipfs/\(site)/sub/?x=1&y"),
      ("/ipfs/\(site)/a%20b", "/ipfs/\(site)/a%20b/"), ("/ipfs/\(site.asV1)", "/ipfs/\(site.asV1)/"),
    ] {
      let answer = try await get(path)
      #expect(answer.status == 301)
      #expect(answer["Location"] == location)
    }
  }

  @Test func indexPages() async throws {
    let answer = try await get("/ipfs/\(site)/")
    #expect(answer.status == 200)
    #expect(answer.text == "<!doctype html><title>front</title>")
    #expect(answer["Content-Type"] == "text/html")
    #expect(answer["ETag"] == "\"\(site)\"")
    #expect(answer["Cache-Control"] == "public, max-age=29030400, immutable")
    let sub = try await get("/ipfs/\(site)/sub/")
    #expect(sub.text == "<p>sub")
    #expect(sub["X-Ipfs-Path"] == "/ipfs/\(site)/sub/")
    #expect(sub["X-Ipfs-Roots"] == "\(site),\(try cid("sub"))")
  }

  @Test func listings() async throws {
    let answer = try await get("/ipfs/\(site)/data/")
    let data = try cid("data")
    #expect(answer.status == 200)
    #expect(answer["ETag"] == "\"DirIndex-1_CID-\(data)\"")
    #expect(answer["Cache-Control"] == "public, max-age=604800, stale-while-revalidate=2678400")
    #expect(answer["Content-Security-Policy"]?.contains("default-src 'none'") == true)
    #expect(answer.text.contains("&lt;i&gt;&amp;&quot;&#39;.html</a>"))
    #expect(answer.text.contains("href=\"./%3Ci%3E%26%22%27.html\""))
    #expect(!answer.text.contains("<i>"))
    #expect(try await get("/ipfs/\(site)/data/%3Ci%3E%26%22%27.html").text == "<p>")
    let empty = try await get("/ipfs/bafyaabakaieac/")
    #expect(empty.status == 200, "the empty directory, inside its CID")
  }

  @Test func files() async throws {
    let path: TreePath = "a b/é.txt"
    let answer = try await get("/ipfs/\(site)/a%20b/%C3%A9.txt")
    #expect(answer.status == 200)
    #expect(answer.text == "text")
    #expect(answer["Content-Length"] == "4")
    #expect(answer["Content-Type"] == "text/plain; charset=utf-8")
    #expect(answer["ETag"] == "\"\(try cid(path))\"")
    #expect(answer["Accept-Ranges"] == "bytes")
    #expect(answer["Last-Modified"] == nil)
    #expect(answer["X-Ipfs-Path"] == "/ipfs/\(site)/a%20b/%C3%A9.txt")
    #expect(answer["X-Ipfs-Roots"] == "\(site),\(try cid("a b")),\(try cid(path))")
    #expect(answer["Access-Control-Allow-Origin"] == "*")
    #expect(answer["Content-Disposition"] == nil)
    let slashed = try await get("/ipfs/\(site)/style.css/")
    #expect(slashed.status == 200)
    #expect(slashed["Content-Type"] == "text/css; charset=utf-8")
    // The same blocks by the other version of the CID, without a redirect.
    let other = try await get("/ipfs/\(site.asV1)/style.css")
    #expect(other.status == 200)
    #expect(other.text == "p{}")
    #expect(try await get("/ipfs/\(try cid("style.css").asV1)").text == "p{}")
    // Again, from what the gateway remembers.
    #expect(try await get("/ipfs/\(site)/a%20b/%C3%A9.txt").headers == answer.headers)
  }

  @Test func types() async throws {
    for (query, path, type) in [
      ("", "style.css", "text/plain; charset=utf-8"), ("", "app.js", "text/plain; charset=utf-8"),
      ("", "index.html", "text/html"), ("", "data/x.json", "application/json"),
      ("?filename=a.css", "style.css", "text/css; charset=utf-8"),
      ("?filename=a.mjs", "app.js", "text/javascript; charset=utf-8"), ("?filename=font.woff2", "app.js", "font/woff2"),
      ("?filename=x", "style.css", "text/plain; charset=utf-8"),
    ] as [(String, TreePath, String)] {
      let answer = try await get("/ipfs/\(try cid(path))\(query)")
      #expect(answer["Content-Type"] == type, "\(path)\(query)")
    }
    for (path, type) in [("app.js", "text/javascript; charset=utf-8"), ("data/none", "text/plain; charset=utf-8")] {
      #expect(try await get("/ipfs/\(site)/\(path)")["Content-Type"] == type)
    }
  }

  @Test func dispositions() async throws {
    let path = "/ipfs/\(site)/style.css"
    for (query, disposition) in [
      ("?filename=a%20b.css", "inline; filename=\"a%20b.css\"; filename*=UTF-8''a%20b.css"),
      ("?filename=%C3%A9.css&download=true", "attachment; filename=\"_.css\"; filename*=UTF-8''%C3%A9.css"),
      ("?filename=a%22%0D%0AX:y", "inline; filename=\"a%22%0D%0AX%3Ay\"; filename*=UTF-8''a%22%0D%0AX%3Ay"),
      ("?download=true", nil), ("?filename=", nil),
    ] {
      #expect(try await get(path + query)["Content-Disposition"] == disposition, "\(query)")
    }
  }

  @Test func conditions() async throws {
    let cid = try cid("style.css")
    for (list, status) in [
      ("\"\(cid)\"", 304), ("W/\"\(cid)\"", 304), ("\"x\", \"\(cid)\" , \"y\"", 304), ("*", 304), ("\"\(site)\"", 200),
      ("\(cid)", 200), ("", 200),
    ] {
      let answer = try await get("/ipfs/\(site)/style.css", ["If-None-Match": list])
      #expect(answer.status == status, "\(list)")
      #expect(answer["ETag"] == "\"\(cid)\"")
      if status == 304 {
        #expect(answer.body.isEmpty)
        #expect(answer["Content-Length"] == nil)
        #expect(answer["Cache-Control"] == "public, max-age=29030400, immutable")
      }
    }
    #expect(try await get("/ipfs/\(site)/", ["If-None-Match": "\"\(site)\""]).status == 304)
    let listing = try await get("/ipfs/\(site)/data/")
    #expect(try await get("/ipfs/\(site)/data/", ["If-None-Match": listing["ETag"] ?? ""]).status == 304)
  }

  @Test func ranges() async throws {
    var generator = SeededGenerator(seed: 9)
    let bytes = generator.bytes(3_000_000)
    let cid = try address(bytes, profile: .v0).cid
    _ = try await fixture.add("big.bin", bytes)
    let size = bytes.count
    for (header, range) in [
      ("bytes=0-0", 0..<1), ("bytes=0-", 0..<size), ("bytes=262143-262144", 262_143..<262_145),
      ("bytes=1000000-2000000", 1_000_000..<2_000_001), ("bytes=-5", size - 5..<size),
      ("bytes=2999999-99999999999999999999", size - 1..<size), ("bytes=-99999999999", 0..<size),
    ] {
      let answer = try await get("/ipfs/\(cid)", ["Range": header])
      #expect(answer.status == 206, "\(header)")
      #expect(answer.body == Array(bytes[range]), "\(header)")
      #expect(answer["Content-Range"] == "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)")
      #expect(answer["Content-Length"] == String(range.count))
    }
    for header in ["bytes=3000000-", "bytes=-0", "bytes=99999999999999999999-"] {
      let answer = try await get("/ipfs/\(cid)", ["Range": header])
      #expect(answer.status == 416)
      #expect(answer["Content-Range"] == "bytes */3000000")
    }
    for header in [
      "bytes=5-3", "bytes=", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4", "bytes=+1-2", "bytes=1--2",
    ] {
      let answer = try await get("/ipfs/\(cid)", ["Range": header])
      #expect(answer.status == 200, "\(header)")
      #expect(answer.body.count == size)
    }
    let part = ["Range": "bytes=0-1"]
    #expect(try await get("/ipfs/\(cid)", part.merging(["If-Range": "\"\(cid)\""]) { $1 }).status == 206)
    #expect(try await get("/ipfs/\(cid)", part.merging(["If-Range": "W/\"\(cid)\""]) { $1 }).status == 200)
    #expect(try await get("/ipfs/\(cid)", part.merging(["If-Range": httpDate(0)]) { $1 }).status == 200)
  }

  @Test func heads() async throws {
    for path in [
      "/ipfs/\(site)/", "/ipfs/\(site)/style.css", "/ipfs/\(site)/data/", "/ipfs/\(site)/nothing", "/ipfs/\(site)",
    ] {
      let answer = try await get(path)
      let head = try await fixture.send("HEAD", path)
      #expect(head.status == answer.status)
      #expect(head.headers == answer.headers)
      #expect(head.body.isEmpty)
    }
  }

  @Test func whatIsNotThere() async throws {
    let elsewhere = "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o"
    for (path, status, text) in [
      ("\(site)/missing", 404, "no link named \"missing\" under \(site)"),
      ("\(site)/style.css/x", 404, "not a directory"),
      ("\(site)/..%2Fstyle.css", 404, "no link"), ("\(site)/%2e%2e/x", 404, "no link"), (elsewhere, 404, "is not here"),
      ("\(site)/%zz", 400, "escape"), ("\(site)/%ff", 400, "escape"), ("\(site)/a%00b", 400, "escape"),
      ("", 400, "CID"),
      ("notacid", 400, "invalid path"),
      ("\(elsewhere.dropLast())", 400, "invalid path"), ("../etc/passwd", 400, "invalid path"),
      ("\(site)" + String(repeating: "/a", count: 300), 400, "more than"), ("\(site)?format=tar", 400, "tar"),
      ("bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua", 404, "is not here"),
    ] as [(String, Int, String)] {
      let answer = try await get("/ipfs/" + path)
      #expect(answer.status == status, "\(path)")
      #expect(answer.text.contains(text), "\(path): \(answer.text)")
      #expect(answer["Content-Type"] == "text/plain; charset=utf-8")
      #expect(answer["Cache-Control"] == nil)
    }
    let cached = ["Cache-Control": "only-if-cached"]
    #expect(try await get("/ipfs/\(elsewhere)", cached).status == 412)
    #expect(try await get("/ipfs/\(site)/style.css", cached).status == 200)
    #expect(try await get("/ipfs/\(site)/missing", cached).status == 404)
    #expect(try await fixture.send("OPTIONS", "/ipfs/\(site)/", ["Origin": "http://x.example"]).status == 204)
    #expect(try await get("/ipfs/\(site)/", ["Origin": "http://x.example"]).status == 200)
  }

  @Test func rawBlocks() async throws {
    let block = try #require(try fixture.node.block(site))
    let answer = try await get("/ipfs/\(site)?format=raw")
    #expect(answer.status == 200)
    #expect(answer.body == block)
    #expect(answer["Content-Type"] == "application/vnd.ipld.raw")
    #expect(answer["ETag"] == "\"\(site).raw\"")
    #expect(answer["Content-Disposition"] == "attachment; filename=\"\(site).bin\"")
    #expect(answer["X-Content-Type-Options"] == "nosniff")
    #expect(answer["Content-Location"] == nil)
    let negotiated = try await get("/ipfs/\(site)/style.css?x=1", ["Accept": "application/vnd.ipld.raw"])
    #expect(negotiated.body == (try fixture.node.block(try cid("style.css"))))
    #expect(negotiated["Content-Location"] == "/ipfs/\(site)/style.css?x=1&format=raw")
    #expect(try await get("/ipfs/\(site)?format=raw", ["If-None-Match": "\"\(site).raw\""]).status == 304)
  }

  @Test func cars() async throws {
    let answer = try await get("/ipfs/\(site)/sub?format=car")
    #expect(answer.status == 200)
    #expect(answer["Content-Type"] == "application/vnd.ipld.car; version=1; order=dfs; dups=n")
    #expect(answer["Accept-Ranges"] == "none")
    #expect(answer["ETag"]?.hasPrefix("W/") == true)
    var car: [UInt8]? = answer.body
    var found: [CID] = []
    let roots = try readCAR(
      from: {
        defer { car = nil }
        return car
      },
      to: { cid, _ in found.append(cid) })
    #expect(roots == [site])
    #expect(found == [site, try cid("sub"), try cid("sub/index.html")])
    let whole = try await get("/ipfs/\(site)", ["Accept": "application/vnd.ipld.car"])
    #expect(whole["Content-Location"] == "/ipfs/\(site)?format=car")
    #expect(whole.body.count > answer.body.count)
    #expect(try await get("/ipfs/QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o?format=car").status == 404)
    // Its length is known, so that nothing is chunked: an HTTP/1.0 client cannot read that.
    #expect(answer["Content-Length"] == "\(answer.body.count)")
    let head = try await fixture.send("HEAD", "/ipfs/\(site)/sub?format=car")
    #expect(head.headers == answer.headers && head.body.isEmpty)
  }

  /// No half of a CAR is sent.
  @Test func carsThatLackABlock() async throws {
    let link = Array(
      DirectoryEntry(name: "a", link: DAGLink(cid: .v1(.raw, SHA256Digest(of: [1])), size: 1)).link.cid.bytes)
    let block = [0x12, UInt8(link.count + 2), 0x0a, UInt8(link.count)] + link + [0x0a, 0x02, 0x08, 0x01]
    let root = CID.v1(.dagPB, SHA256Digest(of: block))
    var car: [UInt8] = []
    var writer = try CARWriter(roots: [root]) { car += $0 }
    try writer.write(root, block)
    _ = try await fixture.post("/api/v0/dag/import", [Upload("half.car", car)])
    #expect(try await get("/ipfs/\(root)?format=raw").status == 200)
    #expect(try await get("/ipfs/\(root)?format=car").status == 404)
  }

  /// Two names of the same letters in different bytes are two files.
  @Test func namesAreBytes() async throws {
    let root = try await fixture.folder(
      [("caf\u{e9}.txt", "composed"), ("cafe\u{301}.txt", "decomposed")], at: "forms")
    for _ in 0..<2 {
      #expect(try await get("/ipfs/\(root)/caf%C3%A9.txt").text == "composed")
      #expect(try await get("/ipfs/\(root)/cafe%CC%81.txt").text == "decomposed")
    }
  }

  /// A worker from `/ipfs/<cid>` would answer for every site that is served here.
  @Test func serviceWorkers() async throws {
    let script = try cid("app.js")
    for path in [
      "\(script)?filename=sw.js", "\(script)/?filename=sw.js", "/\(script)?filename=sw.js", "\(script)?format=raw",
    ] {
      let answer = try await get("/ipfs/\(path)", ["Service-Worker": "script"])
      #expect(answer.status == 400, "\(path)")
      #expect(answer.text.contains("registration is not allowed for this scope"))
    }
    #expect(try await get("/ipfs/\(site)/app.js", ["Service-Worker": "script"]).status == 200)
  }
}
