// Preview: a folder served to the browsers of this machine, which load a page anew when it changes; and word of changes in another folder.
// Imports: Files, and Hummingbird's core for HTTP. What is served, and when it changed, comes from the caller.
// Entry: `PreviewServer.run`, `PreviewServer.show`, `FolderWatch.next`.
// Promises: listens on the loopback interface alone and answers requests to it alone; gives out no file outside its folder; what it adds to a
// page is in the answer, never in the file.
// Tests: `Tests/PreviewTests`; `Tests/EndToEndTests/ServeTests` runs `colophon serve`.
