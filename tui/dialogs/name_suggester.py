"""Completes the name that is typed last: of a lane, a quantity, an entry of a matrix."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textual.suggester import Suggester

_NAME = re.compile(r"[A-Za-z_][\w.]*(?:\[[\d,]*\]?)?$")


class NameSuggester(Suggester):
    """Offers the first of some words that goes on what stands at the end of an input, in its own case."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._words = words

    async def get_suggestion(self, value: str) -> str | None:
        return completed(value, self._words)


def completed(text: str, words: Sequence[str]) -> str | None:
    """The text with its last name completed to the first word that begins so; None where there is none."""
    name = _NAME.search(text)
    if name is None:
        return None
    return next((text[: name.start()] + word for word in words if word.startswith(name[0]) and word != name[0]), None)
