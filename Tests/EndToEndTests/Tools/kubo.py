"""A small Kubo: the calls of its RPC that publishing makes, and a gateway, on one port. Shares no code with Colophon.

Usage: kubo.py AUTHORIZATION LOG. Prints its address. AUTHORIZATION is what each call must carry ("" for none); LOG gets a line a call.
"""
import http.server
import json
import re
import sys
import urllib.parse

import unixfs

BLOCKS, PINS, NAMES, PATHS = {}, set(), {}, {}


def read_varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return number, at


def read_car(car):
    """Roots and blocks of a CAR whose CIDs are all version 0; every block is hashed."""
    size, at = read_varint(car, 0)
    header, at = car[at:at + size], at + size
    roots = [unixfs.base58(m[1]) for m in re.finditer(rb"\xd8\x2a\x58\x23\x00(.{34})", header, re.S)]
    blocks = {}
    while at < len(car):
        size, at = read_varint(car, at)
        section, at = car[at:at + size], at + size
        if len(section) != size:
            raise ValueError("unexpected EOF")
        if unixfs.cid_text(section[34:]) != unixfs.base58(section[:34]):
            raise ValueError("mismatch in content integrity")
        blocks[unixfs.base58(section[:34])] = section[34:]
    return roots, blocks


def missing(cid):
    """A block below `cid` that is not here."""
    wave = [cid]
    while wave:
        cid = wave.pop()
        if cid not in BLOCKS:
            return cid
        wave += [link for _, link in unixfs.read_node(BLOCKS[cid])[1]]
    return None


def below(cid):
    found, wave = set(), [cid]
    while wave:
        cid = wave.pop()
        if cid not in found:
            found.add(cid)
            wave += [link for _, link in unixfs.read_node(BLOCKS[cid])[1]]
    return found


def collect_garbage():
    kept = set().union(*map(below, list(PINS) + list(PATHS.values())))
    for cid in set(BLOCKS) - kept:
        del BLOCKS[cid]


def contents(cid):
    kind, links = unixfs.read_node(BLOCKS[cid])
    return b"".join(contents(link) for _, link in links) if links else unixfs.file_data(BLOCKS[cid])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="application/json", etag=None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if etag:
            self.send_header("Etag", '"%s"' % etag)
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, message):
        self.answer(500, json.dumps({"Message": message, "Code": 0, "Type": "error"}).encode())

    def do_POST(self):
        parts = urllib.parse.urlsplit(self.path)
        call, query = parts.path.replace("/api/v0/", ""), urllib.parse.parse_qs(parts.query)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with open(sys.argv[2], "a", encoding="utf-8") as log:
            log.write("%s %s %d\n" % (call, parts.query, len(body)))
        if sys.argv[1] and self.headers.get("Authorization") != sys.argv[1]:
            return self.answer(403, b"403 Forbidden\n", "text/plain")
        arguments = query.get("arg", [])
        if call == "dag/import":
            return self.dag_import(body, query)
        if call == "pin/add":
            PINS.add(arguments[0])
            NAMES[arguments[0]] = query["name"][0]
            return self.answer(200, json.dumps({"Pins": arguments}).encode())
        if call == "pin/ls":
            if arguments[0] not in PINS:
                return self.refuse("path '%s' is not pinned" % arguments[0])
            return self.answer(200, json.dumps({"Keys": {arguments[0]: {"Type": "recursive"}}}).encode())
        if call == "pin/rm":
            if arguments[0] not in PINS:
                return self.refuse("not pinned or pinned indirectly")
            PINS.remove(arguments[0])
            NAMES.pop(arguments[0], None)
            return self.answer(200, json.dumps({"Pins": arguments}).encode())
        if call == "repo/gc":
            collect_garbage()
            return self.answer(200, b"")
        if call == "files/stat":
            if arguments[0] not in PATHS:
                return self.refuse("file does not exist")
            return self.answer(200, json.dumps({"Hash": PATHS[arguments[0]]}).encode())
        if call == "files/rm":
            PATHS.pop(arguments[0], None)
            return self.answer(200, b"")
        if call == "files/cp":
            if arguments[1] in PATHS:
                return self.refuse("directory already has entry by that name")
            PATHS[arguments[1]] = arguments[0].replace("/ipfs/", "")
            return self.answer(200, b"")
        return self.answer(404, b"404 page not found\n", "text/plain")

    def dag_import(self, body, query):
        boundary = re.search("boundary=(.*)", self.headers["Content-Type"])[1].strip('"').encode()
        part = body.split(b"--" + boundary)[1]
        try:
            roots, blocks = read_car(part.split(b"\r\n\r\n", 1)[1][:-2])
        except ValueError as error:
            return self.refuse(str(error))
        BLOCKS.update(blocks)
        lines = []
        if query["pin-roots"] == ["true"]:
            for root in roots:
                lost = missing(root)
                problem = "block was not found locally (offline): %s" % lost if lost else ""
                if not lost:
                    PINS.add(root)
                lines.append({"Root": {"Cid": {"/": root}, "PinErrorMsg": problem}})
        lines.append({"Stats": {"BlockCount": len(blocks), "BlockBytesCount": sum(map(len, blocks.values()))}})
        self.answer(200, "".join(json.dumps(line) + "\n" for line in lines).encode())

    def do_GET(self):
        parts = urllib.parse.urlsplit(self.path)
        if parts.path == "/state":
            state = {"pins": sorted(PINS), "names": NAMES, "paths": PATHS, "blocks": len(BLOCKS)}
            return self.answer(200, json.dumps(state).encode())
        steps = urllib.parse.unquote(parts.path).split("/")[2:]
        cid = steps[0]
        for step in steps[1:]:
            cid = dict(unixfs.read_node(BLOCKS[cid])[1]).get(step) if cid in BLOCKS else None
        if cid not in BLOCKS:
            return self.answer(404, b"failed to resolve\n", "text/plain")
        if "format=raw" in parts.query:
            return self.answer(200, BLOCKS[cid], "application/vnd.ipld.raw", cid + ".raw")
        name = urllib.parse.parse_qs(parts.query).get("filename", [steps[-1]])[0]
        kinds = {"html": "text/html", "css": "text/css", "svg": "image/svg+xml", "js": "text/javascript", "png": "image/png",
                 "xml": "text/xml", "json": "application/json"}
        self.answer(200, contents(cid), kinds.get(name.rpartition(".")[2], "text/plain"), cid)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print("http://127.0.0.1:%d" % server.server_port, flush=True)
server.serve_forever()
