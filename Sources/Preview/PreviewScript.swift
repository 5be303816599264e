/// What a page of the preview runs beside its own scripts: it listens for builds, loads itself anew, and shows what is wrong over the page.
enum PreviewScript {
  /// Names that begin with a dot are never part of an output.
  static let path = "/.colophon/preview.js"
  static let events = "/.colophon/events"

  /// - Parameter build: the one that the page came from: a page that was loaded before is older than what the stream says.
  static func tag(build: Int) -> String { "<script src=\"\(path)\" data-build=\"\(build)\"></script>" }

  static let source = """
    (() => {
      "use strict";
      let build = Number(document.currentScript.dataset.build);
      let overlay = null;
      const show = (problems) => {
        if (overlay) overlay.remove();
        overlay = null;
        if (problems === null) return;
        overlay = document.createElement("div");
        const shadow = overlay.attachShadow({ mode: "open" });
        const style = document.createElement("style");
        style.textContent = `
          :host { all: initial; position: fixed; inset: 0; z-index: 2147483647; overflow: auto; background: rgb(0 0 0 / 0.72); }
          section { margin: 4vh auto; max-width: 60rem; padding: 1.5rem 2rem; border-top: 4px solid #e5484d; border-radius: 4px;
            background: #1b1b1f; color: #eee; font: 15px/1.5 ui-monospace, Menlo, Consolas, monospace; }
          h1 { margin: 0 0 1rem; font: 600 1.1rem system-ui, sans-serif; color: #ff8f8f; }
          pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
          p { margin: 1.2rem 0 0; color: #aaa; font: 0.9rem system-ui, sans-serif; }`;
        const section = document.createElement("section");
        section.setAttribute("role", "alert");
        const head = document.createElement("h1");
        head.textContent = "The site has errors";
        const text = document.createElement("pre");
        text.textContent = problems;
        const note = document.createElement("p");
        note.textContent = "Under this is the last build without errors. Escape closes this.";
        section.append(head, text, note);
        shadow.append(style, section);
        document.documentElement.append(overlay);
      };
      addEventListener("keydown", (event) => { if (event.key === "Escape" && overlay) show(null); });
      const renewStyles = () => {
        for (const link of document.querySelectorAll("link[rel~=stylesheet]")) {
          const url = new URL(link.href);
          if (url.origin !== location.origin) continue;
          url.searchParams.set("build", build);
          const next = link.cloneNode();
          next.href = url.href;
          next.onload = () => link.remove();
          link.after(next);
        }
      };
      const stream = new EventSource("\(events)");
      stream.onmessage = (event) => {
        const state = JSON.parse(event.data);
        show(state.problems);
        if (state.build === build) return;
        const isNext = state.build === build + 1;
        build = state.build;
        if (state.styles && isNext) renewStyles(); else location.reload();
      };
      addEventListener("pagehide", () => stream.close());
    })();

    """
}
