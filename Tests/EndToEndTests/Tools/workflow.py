"""The `run:` text of the named steps of a workflow, one JSON array. Usage: workflow.py FILE NAME...

Reads the little of YAML that workflows are written in: a step is `- name:`, a script `run: text` or `run: |` and deeper lines.
"""
import json
import sys


def steps(lines):
    name, at = None, 0
    while at < len(lines):
        line = lines[at]
        text = line.strip()
        at += 1
        if text.startswith("- name:"):
            name = text[len("- name:"):].strip()
        elif text.startswith("run:"):
            script = text[len("run:"):].strip()
            indent = len(line) - len(line.lstrip())
            if script == "|":
                block = []
                while at < len(lines) and (not lines[at].strip() or len(lines[at]) - len(lines[at].lstrip()) > indent):
                    block.append(lines[at])
                    at += 1
                depth = min(len(b) - len(b.lstrip()) for b in block if b.strip())
                script = "\n".join(b[depth:] for b in block).rstrip() + "\n"
            yield name, script


with open(sys.argv[1], encoding="utf-8") as file:
    found = dict(steps(file.read().split("\n")))
print(json.dumps([found.get(name) for name in sys.argv[2:]]))
