"""Follows every link and asset from an entry page, with curl, and hashes what comes back. Shares no code with Colophon.

Usage: crawl.py ENTRY RECEIPT FOLDER [GATEWAY]. Prints one JSON object: visited, errors, types, unreached, integrities (how many).
With a gateway's URL no link is followed: only the blocks are, from the root down, at that gateway.
"""
import base64
import hashlib
import html.parser
import json
import os
import re
import subprocess
import sys
import urllib.parse
import xml.etree.ElementTree

import unixfs

TYPES = {
    "html": ["text/html"], "css": ["text/css"], "js": ["text/javascript", "application/javascript"],
    "mjs": ["text/javascript", "application/javascript"], "json": ["application/json"], "svg": ["image/svg+xml"],
    "png": ["image/png"], "jpg": ["image/jpeg"], "webp": ["image/webp"], "gif": ["image/gif"], "ico": ["image/x-icon"],
    "woff2": ["font/woff2"], "woff": ["font/woff"], "ttf": ["font/ttf"], "txt": ["text/plain"], "csv": ["text/csv"],
    "xml": ["application/xml", "text/xml", "application/atom+xml"], "zip": ["application/zip"],
    "pdf": ["application/pdf"], "mp4": ["video/mp4"], "vtt": ["text/vtt"],
    "webmanifest": ["application/manifest+json", "application/json"],
}


class Page(html.parser.HTMLParser):
    """Collects URLs and the names that a fragment can lead to."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.urls, self.later, self.names, self.raw, self.base = [], [], set(), None, None
        self.integrities = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, pairs):
        at = {name: value or "" for name, value in pairs}
        for name in ("id", "name"):
            if name in at:
                self.names.add(at[name])
        if tag == "base":
            self.base = at.get("href")
        if tag == "link" and {"preconnect", "dns-prefetch"} & set(at.get("rel", "").split()):
            return
        # Links that a script makes, by way of the front page's listing of pages.
        self.later += [value.split("=")[-1].strip() for name, value in at.items() if name.startswith("data-later-")]
        for name in ("href", "src", "poster", "data", "xlink:href", "data-pages"):
            if name in at and tag != "base":
                self.urls.append(at[name])
        if "integrity" in at:
            self.integrities.append((at.get("href") or at.get("src"), at["integrity"], at.get("crossorigin")))
        for name in ("srcset", "imagesrcset"):
            for candidate in re.findall(r"[^\s,]\S*[^\s,](?:\s+[\d.]+[wx])?", at.get(name, "")):
                self.urls.append(candidate.split()[0])
        if tag == "meta" and re.search(r"(image|video|audio)(:url|:secure_url|:src)?$", at.get("property", at.get("name", ""))):
            self.urls.append(at.get("content", ""))
        self.urls += style_urls(at.get("style", ""))
        self.raw = tag if tag in ("style", "script") else None
        self.is_module = at.get("type") == "module"

    def handle_startendtag(self, tag, pairs):
        self.handle_starttag(tag, pairs)
        self.raw = None

    def handle_data(self, data):
        if self.raw == "style":
            self.urls += style_urls(data)
        if self.raw == "script" and self.is_module:
            self.urls += module_urls(data)

    def handle_endtag(self, tag):
        self.raw = None


def css_text(text):
    return re.sub(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)", lambda m: chr(int(m[1], 16)) if m[1] else m[2], text)


def style_urls(css):
    css = re.sub(r"/\*.*?\*/", " ", css, flags=re.S)
    found = []
    for m in re.finditer(r"""url\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|((?:[^\s"'()\\]|\\.)*))\s*\)""", css, re.I | re.S):
        found.append(css_text(next(g for g in m.groups() if g is not None)))
    for m in re.finditer(r"""@import\s+(?:"([^"]*)"|'([^']*)')""", css, re.I):
        found.append(css_text(m[1] if m[1] is not None else m[2]))
    return found


def module_urls(code):
    code = re.sub(r"(?m)^\s*//.*$|/\*.*?\*/", "", code)
    names = re.findall(r"""(?m)(?:^|[;}\s])(?:import|export)\s*(?:[\w*{}\s,$]*?from\s*)?["']([^"']+)["']""", code)
    names += re.findall(r"""import\(\s*["']([^"']+)["']\s*\)""", code)
    return [name for name in names if name.startswith((".", "/", "http"))]


def feed_urls(text):
    root = xml.etree.ElementTree.fromstring(text)
    return [e.get("href") for e in root.iter() if e.tag.endswith("}link") and e.get("href")] + [
        e.text.strip() for e in root.iter() if e.tag.endswith("}loc") and e.text]


def curl(urls, folder):
    """Gets all of them with one curl; yields (url, status, headers, body)."""
    config = ""
    for number, url in enumerate(urls):
        config += ("next\n" if number else "") + 'url = "%s"\noutput = "%s/%d.body"\ndump-header = "%s/%d.head"\n' % (
            url.replace("\\", "\\\\").replace('"', '\\"'), folder, number, folder, number)
        config += 'silent\ngloboff\npath-as-is\nmax-time = 20\nnoproxy = "*"\n'
        for end in ("body", "head"):
            open("%s/%d.%s" % (folder, number, end), "wb").close()
    if not urls:
        return
    subprocess.run(["curl", "-q", "-K", "-"], input=config.encode(), timeout=600, check=False)
    for number, url in enumerate(urls):
        head = open("%s/%d.head" % (folder, number), "rb").read().decode("latin-1").split("\r\n")
        headers = {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        status = int(head[0].split()[1]) if len(head[0].split()) > 1 else 0
        yield url, status, headers, open("%s/%d.body" % (folder, number), "rb").read()


class Crawl:
    def __init__(self, entry, receipt, folder):
        self.entry, self.receipt, self.folder = entry, receipt, folder
        parts = urllib.parse.urlsplit(entry)
        self.origin = "%s://%s" % (parts.scheme, parts.netloc)
        self.root = receipt["root"]["v0"]
        self.errors, self.types, self.seen = [], {}, {}
        self.names, self.fragments, self.sizes = {}, [], {}
        self.paths, self.unreached = set(), []
        self.is_files = receipt["mode"] == "files"
        self.later, self.pages = [], {}
        self.integrities, self.hashes = [], {}
        self.cids, self.paths_of = {}, {}
        for file in receipt["files"]:
            self.cids[file["path"]] = file["cid"]
            self.paths_of.setdefault(file["cid"], set()).add(file["path"])

    def run(self):
        wave = [self.entry]
        self.seen[self.entry] = None
        while wave:
            found = []
            for url, status, headers, body in curl(wave, self.folder):
                for reference in self.visit(url, status, headers, body):
                    self.add(url, reference, found)
            wave = found
            if not wave and self.later:
                self.add_later(wave)
        for target, fragment, source in self.fragments:
            names = self.names.get(target)
            if names is not None and fragment not in names and urllib.parse.unquote(fragment) not in names:
                self.errors.append("%s: no %s#%s" % (source, target, fragment))
        for source, url, values, origin in self.integrities:
            # A browser takes any of the values, and looks at a file of another host only where the host is asked for that.
            if self.hashes.get(url) not in values.split():
                self.errors.append("%s: %s hashes to %s, not to %s" % (source, url, self.hashes.get(url), values))
            if origin not in ("", "anonymous"):
                self.errors.append("%s: no crossorigin for %s" % (source, url))
        self.follow_dag(self.entry[:self.entry.index("/ipfs/")] + "/ipfs/")
        self.whole()

    def add(self, source, reference, found):
        reference = reference.strip()
        if reference.split(":")[0].lower() in ("data", "mailto", "javascript", "tel", "about"):
            return
        url = urllib.parse.urljoin(source, reference)
        url, _, fragment = url.partition("#")
        if not url.startswith(self.origin + "/"):
            return
        if fragment:
            self.fragments.append((url, fragment, source))
        if url not in self.seen:
            self.seen[url] = source
            found.append(url)

    def add_later(self, found):
        """What the script would open: the listing's hash for the path, or the front page's own."""
        front = self.entry.split("/ipfs/")[1].split("?")[0]
        for source, reference in self.later:
            path, _, fragment = reference.partition("#")
            cid = front if path == "index.html" else self.pages.get(path)
            if cid is None:
                self.errors.append("%s: %s is not in the listing of pages" % (source, path))
                continue
            url = "%s/ipfs/%s?filename=%s" % (self.origin, cid, path.rpartition("/")[2])
            self.add(source, url + ("#" + fragment if fragment else ""), found)
        self.later = []

    def visit(self, url, status, headers, body):
        parts = urllib.parse.urlsplit(url)
        place = "%s (linked from %s)" % (url, self.seen[url])
        if status != 200:
            self.errors.append("%s: status %d" % (place, status))
            return []
        steps = parts.path.split("/")
        cid = unixfs.file_cid(body)
        self.sizes[cid] = len(body)
        self.hashes[url] = "sha256-" + base64.b64encode(hashlib.sha256(body).digest()).decode()
        filename = urllib.parse.parse_qs(parts.query).get("filename", [None])[0]
        if steps[1] != "ipfs" or len(steps) < 3:
            self.errors.append("%s: not addressed by hash" % place)
        elif len(steps) == 3:
            if steps[2] != cid:
                self.errors.append("%s: bytes hash to %s" % (place, cid))
            if filename is None:
                self.errors.append("%s: no filename" % place)
            if self.is_files:
                self.paths |= self.paths_of.get(cid, set())
        else:
            path = urllib.parse.unquote("/".join(steps[3:]))
            self.paths.add(path)
            filename = steps[-1]
            if steps[2] != self.root:
                self.errors.append("%s: below another root than %s" % (place, self.root))
            known = self.cids.get(path)
            if known != cid:
                self.errors.append("%s: bytes hash to %s, the receipt says %s" % (place, cid, known))
        if headers.get("etag") != '"%s"' % cid:
            self.errors.append("%s: Etag is %s, the bytes hash to %s" % (place, headers.get("etag"), cid))
        kind = headers.get("content-type", "").split(";")[0].strip().lower()
        extension = (filename or "").rpartition(".")[2].lower()
        self.types[extension] = kind
        if kind not in TYPES.get(extension, [kind]):
            self.errors.append("%s: Content-Type is %s" % (place, kind))
        return self.references(url, kind, extension, body)

    def references(self, url, kind, extension, body):
        if kind == "text/html" or kind == "image/svg+xml":
            page = Page(body.decode())
            self.names[url] = page.names | {""} | ({"top"} if kind == "text/html" else set())
            self.later += [(url, reference) for reference in page.later]
            for reference, values, origin in page.integrities:
                self.integrities.append((url, urllib.parse.urljoin(url, reference), values, origin))
            if page.base:
                self.errors.append("%s: has <base>" % url)
            return page.urls
        if kind == "text/css":
            return style_urls(body.decode())
        if self.is_files and body.startswith(b"colophonPages("):
            self.pages = json.loads(body[len("colophonPages("):].strip().rstrip(b")"))
            return []
        if extension in ("js", "mjs"):
            return module_urls(body.decode())
        if extension in ("xml", "atom"):
            return feed_urls(body.decode())
        return []

    def follow_dag(self, gateway):
        """Every block from the root down is what its CID says; the names in it are the receipt's pages, no more and no fewer."""
        files = [(f["path"], f["cid"]) for f in self.receipt["files"] if f["kind"] == "page"]
        found, wave = {}, files if self.is_files else [("", self.root)]
        while wave:
            below = []
            urls = [gateway + cid + "?format=raw" for _, cid in wave]
            for (path, cid), (url, status, _, block) in zip(wave, curl(urls, self.folder)):
                if status != 200 or unixfs.cid_text(block) != cid:
                    self.errors.append("%s: status %d, the block hashes to %s" % (url, status, unixfs.cid_text(block)))
                    continue
                kind, links = unixfs.read_node(block)
                if kind == "directory":
                    below += [(path + "/" + name if path else name, link) for name, link in links]
                else:
                    # The blocks of a large file come with no path of their own.
                    if path is not None:
                        found[path] = cid
                    below += [(None, link) for _, link in links]
            wave = below
        pages = {f["path"]: f["cid"] for f in self.receipt["files"] if f["kind"] == "page"}
        for path in sorted(set(found) | set(pages)):
            if found.get(path) != pages.get(path):
                self.errors.append("%s: %s in the folder, %s in the receipt" % (path, found.get(path), pages.get(path)))

    def whole(self):
        """What the receipt names comes back and hashes to its CID, linked or not."""
        files = self.receipt["files"]
        if len(set(f["path"] for f in files)) != len(files):
            self.errors.append("a path is in the receipt twice")
        for file in files:
            if self.sizes.get(file["cid"], file["size"]) != file["size"]:
                self.errors.append("receipt: %s has %d bytes" % (file["path"], self.sizes[file["cid"]]))
        self.unreached = sorted(
            f["path"] for f in files
            if (f["path"] not in self.paths if f["kind"] == "page" else f["cid"] not in self.sizes))
        unreached = set(self.unreached)
        files = [f for f in files if f["path"] in unreached]
        urls = [f["url"] for f in files]
        for file, (url, status, _, body) in zip(files, curl(urls, self.folder)):
            cid = unixfs.file_cid(body)
            if status != 200 or cid != file["cid"] or len(body) != file["size"]:
                self.errors.append("receipt: %s: status %d, %s, %d bytes" % (url, status, cid, len(body)))


def main():
    entry, receipt, folder = sys.argv[1:4]
    os.makedirs(folder, exist_ok=True)
    with open(receipt, encoding="utf-8") as file:
        crawl = Crawl(entry, json.load(file), folder)
    if len(sys.argv) > 4:
        crawl.follow_dag(sys.argv[4])
    else:
        crawl.run()
    print(json.dumps({
        "visited": len(crawl.seen), "errors": crawl.errors, "types": crawl.types, "unreached": crawl.unreached,
        "paths": sorted(crawl.paths), "integrities": len(crawl.integrities)}))


main()
