/// Colours on a light or on a dark background.
public enum HighlightTheme: String, Sendable, CaseIterable {
  case light, dark
}

/// CSS for code in one theme, whatever the reader's system prefers.
public func styleSheet(theme: HighlightTheme) -> String {
  ":root{\(Palette(theme).variables)}\n" + rules
}

/// CSS for code in both themes: light, and dark where the reader's system prefers it or an element has `data-theme="dark"`;
/// `data-theme="light"` keeps it light. Less than 6 KB.
public let highlightStyleSheet: String = {
  let (light, dark) = (Palette(.light).variables, Palette(.dark).variables)
  return """
    :root,[data-theme=light]{\(light)}
    @media (prefers-color-scheme:dark){:root:not([data-theme=light]){\(dark)}}
    [data-theme=dark]{\(dark)}
    \(rules)
    """
}()

/// Colours by role. Each has a contrast of 4.5 or more (WCAG 2.2, 1.4.3 AA) on its theme's background and on that of a highlighted line.
struct Palette {
  let colors: [(name: String, color: String)]

  init(_ theme: HighlightTheme) {
    colors =
      theme == .light
      ? [
        ("bg", "#f6f8fa"), ("fg", "#1f2328"), ("hl", "#fff3c4"), ("ln", "#636b74"), ("comment", "#5a626b"),
        ("keyword", "#b71d2b"),
        ("string", "#0a3069"), ("number", "#0550ae"), ("function", "#6f3ecb"), ("type", "#8a3a00"), ("tag", "#116329"),
        ("escape", "#0f6674"),
        ("ins", "#116329"), ("ins-bg", "#dafbe1"), ("del", "#82071e"), ("del-bg", "#ffebe9"),
      ]
      : [
        ("bg", "#161b22"), ("fg", "#e6edf3"), ("hl", "#2f2b17"), ("ln", "#8d96a0"), ("comment", "#9198a1"),
        ("keyword", "#ff8a82"),
        ("string", "#a5d6ff"), ("number", "#79c0ff"), ("function", "#d2a8ff"), ("type", "#ffb374"), ("tag", "#7ee787"),
        ("escape", "#76d9e6"),
        ("ins", "#aff5b4"), ("ins-bg", "#033a16"), ("del", "#ffdcd7"), ("del-bg", "#67060c"),
      ]
  }

  var variables: String { colors.map { "--code-\($0.name):\($0.color)" }.joined(separator: ";") }
}

private func rule(_ classes: String, _ declarations: String) -> String {
  classes.split(separator: " ").map { ".highlight .\($0)" }.joined(separator: ",") + "{\(declarations)}\n"
}

private let rules: String =
  """
  .highlight{background:var(--code-bg);color:var(--code-fg);padding:1em;overflow-x:auto;border-radius:6px;line-height:1.5;tab-size:4}
  .highlight code{display:block;width:max-content;min-width:100%;background:none;color:inherit;padding:0;font-size:.9em}
  .highlight .line{display:block}
  .highlight .hl{background:var(--code-hl)}
  .highlight .ln{display:inline-block;min-width:2em;margin-right:1.2em;text-align:right;color:var(--code-ln);user-select:none;-webkit-user-select:none}
  figure.code{margin:1em 0}
  figure.code figcaption{font:.85em monospace;padding:.4em 1.2em}
  figure.code .highlight{margin:0}

  """
  + rule("c c1 cm ch cp cpf cs sd", "color:var(--code-comment)") + rule("c c1 cm sd", "font-style:italic")
  + rule("k kd kn kp kr ow", "color:var(--code-keyword)")
  + rule("s s1 s2 sb sc sh sr sx dl sa ss", "color:var(--code-string)")
  + rule("m mi mf mh mb mo il kc bp no ld l", "color:var(--code-number)")
  + rule("nf fm nd", "color:var(--code-function)")
  + rule("kt nb nc nn ne nv vi vg vc", "color:var(--code-type)") + rule("nt nl", "color:var(--code-tag)")
  + rule("na", "color:var(--code-number)") + rule("se si ni", "color:var(--code-escape)")
  + rule("gp go", "color:var(--code-comment)")
  + rule("gh gu", "color:var(--code-number);font-weight:600") + rule("gs", "font-weight:600")
  + rule("ge", "font-style:italic")
  + rule("gi", "color:var(--code-ins);background:var(--code-ins-bg)")
  + rule("gd", "color:var(--code-del);background:var(--code-del-bg)")
