"""The pane tally: where the runs of one start after the other ended, a row for each place, a column for each lane."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style

from tui.keymap.own_keys import keyed
from tui.panes.pane import Drawing, Pane, View, message
from tui.render.cells import Line, fit, fit_line, ink
from tui.render.palette import Look
from tui.session.tally import LOWEST, Tally

LEAST_BAR, LEAST_COLUMN = 2, 4
"""Cells, below which counts stand without bars; cells of a column, for which names of rows are cut."""
OTHERS = "others"


class TallyPane(Pane):
    kind = "tally"
    title = "tally"
    purpose = "start by start: how many ended where"
    shared = True
    inside = ()

    def depends(self, view: View) -> tuple[object, ...]:
        return (view.frame.tally,)

    def draw(self, view: View) -> Drawing:
        counted = view.frame.tally
        what, starts = f"{counted.of} at step {counted.at:,}", _starts(counted)
        titles = (f"{self.title} · {what} · {starts}", f"{self.title} · {starts}", self.title)
        if not counted.seeds:
            trains = keyed("{next_start} trains") + f" to step {counted.at:,} and counts."
            return message(f"Nothing is counted yet: {trains}", view, titles[-1])
        return Drawing(_lines(counted, view), titles, (where_it_ended(counted), f"seed {counted.seeds[-1]}", ""))


def where_it_ended(counted: Tally) -> str:
    """Where the start counted last ended, in words."""
    places = [counted.rows[row] for row in counted.last]
    if counted.columns == (LOWEST,):
        return f"seed {counted.seeds[-1]}: {LOWEST} {counted.of}: {places[0]}"
    ends = ", ".join(f"{lane} {place}" for lane, place in zip(counted.columns, places, strict=True))
    return f"seed {counted.seeds[-1]}: {ends}"


def _starts(counted: Tally) -> str:
    return f"{len(counted.seeds)} start{'s'[: len(counted.seeds) != 1]}"


def _lines(counted: Tally, view: View) -> list[Line]:
    """A head with the columns' names, and the rows, as many as there is room for."""
    rows, names = _rows(counted, view.height - 1), [*counted.rows, OTHERS]
    count, ellipsis = len(counted.columns), view.look.glyphs.ellipsis
    first = min(max(map(len, names)) + 1, max(view.width - LEAST_COLUMN * count, 0))
    width = (view.width - first) // count
    head: Line = [Segment(" " * first, ink())]
    head += [
        Segment(fit(f"{label[: width - 1]} ", width), _lane_ink(column, counted, view.look))
        for column, label in enumerate(counted.columns)
    ]
    lines = [head]
    for name, counts in rows:
        line = [Segment(fit(fit(name, first - 1, ellipsis), first), ink(view.look.palette.text))]
        for column, number in enumerate(counts):
            line += _cell(number, len(counted.seeds), width, _lane_ink(column, counted, view.look), view.look)
        lines.append(line)
    lines += [[] for _ in range(view.height - len(lines))]
    return [fit_line(line, view.width, ink()) for line in lines[: view.height]]


def _rows(counted: Tally, room: int) -> list[tuple[str, tuple[int, ...]]]:
    """The rows with their counts: the last one where something counts in it, the last ones as one where lines lack."""
    rows = list(zip(counted.rows, counted.counts, strict=True))
    if not any(counted.counts[-1]):
        rows.pop()
    if len(rows) <= room:
        return rows
    kept, rest = rows[: max(room - 1, 0)], rows[max(room - 1, 0) :]
    return [*kept, (OTHERS, tuple(map(sum, zip(*(counts for _, counts in rest), strict=True))))]


def _cell(number: int, starts: int, width: int, style: Style, look: Look) -> Line:
    """A count and a bar, which is full where all starts count here."""
    digits = len(str(starts))
    room = width - digits - 2
    filled = max(round(room * number / starts), number > 0) if room >= LEAST_BAR else 0
    muted = ink(look.palette.text if number else look.palette.muted)
    bar = Segment(fit(look.glyphs.bar * filled, max(width - digits - 1, 0)), style)
    return [Segment(fit(f"{number:>{digits}} ", min(digits + 1, width)), muted), bar]


def _lane_ink(column: int, counted: Tally, look: Look) -> Style:
    """The lane's own colour; a column that is of no lane has the accent."""
    return ink(look.palette.accent if counted.columns == (LOWEST,) else look.palette.series[column])
