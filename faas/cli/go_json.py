"""JSON as Go writes it: compact, and safe to stand in a page."""

import json

_ESCAPED = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})


def go_json(value: object) -> str:
    """Encode a value; keys keep their order."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).translate(_ESCAPED)
