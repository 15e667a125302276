"""The one error of scenario files: a single line that says where, what was found and what is allowed."""

from __future__ import annotations


class ScenarioError(ValueError):
    """What is wrong with a scenario, on one line: file, key path, message.

    file: the file's name as it was given, or the `--set KEY=VALUE` that is to blame.
    key: the path of the key in the file, such as `lanes.deep.optimizer`; empty if it concerns none.
    """

    def __init__(self, file: str, key: str, message: str) -> None:
        self.file, self.key, self.message = file, key, message
        parts = [part for part in (file, key, message) if part]
        super().__init__(": ".join(" ".join(map(printable, part.split())) for part in parts))


def printable(text: str) -> str:
    """The text with escapes for what a terminal would not show as it is."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
