/// The media type of a file, by its extension (IANA's registry; WHATWG MIME Sniffing for what browsers insist on).
///
/// Text comes with its charset: what Colophon writes is UTF-8. Unknown extensions are `application/octet-stream`.
public func mediaType(ofExtension fileExtension: String) -> String {
  types[fileExtension.lowercased()] ?? "application/octet-stream"
}

private let types: [String: String] = [
  "html": "text/html; charset=utf-8", "htm": "text/html; charset=utf-8", "xhtml": "application/xhtml+xml",
  "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "mjs": "text/javascript; charset=utf-8",
  "txt": "text/plain; charset=utf-8", "md": "text/markdown; charset=utf-8", "csv": "text/csv; charset=utf-8",
  "ics": "text/calendar; charset=utf-8", "vtt": "text/vtt; charset=utf-8",
  "json": "application/json", "map": "application/json", "webmanifest": "application/manifest+json",
  "geojson": "application/geo+json", "jsonld": "application/ld+json", "yaml": "application/yaml",
  "yml": "application/yaml",
  "toml": "application/toml", "xml": "application/xml", "atom": "application/atom+xml", "rss": "application/rss+xml",
  "xsl": "application/xslt+xml", "opml": "text/x-opml+xml; charset=utf-8",
  "svg": "image/svg+xml", "png": "image/png", "apng": "image/apng", "jpg": "image/jpeg", "jpeg": "image/jpeg",
  "gif": "image/gif", "webp": "image/webp", "avif": "image/avif", "ico": "image/vnd.microsoft.icon", "bmp": "image/bmp",
  "tif": "image/tiff", "tiff": "image/tiff", "heic": "image/heic", "jxl": "image/jxl",
  "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg",
  "wav": "audio/wav",
  "flac": "audio/flac", "aac": "audio/aac", "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm",
  "ogv": "video/ogg",
  "mov": "video/quicktime", "mkv": "video/matroska",
  "woff2": "font/woff2", "woff": "font/woff", "ttf": "font/ttf", "otf": "font/otf",
  "eot": "application/vnd.ms-fontobject",
  "pdf": "application/pdf", "epub": "application/epub+zip", "zip": "application/zip", "gz": "application/gzip",
  "tar": "application/x-tar", "tgz": "application/gzip", "7z": "application/x-7z-compressed", "zst": "application/zstd",
  "wasm": "application/wasm", "car": "application/vnd.ipld.car", "glb": "model/gltf-binary", "gltf": "model/gltf+json",
]
