#!/usr/bin/env python3
"""Checks the floor rule: a room depends on rooms of lower floors only.

Floors are the `// Floor N:` comments of Package.swift, dependencies are what `swift package dump-package` says, and the map in
Sources/README.md has to agree with both. Every room has its front door. Whether the sources import what the manifest declares, and
nothing else, is checked by the build itself (`--explicit-target-dependency-import-check error`).

    .ci/floors.py                what CI runs
    .ci/floors.py --self-test    breaks each rule once, in memory, and expects to be told
"""

import copy
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FLOOR = re.compile(r"//\s*Floor (\d+):")
TARGET = re.compile(r"\.(?:systemLibrary|target|executableTarget|testTarget)\(\s*name:\s*\"([^\"]+)\"")
PRODUCT = re.compile(r"`([^`]+)`")


def floors_of(manifest_text):
    """The floor of each target, by the last floor comment above it."""
    floors, floor = {}, None
    for match in re.finditer(f"{FLOOR.pattern}|{TARGET.pattern}", manifest_text):
        if match[1] is not None:
            floor = int(match[1])
        else:
            floors[match[2]] = floor
    return floors


def map_of(readme):
    """The table of rooms: name → (floor, what it may import)."""
    rooms = {}
    for line in readme.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 4 and cells[0].isdigit():
            for name in PRODUCT.findall(cells[1]):
                rooms[name] = (int(cells[0]), set(PRODUCT.findall(cells[3])))
    return rooms


def dependencies_of(target):
    """Names of targets and of products of other packages."""
    return [next(iter(dependency.values()))[0] for dependency in target["dependencies"]]


def problems(package, manifest_text, readme, front_doors):
    """All that is wrong.

    package: what dump-package says; front_doors: the first line of each room's file that has its name.
    """
    floors, rooms = floors_of(manifest_text), map_of(readme)
    targets = {target["name"]: target for target in package["targets"]}
    found = []
    for name, target in targets.items():
        dependencies = dependencies_of(target)
        if target["type"] == "test":
            continue
        floor = floors.get(name)
        if floor is None:
            found.append(f"{name} stands below no `// Floor N:` comment in Package.swift")
            continue
        for other in dependencies:
            if other not in targets:
                continue
            if targets[other]["type"] == "test":
                found.append(f"{name} depends on the tests {other}")
            elif floors.get(other) is not None and floors[other] >= floor:
                found.append(f"{name} (floor {floor}) depends on {other} (floor {floors[other]}); only lower floors may be")
        if name not in rooms:
            found.append(f"{name} is missing in the map of Sources/README.md")
        else:
            if rooms[name][0] != floor:
                found.append(f"{name} is on floor {floor} in Package.swift, on floor {rooms[name][0]} in Sources/README.md")
            for other in sorted(rooms[name][1] ^ set(dependencies)):
                where = "Package.swift" if other in dependencies else "Sources/README.md"
                found.append(f"{name} may import {other} by {where} alone")
        if target["type"] != "system" and not front_doors.get(name, "").startswith(f"// {name}: "):
            found.append(f"{name} has no front door: a file of that name that begins with `// {name}: `")
    found += [f"{name} is in the map of Sources/README.md, not in Package.swift" for name in rooms if name not in targets]
    return found


def front_doors_of(package):
    doors = {}
    for target in package["targets"]:
        folder = ROOT / (target.get("path") or f"Sources/{target['name']}")
        # A room in C is entered by its header.
        for file in sorted([*folder.glob("*.swift"), *folder.glob("include/*.h")]):
            if file.stem.lower() == target["name"].lower():
                doors[target["name"]] = file.read_text(encoding="utf-8").split("\n", 1)[0]
    return doors


def self_test(package, manifest_text, readme, doors):
    """Each mistake must be reported, or this check is worth nothing."""

    def depending(name, other):
        broken = copy.deepcopy(package)
        next(t for t in broken["targets"] if t["name"] == name)["dependencies"].append({"byName": [other, None]})
        return broken

    mistakes = {
        "HTML (floor 2) depends on SiteBuilder (floor 3)": (depending("HTML", "SiteBuilder"), manifest_text, readme, doors),
        "HTML (floor 2) depends on Markdown (floor 2)": (depending("HTML", "Markdown"), manifest_text, readme, doors),
        "Files may import CCurl by Package.swift alone": (depending("Files", "CCurl"), manifest_text, readme, doors),
        "stands below no": (package, FLOOR.sub("//", manifest_text), readme, doors),
        "HTML is missing in the map": (package, manifest_text, readme.replace("`HTML`", "HTML"), doors),
        "HTML has no front door": (package, manifest_text, readme, {**doors, "HTML": "import Files"}),
    }
    return [
        f"not noticed: {expected}"
        for expected, arguments in mistakes.items()
        if not any(expected in problem for problem in problems(*arguments))
    ]


def main():
    dump = subprocess.run(
        ["swift", "package", "dump-package"], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True)
    package = json.loads(dump.stdout)
    manifest_text = (ROOT / "Package.swift").read_text(encoding="utf-8")
    readme = (ROOT / "Sources/README.md").read_text(encoding="utf-8")
    arguments = (package, manifest_text, readme, front_doors_of(package))
    found = self_test(*arguments) if sys.argv[1:] == ["--self-test"] else problems(*arguments)
    for problem in found:
        print(f"floors: {problem}", file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
