#!/usr/bin/env python3
"""foreign_car.py FILE BUILD PATH: a CAR of two raw blocks, a page and a receipt that says BUILD and PATH of it."""
import hashlib
import json
import sys

import unixfs


def varint(number):
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def cid(block):
    return bytes([1, 0x55, 0x12, 32]) + hashlib.sha256(block).digest()


page = b"<p>text"
name = unixfs.file_cid(page)
receipt = json.dumps({
    "format": 2, "tool": {"name": "colophon", "version": "1"}, "site": "x", "build": sys.argv[2],
    "time": "2026-01-01T00:00:00Z", "target": {"kind": "dstor", "api": "https://x.test", "gateway": "https://x.test"},
    "mode": "folder", "folder": "x", "root": {"v0": name, "v1": name}, "entry": "https://x.test",
    "files": [{"path": sys.argv[3], "kind": "page", "cid": name, "size": 7, "sent": True, "url": "https://x.test"}],
    "verification": {"verified": []}}).encode()
blocks = [page, receipt]
links = b"".join(b"\xd8\x2a\x58\x25\x00" + cid(block) for block in blocks)
header = b"\xa2\x65roots\x82" + links + b"\x67version\x01"
with open(sys.argv[1], "wb") as file:
    file.write(varint(len(header)) + header)
    for block in blocks:
        file.write(varint(36 + len(block)) + cid(block) + block)
