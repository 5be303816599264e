import Files

/// What a new site says of itself.
public struct SiteFacts: Sendable, Hashable {
  public var title: String
  /// Of the first post; RFC 3339.
  public var date: String

  public init(title: String, date: String) {
    self.title = title
    self.date = date
  }
}

/// A site that is ready to write in: it builds without a warning, and every page of it says what to do next.
public func initialSite(_ facts: SiteFacts) -> FileTree {
  var site: FileTree = [
    "content/posts/_index.md": postsPage,
    "content/about.md": aboutPage,
    "assets/sheet.svg": picture,
    "archetypes/default.md": defaultArchetype,
    "archetypes/posts.md": postArchetype,
    ".gitignore": "# What a build writes, and what it remembers.\n/public/\n/.colophon/\n",
  ]
  site["site.yaml"] = .bytes(Array(configuration(facts).utf8))
  site["content/_index.md"] = .bytes(Array(frontPage(facts).utf8))
  site["content/posts/hello.md"] = .bytes(Array(firstPost(facts).utf8))
  return site
}

private func configuration(_ facts: SiteFacts) -> String {
  return """
    # The whole configuration. Every key is optional.
    title: \(yamlScalar(facts.title))
    # description: One sentence, for lists and search engines.
    language: en
    # author: Your name
    # The stable address. Feeds and the site map need it, links inside the site don't.
    # url: https://example.org

    # Ways of sorting pages, as keys of their front matter.
    taxonomies: [tags]
    # How many posts a page of a list shows.
    page_size: 10

    menus:
      main:
        - { name: Posts, url: /posts/ }
        - { name: Tags, url: /tags/ }
        - { name: About, url: /about/ }

    # Values for templates, as `site.params`. The built-in theme knows icon, logo, card and stylesheets.
    params:
      icon: /assets/sheet.svg

    """
}

private func frontPage(_ facts: SiteFacts) -> String {
  """
  ---
  title: \(yamlScalar(facts.title))
  description: "A new site, ready to write in."
  ---

  This is the front page, `content/_index.md`. The newest posts follow below.
  Begin with [the first one](posts/hello.md), or say [who you are](about.md).

  """
}

private let aboutPage = """
  ---
  title: About
  description: Who writes here, and why.
  ---

  Say who you are. This page is `content/about.md`; its address is `/about/`.

  """

private let postsPage = """
  ---
  title: Posts
  description: Everything with a date, the newest first.
  ---

  """

private func firstPost(_ facts: SiteFacts) -> String {
  """
  ---
  title: Hello
  date: \(yamlDate(facts.date))
  tags: [notes]
  cover: { image: ../../assets/sheet.svg, alt: A sheet of paper with lines of text on it }
  ---

  The first post. It is a Markdown file, `content/posts/hello.md`, and the lines
  between `---` at its top are what it says about itself.

  ## What to do next

  - Change this text and look at it in your browser: `colophon serve`
  - Write another one: `colophon new posts/my-title.md`
  - Link to it by its file: `[another](my-title.md)`. Each build checks every
    link, and says where one leads nowhere.
  - Keep pictures beside the text, or in `assets/`.

  ## What is there

  | File | What it is |
  | :-- | :-- |
  | `site.yaml` | title, menus, and the like |
  | `content/` | the pages; a folder is a section |
  | `assets/` | pictures and other files |
  | `archetypes/` | what a new page begins with |
  | `templates/` | yours, where the built-in ones don't suit |

  """
}

private let defaultArchetype = """
  ---
  title: "{{ title }}"
  ---

  """

private let postArchetype = """
  ---
  title: "{{ title }}"
  date: {{ date }}
  tags: []
  ---

  """

private let picture = """
  <svg xmlns="http://www.w3.org/2000/svg" width="640" height="320" viewBox="0 0 640 320">
    <rect width="640" height="320" fill="#e9e2d3"/>
    <path d="M240 40h120l40 40v200H240z" fill="#fbf8f1" stroke="#8a8172" stroke-width="3"/>
    <path d="M360 40v40h40" fill="#e9e2d3" stroke="#8a8172" stroke-width="3"/>
    <path d="M264 112h112M264 136h96M264 160h108M264 184h84M264 208h104" stroke="#26545c" stroke-width="6"/>
    <circle cx="376" cy="248" r="12" fill="#be3a20"/>
  </svg>

  """
