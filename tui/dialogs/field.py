"""One line of a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """What a field is called, what stands in it, what it may hold, and what may be completed."""

    name: str
    value: str = ""
    hint: str = ""
    words: Sequence[str] = ()
