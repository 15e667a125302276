"""What a key does, as a coroutine: it waits for the answer of a dialog, or for the end of an errand.

The screen begins it within the key and goes on with it when what it waits for has come; where a dialog is left by esc
the answer is None, and where an errand is stopped nothing follows.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Iterator
from dataclasses import dataclass
from types import coroutine
from typing import Any

from tui.dialogs.dialog import Answer, Dialog
from tui.session.cursor import Cursor


@dataclass(frozen=True)
class Errand:
    """Work in slices between which keys are answered.

    words: what it does, "" that it goes to a step; a function where that changes on the way.
    """

    slices: Iterator[object]
    words: str | Callable[[], str] = ""


Task = Coroutine[Dialog[Any] | Errand, Any, None]


@coroutine
def ask(dialog: Dialog[Answer]) -> Generator[Dialog[Answer], Answer | None, Answer | None]:
    """What a dialog answers; None where it is left without an answer."""
    return (yield dialog)


@coroutine
def run(slices: Iterator[object], words: str | Callable[[], str] = "") -> Generator[Errand, None, None]:
    """Run an errand to its end."""
    yield Errand(slices, words)


def going(place: Cursor) -> str:
    """What an errand to a place does, in words."""
    if place.position is None:
        return f"going to step {place.step:,}…"
    return f"going to operation {place.position + 1} of step {place.step + 1:,}…"
