import CCMark
import CCrypto
import ContentAddressing
import Files
import HTML
import Highlighting
import Markdown
import Minification
import Templates

/// Something to measure.
struct Case {
  let name: String
  /// What it goes through in one round.
  let bytes: Int
  let yardstick: Yardstick
  /// - Returns: the bytes that came out.
  let run: () throws -> Int
}

/// C libraries that no change of ours makes faster or slower: a machine that is twice as fast is so for both.
enum Yardstick: String {
  /// Parses and renders the posts' texts: branches and small pieces of memory, as in most of what a site builder does.
  case libcmark
  /// Hashes the picture.
  case sha256 = "SHA-256"

  func run(_ input: Input) throws -> Int {
    switch self {
    case .libcmark:
      var made = 0
      for post in input.posts {
        post.body.withUnsafeBytes { bytes in
          let html = cmark_markdown_to_html(bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, CMARK_OPT_UNSAFE)
          made += html.map { strlen($0) } ?? 0
          free(html)
        }
      }
      return made
    case .sha256:
      var digest = [UInt8](repeating: 0, count: 32)
      input.picture.withUnsafeBytes { _ = EVP_Digest($0.baseAddress, $0.count, &digest, nil, EVP_sha256(), nil) }
      return digest.count
    }
  }
}

/// In the order in which a site goes through them.
func cases(_ input: Input) throws -> [Case] {
  let profile = UnixFSProfile.v0
  let text = input.posts.reduce(0) { $0 + $1.body.count }
  let html = input.pages.reduce(0) { $0 + $1.count }
  let sources = Input.sources
  var tree = FileTree()
  var leaves: [(TreePath, DAGLink)] = []
  for (post, page) in zip(input.posts, input.pages) {
    guard let path = TreePath("posts/\(post.name)/index.html") else { continue }
    tree[path] = .bytes(page)
  }
  let link = try address([1], profile: profile).link
  for number in 0..<20_000 {
    if let path = TreePath("pictures/\(number).webp") { leaves.append((path, link)) }
  }
  return [
    Case(name: "Markdown", bytes: text, yardstick: .libcmark) {
      input.posts.reduce(0) { $0 + renderMarkdown($1.body).html.count }
    },
    Case(name: "Highlighting", bytes: input.code.reduce(0) { $0 + $1.bytes.count }, yardstick: .libcmark) {
      var out: [UInt8] = []
      for block in input.code { _ = highlight(block.bytes, language: block.language, into: &out) }
      return out.count
    },
    Case(name: "Templates, rendering", bytes: html, yardstick: .libcmark) {
      var made = 0
      var out: [UInt8] = []
      for context in input.contexts {
        out.removeAll(keepingCapacity: true)
        try input.templates.render("post.html", context, into: &out)
        made += out.count
      }
      return made
    },
    Case(name: "Templates, compiling", bytes: sources.reduce(0) { $0 + $1.bytes.count } * 100, yardstick: .libcmark) {
      try (0..<100).reduce(0) { made, _ in try made + TemplateSet(sources).names.count }
    },
    Case(name: "HTML, finding URLs", bytes: html, yardstick: .libcmark) {
      var found = 0
      for page in input.pages { scanHTML(page) { found += $0.range.count } }
      return found
    },
    Case(name: "HTML, rewriting URLs", bytes: html, yardstick: .libcmark) {
      input.pages.reduce(0) { made, page in
        made + rewriteHTML(page) { $0.kind.isAsset ? "https://example.com/ipfs" + $0.url : nil }.count
      }
    },
    Case(name: "HTML, minifying", bytes: html, yardstick: .libcmark) {
      input.pages.reduce(0) { $0 + minifyHTML($1).count }
    },
    Case(name: "Addressing, one large file", bytes: input.picture.count, yardstick: .sha256) {
      try address(input.picture, profile: profile).size
    },
    Case(name: "Addressing, a tree of pages", bytes: html, yardstick: .sha256) {
      try address(tree, profile: profile).root.size
    },
    Case(name: "Addressing, 20,000 names", bytes: leaves.reduce(0) { $0 + $1.0.string.utf8.count }, yardstick: .sha256)
    {
      try directoryRoot(of: leaves, profile: profile).root.size
    },
  ]
}
