// Scaffold: how a site starts. A new site, a new page, or a site of Hugo, Zola or Jekyll as one of Colophon's.
// Imports: Files, Yams, TOMLKit; nothing of its own floor. Disk is touched in `Scaffold+Disk.swift` only.
// Entry: `initialSite(_:)`, `newPage(_:archetypes:)`, `migrate(_:)`; `writeNew(_:to:)` puts what they return on disk.
// Promises: values in, files out; no clock; nothing that exists is overwritten; what a migration drops is in its notes, with its place.
// Tests: `Tests/ScaffoldTests`, the sites of other generators as text archives in `Cases`.
