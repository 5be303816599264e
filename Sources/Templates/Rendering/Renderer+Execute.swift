extension Renderer {
  /// Runs the operations of `code`. The stack begins at `base`, with `filled` values on it, and is empty at the end.
  ///
  /// One long switch on purpose: each operation is a few instructions, and a function apiece would cost more than they do.
  mutating func execute(
    _ index: Int, _ code: Range<Int>, _ frame: UnsafeMutablePointer<Value>, _ base: UnsafeMutablePointer<Value>,
    filled: Int = 0, given: UInt64 = 0
  ) throws {
    let operations = program.units[index].code
    var place = code.lowerBound
    var top = base + filled
    do {
      while place < code.upperBound {
        let operation = operations[place]
        let a = Int(operation.a)
        switch operation.operation {
        case .text:
          output.append(contentsOf: UnsafeBufferPointer(start: program.text + a, count: Int(operation.b)))
        case .print:
          top -= 1
          print(top.move())
        case .printMarkup:
          top -= 1
          top.move().write(to: &output)
        case .printSlot: print(frame[a])
        case .printMember: print(try member(frame[a], program.names + Int(operation.b)))
        case .constant:
          top.initialize(to: program.constants[a])
          top += 1
        case .slot:
          top.initialize(to: frame[a])
          top += 1
        case .slotMember:
          top.initialize(to: try member(frame[a], program.names + Int(operation.b)))
          top += 1
        case .undefined:
          top.initialize(to: .undefined)
          top += 1
        case .member: top[-1] = try member(top[-1], program.names + a)
        case .item:
          let value = try item(top[-2], top[-1])
          top -= 1
          top.deinitialize(count: 1)
          top[-1] = value
        case .slice:
          let value = try slice(top[-4], top[-3], top[-2], top[-1])
          top -= 3
          top.deinitialize(count: 3)
          top[-1] = value
        case .store:
          top -= 1
          frame[a] = top.move()
        case .export: context.set(operation.b, frame[a])
        case .resolve: frame[a] = resolve(operation.b)
        case .copy: frame[a] = frame[Int(operation.b)]
        case .pop:
          top -= 1
          top.deinitialize(count: 1)
        case .list, .tuple:
          let items = Array(UnsafeBufferPointer(start: top - a, count: a))
          top -= a
          top.deinitialize(count: a)
          top.initialize(to: operation.operation == .list ? .list(items) : .tuple(items))
          top += 1
        case .map:
          let map = try makeMap(UnsafeBufferPointer(start: top - a, count: a))
          top -= a
          top.deinitialize(count: a)
          top.initialize(to: .map(map))
          top += 1
        case .unpack:
          let items = try unpack(top[-1], a)
          top -= 1
          top.deinitialize(count: 1)
          for item in items.reversed() {
            top.initialize(to: item)
            top += 1
          }
        case .setMember:
          guard case .special(let namespace as Namespace) = frame[a] else {
            throw TemplateError.type("only members of a namespace can be set, not of \(frame[a].typeName)")
          }
          top -= 1
          namespace.members[program.names[Int(operation.b)]] = top.move()
        case .add, .subtract, .multiply, .divide, .floorDivide, .modulo, .power:
          let value = try arithmetic(operation.operation, top[-2], top[-1], escapes: escapes)
          top -= 1
          top.deinitialize(count: 1)
          top[-1] = value
        case .negate: top[-1] = try negated(top[-1])
        case .plus:
          guard top[-1].number != nil else { throw wrongOperand(top[-1], "+") }
          if case .bool(let flag) = top[-1] { top[-1] = .int(flag ? 1 : 0) }
        case .not: top[-1] = .bool(!top[-1].isTrue)
        case .concatenate:
          let value = try concatenate(UnsafeBufferPointer(start: top - a, count: a), escapes: escapes)
          top -= a
          top.deinitialize(count: a)
          top.initialize(to: value)
          top += 1
        case .compare:
          let value = try compare(operation.flag, top[-2], top[-1])
          top -= 1
          top.deinitialize(count: 1)
          top[-1] = .bool(value)
        case .compareChain:
          let holds = try compare(operation.flag, top[-2], top[-1])
          top -= 1
          let right = top.move()
          top[-1] = holds ? right : .bool(false)
          if !holds {
            place = a
            continue
          }
        case .jump:
          place = a
          continue
        case .jumpIfFalse:
          top -= 1
          if !top.move().isTrue {
            place = a
            continue
          }
        case .jumpIfFalseElsePop, .jumpIfTrueElsePop:
          if top[-1].isTrue == (operation.operation == .jumpIfTrueElsePop) {
            place = a
            continue
          }
          top -= 1
          top.deinitialize(count: 1)
        case .isDefined: top[-1] = .bool(!top[-1].isUndefined)
        case .isUndefined: top[-1] = .bool(top[-1].isUndefined)
        case .filter, .test:
          let names = nameList(operation.c)
          let count = Int(operation.b) + names.count
          let function = operation.operation == .filter ? program.filters[a] : program.tests[a]
          let value = try apply(
            function, Arguments(UnsafeBufferPointer(start: top - count, count: count), names: names))
          top -= count
          top.deinitialize(count: count)
          top.initialize(to: value)
          top += 1
        case .call:
          let names = nameList(operation.c)
          let count = Int(operation.b) + names.count
          let arguments = Arguments(UnsafeBufferPointer(start: top - count, count: count), names: names)
          let value = try call(top[-count - 1], arguments)
          top -= count
          top.deinitialize(count: count)
          top[-1] = value
        case .callMethod:
          let names = nameList(operation.c)
          let count = Int(operation.b) + names.count
          let arguments = Arguments(UnsafeBufferPointer(start: top - count, count: count), names: names)
          let value = try callMember(program.names + a, of: top[-count - 1], arguments)
          top -= count
          top.deinitialize(count: count)
          top[-1] = value
        case .spreadCall:
          if operation.flag == 3 {
            guard case .map(var map) = top[-2] else { throw TemplateError.type("`**` needs a map") }
            map["caller"] = top[-1]
            top -= 1
            top.deinitialize(count: 1)
            top[-1] = .map(map)
          } else {
            let value = try spreadCall(operation, top)
            let count = operation.flag == 0 ? 5 : 4
            top -= count
            top.deinitialize(count: count)
            top.initialize(to: value)
            top += 1
          }
        case .loopBegin:
          let state = LoopState(try LoopItems(top[-1]), depth: loopDepth)
          top -= 1
          top.deinitialize(count: 1)
          let table = program.loops[Int(operation.b)]
          if table.isRecursive {
            state.recursion = LoopState.Recursion(unit: index, code: table.code, frame: frame, slots: table.slots)
          }
          loopDepth = 0
          frame[a] = .special(state)
        case .loopNext:
          guard case .special(let special) = frame[a] else { preconditionFailure("bug: no loop runs here") }
          let state = unsafeDowncast(special, to: LoopState.self)
          state.index += 1
          guard state.index < state.count else {
            place = Int(operation.b)
            continue
          }
          if operation.c >= 0 {
            frame[Int(operation.c)] = state.items[state.index]
          } else {
            top.initialize(to: state.items[state.index])
            top += 1
          }
        case .loopEnd:
          guard case .special(let special) = frame[a] else { preconditionFailure("bug: no loop runs here") }
          let state = unsafeDowncast(special, to: LoopState.self)
          // Nothing may call it again once its frame is gone.
          state.recursion = nil
          let ran = state.count > 0
          frame[a] = .undefined
          if ran {
            place = Int(operation.b)
            continue
          }
        case .loopKeep:
          top -= 1
          let slot = Int(operation.b)
          guard top.move().isTrue, case .special(let special) = frame[a], case .list(var items) = frame[slot] else {
            break
          }
          let state = unsafeDowncast(special, to: LoopState.self)
          frame[slot] = .none
          items.append(state.items[state.index])
          frame[slot] = .list(items)
        case .captureBegin:
          top.initialize(to: .int(output.count))
          top += 1
        case .captureEnd:
          guard case .int(let mark) = top[-1] else { preconditionFailure("bug: no capture began here") }
          let text = takeOutput(from: mark)
          top[-1] = escapes ? .safe(text) : .string(text)
        case .block: try runBlock(operation, frame)
        case .superBlock:
          top.initialize(to: superBlock(index))
          top += 1
        case .selfReference:
          top.initialize(to: .special(SelfReference(context, program)))
          top += 1
        case .include:
          let template =
            operation.b >= 0 ? Int(operation.b) : try chosenTemplate(top[-1], optional: operation.flag & 1 != 0)
          if operation.b < 0 {
            top -= 1
            top.deinitialize(count: 1)
          }
          if template >= 0 { try include(template, operation, frame) }
        case .module:
          let template = operation.b >= 0 ? Int(operation.b) : try chosenTemplate(top[-1], optional: false)
          if operation.b < 0 {
            top -= 1
            top.deinitialize(count: 1)
          }
          top.initialize(to: try module(template, operation, frame))
          top += 1
        case .extends:
          let template = operation.b >= 0 ? Int(operation.b) : try chosenTemplate(top[-1], optional: false)
          if operation.b < 0 {
            top -= 1
            top.deinitialize(count: 1)
          }
          guard context.extended == nil else { throw TemplateError("a template extends one other only") }
          try refuseExtensionsWithoutEnd(template)
          context.extended = (template, output.count)
        case .macro:
          let captured =
            operation.b < 0 ? [] : program.captures[Int(operation.b)].map { (Int($0.inner), frame[Int($0.outer)]) }
          let name = program.names[Int(operation.c)]
          top.initialize(
            to: .special(Macro(unit: a, name: name, context: context, captured: captured, escapes: escapes)))
          top += 1
        case .ifGiven:
          if given & (1 << UInt64(a)) != 0 {
            place = Int(operation.b)
            continue
          }
        case .setEscape:
          top -= 1
          let setting = top.move().isTrue
          frame[a] = .bool(escapes)
          escapes = setting
        case .restoreEscape: escapes = frame[a].isTrue
        }
        place += 1
      }
    } catch {
      base.deinitialize(count: top - base)
      throw located(error, index, place, frame)
    }
  }

  @inline(__always)
  private func nameList(_ index: Int32) -> UnsafeBufferPointer<String> {
    index < 0 ? UnsafeBufferPointer(start: nil, count: 0) : program.nameLists[Int(index)]
  }
}
