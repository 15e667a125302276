"""A moving picture of the screen, as asciinema plays it (asciicast v2: https://docs.asciinema.org)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HOLD = 2.0
"""Seconds for which the last picture stays."""


@dataclass(frozen=True)
class Film:
    """Pictures of a screen in cells, each its rows in terminal codes, and how many are shown a second."""

    width: int
    height: int
    title: str
    pictures: tuple[Sequence[str], ...]
    rate: float

    @property
    def cast(self) -> str:
        """The file's text: a header, then an event a line."""
        header = {"version": 2, "width": self.width, "height": self.height, "title": self.title}
        events = (json.dumps([round(at, 3), "o", codes], ensure_ascii=False) for at, codes in self._events())
        return "\n".join([json.dumps(header, ensure_ascii=False), *events]) + "\n"

    def _events(self) -> Iterator[tuple[float, str]]:
        """When something changes, and what: the first picture whole, of the next ones the rows that are others."""
        before: Sequence[str] = ()
        for number, picture in enumerate(self.pictures):
            changed = [row for row, text in enumerate(picture) if not before or text != before[row]]
            codes = "".join(f"\x1b[{row + 1};1H\x1b[0m{picture[row]}" for row in changed)
            yield number / self.rate, ("" if before else "\x1b[?25l\x1b[2J") + codes
            before = picture
        yield (len(self.pictures) - 1) / self.rate + HOLD, ""
