// swift-tools-version: 6.1
// The floor plan. A room is a target; imports go downward only, and rooms on one floor don't import each other.
// `Sources/README.md` is the map. CI builds with `--explicit-target-dependency-import-check error`.
import PackageDescription

let package = Package(
  name: "colophon",
  products: [.executable(name: "colophon", targets: ["colophon"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    // Floor 0: C libraries of the system, and the theme's bytes.
    .systemLibrary(name: "CCMark", pkgConfig: "libcmark", providers: [.apt(["libcmark-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    // Calls of Linux that Swift's Glibc module does not show.
    .systemLibrary(name: "CLinux"),
    // libvips, found at run time: nothing of it is needed to build.
    .target(name: "CVips", linkerSettings: [.linkedLibrary("dl")]),
    // The built-in theme; each file is embedded under its name without its folder.
    .target(
      name: "Theme", path: "templates",
      resources: [
        .embedInCode("i18n"),
        .embedInCode("partials"),
        .embedInCode("shortcodes"),
        .embedInCode("404.html"),
        .embedInCode("archive.html"),
        .embedInCode("atom.xml"),
        .embedInCode("feed.json"),
        .embedInCode("rss.xml"),
        .embedInCode("base.html"),
        .embedInCode("index.html"),
        .embedInCode("llms.txt"),
        .embedInCode("manifest.json"),
        .embedInCode("page.html"),
        .embedInCode("search.html"),
        .embedInCode("search.js"),
        .embedInCode("section.html"),
        .embedInCode("sitemap.xml"),
        .embedInCode("sitemap-index.xml"),
        .embedInCode("taxonomy.html"),
        .embedInCode("term.html"),
        .embedInCode("theme.css"),
      ]),

    // Floor 1: the currency: trees of files, places in them, diagnostics; and the way to a server.
    .target(name: "Files"),
    // Requests to servers and their answers, by libcurl. The only importer of CCurl.
    .target(name: "Transport", dependencies: ["CCurl"]),

    // Floor 2: one language or format each, no I/O.
    // Markdown text → HTML, outline, references. The only importer of CCMark.
    .target(name: "Markdown", dependencies: ["CCMark"]),
    // Source code → HTML with classes.
    .target(name: "Highlighting"),
    // Template + data → text: a compiled subset of Jinja2.
    .target(name: "Templates", dependencies: ["Files"]),
    // The text of pages → an index that a script searches in the reader's browser.
    .target(name: "Search"),
    // Finds and rewrites URLs in HTML and CSS.
    .target(name: "HTML", dependencies: ["Files"]),
    // Bytes or a tree → CIDs, UnixFS blocks, CAR.
    .target(name: "ContentAddressing", dependencies: ["CCrypto", "Files"]),
    // What an image file says of itself, pictures made from it, and social cards.
    .target(name: "Images", dependencies: ["CVips"]),
    // HTML, style sheets and scripts without what no reader of them sees.
    .target(name: "Minification"),
    // What dStor speaks, and a client for it over a given transport.
    .target(name: "DStor", dependencies: ["CCrypto", "Files", "Transport"]),
    // What Kubo's RPC speaks, and a client for it over a given transport.
    .target(name: "Kubo", dependencies: ["Transport"]),

    // Floor 3: the machines.
    // A site's files → the output tree.
    .target(
      name: "SiteBuilder",
      dependencies: [
        "CLinux", "ContentAddressing", "Files", "HTML", "Highlighting", "Images", "Markdown", "Minification", "Search",
        "Templates",
        "Theme",
        .product(name: "TOMLKit", package: "TOMLKit"),
        .product(name: "Yams", package: "Yams"),
      ]),
    // A dStor-compatible node: tokens, uploads, gateway.
    .target(
      name: "LocalNode",
      dependencies: [
        "CCrypto", "ContentAddressing", "Files",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
      ]),
    // URLs of other sites → which of them still lead somewhere.
    .target(name: "OutsideLinks", dependencies: ["Files", "HTML", "Transport"]),
    // Nothing, or a site of another generator → a site to write in.
    .target(
      name: "Scaffold",
      dependencies: [
        "Files",
        .product(name: "TOMLKit", package: "TOMLKit"),
        .product(name: "Yams", package: "Yams"),
      ]),
    // An output tree → an edition on dStor, and its receipt.
    .target(
      name: "Publisher",
      dependencies: [
        "ContentAddressing", "DStor", "Files", "HTML", "Kubo", "Transport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),

    // A folder served to the browsers of this machine, and word of changes in another.
    .target(
      name: "Preview",
      dependencies: [
        "Files",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
      ]),

    // Floor 4: the door.
    .executableTarget(
      name: "colophon",
      dependencies: [
        "CLinux", "ContentAddressing", "DStor", "Files", "Kubo", "LocalNode", "Markdown", "OutsideLinks", "Preview",
        "Publisher",
        "Scaffold", "SiteBuilder", "Transport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // Rooms of floor 2 measured one by one; run by `Benchmarks/micro`.
    .executableTarget(
      name: "micro",
      dependencies: [
        "CCMark", "CCrypto", "ContentAddressing", "Files", "HTML", "Highlighting", "Markdown", "Minification",
        "Templates",
      ], path: "Benchmarks/Micro"),

    // What tests of several rooms share.
    .target(name: "TestSupport", dependencies: ["Files", "Transport"], path: "Tests/TestSupport"),

    // Tests: one target a room, one for damaged input of any kind, and one that runs the binary.
    .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
    .testTarget(name: "MarkdownTests", dependencies: ["Files", "Markdown", "TestSupport"], exclude: ["Data"]),
    .testTarget(
      name: "HighlightingTests", dependencies: ["Files", "Highlighting", "TestSupport"], exclude: ["Samples"]),
    .testTarget(
      name: "TemplatesTests", dependencies: ["Files", "Templates", "TestSupport"],
      exclude: ["README.md", "cases.py", "jinja2.json", "make_oracle.py"]),
    .testTarget(
      name: "SiteBuilderTests",
      dependencies: ["ContentAddressing", "Files", "Images", "SiteBuilder", "Templates", "TestSupport"]),
    .testTarget(
      name: "DamagedInputTests",
      dependencies: ["Files", "HTML", "Markdown", "Minification", "SiteBuilder", "Templates", "TestSupport"]),
    .testTarget(name: "OutsideLinksTests", dependencies: ["Files", "OutsideLinks", "TestSupport", "Transport"]),
    .testTarget(name: "SearchTests", dependencies: ["Search", "TestSupport"]),
    .testTarget(name: "PreviewTests", dependencies: ["Files", "Preview", "TestSupport"]),
    .testTarget(name: "ScaffoldTests", dependencies: ["Files", "Scaffold", "TestSupport"], exclude: ["Cases"]),
    .testTarget(
      name: "PublisherTests", dependencies: ["ContentAddressing", "DStor", "Files", "Publisher", "TestSupport"]),
    .testTarget(name: "EndToEndTests", dependencies: ["colophon"], exclude: ["Tools"]),
    .testTarget(name: "HTMLTests", dependencies: ["Files", "HTML", "TestSupport"]),
    .testTarget(name: "ImagesTests", dependencies: ["Files", "Images", "TestSupport"]),
    .testTarget(name: "MinificationTests", dependencies: ["Minification", "TestSupport"]),
    .testTarget(
      name: "ContentAddressingTests", dependencies: ["ContentAddressing", "Files", "TestSupport"],
      exclude: ["cid-vectors.json"]),
    .testTarget(name: "DStorTests", dependencies: ["DStor", "Files", "TestSupport", "Transport"]),
    .testTarget(name: "KuboTests", dependencies: ["Kubo", "Transport"]),
    .testTarget(name: "TransportTests", dependencies: ["CCurl", "Files", "TestSupport", "Transport"]),
    .testTarget(
      name: "LocalNodeTests",
      dependencies: [
        "ContentAddressing", "Files", "LocalNode", "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
