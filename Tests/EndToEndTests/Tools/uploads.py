"""What a node has logged: one JSON array, a row for each file of each upload. Usage: uploads.py NODE_FOLDER."""
import json
import sqlite3
import sys

database = sqlite3.connect("file:%s/node.sqlite?mode=ro" % sys.argv[1], uri=True, timeout=10)
rows = database.execute("SELECT id, kind, path, cid, size, bytes, comment FROM upload ORDER BY id")
print(json.dumps([dict(zip(("id", "kind", "path", "cid", "size", "bytes", "comment"), row)) for row in rows]))
