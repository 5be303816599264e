"""CIDs of files and the links of folders, written from the formats' descriptions and sharing no code with Colophon.

Profile: CIDv0, dag-pb leaves, chunks of 262,144 bytes, 174 links, balanced (Kubo's `ipfs add`).
"""
import hashlib

CHUNK = 262144
WIDTH = 174
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58(data):
    number = int.from_bytes(data, "big")
    text = ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def cid_text(block):
    return base58(b"\x12\x20" + hashlib.sha256(block).digest())


def varint(number):
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out) + bytes([number])


def field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def file_node(data, links):
    """`links`: (multihash, tsize, bytes of the file below). Returns (block, the link to it)."""
    size = len(data) + sum(link[2] for link in links)
    unixfs = b"\x08\x02"
    if data:
        unixfs += field(2, data)
    unixfs += b"\x18" + varint(size)
    for link in links:
        unixfs += b"\x20" + varint(link[2])
    block = b""
    for multihash, tsize, _ in links:
        block += field(2, field(1, multihash) + b"\x12\x00\x18" + varint(tsize))
    block += field(1, unixfs)
    multihash = b"\x12\x20" + hashlib.sha256(block).digest()
    return multihash, len(block) + sum(link[1] for link in links), size


def file_cid(data):
    leaves = [file_node(data[at:at + CHUNK], []) for at in range(0, len(data), CHUNK)] or [file_node(b"", [])]
    level = leaves
    while len(level) > 1:
        level = [file_node(b"", level[at:at + WIDTH]) for at in range(0, len(level), WIDTH)]
    return base58(level[0][0])


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        if key & 7 == 0:
            value, at = read_varint(data, at)
        elif key & 7 == 2:
            length, at = read_varint(data, at)
            value = data[at:at + length]
            at += length
        else:
            raise ValueError("wire type %d" % (key & 7))
        yield key >> 3, value


def read_node(block):
    """The UnixFS type of a dag-pb block, and its links as (name, CID)."""
    links, kind = [], None
    for number, value in fields(block):
        if number == 2:
            link = dict(fields(value))
            links.append((link[2].decode(), base58(link[1])))
        elif number == 1:
            kind = dict(fields(value)).get(1)
    return {1: "directory", 2: "file", 5: "shard"}.get(kind, "other"), links


def file_data(block):
    """The bytes that a block of a file holds itself."""
    for number, value in fields(block):
        if number == 1:
            return dict(fields(value)).get(2, b"")
    return b""
