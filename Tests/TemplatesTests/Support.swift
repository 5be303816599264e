import Files

@testable import Templates

func source(_ name: String, _ text: String) -> TemplateSource { TemplateSource(name: name, bytes: Array(text.utf8)) }

/// Renders one template, autoescaped.
func render(_ text: String, _ context: ValueMap = [:]) throws(Diagnostics) -> String {
  try TemplateSet([source("main.html", text)]).render("main.html", context)
}

/// The diagnostics of compiling and rendering; empty where all is fine.
func mistakes(_ sources: [TemplateSource], _ context: ValueMap = [:]) -> [Diagnostic] {
  do {
    _ = try TemplateSet(sources).render(sources[0].name, context)
    return []
  } catch { return error.all }
}

func mistakes(_ text: String, _ context: ValueMap = [:]) -> [Diagnostic] {
  mistakes([source("main.html", text)], context)
}

/// A map that counts how often it is asked.
final class LazyPage: TemplateObject {
  let number: Int

  init(_ number: Int) { self.number = number }

  var memberNames: [String] { ["title", "weight", "url"] }

  func member(_ name: String) -> Value {
    switch name {
    case "title": .string("Page \(number)")
    case "weight": .int(number % 10)
    case "url": .string("/\(number)/")
    default: .undefined
    }
  }
}

/// Ten thousand pages, and which of them were made.
final class LazyPages: TemplateSequence, @unchecked Sendable {
  private(set) var made: [Int] = []

  var count: Int { 10_000 }

  func element(at index: Int) -> Value {
    made.append(index)
    return .object(LazyPage(index))
  }

  func member(_ name: String) -> Value { name == "title" ? "All pages" : .undefined }
}
