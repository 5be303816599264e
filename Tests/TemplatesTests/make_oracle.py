#!/usr/bin/env python3
"""Writes jinja2.json: templates, data and what Jinja2 makes of them. The tests compare this room with it.

    pip install jinja2==3.1.6 markupsafe==3.0.2
    python3 Tests/TemplatesTests/make_oracle.py

Deterministic: no time, no randomness, nothing read but this file. A case that Jinja2 rejects (at any stage) is written with
"error": true, and must be rejected here too. What is left out on purpose is listed in `LEFT_OUT`, and printed by --left-out.

To add a case: append to a group in cases.py (name, template(s), data), run the script, run the tests.
"""
import json
import os
import sys

import jinja2
from jinja2 import DictLoader, Environment, select_autoescape
from jinja2.sandbox import SandboxedEnvironment

from cases import GROUPS

LEFT_OUT = {
    "filter random, function lipsum": "a site is built the same way each time",
    "filter pprint": "Python's own layout of data",
    "line statements, custom delimiters, extensions other than do": "one syntax for all themes",
    "integers beyond 64 bits": "an error instead",
    "maps with keys that are not strings": "front matter has none; an error instead",
    "methods that change a list or map (append, update, pop)": "values do not change; use list + [x] and namespaces",
    "map.items without a call": "here the entry `items` if there is one; in Jinja2 always the method",
    "generators": "filters that give one in Jinja2 (map, select, batch, ...) give a list here, with a length",
    "loop in an included template": "here always seen; in Jinja2 only where the loop's own body names it",
    "x is odd if y": "here as expected; in Jinja2 a syntax error",
    "{% set a %}{{ a }}{% endset %}": "here the a from before; in Jinja2 undefined",
    "async, i18n (trans), debug, loopcontrols (break, continue)": "not needed to render a site",
    "a missing template that is named literally": "an error when the set is compiled, not when the tag is reached",
}


def environment(templates, options):
    settings = dict(
        loader=DictLoader(templates),
        autoescape=select_autoescape(["html", "htm", "xml", "svg"], default_for_string=False),
        extensions=["jinja2.ext.do"],
        trim_blocks=options.get("trimBlocks", False),
        lstrip_blocks=options.get("lstripBlocks", False),
        keep_trailing_newline=options.get("keepTrailingNewline", False),
    )
    # The sandbox has the same limit for `range` as this room.
    return SandboxedEnvironment(**settings)


def main():
    result = []
    names = set()
    for group, cases in GROUPS.items():
        for number, case in enumerate(cases, 1):
            source, data, options = (list(case) + [{}, {}])[:3] if isinstance(case, tuple) else (case, {}, {})
            templates = source if isinstance(source, dict) else {"main.html": source}
            entry = next(iter(templates))
            name = f"{group} {number}"
            assert name not in names, name
            names.add(name)
            record = {"name": name, "templates": templates, "main": entry, "data": data}
            if options:
                record["options"] = options
            try:
                record["expected"] = environment(templates, options).get_template(entry).render(data)
            except Exception as error:  # Jinja2 lets Python's own errors through.
                record["error"] = True
                record["comment"] = f"{type(error).__name__}: {error}"
            result.append(record)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "jinja2.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"jinja2": jinja2.__version__, "cases": result}, file, ensure_ascii=False, indent=1)
        file.write("\n")
    errors = sum("error" in record for record in result)
    print(f"{len(result)} cases ({errors} of them errors), Jinja2 {jinja2.__version__}")
    if "-v" in sys.argv:
        for record in result:
            print(record["name"], "|", record.get("comment") or repr(record["expected"]))


if __name__ == "__main__":
    if "--left-out" in sys.argv:
        for what, why in LEFT_OUT.items():
            print(f"- {what}: {why}")
    else:
        main()
