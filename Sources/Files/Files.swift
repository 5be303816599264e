// Files: the currency of the house. A tree of files, a path in it, a place in a file, and what is wrong there.
// Imports: Glibc only; disk is touched in the files `…+Disk.swift` and nowhere else.
// Entry: `FileTree`, `TreePath`, `Diagnostic`.
// Promises: trees are sorted by the bytes of their paths, whatever order they were filled in; nothing here knows the time.
// Tests: `Tests/FilesTests`.
