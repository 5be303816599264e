// Templates: template + data → text. A subset of Jinja2, compiled once to flat operations and run many times.
// Imports: Files (diagnostics and places), and Glibc for the formatting of numbers; pure, no Foundation.
// Entry: `TemplateSet`, made from all templates of a site, and its `render`.
// Promises: what it renders is what Jinja2 3.1 renders; a mistake in a template is a `Diagnostic` with its place, never a crash or a hang;
// a set is immutable and renders on any number of threads at once. Tests: `Tests/TemplatesTests` (`jinja2.json` was made by Jinja2 itself).
