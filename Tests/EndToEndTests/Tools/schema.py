"""Judges JSON files, YAML files and the front matter of Markdown files by a JSON Schema, with PyPI's jsonschema and PyYAML.

Usage: schema.py SCHEMA FILE... Prints one problem a line.
"""
import json
import sys

import jsonschema


def load(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if path.endswith(".json"):
        return json.loads(text)
    import yaml

    class Loader(yaml.SafeLoader):
        """Dates are texts in JSON."""

    Loader.yaml_implicit_resolvers = {
        first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()}
    if path.endswith(".md"):
        if not text.startswith("---\n"):
            return None
        text = text[4:].split("\n---", 1)[0]
    return yaml.load(text, Loader)


with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
for path in sys.argv[2:]:
    for error in validator(schema).iter_errors(load(path)):
        print("%s: %s: %s" % (path, "/".join(map(str, error.path)), error.message[:300]))
