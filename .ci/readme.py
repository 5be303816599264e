#!/usr/bin/env python3
"""Runs what README.md shows, so that what CI checks cannot drift from what people read.

    .ci/readme.py README.md test       prints the block that runs the tests
    .ci/readme.py README.md publish    prints the block that publishes the example site
    .ci/readme.py README.md tour       runs all other blocks in the current folder, in order

Only blocks fenced as ```sh count. What cannot run everywhere (it needs an account, or never ends) is fenced as ```console. A ```text block that
follows is what the commands print on standard output; hashes in addresses, dates, times and sizes may differ.
"""

import difflib
import re
import subprocess
import sys

FENCE = re.compile(r"^( {0,3})(`{3,})\s*([^`]*)$")
MARKS = {"test": "swift test", "publish": "colophon publish example-site"}
FREE = [
    (re.compile(r"/ipfs/Qm[1-9A-HJ-NP-Za-km-z]{44}"), "/ipfs/Qm…"),
    (re.compile(r"\b\d{4}/\d\d/\d\d/[0-9a-f]{12}\b"), "DATE/BUILD"),
    (re.compile(r"\b[0-9a-f]{12}\.json\b"), "BUILD.json"),
    (re.compile(r"\b[\d.]+ (ms|s)\b"), "TIME"),
    (re.compile(r"\b[\d.]+ (bytes|kB|MB)"), "SIZE"),
]


def blocks(path):
    """The fenced blocks: number of the first line, info string, contents."""
    found, fence, info, lines, start = [], None, "", [], 0
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for number, line in enumerate(text.splitlines(), 1):
        match = FENCE.match(line)
        if fence is None:
            if match:
                fence, info, lines, start = match[2], match[3].strip(), [], number + 1
        elif match and not match[3].strip() and len(match[2]) >= len(fence):
            found.append((start, info, "".join(line + "\n" for line in lines)))
            fence = None
        else:
            lines.append(line)
    if fence is not None:
        sys.exit(f"{path}:{start - 1}: this block is never closed")
    return found


def is_setup(block):
    return block.startswith(".ci/setup && ")


def settled(text):
    for pattern, name in FREE:
        text = pattern.sub(name, text)
    return text.splitlines()


def tour(path):
    found = blocks(path)
    for (start, info, block), (_, next_info, shown) in zip(found, found[1:] + [(0, "", "")]):
        if info != "sh" or is_setup(block):
            continue
        print(f"{path}:{start}", file=sys.stderr, flush=True)
        run = subprocess.run(["bash", "-euxo", "pipefail", "-c", block], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        print(run.stdout, end="", flush=True)
        if run.returncode:
            sys.exit(f"{path}:{start}: these commands ended with {run.returncode}")
        if next_info == "text" and settled(run.stdout) != settled(shown):
            print(*difflib.unified_diff(settled(shown), settled(run.stdout), "README", "now", lineterm=""), sep="\n")
            sys.exit(f"{path}:{start}: these commands print something else than is shown")


def print_block(path, wanted):
    matching = [block for _, info, block in blocks(path) if info == "sh" and is_setup(block) and MARKS[wanted] in block]
    if len(matching) != 1:
        sys.exit(f"{path}: {len(matching)} ```sh blocks begin with `.ci/setup && ` and have `{MARKS[wanted]}`, it is one")
    print(matching[0], end="")


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[2] not in (*MARKS, "tour"):
        sys.exit(__doc__)
    if sys.argv[2] == "tour":
        tour(sys.argv[1])
    else:
        print_block(*sys.argv[1:])
