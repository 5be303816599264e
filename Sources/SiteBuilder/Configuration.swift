import Files
import Markdown

/// What `site.yaml` (or `site.toml`, `site.json`) says. Every value has a default: a folder with `content/` is a site.
public struct Configuration: Sendable {
  public var title = ""
  public var description = ""
  /// BCP 47; of a site in several languages the default one.
  public var language = "en"
  /// In the order in which readers are offered them; never empty once the configuration is read.
  public internal(set) var languages: [Language] = [Language(code: "en")]
  /// The language of files that name none, and of what no other language has.
  var defaultLanguage: LanguageID = 0
  /// The stable address of the site, without a slash at its end; empty where there is none.
  public var url = ""
  public var author = ""
  /// Names of the taxonomies, as in front matter: `tags`.
  public var taxonomies = ["tags", "categories", seriesTaxonomy]
  /// Nil makes no archives.
  var archives: ArchiveDepth?
  public var related = RelatedSettings()
  /// How links name pages; nil follows from `url`.
  var links: LinkStyle?
  /// How many pages a page of a list shows.
  public var pageSize = 10
  /// How many pages a feed carries.
  public var feedLimit = 20
  /// Patterns for the URLs of pages, by the name of their top section: `posts: /:year/:month/:slug/`.
  var permalinks: [(section: String, pattern: Permalink, place: Datum.Place)] = []
  /// Formats of the feeds.
  var feeds: [FeedFormat] = [.atom]
  /// Feeds carry whole texts; off, their summaries.
  var hasFullFeeds = true
  /// A search page, and the index that it searches.
  public var search = false
  /// `llms.txt`: the site's pages as a list in Markdown (llmstxt.org).
  var llms = false
  /// Nil where the site has no web manifest.
  var manifest: WebManifest?
  public var markdown = MarkdownSettings()
  public var images = ImageSettings()
  var socialCards = SocialCardSettings()
  /// Nil where there are none, or nothing can draw them; known once the site's files are.
  var cards: SocialCards?
  public var check = CheckSettings()
  public var minify = MinifySettings()
  /// Pages name style sheets and scripts by a hash of their bytes.
  public var fingerprint = false
  /// Pages say what bytes these files have, too.
  var integrity = false
  public var publish = PublishSettings()
  /// Menus by name.
  var menus: [(name: String, items: [MenuItem])] = []
  /// Free values for templates.
  var params = Datum(.map([]))
  /// Set where a build is only looked at: see `BuildOptions`.
  var isPreview = false
  /// The file it was read from, relative to the site's folder; nil where there is none.
  public var path: String?
  /// Its text, to find the place where a value was written.
  var source: SourceText?

  public struct RelatedSettings: Sendable {
    /// How many pages at most.
    public var count = 5
    /// Whose terms count; nil means all.
    public var taxonomies: [String]?
  }

  public struct MarkdownSettings: Sendable {
    public var rawHTML = true
    public var smart = true
    public var emoji = false
    public var math = true
    public var highlight = true
    public var lineNumbers = false
    public var headingIDs = HeadingIDStyle.github
  }

  /// How links are checked. What is about those to other sites may be nil, all but the patterns, which leaves it to the checker.
  public struct CheckSettings: Sendable {
    /// What a link inside the site is that leads nowhere. A site that moved in may have many, which nobody checked before.
    var deadLinks = Diagnostic.Severity.error
    /// Patterns of URLs that are not asked.
    public var ignore: [String] = []
    /// Patterns of URLs that may be dead.
    public var allow: [String] = []
    public var anchors = false
    /// In seconds; at least 1.
    public var timeout: Int?
    /// In milliseconds, between two requests to one host.
    public var delay: Int?
    /// How often a request is repeated.
    public var retries: Int?
    /// How many days an answer is remembered.
    public var maxAge: Int?
  }
}

/// One entry of a menu.
struct MenuItem: Sendable {
  var name: String
  var url: String
  var weight: Int
  var children: [MenuItem]
}

/// What a browser needs to know to keep the site as an application: <https://www.w3.org/TR/appmanifest/>
struct WebManifest: Sendable {
  static let displays = ["browser", "minimal-ui", "standalone", "fullscreen"]

  /// Nil means the site's title.
  var name: String?
  var shortName: String?
  var display = "browser"
  var themeColor: String?
  var backgroundColor: String?
  /// URLs of images of the site.
  var icons: [String] = []
}

/// How links between pages name them.
enum LinkStyle: String, Sendable, CaseIterable {
  /// `../about/`: for hosts, which serve the index of a folder.
  case folder
  /// `../about/index.html`: works from a disk and at every gateway too.
  case file
}

extension Configuration {
  /// A site with an address is read from a host; one without is read from wherever it lies.
  var linkStyle: LinkStyle { links ?? (url.isEmpty ? .file : .folder) }
}

/// The formats that a feed can have (RFC 4287, RSS 2.0, JSON Feed 1.1), each with its file and its template.
enum FeedFormat: String, Sendable, CaseIterable {
  case atom, rss, json

  var fileName: String {
    switch self {
    case .atom: "atom.xml"
    case .rss: "rss.xml"
    case .json: "feed.json"
    }
  }

  var mediaType: String {
    switch self {
    case .atom: "application/atom+xml"
    case .rss: "application/rss+xml"
    case .json: "application/feed+json"
    }
  }
}
