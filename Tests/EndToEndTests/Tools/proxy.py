"""A proxy that records every request, and breaks those that its rules name.

Usage: proxy.py UPSTREAM LOG [RULES]. Prints its URL, then serves. RULES is JSON: [{"match": "POST /api/v0/add", "nth": 2, "action": ...}].
A rule without `nth` meets every request that it matches; one with it meets that one alone. Once there is a file LOG.well no rule holds.

RULES may be {"seed": 7, "share": 0.1} too: then that share of the requests meets a fault, which one follows from the seed and the number of
the request.

LOG.bytes gets all that came but the fields of a head that are made for secrets, and the body that dStor wants a login's password in.
"""
import http.client
import http.server
import json
import os
import random
import re
import select
import socket
import sys
import threading
import time
import urllib.parse

import unixfs

upstream, log_path = urllib.parse.urlsplit(sys.argv[1]), sys.argv[2]
rules = json.loads(sys.argv[3]) if len(sys.argv) > 3 else []
lock = threading.Lock()
log_file = open(log_path, "a", encoding="utf-8")
bytes_file = open(log_path + ".bytes", "ab")
counts = {}
CREDENTIALS = ("authorization", "api-key", "x-api-key", "x-dstor-upload-token")

# What can go wrong, each as likely as the others.
CHAOS = [
    {"action": "drop-before"}, {"action": "drop-after"}, {"action": "delay"}, {"action": "cut"}, {"action": "twice"},
    {"action": "corrupt"}, {"action": "corrupt-request"}, {"action": "lie"}, {"action": "expire"},
    {"action": "status", "status": 401}, {"action": "status", "status": 429, "headers": {"Retry-After": "0"}},
    {"action": "status", "status": 500}, {"action": "status", "status": 502, "body": "<html><h1>Bad Gateway</h1></html>"},
    {"action": "status", "status": 503, "headers": {"Retry-After": "1"}},
]
expired = set()


def log(entry):
    with lock:
        log_file.write(json.dumps(entry) + "\n")
        log_file.flush()


def log_bytes(line, headers, body):
    kept = "".join("%s: %s\r\n" % field for field in headers.items() if field[0].lower() not in CREDENTIALS)
    with lock:
        bytes_file.write(("%s\r\n%s\r\n" % (line, kept)).encode("latin-1", "replace"))
        bytes_file.write(b"" if line == "POST /v1/dev/temp-token" else body)
        bytes_file.flush()


def parts_of(kind, body):
    boundary = re.search(r'boundary="?([^";]+)', kind or "")
    if not boundary or "multipart" not in kind:
        return []
    found = []
    for part in body.split(b"--" + boundary[1].encode())[1:-1]:
        head, _, data = part[2:].partition(b"\r\n\r\n")
        name = re.search(rb'filename="((?:[^"\\]|\\.)*)"', head)
        data = data[:-2]
        found.append({"name": name[1].decode() if name else None, "size": len(data), "cid": unixfs.file_cid(data),
                      "head": head.decode("utf-8", "replace")})
    return found


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    # Else each answer waits for the client's delayed acknowledgement of its head.
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_):
        pass

    def body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            data = b""
            while True:
                size = int(self.rfile.readline().split(b";")[0], 16)
                data += self.rfile.read(size)
                self.rfile.readline()
                if size == 0:
                    return data
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def rule(self, line, number):
        if isinstance(rules, dict):
            dice = random.Random("%s %s" % (rules["seed"], number))
            if os.path.exists(log_path + ".well") or dice.random() >= rules["share"]:
                return {}
            return dice.choice(CHAOS)
        with lock:
            for rule in [] if os.path.exists(log_path + ".well") else rules:
                if not re.search(rule.get("match", ""), line):
                    continue
                rule["met"] = rule.get("met", 0) + 1
                if rule["met"] == rule.get("nth", rule["met"]):
                    return rule
        return {}

    def handle_any(self):
        with lock:
            counts["n"] = number = counts.get("n", 0) + 1
        body = self.body()
        line = "%s %s" % (self.command, self.path)
        entry = {"n": number, "method": self.command, "path": self.path, "bytes": len(body),
                 "headers": {name.lower(): value for name, value in self.headers.items()},
                 "parts": parts_of(self.headers.get("Content-Type"), body)}
        log_bytes(line, self.headers, body)
        rule = self.rule(line, number)
        action = rule.get("action", "pass")
        log(dict(entry, event="asked", action=action))
        if isinstance(rules, dict) and self.headers.get("Authorization") in expired:
            return self.answer(entry, 401, {}, b"expired")
        if action == "expire" and "Authorization" in self.headers:
            expired.add(self.headers["Authorization"])
            return self.answer(entry, 401, {}, b"expired")
        if action == "drop-before":
            self.close_connection = True
            return None
        if action == "delay":
            time.sleep(0.1)
        if action == "corrupt-request" and body:
            at = random.Random(number).randrange(len(body))
            body = body[:at] + bytes([body[at] ^ 1]) + body[at + 1:]
        if action == "twice":
            self.forward(body)
        if action == "hold-before":
            return self.hold(entry)
        if action == "status":
            text = rule.get("body", "no")
            if rule.get("echo"):
                text += json.dumps(dict(self.headers)) + body.decode("latin-1")
            return self.answer(entry, rule["status"], rule.get("headers", {}), text.encode("latin-1", "replace"))
        status, headers, answer = self.forward(body)
        if action == "hold-after":
            return self.hold(entry)
        if action == "drop-after":
            self.close_connection = True
            return None
        if action == "lie":
            answer = re.sub(rb'("Hash"|"/"):\s*"Qm....', rb'\1:"QmXXXX', answer, count=1)
        if action == "corrupt":
            at = random.Random(number).randrange(len(answer)) if isinstance(rules, dict) and answer else -1
            answer = answer[:at] + bytes([answer[at] ^ 1]) + (answer[at + 1:] if at >= 0 else b"") if answer else answer
        self.answer(entry, status, headers, answer, cut=action == "cut", honest=action not in ("lie", "corrupt", "corrupt-request"))
        return None

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = handle_any

    def forward(self, body):
        connection = http.client.HTTPConnection(upstream.hostname, upstream.port, timeout=60)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection", "transfer-encoding", "expect")}
        headers["Content-Length"] = str(len(body))
        headers["Host"] = upstream.netloc
        try:
            connection.request(self.command, self.path, body, headers)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        except OSError as error:
            return 502, {}, str(error).encode()
        finally:
            connection.close()

    def answer(self, entry, status, headers, body, cut=False, honest=True):
        """`cut` sends less than the head says; what is not `honest` is not logged as an acknowledgement."""
        log(dict(entry, event="answering", status=status))
        try:
            self.send_response_only(status)
            for name, value in headers.items():
                if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body[:len(body) // 2] if cut else body)
            self.wfile.flush()
        except OSError:
            self.close_connection = True
            return
        if cut:
            self.close_connection = True
            return
        log(dict(entry, event="answered" if honest else "falsified", status=status, time=time.time()))

    def hold(self, entry):
        """Answers nothing until the client is gone."""
        log(dict(entry, event="holding"))
        end = time.time() + 30
        while time.time() < end:
            ready, _, _ = select.select([self.connection], [], [], 0.1)
            try:
                if ready and not self.connection.recv(1, socket.MSG_PEEK):
                    break
            except OSError:
                break
        log(dict(entry, event="gone"))
        self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass


server = Server(("127.0.0.1", 0), Handler)
print("http://127.0.0.1:%d" % server.server_port, flush=True)
server.serve_forever()
