"""What the marks in a pane mean, in one line at its foot: those that are drawn, in the words that its help has."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment

from tui.keymap.own_keys import keyed
from tui.render.cells import Line, fit_line, ink
from tui.render.glyphs import in_ascii
from tui.render.palette import Look

Row = tuple[str, str]
"""A mark, or several of a kind, and what it means."""

GAP = "   "
MORE = "{help} more"
DETAILS = ("$", "[;:]", "[,;:]")
"""What ends a meaning: all of it is told, or not what only explains it, or just what it begins with."""
ROOM = 8
"""Lines of a pane from which on one of them can be spared."""


def legend_line(rows: Sequence[Row], drawn: str, width: int, look: Look) -> Line:
    """As many rows as fit, first those whose mark is in the text that is drawn, without their details if need be.

    Rows of signs that are not drawn are left out; of words, such as colours, that cannot be told.
    """
    named = [(in_ascii(mark) if look.ascii else mark, meaning) for mark, meaning in rows]
    ordered = sorted(
        (row for row in named if _is_drawn(row[0], drawn) or not _signs(row[0])),
        key=lambda row: not _is_drawn(row[0], drawn),
    )
    for details in DETAILS:
        told = [(mark, re.split(details, meaning)[0]) for mark, meaning in ordered]
        shown = _fitting(told, width)
        if len(shown) == len(told):
            break
    else:
        shown = _fitting(told, width - len(GAP + keyed(MORE)))
    line: Line = []
    for mark, meaning in shown:
        line += [Segment(mark, ink(look.palette.text, bold=True)), Segment(f" {meaning}{GAP}", ink(look.palette.muted))]
    if len(shown) < len(told):
        line.append(Segment(keyed(MORE), ink(look.palette.faint)))
    return fit_line(line, width, ink())


def _fitting(rows: Sequence[Row], width: int) -> list[Row]:
    """The rows that fit side by side, earlier ones first."""
    shown: list[Row] = []
    for mark, meaning in rows:
        needed = cell_len(f"{mark} {meaning}")
        if needed <= width:
            shown.append((mark, meaning))
            width -= needed + len(GAP)
    return shown


def _is_drawn(mark: str, drawn: str) -> bool:
    """Whether one of the signs of a mark is in a text, or if it has none, its words."""
    signs = _signs(mark)
    return any(sign in drawn for sign in signs) if signs else mark in drawn


def _signs(mark: str) -> list[str]:
    return [sign for sign in re.split(r"[\s\d]+", mark) if len(sign) == 1]
