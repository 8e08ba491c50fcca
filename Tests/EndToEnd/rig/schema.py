"""Every document that the program prints with --json, held against Docs/schema."""

import functools
import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "Docs/schema"


def file_name(schema):
    """`ukey.status/1` → `ukey.status-1.json`."""
    return schema.replace("/", "-") + ".json"


def closed(node):
    """The same schema, in which nothing may stand that it does not name: what is printed has to be documented, though whoever
    reads it must pass over what he does not know."""
    if isinstance(node, list):
        return [closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    result = {name: closed(each) for name, each in node.items()}
    if isinstance(node.get("properties"), dict) and node.get("type") == "object":
        result.setdefault("additionalProperties", False)
    return result


@functools.cache
def _files():
    return {file.name: json.loads(file.read_text()) for file in FOLDER.glob("*.json")}


@functools.cache
def validator(name):
    """Of one file; made once."""
    # Where it is needed only: most tests print no JSON.
    import jsonschema

    files = {name: closed(each) for name, each in _files().items()}
    schema = files[name]
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver(name, schema, store=files))


def documents(text):
    """What was printed: one document, or one a line."""
    try:
        return [json.loads(text)]
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def mistakes(document):
    """What about the document is not as its schema says; none when it is."""
    name = file_name(document["schema"]) if isinstance(document, dict) and isinstance(document.get("schema"), str) else None
    if name not in _files():
        return [f"a document without a schema that is there: {str(document)[:200]}"]
    found = sorted(validator(name).iter_errors(document), key=lambda error: str(error.path))
    return [f"{document['schema']} at {'/'.join(map(str, error.absolute_path))}: {error.message}" for error in found]


def check(text):
    """Fails on the first document that breaks its schema."""
    for document in documents(text):
        wrong = mistakes(document)
        assert not wrong, "\n".join(wrong[:5])
