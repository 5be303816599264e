// Theme: the built-in theme, bytes inside the binary. It imports nothing and is only data; `SiteBuilder` lets a site override it file by file.
// `Package.swift` embeds each file under its name without its folder, so names are unique across folders.
// Promises: `themeFiles` lists every file beside this one. Tests: `Tests/SiteBuilderTests`.

/// The theme's files by their path: templates, and what is copied to the output's root (`theme.css`).
public let themeFiles: [(name: String, bytes: [UInt8])] = [
  ("404.html", PackageResources._04_html),
  ("atom.xml", PackageResources.atom_xml),
  ("base.html", PackageResources.base_html),
  ("index.html", PackageResources.index_html),
  ("page.html", PackageResources.page_html),
  ("partials/breadcrumbs.html", PackageResources.breadcrumbs_html),
  ("partials/card-list.html", PackageResources.card_list_html),
  ("partials/footer.html", PackageResources.footer_html),
  ("partials/head.html", PackageResources.head_html),
  ("partials/header.html", PackageResources.header_html),
  ("partials/meta.html", PackageResources.meta_html),
  ("partials/neighbours.html", PackageResources.neighbours_html),
  ("partials/pagination.html", PackageResources.pagination_html),
  ("partials/post-list.html", PackageResources.post_list_html),
  ("partials/related.html", PackageResources.related_html),
  ("partials/section-nav.html", PackageResources.section_nav_html),
  ("partials/tags.html", PackageResources.tags_html),
  ("partials/toc.html", PackageResources.toc_html),
  ("section.html", PackageResources.section_html),
  ("sitemap.xml", PackageResources.sitemap_xml),
  ("taxonomy.html", PackageResources.taxonomy_html),
  ("term.html", PackageResources.term_html),
  ("theme.css", PackageResources.theme_css),
]
