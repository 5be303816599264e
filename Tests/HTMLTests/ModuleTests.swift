import HTML
import Testing

@Suite struct ModuleTests {
  @Test(arguments: [
    FindCase("import './x'", "moduleImport|./x"), FindCase("import a from \"./x\";", "moduleImport|./x"),
    FindCase("import a, {b as c} from'./x'", "moduleImport|./x"),
    FindCase("import*as a from './x'", "moduleImport|./x"),
    FindCase("import /*c*/ { from } // d\n from './x'", "moduleImport|./x"),
    FindCase("export * from './x'", "moduleImport|./x"),
    FindCase("export {a} from './x' with {type:'json'}", "moduleImport|./x"), FindCase("export const from = './x'"),
    FindCase("import('./x')", "moduleImport|./x"), FindCase("a=await import( './x' , {})", "moduleImport|./x"),
    FindCase("import('./x'+y)"),
    FindCase("import(x)"), FindCase("import(`x`)"), FindCase("import.meta.url + './x'"), FindCase("a.import('./x')"),
    FindCase("f(...import('./x'))", "moduleImport|./x"), FindCase("// import './x'\nimport './y'", "moduleImport|./y"),
    FindCase("/* import './x' */import './y'", "moduleImport|./y"), FindCase("\"import './x'\""),
    FindCase("`import './x'`"),
    FindCase("`${import('./x')} import('./y')` + import('./z')", "moduleImport|./x", "moduleImport|./z"),
    FindCase("`${`${{a:{}}}`}` ; import './x'", "moduleImport|./x"), FindCase("a=/'/;import './x'", "moduleImport|./x"),
    FindCase("a=/[/']/;import './x'", "moduleImport|./x"), FindCase("a=b/c;d='/';import './x'", "moduleImport|./x"),
    FindCase("return /'/.test(a);import './x'", "moduleImport|./x"), FindCase("import 'a\\x'"), FindCase("import 'x"),
    FindCase("new URL('x', import.meta.url)", "moduleFile|x"), FindCase("new URL('./x', base)"),
    FindCase("new URL('./x')"), FindCase("import.meta.resolve('./x')", "moduleImport|./x"),
    FindCase("a.meta.resolve('./x')"),
    FindCase("import.meta.resolve(x)"),
    FindCase("import './y'\n//# sourceMappingURL=x.map", "moduleImport|./y", "sourceMap|x.map"),
    FindCase("'//# sourceMappingURL=x'"),
    FindCase("imports('./x');from './y'"), FindCase("#!/usr/bin/env import './x'\nimport './y'", "moduleImport|./y"),
    // What is a URL: https://html.spec.whatwg.org/multipage/webappapis.html#resolving-a-url-like-module-specifier
    FindCase(
      "import 'x'; import('x.js'); import '.x'; import '..'; import ''; import.meta.resolve('@x/y'); import '#x'"),
    FindCase("import '/x'; import '../x'", "moduleImport|/x", "moduleImport|../x"),
    FindCase("import 'https://a.example/x'", "moduleImport|https://a.example/x"),
    FindCase("import '//a.example/x'", "moduleImport|//a.example/x"),
    FindCase("import '.\\/x'; import './\\u0078\\''", "moduleImport|./x", "moduleImport|./x'"),
    FindCase("new URL('', import.meta.url); new URL(\"lib/\" , import.meta.url)", "moduleFile|lib/"),
    FindCase("new URL('x', import.meta.url + '/y'); import './z'", "moduleImport|./z"),
  ])
  func specifiers(_ expected: FindCase) {
    #expect(Language.module.found(in: expected.document) == expected.expected)
  }

  @Test(arguments: [
    ("import(x)", "import() of what is no string", 1),
    ("a\nb\nimport(`./${x}.js`)", "import() of what is no string", 3),
    ("import('x' + y)", "import() of what is no string", 1), ("const base = import.meta.url", "import.meta.url", 1),
    ("new URL(name, import.meta.url)", "import.meta.url", 1),
    ("\nimport.meta.resolve(name)", "import.meta.resolve() of what is no string", 2),
    ("\nlet s = document.currentScript.src", "document.currentScript.src", 2),
    ("\nnew URL('.', import.meta.url)", "import.meta.url", 2),
    ("new URL('../?x', import.meta.url)", "import.meta.url", 1), ("new URL('', import.meta.url)", "import.meta.url", 1),
    ("new URL('x', import.meta.url.slice(1))", "import.meta.url", 1),
    ("import('\\q')", "import() of what is no string", 1),
    ("document.currentScript?.src", "document.currentScript.src", 1),
  ])
  func addressesThatAreBuilt(_ script: String, _ kind: String, _ line: Int) {
    let built = builtURL(inModule: Array(script.utf8))
    #expect(built?.kind.rawValue == kind && built?.line == line)
  }

  @Test(arguments: [
    "import('x')", "import './x.js'; import('./y.js', {})", "new URL('x', import.meta.url)", "'import(x)'",
    "// import(x)", "import.meta.resolve('./x.js')", "import.meta.resolve",
    "import.meta.env", "a.import(x)", "document.currentScript.dataset.key", "",
  ])
  func addressesThatAreKnown(_ script: String) {
    #expect(builtURL(inModule: Array(script.utf8)) == nil)
  }
}
