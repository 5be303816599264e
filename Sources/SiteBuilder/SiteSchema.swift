/// JSON Schema (draft 2020-12, https://json-schema.org/draft/2020-12) of `site.yaml`, `site.toml` and `site.json`, as `colophon schema site` prints it.
///
/// Keys are those that `Load.swift` reads, synonyms included; a test holds the two to each other.
public let siteSchema = #"""
  {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Colophon site",
    "description": "The configuration of a site: site.yaml, site.toml or site.json. Every key is optional.",
    "type": ["object", "null"],
    "additionalProperties": false,
    "properties": {
      "title": { "$ref": "#/$defs/text", "description": "The name of the site." },
      "description": { "$ref": "#/$defs/text", "description": "One sentence about the site: for feeds, search engines and cards." },
      "language": { "$ref": "#/$defs/text", "description": "The language of the site, BCP 47 (en, pt-BR); of a site in several the default one." },
      "lang": { "$ref": "#/properties/language" },
      "default_language": { "$ref": "#/properties/language" },
      "languages": {
        "description": "The languages that the site is written in: codes, or settings by code.",
        "anyOf": [
          { "$ref": "#/$defs/texts" },
          { "type": "object", "additionalProperties": { "anyOf": [{ "$ref": "#/$defs/language" }, { "type": "null" }] } }
        ]
      },
      "prefix_default_language": { "type": "boolean", "description": "Puts the default language below its code too: /en/about/." },
      "author": { "$ref": "#/$defs/text", "description": "Of pages that name none." },
      "url": { "type": "string", "pattern": "^(https?://\\S*)?$", "description": "The stable address of the site: for feeds, the sitemap and canonical links." },
      "base_url": { "$ref": "#/properties/url" },
      "taxonomies": { "$ref": "#/$defs/texts", "description": "Keys of front matter that sort pages (default: tags, categories)." },
      "archives": { "enum": ["year", "month"], "description": "Makes a list of the posts of each year, or of each month." },
      "related": {
        "description": "Pages that a page shares terms with.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "count": { "type": "integer", "minimum": 0, "description": "How many at most (default: 5)." },
          "taxonomies": { "$ref": "#/$defs/texts", "description": "Whose terms count (default: all)." }
        }
      },
      "page_size": { "type": "integer", "minimum": 1, "description": "How many pages a page of a list shows (default: 10)." },
      "paginate": { "$ref": "#/properties/page_size" },
      "feed_limit": { "type": "integer", "minimum": 0, "description": "How many pages a feed carries (default: 20)." },
      "feeds": {
        "description": "Formats of the feeds (default: atom).",
        "anyOf": [{ "$ref": "#/$defs/feed" }, { "type": "array", "items": { "$ref": "#/$defs/feed" } }]
      },
      "feed_content": { "enum": ["full", "summary"], "description": "Whether feeds carry whole texts (default: full)." },
      "links": { "enum": ["folder", "file"], "description": "How links name pages: ../about/ or ../about/index.html (default: folder where the site has a url)." },
      "search": { "type": "boolean", "description": "Makes a search page, and its index." },
      "llms": { "type": "boolean", "description": "Makes llms.txt, the site's pages as a list in Markdown (https://llmstxt.org)." },
      "manifest": {
        "description": "Makes a web manifest (https://www.w3.org/TR/appmanifest/).",
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "name": { "$ref": "#/$defs/text" },
          "short_name": { "$ref": "#/$defs/text" },
          "display": { "enum": ["browser", "minimal-ui", "standalone", "fullscreen"] },
          "theme_color": { "$ref": "#/$defs/text" },
          "background_color": { "$ref": "#/$defs/text" },
          "icons": { "$ref": "#/$defs/texts", "description": "URLs of images of the site." }
        }
      },
      "permalinks": {
        "type": "object",
        "additionalProperties": { "$ref": "#/$defs/text" },
        "description": "Patterns for the URLs of pages, by the name of their top section: posts: /:year/:month/:slug/."
      },
      "params": { "description": "Your own values, for templates as site.params." },
      "extra": { "$ref": "#/properties/params" },
      "markdown": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "raw_html": { "type": "boolean", "description": "Lets HTML in Markdown through (default: true)." },
          "smart": { "type": "boolean", "description": "Curly quotes and dashes (default: true)." },
          "emoji": { "type": "boolean", "description": "Turns :smile: into a character." },
          "math": { "type": "boolean", "description": "Hands formulas in $…$ and $$…$$ to a renderer in the page (default: true)." },
          "highlight": { "type": "boolean", "description": "Colours code (default: true)." },
          "line_numbers": { "type": "boolean", "description": "Numbers the lines of code." },
          "heading_ids": { "enum": ["github", "hugo", "hugo-ascii", "blackfriday", "kramdown", "zola", "zola-safe"], "description": "Whose way of naming headings: for sites that move in and keep their links (default: github)." }
        }
      },
      "integrity": { "type": "boolean", "description": "Has style sheets and scripts carry a hash that browsers check." },
      "social_cards": {
        "description": "Draws a picture for pages without a cover, for those who share them.",
        "anyOf": [
          { "type": "boolean" },
          {
            "type": "object",
            "additionalProperties": false,
            "properties": {
              "background": { "$ref": "#/$defs/color" },
              "text": { "$ref": "#/$defs/color" },
              "accent": { "$ref": "#/$defs/color" },
              "font": { "$ref": "#/$defs/text", "description": "A font file of the site, or a family of this machine." }
            }
          }
        ]
      },
      "fingerprint": { "type": "boolean", "description": "Names style sheets and scripts by a hash of their bytes." },
      "minify": {
        "description": "Writes files without comments and white space: all, or those named.",
        "anyOf": [{ "type": "boolean" }, { "type": "array", "items": { "enum": ["html", "css", "js"] } }]
      },
      "images": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "lazy": { "type": "boolean", "description": "Has images load when they come into view." },
          "responsive": { "type": "boolean", "description": "Makes each image in several widths." },
          "widths": { "type": "array", "items": { "type": "integer", "minimum": 1 }, "description": "In pixels." },
          "sizes": { "$ref": "#/$defs/text", "description": "How wide images are shown: the attribute sizes." },
          "quality": { "type": "integer", "minimum": 1, "maximum": 100 },
          "format": { "$ref": "#/$defs/text", "description": "What images are made as; original keeps the format of each." }
        }
      },
      "check": {
        "description": "How links are checked.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "dead_links": { "enum": ["warning", "error"], "description": "What a dead link inside the site is (default: error)." },
          "ignore": { "$ref": "#/$defs/texts", "description": "Patterns of URLs that are not asked." },
          "allow": { "$ref": "#/$defs/texts", "description": "Patterns of URLs that may be dead." },
          "anchors": { "type": "boolean", "description": "Looks for fragments too." },
          "timeout": { "type": "integer", "minimum": 1, "description": "In seconds." },
          "delay": { "type": "integer", "minimum": 0, "description": "In milliseconds, between two requests to one host." },
          "retries": { "type": "integer", "minimum": 0 },
          "max_age": { "type": "integer", "minimum": 0, "description": "How many days an answer is remembered." }
        }
      },
      "publish": {
        "description": "Where editions go. Credentials come from the environment, never from here.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "name": { "$ref": "#/$defs/text", "description": "The first part of the dated folder (default: from the title)." },
          "folder": { "type": "string", "pattern": "\\{build\\}", "description": "The dated folder (default: {site}/{yyyy}/{MM}/{dd}/{build})." },
          "comment": { "$ref": "#/$defs/text", "description": "The line that dStor keeps with each file, with fields as in folder, and {page}, {source} and {time}." },
          "kind": { "$ref": "#/$defs/target/properties/kind" },
          "target": { "$ref": "#/$defs/target/properties/kind" },
          "api": { "$ref": "#/$defs/target/properties/api" },
          "gateway": { "$ref": "#/$defs/target/properties/gateway" },
          "mode": { "$ref": "#/$defs/target/properties/mode" },
          "targets": {
            "description": "Several targets by name.",
            "type": "object",
            "propertyNames": { "pattern": "^[A-Za-z0-9_-]+$" },
            "additionalProperties": { "$ref": "#/$defs/target" }
          }
        }
      },
      "menus": { "$ref": "#/$defs/menus" }
    },
    "$defs": {
      "text": { "type": ["string", "number", "boolean"] },
      "texts": { "anyOf": [{ "$ref": "#/$defs/text" }, { "type": "array", "items": { "$ref": "#/$defs/text" } }] },
      "color": { "type": "string", "pattern": "^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$" },
      "feed": { "enum": ["atom", "rss", "json"] },
      "menus": {
        "description": "Menus by name.",
        "type": "object",
        "additionalProperties": { "type": "array", "items": { "$ref": "#/$defs/menuEntry" } }
      },
      "menuEntry": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "name": { "$ref": "#/$defs/text" },
          "title": { "$ref": "#/$defs/text" },
          "url": { "$ref": "#/$defs/text", "description": "/guide/, or a URL elsewhere." },
          "pageRef": { "$ref": "#/$defs/text" },
          "link": { "$ref": "#/$defs/text" },
          "weight": { "type": "integer", "description": "Lighter entries come first." },
          "children": { "type": "array", "items": { "$ref": "#/$defs/menuEntry" } }
        }
      },
      "language": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "name": { "$ref": "#/$defs/text", "description": "As its readers call it: Deutsch." },
          "locale": { "$ref": "#/$defs/text", "description": "BCP 47, where the code does not say it all." },
          "tag": { "$ref": "#/$defs/text" },
          "title": { "$ref": "#/$defs/text" },
          "description": { "$ref": "#/$defs/text" },
          "author": { "$ref": "#/$defs/text" },
          "prefix": { "$ref": "#/$defs/text", "description": "Begins its URLs (default: the code in small letters)." },
          "weight": { "type": "integer", "description": "Lighter languages come first." },
          "direction": { "enum": ["ltr", "rtl"] },
          "menus": { "$ref": "#/$defs/menus" },
          "params": {},
          "extra": {},
          "translations": { "type": "object", "description": "Phrases of templates in this language." }
        }
      },
      "target": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "kind": { "enum": ["dstor", "kubo", "local"], "description": "What it speaks (default: dstor where there is an api, else local)." },
          "target": { "$ref": "#/$defs/target/properties/kind" },
          "api": { "type": "string", "description": "Base URL of the API." },
          "gateway": { "type": "string", "description": "What a slash and a hash are appended to (default: the API's /ipfs)." },
          "mode": { "enum": ["auto", "folder", "files"], "description": "How pages are sent: auto asks the target." }
        }
      }
    }
  }

  """#
