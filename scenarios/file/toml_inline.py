"""TOML values and keys as they stand on one line; JSON's texts, numbers and booleans are TOML's as well."""

from __future__ import annotations

import json
import re
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def inline(value: Any) -> str:
    """The text of a finite number, a text, a boolean, or of an array or a table of such."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{inline_key(key)} = {inline(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def inline_key(key: str) -> str:
    """A key, quoted where it has to be."""
    return key if _BARE.fullmatch(key) else inline(key)
