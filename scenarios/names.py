"""How messages show what was found and name what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def quoted(found: str) -> str:
    """The text in quotation marks, on one line, printable and at most 40 characters long."""
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in found[:41])
    return f'"{shown}"' if len(shown) <= 40 else f'"{shown[:39]}…"'


def nearest(found: str, known: Iterable[str]) -> str:
    """The end of a message: the known name that is nearest to the one found, or nothing if none is near."""
    matches = get_close_matches(found, list(known), n=1)
    return f"; did you mean {quoted(matches[0])}?" if matches else ""
