/// JSON Schema (draft 2020-12, https://json-schema.org/draft/2020-12) of what stands above a page's text, as `colophon schema front-matter` prints it.
///
/// Keys are those that `FrontMatter.swift` reads, synonyms included; a test holds the two to each other. Other keys are the writer's own.
public let frontMatterSchema = #"""
  {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Colophon front matter",
    "description": "The keys above a page's text, in YAML, TOML or JSON. Every key is optional; keys that are not here are kept as page.params.",
    "type": ["object", "null"],
    "properties": {
      "title": { "$ref": "#/$defs/text", "description": "The page's name (default: its first heading, or its file's name)." },
      "date": { "$ref": "#/$defs/date", "description": "Makes it a post. In the future it waits until then." },
      "updated": { "$ref": "#/$defs/date", "description": "When it was changed last." },
      "lastmod": { "$ref": "#/$defs/date" },
      "last_modified_at": { "$ref": "#/$defs/date" },
      "modified": { "$ref": "#/$defs/date" },
      "publishDate": { "$ref": "#/$defs/date", "description": "The page is left out before that." },
      "publish_date": { "$ref": "#/$defs/date" },
      "publishdate": { "$ref": "#/$defs/date" },
      "expiryDate": { "$ref": "#/$defs/date", "description": "The page is left out from then on." },
      "expiry_date": { "$ref": "#/$defs/date" },
      "expirydate": { "$ref": "#/$defs/date" },
      "draft": { "type": "boolean", "description": "Left out unless --drafts is given." },
      "published": { "type": "boolean", "description": "false is a draft." },
      "description": { "$ref": "#/$defs/text", "description": "One sentence: for lists, feeds, search engines and cards." },
      "summary": { "$ref": "#/$defs/text", "description": "What lists show (default: the text above <!--more-->, or its beginning)." },
      "excerpt": { "$ref": "#/$defs/text" },
      "slug": { "$ref": "#/$defs/text", "description": "The last part of the page's URL." },
      "url": { "$ref": "#/$defs/text", "description": "The whole URL: /about/." },
      "permalink": { "$ref": "#/$defs/text" },
      "path": { "$ref": "#/$defs/text" },
      "aliases": { "$ref": "#/$defs/texts", "description": "Old URLs, which lead to the page." },
      "redirect_to": { "$ref": "#/$defs/text", "description": "Where readers of this page are sent." },
      "redirect_from": { "$ref": "#/$defs/texts" },
      "language": { "$ref": "#/$defs/text", "description": "BCP 47, where it is not the site's." },
      "lang": { "$ref": "#/$defs/text" },
      "translation_key": { "$ref": "#/$defs/text", "description": "Pages of the same key are translations of each other." },
      "translationKey": { "$ref": "#/$defs/text" },
      "translationkey": { "$ref": "#/$defs/text" },
      "weight": { "type": ["integer", "null"], "description": "Lighter pages come first in their section." },
      "authors": { "$ref": "#/$defs/texts" },
      "author": { "$ref": "#/$defs/texts" },
      "template": { "$ref": "#/$defs/text", "description": "Rendered with it in place of the usual one." },
      "layout": { "$ref": "#/$defs/text" },
      "tags": { "$ref": "#/$defs/texts" },
      "categories": { "$ref": "#/$defs/texts" },
      "series": { "$ref": "#/$defs/texts", "description": "What it is a part of." },
      "series_order": { "type": ["integer", "null"], "description": "Which part it is." },
      "series_weight": { "type": ["integer", "null"] },
      "taxonomies": { "type": "object", "additionalProperties": { "$ref": "#/$defs/texts" }, "description": "Terms by taxonomy, as Zola has them." },
      "cover": {
        "description": "The page's image: its path, or a map.",
        "anyOf": [{ "$ref": "#/$defs/text" }, { "$ref": "#/$defs/cover" }, { "type": "null" }]
      },
      "image": { "$ref": "#/properties/cover" },
      "orphan": { "type": "boolean", "description": "true says that no page need link to it." },
      "search": { "type": "boolean", "description": "false keeps the page out of the search." },
      "menus": {
        "description": "The menus that the page stands in: names, or entries by name.",
        "anyOf": [
          { "$ref": "#/$defs/texts" },
          { "type": "object", "additionalProperties": { "anyOf": [{ "$ref": "#/$defs/menuEntry" }, { "type": "null" }] } },
          { "type": "null" }
        ]
      },
      "menu": { "$ref": "#/properties/menus" },
      "params": { "type": "object", "description": "Your own values, for templates as page.params." },
      "extra": { "type": "object" },
      "cascade": { "type": "object", "description": "Of a section: front matter for all pages below it." }
    },
    "$defs": {
      "text": { "type": ["string", "number", "boolean", "null"] },
      "texts": { "anyOf": [{ "$ref": "#/$defs/text" }, { "type": "array", "items": { "$ref": "#/$defs/text" } }] },
      "date": { "type": ["string", "integer", "null"], "description": "2026-11-22, 2026-11-22T10:30:00+01:00 or 2026-11-22 10:30." },
      "cover": {
        "type": "object",
        "properties": {
          "image": { "$ref": "#/$defs/text" },
          "url": { "$ref": "#/$defs/text" },
          "src": { "$ref": "#/$defs/text" },
          "alt": { "$ref": "#/$defs/text", "description": "What it shows." },
          "caption": { "$ref": "#/$defs/text" }
        },
        "anyOf": [{ "required": ["image"] }, { "required": ["url"] }, { "required": ["src"] }]
      },
      "menuEntry": {
        "type": "object",
        "properties": {
          "name": { "$ref": "#/$defs/text" },
          "title": { "$ref": "#/$defs/text" },
          "weight": { "type": "integer" }
        }
      }
    }
  }

  """#
