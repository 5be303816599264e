import HTML
import TestSupport
import Testing

/// Modules and import maps that are written in a page.
@Suite struct ScriptTests {
  @Test(arguments: [
    FindCase(
      "<script type=module>import '/a.js'; import('./b.js')</script>",
      "moduleImport|/a.js", "moduleImport|./b.js"),
    FindCase("<SCRIPT TYPE=' Module ' async>import '/a.js'</SCRIPT ><a href=b>", "moduleImport|/a.js", "link|b"),
    FindCase("<script type=module>import 'lodash'; import x from './&amp;.js'</script>", "moduleImport|./&amp;.js"),
    FindCase("<script type=module>new URL('a.wasm', import.meta.url)</script>", "moduleFile|a.wasm"),
    FindCase("<script type=module>1\n//# sourceMappingURL=a.map</script>"),
    FindCase(
      "<script type=module>// <!-- <script> </script> import '/a.js'\nimport '/b.js'</script>",
      "moduleImport|/b.js"),
    // Other scripts are let be, and so is what no browser runs.
    FindCase("<script>import('/a.js')</script>"), FindCase("<script type=''>import('/a.js')</script>"),
    FindCase("<script type=text/javascript>import('/a.js')</script>"),
    FindCase("<script id=module>import('/a.js')</script>"),
    FindCase("<script type=modules>import '/a.js'</script>"),
    FindCase("<!-- <script type=module>import '/a.js'</script> -->"),
    FindCase("<script type=module src=a.js>import '/b.js'</script>", "moduleScript|a.js"),
    FindCase("<script type=importmap src=a.json>{\"imports\":{\"b\":\"/b.js\"}}</script>", "script|a.json"),
    FindCase("<script type=application/json>{\"imports\":{\"b\":\"/b.js\"}}</script>"),
    FindCase("<textarea><script type=module>import '/a.js'</script></textarea>"),
    FindCase("<script type=module></script><script type=importmap></script><script type=module"),
    FindCase("<script type=module>import '/a.js'", "moduleImport|/a.js"),
  ])
  func modules(_ expected: FindCase) { #expect(Language.html.found(in: expected.document) == expected.expected) }

  @Test(arguments: [
    FindCase("{\"imports\": {\"lodash\": \"/js/lodash.js\"}}", "importMapURL|/js/lodash.js"),
    FindCase(
      "{\"imports\": {\"lodash\": \"lodash.js\", \"b\": null, \"c\": \"https:\\/\\/a.example/c\"}}",
      "importMapURL|https://a.example/c"),
    FindCase(
      "{\"imports\": {\"lib/\": \"./lib/\", \"/a.js\": \"../b.js\"}}",
      "importMapURL|./lib/", "importMapName|/a.js", "importMapURL|../b.js"),
    FindCase(
      "{\"scopes\": {\"js/\": {\"a\": \"/a.js\", \"./b.js\": \"b\"}, \"/c.js\": {}}, \"imports\" : { \"d\" : \"/d.js\" } }",
      "importMapURL|js/", "importMapURL|/a.js", "importMapName|./b.js", "importMapURL|/c.js", "importMapURL|/d.js"),
    FindCase("{\"integrity\": {\"/a.js\": \"sha384-/x\", \"b\": \"\"}}", "importMapURL|/a.js"),
    FindCase("{\"other\": {\"a\": \"/a.js\"}, \"imports\": {\"b\": [\"/b.js\"], \"c\": {\"d\": \"/d.js\"}}}"),
    FindCase("{\"imports\": \"/a.js\", \"scopes\": {\"/b/\": \"/b.js\"}}", "importMapURL|/b/"),
    FindCase("[\"imports\", {\"a\": \"/a.js\"}]"),
    FindCase("{\"imports\": {\"a\": \"/a"),
    FindCase("\"imports\""),
    FindCase("}}}}"),
    FindCase("{\"imports\": {\"a\": \"/a\\q.js\", \"\\u002fb\": \"/b.js\"}}", "importMapName|/b", "importMapURL|/b.js"),
  ])
  func importMaps(_ expected: FindCase) {
    #expect(Language.html.found(in: "<script type=ImportMap>\(expected.document)</script>") == expected.expected)
  }

  /// What an import map has another URL for need not be there.
  @Test func importsThatAreExplained() {
    let map = """
      <script type=importmap>{"imports": {"/a.js": "/b.js", "/lib/": "/v2/"}, "scopes": {"/": {}}}</script>
      """
    let module = "<script type=module>import '/a.js'; import '/b.js'; import '/lib/c/d.js'; import '/e/lib/'</script>"
    let found = Language.html.found(in: Array((map + module).utf8))
    #expect(
      found.suffix(4).map { "\($0.kind)|\($0.url)" } == [
        "importMapName|/a.js", "moduleImport|/b.js", "importMapName|/lib/c/d.js", "moduleImport|/e/lib/",
      ])
    #expect(found.filter(\.isModuleFolder).map(\.url) == ["/lib/", "/v2/", "/"])
    #expect(found.filter(\.mayLeadNowhere).map(\.url) == ["/a.js", "/lib/", "/v2/", "/", "/a.js", "/lib/c/d.js"])
    #expect(Language.html.found(in: module).allSatisfy { $0.hasPrefix("moduleImport") })
  }

  /// Any of these costs what its length says.
  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      ("<script type=module>", "import '/a.js';"), ("", "<script type=module>import '/a.js'</script>"),
      ("<script type=importmap>{\"imports\":{", "\"/a/\":\"/b/\","), ("<script type=importmap>", "{"),
      ("<script type=importmap>", "\"\\"),
      (
        "<script type=importmap>{\"imports\":{\"/a/\":\"/b/\"}}</script><script type=module>import '", "/a"
      ),
      ("<script type=module>new URL('", "../"), ("<script type=module>import(\"", "\\u0061"),
    ])
  func longOnes(_ head: String, _ part: String) {
    let count = 200_000 / part.utf8.count
    let document = Array((head + String(repeating: part, count: count) + "', import.meta.url)</script>").utf8)
    #expect(rewriteHTML(document) { $0.url == "/a.js" ? "/a.js" : nil } == document)
  }
}
