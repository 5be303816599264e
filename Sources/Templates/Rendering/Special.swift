/// What only templates make or call: functions, macros, `loop`, namespaces, blocks, imported templates.
public class Special: @unchecked Sendable, CustomStringConvertible {
  init() {}

  /// As a message names it.
  var typeName: String { "a function" }
  var isCallable: Bool { true }
  var length: Int? { nil }
  var iterated: [Value]? { nil }
  var memberNames: [String] { [] }
  public var description: String { "<\(typeName)>" }

  func member(_ name: String) -> Value { .undefined }

  func call(_ renderer: inout Renderer, _ arguments: borrowing Arguments) throws -> Value {
    throw TemplateError.type("\(typeName) can't be called")
  }

  /// Calls the member `name`.
  func call(
    member name: String, _ renderer: inout Renderer, _ arguments: borrowing Arguments
  ) throws -> Value {
    try renderer.call(member(name), arguments)
  }
}

extension Value {
  /// A function that templates can call, to be put into a context.
  public static func function(_ name: String, _ body: @escaping TemplateFunction) -> Value {
    .special(NativeFunction(name, body))
  }
}

final class NativeFunction: Special, @unchecked Sendable {
  private let name: String
  private let body: TemplateFunction

  init(_ name: String, _ body: @escaping TemplateFunction) {
    self.name = name
    self.body = body
  }

  override var description: String { "<function \(name)>" }

  override func call(_ renderer: inout Renderer, _ arguments: borrowing Arguments) throws -> Value {
    try renderer.apply(body, arguments)
  }
}

/// A method of text, a list or a map, taken but not called yet.
final class BoundMethod: Special, @unchecked Sendable {
  private let receiver: Value
  private let name: String

  init(_ receiver: Value, _ name: String) {
    self.receiver = receiver
    self.name = name
  }

  override var description: String { "<method \(name)>" }

  override func call(_ renderer: inout Renderer, _ arguments: borrowing Arguments) throws -> Value {
    guard let result = try callMethod(name, of: receiver, arguments, renderer.escapes) else {
      throw TemplateError.type("\(receiver.typeName) has no method `\(name)`")
    }
    return result
  }
}

/// `namespace(…)`: the one thing whose members templates can set.
final class Namespace: Special, @unchecked Sendable {
  var members = ValueMap()
  /// While it is being written: it may be among its own members.
  private var isOpen = false

  override var typeName: String { "a namespace" }
  override var isCallable: Bool { false }
  override var memberNames: [String] { members.keys }
  override var description: String { Value.special(self).representation }
  override func member(_ name: String) -> Value { members[name] ?? .undefined }

  /// As Python's `repr`: what stands in itself is shown once.
  func write(to output: inout [UInt8], _ writeMembers: (Value, inout [UInt8]) -> Void) {
    output.append("<Namespace ")
    if isOpen {
      output.append("{...}")
    } else {
      isOpen = true
      writeMembers(.map(members), &output)
      isOpen = false
    }
    output.append(">")
  }
}

final class Cycler: Special, @unchecked Sendable {
  private let items: [Value]
  private var position = 0

  init(_ items: [Value]) { self.items = items }

  override var typeName: String { "a cycler" }
  override var isCallable: Bool { false }
  override var memberNames: [String] { ["current", "next", "reset"] }

  override func member(_ name: String) -> Value {
    switch name {
    case "current": items[position]
    case "next":
      .function("next") { [self] _, _ in
        defer { position = (position + 1) % items.count }
        return items[position]
      }
    case "reset":
      .function("reset") { [self] _, _ in
        position = 0
        return .none
      }
    default: .undefined
    }
  }
}

final class Joiner: Special, @unchecked Sendable {
  private let separator: Value
  private var isUsed = false

  init(_ separator: Value) { self.separator = separator }

  override var typeName: String { "a joiner" }

  override func call(_ renderer: inout Renderer, _ arguments: borrowing Arguments) throws -> Value {
    defer { isUsed = true }
    return isUsed ? separator : .string("")
  }
}

/// `range(…)`: numbers that nobody stores.
final class RangeSequence: TemplateSequence {
  private let start: Int
  private let stop: Int
  private let step: Int
  let count: Int

  init(_ start: Int, _ stop: Int, _ step: Int, count: Int) {
    (self.start, self.stop, self.step, self.count) = (start, stop, step, count)
  }

  func element(at index: Int) -> Value { .int(start + index * step) }

  var description: String { step == 1 ? "range(\(start), \(stop))" : "range(\(start), \(stop), \(step))" }
}

/// One group that the filter `groupby` makes: a pair with names.
final class Group: TemplateSequence {
  let grouper: Value
  let items: [Value]

  init(_ grouper: Value, _ items: [Value]) { (self.grouper, self.items) = (grouper, items) }

  var count: Int { 2 }
  func element(at index: Int) -> Value { index == 0 ? grouper : .list(items) }

  func member(_ name: String) -> Value {
    switch name {
    case "grouper", "key", "name": grouper
    case "list", "items", "pages": .list(items)
    default: .undefined
    }
  }
}

/// Part of a lazy list.
final class SequenceSlice: TemplateSequence {
  private let base: any TemplateSequence
  private let offset: Int
  let count: Int

  init(_ base: any TemplateSequence, offset: Int, count: Int) {
    (self.base, self.offset, self.count) = (base, offset, count)
  }

  func element(at index: Int) -> Value { base.element(at: offset + index) }
}
