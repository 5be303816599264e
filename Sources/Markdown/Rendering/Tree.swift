import CCMark
import Glibc

/// libcmark's tree, which is only read here.
typealias Node = OpaquePointer

enum NodeKind: UInt32 {
  case document = 1
  case blockQuote, list, item, codeBlock, htmlBlock, customBlock, paragraph, heading, thematicBreak
  case text, softBreak, lineBreak, code, htmlInline, customInline, emphasis, strong, link, image
}

@inline(__always) func kind(_ node: Node) -> NodeKind {
  guard let kind = NodeKind(rawValue: cmark_node_get_type(node).rawValue) else {
    preconditionFailure("bug: libcmark has a node of an unknown kind")
  }
  return kind
}

/// The node's text, URL or title: libcmark keeps them as C strings.
@inline(__always) func bytes(_ string: UnsafePointer<CChar>?) -> Bytes {
  guard let string else { return Bytes(start: nil, count: 0) }
  return Bytes(start: UnsafeRawPointer(string).assumingMemoryBound(to: UInt8.self), count: strlen(string))
}

@inline(__always) func literal(_ node: Node) -> Bytes { bytes(cmark_node_get_literal(node)) }
