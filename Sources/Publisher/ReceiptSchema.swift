/// JSON Schema (draft 2020-12, https://json-schema.org/draft/2020-12) of `colophon.json`, as `colophon schema receipt` prints it.
public let receiptSchema = #"""
  {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Colophon receipt",
    "description": "What one run of `colophon publish` published: enough to prove every file of the edition. Kept in .colophon/receipts, and uploaded last, as colophon.json.",
    "type": "object",
    "additionalProperties": false,
    "required": ["format", "tool", "site", "build", "time", "target", "mode", "folder", "root", "entry", "files", "verification"],
    "properties": {
      "format": { "const": 2, "description": "The version of this format." },
      "tool": {
        "description": "The program that published.",
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "version"],
        "properties": { "name": { "const": "colophon" }, "version": { "type": "string", "minLength": 1 } }
      },
      "site": { "type": "string", "minLength": 1, "description": "The site's name: the first part of the dated folder." },
      "siteURL": { "type": "string", "format": "uri", "description": "The stable address of the site, where it has one." },
      "configuration": {
        "description": "The configuration that the site was built with, where it has a file.",
        "type": "object",
        "additionalProperties": false,
        "required": ["path", "sha256"],
        "properties": {
          "path": { "type": "string", "description": "Relative to the site's folder." },
          "sha256": { "type": "string", "pattern": "^[0-9a-f]{64}$", "description": "Of the file's bytes." }
        }
      },
      "build": { "type": "string", "pattern": "^[0-9a-f]{12}$", "description": "The first 12 hexadecimal digits of the SHA-256 in the CID of the folder that all pages make." },
      "time": { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$", "description": "UTC, RFC 3339; SOURCE_DATE_EPOCH where it was set." },
      "commit": {
        "description": "The commit that the site was at, where it is under version control.",
        "type": "object",
        "additionalProperties": false,
        "required": ["hash", "dirty"],
        "properties": {
          "hash": { "type": "string", "pattern": "^[0-9a-f]{40,64}$" },
          "branch": { "type": "string" },
          "dirty": { "type": "boolean", "description": "Files differed from what was committed." }
        }
      },
      "target": {
        "description": "Where it was published. Secrets are never in a receipt.",
        "type": "object",
        "additionalProperties": false,
        "required": ["kind", "api", "gateway"],
        "properties": {
          "name": { "type": "string", "description": "As in the configuration; absent where there is one target without a name." },
          "kind": { "enum": ["dstor", "kubo", "local"], "description": "What the target speaks." },
          "api": { "type": "string", "pattern": "^https?://" },
          "gateway": { "type": "string", "pattern": "^https?://", "description": "What a slash and a hash are appended to." }
        }
      },
      "mode": { "enum": ["folder", "files"], "description": "How the pages were sent: as one hashed folder, or one by one." },
      "folder": { "type": "string", "minLength": 1, "description": "The dated folder: {site}/{yyyy}/{MM}/{dd}/{build}." },
      "root": {
        "description": "What readers ask for: the folder of the pages, or in files mode the front page.",
        "type": "object",
        "additionalProperties": false,
        "required": ["v0", "v1"],
        "properties": {
          "v0": { "$ref": "#/$defs/cidv0" },
          "v1": { "type": "string", "pattern": "^b[a-z2-7]{58}$", "description": "The same block as CIDv1, base32." }
        }
      },
      "rootAnswer": { "$ref": "#/$defs/answer" },
      "entry": { "type": "string", "pattern": "^https?://", "description": "The address of the front page." },
      "files": {
        "description": "Every file of the edition: assets first, each after what it refers to, then the pages.",
        "type": "array",
        "minItems": 1,
        "items": {
          "type": "object",
          "additionalProperties": false,
          "required": ["path", "kind", "cid", "size", "sent", "url"],
          "properties": {
            "path": { "type": "string", "minLength": 1, "description": "In the output tree." },
            "kind": { "enum": ["asset", "page"], "description": "An asset is addressed by its own hash, and shared between editions." },
            "cid": { "$ref": "#/$defs/cidv0" },
            "size": { "type": "integer", "minimum": 0, "maximum": 9007199254740992, "description": "Bytes of the file as published." },
            "source": { "type": "string", "description": "The file that it was written from, relative to the site's folder." },
            "sent": { "type": "boolean", "description": "Sent by this run, rather than held by the target already." },
            "answer": { "$ref": "#/$defs/answer" },
            "url": { "type": "string", "pattern": "^https?://" }
          }
        }
      },
      "verification": {
        "description": "What was read back before the edition was called published.",
        "type": "object",
        "additionalProperties": false,
        "required": ["verified"],
        "properties": {
          "verified": {
            "description": "URLs that came back and hashed to what was expected.",
            "type": "array",
            "items": { "type": "string", "pattern": "^https?://" }
          }
        }
      }
    },
    "$defs": {
      "cidv0": { "type": "string", "pattern": "^Qm[1-9A-HJ-NP-Za-km-z]{44}$", "description": "CIDv0, base58btc." },
      "answer": {
        "description": "What the server said of a file or folder. Its hash was compared with the one computed before.",
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "hash"],
        "properties": {
          "name": { "type": "string" },
          "hash": { "type": "string", "minLength": 1, "maxLength": 128 },
          "size": { "type": "integer", "minimum": 0, "description": "Cumulative size of the blocks in bytes." }
        }
      }
    }
  }

  """#
