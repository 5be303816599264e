/// A statement as written.
struct Statement {
  enum Kind {
    case text([UInt8])
    case print(Expression)
    case loop(Loop)
    case condition([(test: Expression, body: [Statement])], otherwise: [Statement])
    case set(Target, Expression)
    case capture(Target, filter: Expression?, body: [Statement])
    case scope([(target: Target, value: Expression)], body: [Statement])
    case macro(Macro)
    case call(Expression, parameters: [Parameter], body: [Statement])
    case filter(Expression, body: [Statement])
    case include(Expression, ignoresMissing: Bool, withContext: Bool)
    case module(Expression, name: String, withContext: Bool)
    case imports(Expression, names: [(name: String, alias: String)], withContext: Bool)
    case extends(Expression)
    case block(Block)
    case autoescape(Expression, body: [Statement])
    /// For its side effects: `{% do f() %}`.
    case evaluate(Expression)
  }

  struct Loop {
    var target: Target
    var items: Expression
    var filter: Expression?
    var isRecursive: Bool
    var body: [Statement]
    var otherwise: [Statement]
  }

  struct Macro {
    var name: String
    var parameters: [Parameter]
    var body: [Statement]
  }

  struct Parameter {
    var name: String
    var standard: Expression?
  }

  struct Block {
    var name: String
    var isScoped: Bool
    var isRequired: Bool
    var body: [Statement]
  }

  /// What is assigned to.
  indirect enum Target {
    case name(String)
    case namespace(String, String)
    case tuple([Target])

    /// The names that an assignment makes.
    var names: [String] {
      switch self {
      case .name(let name): [name]
      case .namespace: []
      case .tuple(let targets): targets.flatMap(\.names)
      }
    }
  }

  let kind: Kind
  let offset: Int
  let length: Int
}
