"""Write bookstore/openapi.json anew: `python -m bookstore.openapi`, after a change of a model or of stack.yml."""

import json
from pathlib import Path

import yaml

from bookstore.openapi.document import openapi

PLACE = Path(__file__).parents[1] / "openapi.json"
STACK = Path(__file__).parents[2] / "stack.yml"


def written() -> str:
    """The file's text, as the models and stack.yml have it."""
    functions = yaml.safe_load(STACK.read_text(encoding="utf-8"))["functions"]
    return json.dumps(openapi(functions), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PLACE.write_text(written(), encoding="utf-8")
