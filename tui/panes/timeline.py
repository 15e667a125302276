"""The strip: the whole run in one line, with the cursor and what happened on the way."""

from __future__ import annotations

from dataclasses import dataclass

from rich.style import Style

from tui.panes.marks import line_mark
from tui.render.cells import Line, ink, runs
from tui.render.numbers import count
from tui.render.palette import Look
from tui.session.frame import Frame

LEGEND = (
    ("s", "a stop"),
    ("m", "named by you"),
    ("e", "change"),
    ("f", "branch"),
    ("b", "where a breakpoint stopped"),
    ("x", "divergence"),
)


def happened(frame: Frame, look: Look) -> str:
    """What the marks mean that are on the strip."""
    on_it = {mark for _, mark, _ in _marks(frame, look)}
    changed = [lane.lane.id for lane in frame.lanes if any(edit.at <= frame.reached for edit in lane.lane.edits)]
    of_one = f" of {changed[0]}" if len(changed) == 1 < len(frame.lanes) else ""
    told = [(mark, meaning + of_one * (mark == "e")) for mark, meaning in LEGEND if mark in on_it]
    return " · ".join(f"{mark} = {meaning}" for mark, meaning in told)


@dataclass(frozen=True)
class TimelineDrawing:
    """A drawn strip; `left` and `columns` say where its steps 0 … `last` stand."""

    line: Line
    left: int
    columns: int
    last: int

    def step(self, column: int) -> int | None:
        """The step that a column of the line stands for."""
        place = column - self.left
        if not 0 <= place < self.columns:
            return None
        return round(place / max(self.columns - 1, 1) * self.last)


def draw_timeline(frame: Frame, width: int, look: Look) -> TimelineDrawing:
    """Trained steps bold, those to come thin; the marks of LEGEND, and the cursor."""
    last = max(frame.reached, frame.scenario.steps)
    left, right = f"{line_mark(frame, 'timeline', look)}0 ", f" {count(last)} "
    columns = max(width - len(left) - len(right), 1)
    palette = look.palette
    done, ahead = ("=", "-") if look.ascii else ("━", "─")
    reached = _column(frame.reached, last, columns)
    characters = [done if frame.reached and column <= reached else ahead for column in range(columns)]
    styles: list[Style] = [
        ink(palette.muted if frame.reached and column <= reached else palette.faint) for column in range(columns)
    ]
    for step, mark, color in _marks(frame, look):
        column = _column(step, last, columns)
        characters[column], styles[column] = mark, ink(color, bold=True)
    here = _column(frame.cursor.step, last, columns)
    characters[here], styles[here] = "O" if look.ascii else "●", ink(palette.accent, bold=True)
    edge = ink(palette.muted)
    first = ink(palette.accent, bold=True) if left[0] == look.glyphs.pointing else edge
    line = runs([*left, *characters, *right], [first, *[edge] * (len(left) - 1), *styles, *[edge] * len(right)])
    return TimelineDrawing(line, len(left), columns, last)


def _column(step: int, last: int, columns: int) -> int:
    return min(round(step / max(last, 1) * (columns - 1)), columns - 1)


def _marks(frame: Frame, look: Look) -> list[tuple[int, str, str | None]]:
    """Step, mark and colour of everything that happened, the weightier later."""
    palette = look.palette
    marks: list[tuple[int, str, str | None]] = [(stop.at, "s", palette.text) for stop in frame.scenario.stops]
    marks += [(place.at, "m", palette.text) for place in frame.places]
    marks += [(step, "b", palette.accent) for step in frame.hits]
    for lane in frame.lanes:
        color = palette.series[lane.number % len(palette.series)]
        marks += [(edit.at, "e", color) for edit in lane.lane.edits if edit.at <= frame.reached]
        if lane.origin is not None:
            marks.append((lane.origin.step, "f", color))
        if lane.curves.diverged_at:
            marks.append((lane.curves.diverged_at, "x", palette.bad))
    return marks
