import ContentAddressing
import Files

/// Makes later links work (see `PageOrder`) on a site without a stable address. A page cannot hold the hash of a page that is published after it; the
/// front page, published last, knows all of them. Its hash is handed on from page to page in the query (`home`). A later link asks
/// the front page with `#/posts/a/index.html`, and the front page sends the reader on, by way of the listing.
struct LinkScript: Sendable {
  let file: AddressedContents
  private let element: String

  /// - Throws: never in practice; addressing does.
  init(_ gatewayURL: (CID, String) -> String) throws {
    let contents = FileContents.bytes(Array(Self.text.utf8))
    let path: TreePath = ".colophon/links.js"
    file = AddressedContents(path: path, contents: contents, file: try address(contents, profile: .v0))
    // Hashes and percent-escapes need no quoting.
    element = "<script src=\"\(gatewayURL(file.file.cid, path.name))\""
  }

  /// Puts the script at the end of a page.
  ///
  /// - Parameter listing: the URL of the listing, on the front page.
  func added(to page: [UInt8], listing: String?) -> [UInt8] {
    let element = element + (listing.map { " data-pages=\"\($0)\"" } ?? "") + "></script>\n"
    let end = endOfBody(page)
    return page[..<end] + Array(element.utf8) + page[end...]
  }

  /// The place before the last `</body`, or the end.
  private func endOfBody(_ page: [UInt8]) -> Int {
    let tag = Array("</body".utf8)
    var index = page.count - tag.count
    while index >= 0 {
      if page[index] == tag[0], zip(page[index...], tag).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) { return index }
      index -= 1
    }
    return page.count
  }

  /// The pages that later links lead to, with their hashes: a script, since a script is loaded across origins and redirects where JSON is not.
  static func listing(_ hashes: [TreePath: CID]) throws -> AddressedContents {
    let path: TreePath = ".colophon/pages.js"
    let lines = hashes.sorted { $0.key < $1.key }.map { "\"\($0.key.urlEncoded)\":\"\($0.value.text)\"" }
    let contents = FileContents.bytes(Array("colophonPages({\n\(lines.joined(separator: ",\n"))\n})\n".utf8))
    return AddressedContents(path: path, contents: contents, file: try address(contents, profile: .v0))
  }

  private static let text = """
    // Colophon: links to pages that were published after this one, by way of the front page that the reader came from.
    (() => {
      const script = document.currentScript;
      const gateway = script.src.replace(/\\/[^/]*$/, "");
      const isHash = (text) => /^[A-Za-z0-9]{46,90}$/.test(text || "");
      const address = (hash, path) =>
        gateway + "/" + hash + "?filename=" + encodeURIComponent(path.split("/").pop()) + (hash === home ? "" : "&home=" + home);
      const pages = script.dataset.pages;
      const own = location.pathname.match(/\\/ipfs\\/([^/]+)/) || location.hostname.match(/^([^.]+)\\.ipfs\\./) || [];
      const home = pages ? own[1] : new URLSearchParams(location.search).get("home");

      const later = (link) => {
        const [path, fragment] = link.split("#");
        if (path === "index.html") return address(home, path) + (fragment ? "#" + fragment : "");
        return address(home, "index.html") + "#/" + path + (fragment ? "?" + fragment : "");
      };

      const sendOn = () => {
        if (!location.hash.startsWith("#/")) return;
        const [path, fragment] = location.hash.slice(2).split("?");
        window.colophonPages = (hashes) => {
          if (isHash(hashes[path])) location.replace(address(hashes[path], path) + (fragment ? "#" + fragment : ""));
        };
        document.head.append(Object.assign(document.createElement("script"), { src: pages }));
      };

      if (!isHash(home)) {
        for (const link of document.querySelectorAll("[data-later-href]"))
          link.title = "Leads to a page that was published after this one: come from the front page to follow it";
        return;
      }
      for (const link of document.querySelectorAll("a[href], area[href]")) {
        const href = link.getAttribute("href");
        if (!href.startsWith(gateway + "/") || !/[?&]filename=[^&#]*\\.x?html?(&|#|$)/i.test(href)) continue;
        const [front, fragment] = href.split("#");
        link.setAttribute("href", front + "&home=" + home + (fragment ? "#" + fragment : ""));
      }
      for (const name of ["href", "xlink:href", "src", "action", "formaction", "cite"])
        for (const link of document.querySelectorAll("[data-later-" + name.replace(":", "\\\\:") + "]"))
          link.setAttribute(name.replace("xlink:", ""), later(link.getAttribute("data-later-" + name)));
      for (const refresh of document.querySelectorAll("meta[data-later-content]"))
        location.replace(later(refresh.getAttribute("data-later-content").replace(/^[^=]*=\\s*/, "")));
      if (pages) {
        addEventListener("hashchange", sendOn);
        sendOn();
      }
    })();

    """
}
