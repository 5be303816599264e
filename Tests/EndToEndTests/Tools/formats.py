#!/usr/bin/env python3
"""Checks what a built site has for machines against the specifications: feeds, sitemaps, web manifest, JSON-LD, robots.txt.

    formats.py FOLDER [--url URL]

With --url, the site has that address, and every URL for others has to be absolute. Needs nothing but Python; prints one problem a line and
ends with 1 where there is one.
"""

import argparse
import email.utils
import html.parser
import json
import pathlib
import re
import sys
import urllib.parse
import xml.etree.ElementTree as ET

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RFC3339 = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
W3C_DATE = re.compile(r"^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$")
LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")

problems = []
counts = {}


def tell(path, what):
    problems.append(f"{path}: {what}")


def is_absolute(url):
    parts = urllib.parse.urlsplit(url)
    return bool(parts.scheme) and (bool(parts.netloc) or parts.scheme in ("urn", "mailto", "data", "tag"))


class URLs(html.parser.HTMLParser):
    """The URLs of a piece of HTML."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src", "poster") and value is not None:
                self.found.append(value)


def check_html(path, text, url):
    parser = URLs()
    parser.feed(text)
    parser.close()
    if url:
        for found in parser.found:
            if not is_absolute(found):
                tell(path, f"{found} in the text of an entry is not absolute")


def one(path, parent, name, least=1, most=1):
    found = parent.findall(name)
    short = name.split("}")[-1]
    if not least <= len(found) <= most:
        tell(path, f"{len(found)} {short} in {parent.tag.split('}')[-1]}")
    return (found[0].text or "") if found else ""


def check_atom(path, root, url):
    """RFC 4287: section 4.1 says what must be there, and how often."""
    identifiers = set()
    if root.tag != ATOM + "feed":
        return tell(path, f"the root is {root.tag}")
    if XML_LANG in root.attrib and not LANGUAGE.match(root.attrib[XML_LANG]):
        tell(path, f"xml:lang is {root.attrib[XML_LANG]}")
    links = {link.get("rel", "alternate"): link.get("href", "") for link in root.findall(ATOM + "link")}
    if "self" not in links:
        tell(path, "no link with rel=self (4.1.1)")
    if not one(path, root, ATOM + "title"):
        tell(path, "no title")
    entries = root.findall(ATOM + "entry")
    if not root.findall(ATOM + "author") and not all(e.findall(ATOM + "author") for e in entries):
        tell(path, "neither the feed nor every entry has an author (4.1.1)")
    for element in [root] + entries:
        identifier = one(path, element, ATOM + "id")
        if not is_absolute(identifier):
            tell(path, f"the id {identifier} is no IRI (4.2.6)")
        if element is not root and identifier in identifiers:
            tell(path, f"two entries have the id {identifier}")
        if element is not root:
            identifiers.add(identifier)
        updated = one(path, element, ATOM + "updated")
        for date in [updated] + [d.text or "" for d in element.findall(ATOM + "published")]:
            if not RFC3339.match(date):
                tell(path, f"{date} is no date of RFC 3339 (3.3)")
        for author in element.findall(ATOM + "author"):
            if not one(path, author, ATOM + "name").strip():
                tell(path, "an author has no name (3.2.1)")
        for category in element.findall(ATOM + "category"):
            if not category.get("term"):
                tell(path, "a category has no term (4.2.2.1)")
        for link in element.findall(ATOM + "link"):
            if not link.get("href"):
                tell(path, "a link has no href (4.2.7.1)")
            elif url and not is_absolute(link.get("href")):
                tell(path, f"{link.get('href')} is not absolute")
    for entry in entries:
        one(path, entry, ATOM + "title")
        one(path, entry, ATOM + "published", 0)
        one(path, entry, ATOM + "summary", 0)
        content = one(path, entry, ATOM + "content", 0)
        if not entry.findall(ATOM + "content"):
            if not [l for l in entry.findall(ATOM + "link") if l.get("rel", "alternate") == "alternate"]:
                tell(path, "an entry has neither content nor an alternate link (4.1.2)")
        elif entry.find(ATOM + "content").get("type") != "html":
            tell(path, "content is no HTML")
        check_html(path, content, url)
    for element in root.iter():
        if element.tag.startswith("{") and not element.tag.startswith(ATOM):
            tell(path, f"{element.tag} is no element of Atom")


def check_rss(path, root, url):
    """RSS 2.0.11, https://www.rssboard.org/rss-specification"""
    if root.get("version") != "2.0":
        tell(path, "the version is not 2.0")
    channel = root.find("channel")
    if channel is None or len(root) != 1:
        return tell(path, "rss holds one channel")
    for name in ("title", "link", "description"):
        if not one(path, channel, name).strip():
            tell(path, f"the channel has no {name}")
    if url and not is_absolute(one(path, channel, "link")):
        tell(path, "the channel's link is not absolute")
    language = one(path, channel, "language", 0)
    if language and not LANGUAGE.match(language):
        tell(path, f"the language is {language}")
    if url and channel.find(ATOM + "link") is None:
        tell(path, "no atom:link with rel=self")
    identifiers = set()
    for item in channel.findall("item"):
        if not one(path, item, "title", 0) and not one(path, item, "description", 0):
            tell(path, "an item has neither title nor description")
        guid = item.find("guid")
        if guid is None or not guid.text:
            tell(path, "an item has no guid")
        else:
            if guid.text in identifiers:
                tell(path, f"two items have the guid {guid.text}")
            identifiers.add(guid.text)
            if guid.get("isPermaLink", "true") == "true" and not is_absolute(guid.text):
                tell(path, f"the guid {guid.text} is no URL, isPermaLink says so")
        if url and not is_absolute(one(path, item, "link", 0)):
            tell(path, "an item's link is not absolute")
        check_html(path, one(path, item, "description", 0), url)
    for date in root.iter("pubDate"):
        check_rfc822(path, date.text)
    for date in root.iter("lastBuildDate"):
        check_rfc822(path, date.text)


def check_rfc822(path, text):
    try:
        date = email.utils.parsedate_to_datetime(text or "")
        if not re.match(r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d ", text) or date.strftime("%a") != text[:3]:
            tell(path, f"{text} has a wrong day of the week")
    except (TypeError, ValueError):
        tell(path, f"{text} is no date of RFC 822")


def check_json_feed(path, feed, url):
    """JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/"""
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        tell(path, "the version is not that of 1.1")
    if not isinstance(feed.get("title"), str) or not feed["title"]:
        tell(path, "no title")
    for name in ("home_page_url", "feed_url"):
        if url and not is_absolute(feed.get(name, "")):
            tell(path, f"{name} is not absolute")
    if not isinstance(feed.get("items"), list):
        return tell(path, "no items")
    identifiers = set()
    for item in feed["items"]:
        identifier = item.get("id")
        if not isinstance(identifier, str) or not identifier or identifier in identifiers:
            tell(path, f"the id {identifier} is empty or not unique")
        identifiers.add(identifier)
        if not isinstance(item.get("content_html", item.get("content_text")), str):
            tell(path, f"{identifier} has no content")
        if url and not is_absolute(item.get("url", "")):
            tell(path, f"the url of {identifier} is not absolute")
        for name in ("date_published", "date_modified"):
            if name in item and not RFC3339.match(item[name]):
                tell(path, f"{item[name]} is no date of RFC 3339")
        if not all(isinstance(tag, str) for tag in item.get("tags", [])):
            tell(path, f"a tag of {identifier} is no text")
        check_html(path, item.get("content_html", ""), url)


def check_sitemap(path, root, url, folder):
    """https://www.sitemaps.org/protocol.html"""
    places = root.findall(f"{SITEMAP}url") or root.findall(f"{SITEMAP}sitemap")
    if not places:
        tell(path, "it names nothing")
    if len(places) > 50_000:
        tell(path, f"{len(places)} places, the most are 50,000")
    seen = set()
    for place in places:
        location = one(path, place, SITEMAP + "loc")
        if not is_absolute(location) or (url and not location.startswith(url)):
            tell(path, f"{location} is no URL of the site")
        if location in seen:
            tell(path, f"{location} is named twice")
        seen.add(location)
        if url:
            below = urllib.parse.unquote(location[len(url):].lstrip("/"))
            if not (folder / below / "index.html").is_file() and not (folder / below).is_file():
                tell(path, f"{location} is not there")
        modified = one(path, place, SITEMAP + "lastmod", 0)
        if modified and not W3C_DATE.match(modified):
            tell(path, f"{modified} is no date of W3C's form")


def check_manifest(path, manifest):
    """https://www.w3.org/TR/appmanifest/"""
    for name in ("name", "start_url", "display"):
        if not isinstance(manifest.get(name), str) or not manifest[name]:
            tell(path, f"no {name}")
    for icon in manifest.get("icons", []):
        if not re.match(r"^(any|\d+x\d+)$", icon.get("sizes", "any")):
            tell(path, f"sizes of {icon} are no sizes")
        if not is_absolute(icon["src"]) and not (path.parent / icon["src"]).is_file():
            tell(path, f"the icon {icon['src']} is not there")
    if not (path.parent / manifest.get("start_url", "")).exists():
        tell(path, "start_url is not there")


class Scripts(html.parser.HTMLParser):
    """The JSON-LD of a page, its languages and its Open Graph."""

    def __init__(self):
        super().__init__()
        self.texts = []
        self.properties = {}
        self.is_inside = False

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "script" and attributes.get("type") == "application/ld+json":
            self.is_inside = True
            self.texts.append("")
        if tag == "meta" and "property" in attributes:
            self.properties[attributes["property"]] = attributes.get("content", "")

    def handle_endtag(self, tag):
        self.is_inside = False

    def handle_data(self, data):
        if self.is_inside:
            self.texts[-1] += data


def check_page(path, url):
    parser = Scripts()
    parser.feed(path.read_text(encoding="utf-8"))
    for text in parser.texts:
        counts["JSON-LD"] = counts.get("JSON-LD", 0) + 1
        try:
            data = json.loads(text)
        except ValueError as error:
            tell(path, f"JSON-LD is no JSON: {error}")
            continue
        if data.get("@context") != "https://schema.org":
            tell(path, "JSON-LD has no context")
        for thing in data.get("@graph", []):
            if "@type" not in thing:
                tell(path, "a thing of JSON-LD has no type")
            if not is_absolute(thing.get("url", "https://example.org")):
                tell(path, f"{thing['url']} is not absolute")
            if thing.get("@type") == "BreadcrumbList":
                positions = [item["position"] for item in thing["itemListElement"]]
                if positions != list(range(1, len(positions) + 1)):
                    tell(path, f"breadcrumbs have the positions {positions}")
    if parser.properties:
        for name in ("og:title", "og:type"):
            if not parser.properties.get(name):
                tell(path, f"no {name}")
        for name in ("og:url", "og:image"):
            if url and name in parser.properties and not is_absolute(parser.properties[name]):
                tell(path, f"{name} is not absolute")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--url", default="")
    arguments = parser.parse_args()
    url = arguments.url.rstrip("/")
    for path in sorted(arguments.folder.rglob("*")):
        if path.suffix == ".html":
            check_page(path, url)
            kind = "page"
        elif path.suffix == ".xml":
            try:
                root = ET.fromstring(path.read_bytes())
            except ET.ParseError as error:
                tell(path, f"no XML: {error}")
                continue
            kind = {"atom.xml": "Atom", "rss.xml": "RSS"}.get(path.name, "sitemap")
            if kind == "Atom":
                check_atom(path, root, url)
            elif kind == "RSS":
                check_rss(path, root, url)
            elif root.tag.startswith(SITEMAP):
                check_sitemap(path, root, url, arguments.folder)
        elif path.suffix in (".json", ".webmanifest"):
            try:
                data = json.loads(path.read_text(encoding="utf-8"))
            except ValueError as error:
                tell(path, f"no JSON: {error}")
                continue
            kind = {"feed.json": "JSON Feed", "manifest.webmanifest": "manifest"}.get(path.name)
            if kind == "JSON Feed":
                check_json_feed(path, data, url)
            elif kind == "manifest":
                check_manifest(path, data)
        elif path.name == "robots.txt":
            kind = "robots.txt"
            if url and f"Sitemap: {url}/sitemap.xml" not in path.read_text(encoding="utf-8").split("\n"):
                tell(path, "it does not name the sitemap")
        else:
            continue
        counts[kind] = counts.get(kind, 0) + 1
    for problem in problems:
        print(problem)
    print(", ".join(f"{count} {kind}" for kind, count in sorted(counts.items(), key=str)), file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
