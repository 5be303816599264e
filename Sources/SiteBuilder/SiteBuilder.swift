// SiteBuilder: a site's files → the output tree. What `colophon build` calls.
// Imports: floors 0 to 2, Yams, TOMLKit. It touches disk through `Files` and `Output` (`SiteImages` reads heads of images itself), and knows
// neither clock nor network.
// Entry: `build(_:)` in `Build.swift`, eight stages, each a function in a file of its name.
// Promises: the same files give the same bytes, on any machine and with any number of workers; a build with errors leaves the output as it was.
// Tests: `Tests/SiteBuilderTests`, golden cases in `Tests/Golden`.
