"""The one error of scenario files, a single line that says where, what was found and what is allowed, and its words."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class ScenarioError(ValueError):
    """What is wrong with a scenario, on one line: file, key path, message.

    file: the file's name as it was given, or the `--set KEY=VALUE` that is to blame.
    key: the path of the key in the file, such as `lanes.deep.optimizer`; empty if it concerns none.
    """

    def __init__(self, file: str, key: str, message: str) -> None:
        self.file, self.key, self.message = file, key, message
        parts = [part for part in (file, key, message) if part]
        super().__init__(": ".join(" ".join(map(printable, part.split())) for part in parts))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[str, str, str]]:
        return ScenarioError, (self.file, self.key, self.message)


def printable(text: str) -> str:
    """The text with escapes for what a terminal would not show as it is."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def quoted(found: str) -> str:
    """The text in quotation marks, on one line, printable and at most 40 characters long."""
    shown = printable(found[:41])
    return f'"{shown}"' if len(shown) <= 40 else f'"{shown[:39]}…"'


def nearest(found: str, known: Iterable[str]) -> str:
    """The end of a message: the known name that is nearest to the one found, or nothing if none is near."""
    matches = get_close_matches(found, list(known), n=1)
    return f"; did you mean {quoted(matches[0])}?" if matches else ""
