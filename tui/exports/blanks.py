"""Text with answers in it, to be printed with the answers or with blanks in their place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tui.render.numbers import num

_OPEN, _CLOSE = "\ue000", "\ue001"  # of the private use area: no text has them
_ANSWER = re.compile(f"{_OPEN}(.*?){_CLOSE}")


def answer(value: float) -> str:
    """A number that is asked for."""
    return f"{_OPEN}{num(value)}{_CLOSE}"


def answers(values: Sequence[float]) -> str:
    """A vector whose numbers are asked for."""
    return answer(values[0]) if len(values) == 1 else f"({', '.join(map(answer, values))})"


def blanked(text: str) -> str:
    """The exercise: a line to write on in place of every answer."""
    return _ANSWER.sub("`________`", text)


def answered(text: str) -> str:
    """The key."""
    return _ANSWER.sub(r"**\1**", text)
