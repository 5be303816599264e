"""Judges JSON files by a JSON Schema with PyPI's jsonschema. Usage: schema.py SCHEMA FILE... Prints one problem a line."""
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
validator = jsonschema.validators.validator_for(schema)
validator.check_schema(schema)
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        for error in validator(schema).iter_errors(json.load(file)):
            print("%s: %s: %s" % (path, "/".join(map(str, error.path)), error.message[:300]))
