// Images: what an image file says of itself, smaller pictures made from it, and social cards drawn from nothing but text.
// Imports: CVips. No I/O of its own: bytes come and go through the caller; `ImageLibrary` loads libvips, where the machine has it, and that a font.
// Entry: `imageInfo(length:read:)`, `ImageLibrary.shared`, `ImageOperation`, `SocialCard`.
// Promises: any bytes give a result or nothing, never a crash; the same bytes, operation and version of libvips give the same picture.
// Tests: `Tests/ImagesTests`.
