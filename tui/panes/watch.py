"""The pane watch: a row for each watched expression, with its value at the cursor, before it, and over the run."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rich.segment import Segment
from rich.style import Style

from nncore.arrays import Array
from tui.explain.notation import operation_name
from tui.keymap.own_keys import keyed
from tui.panes.pane import INSIDE, Drawing, Pane, View, message
from tui.render.axes import place
from tui.render.cells import Line, Picture, fit, fit_line, ink
from tui.render.charts import line_chart
from tui.render.numbers import WIDTH, count, num, number
from tui.render.palette import Look
from tui.render.plot import Plot, with_cursor, with_selected
from tui.render.selection import WatchedStep
from tui.render.series import Series
from tui.render.sparkline import sparkline
from tui.session.frame import Frame, WatchCurve, WatchRow

LEAST_CHART = 5
"""The lines of a row with a chart: its values, two lines of curve at least, and the axis."""
LEAST_WIDTH = 36
"""The columns of a chart at least, of those that stand side by side."""
LEAST_CURVE, LEAST_NAME = 6, 8
MOST_PRESSES = 400
"""How many presses of an arrow lead from one end of a curve to the other, at most."""
CHANGED = "*"


@dataclass(frozen=True)
class Place:
    """Where a row stands in the pane: in one line, with its curve in a second one, or with a chart."""

    row: int
    x: int
    y: int
    width: int
    height: int


class WatchPane(Pane):
    kind = "watch"
    title = "watch"
    purpose = "expressions: before and after the operation, over the run"
    shared = True
    inside = (
        ("← →", "step", ""),
        ("↑ ↓", "row", ""),
        ("enter", "go there", "enter"),
        *INSIDE[1:],
    )
    legend = (
        ("→", "from the value before the operation at the cursor to that after it; at rest from step to step"),
        ("*", "changed by it"),
        ("…", "not known yet"),
        ("—", "it has no value there: not computed yet in this step, or its sample was not in the batch"),
        ("│", "the cursor; among bars the one that stands out"),
    )

    def depends(self, view: View) -> tuple[object, ...]:
        frame = view.frame
        return (frame.watch, frame.cursor, frame.reached, view.lane.operation)

    def draw(self, view: View) -> Drawing:
        if not view.frame.watch:
            text = "Nothing is watched yet: {watch} adds a quantity or an expression, and the run is looked through."
            return message(keyed(text), view, self.title)
        lines: Picture = [[] for _ in range(view.height)]
        for one in _places(view):
            for number_, line in enumerate(_drawn(view, one)):
                gap = one.x - sum(segment.cell_length for segment in lines[one.y + number_])
                lines[one.y + number_] += [Segment(" " * gap, ink()), *line]
        hidden = len(view.frame.watch) - len(_places(view))
        more = f" · {hidden} more" if hidden else ""
        ways = tuple(f"{self.title} · {way}{more}" for way in _moved(view.frame))
        return Drawing([fit_line(line, view.width, ink()) for line in lines], (*ways, self.title), _over(view.frame))

    def move(self, view: View, across: int, down: int) -> Hashable:
        rows, selected = view.frame.watch or (), view.selection
        if not rows:
            return None
        if not isinstance(selected, WatchedStep):
            return WatchedStep(min(view.frame.cursor.step, view.frame.reached), 0)
        row = min(max(selected.row + down, 0), len(rows) - 1)
        stride = max(1, round(view.frame.reached / MOST_PRESSES))
        return WatchedStep(min(max(selected.number + across * stride, 0), view.frame.reached), row)

    def pick(self, view: View, x: int, y: int) -> Hashable:
        for one in _places(view) if view.frame.watch else ():
            if one.x <= x < one.x + one.width and one.y <= y < one.y + one.height:
                columns = _columns(view, one)
                share = (x - (one.x + one.width - columns) + 0.5) / max(columns, 1)
                inside = columns > 0 and share >= 0
                return WatchedStep(round(share * view.frame.reached) if inside else view.frame.cursor.step, one.row)
        return None

    def goes_to(self, view: View) -> int | None:
        return view.selection.number if isinstance(view.selection, WatchedStep) else None

    def explain(self, view: View) -> str:
        """What the selected expression was worth at the selected step, or around it, and at least and most so far."""
        rows, selected = view.frame.watch or (), view.selection
        if not isinstance(selected, WatchedStep) or selected.row >= len(rows):
            return ""
        row = rows[selected.row]
        if row.curve is None:
            return f"{row.text}: {row.problem}"
        return f"{row.text}, {_told(row.curve, selected.number)}{_extent(row.curve)}"


def _told(curve: WatchCurve, step: int) -> str:
    """The value of the stretch that a step stands in, or of the one before."""
    at = int(np.searchsorted(curve.first, step, side="right")) - 1
    if step > curve.known or at < 0:
        return f"step {count(step)}: not known yet"
    when, low, high = _when(curve, at), float(curve.low[at]), float(curve.high[at])
    return f"{when}: {num(low)}" if low == high or np.isnan(low) else f"{when}: {num(low)} to {num(high)}"


def _extent(curve: WatchCurve) -> str:
    """The least and the greatest value of the run as far as it is known, and when."""
    if np.isnan(curve.low).all():
        return ""
    least, most = int(np.nanargmin(curve.low)), int(np.nanargmax(curve.high))
    low, high = f"{num(float(curve.low[least]))} at {_when(curve, least)}", f"{num(float(curve.high[most]))} at "
    return f" · least {low} · greatest {high}{_when(curve, most)}"


def _when(curve: WatchCurve, at: int) -> str:
    """The steps of a stretch, in words."""
    first, last = round(float(curve.first[at])), round(float(curve.last[at]))
    return f"step {count(first)}" if first == last else f"steps {count(first)} to {count(last)}"


def _moved(frame: Frame) -> tuple[str, ...]:
    """Between which places the two values of a row lie, from long to short."""
    cursor, operation = frame.cursor, frame.lane.operation
    if cursor.position is not None and operation is not None:
        return f"before → after {operation_name(operation)}", "before → after"
    if cursor.step:
        return (f"step {count(cursor.step - 1)} → {count(cursor.step)}",)
    return ("step 0",)


def _over(frame: Frame) -> tuple[str, ...]:
    """The steps that the curves are over, and how much of them is known."""
    rows = [(row.text, row.curve) for row in frame.watch or () if row.curve is not None]
    behind = [(curve.known, text) for text, curve in rows if curve.known < curve.end]
    if behind:
        known, text = min(behind)
        way = f"known up to step {count(max(known, 0))} of {count(frame.reached)}"
        return f"{text} {way}", way, f"up to {count(max(known, 0))}"
    return (f"steps 0 to {count(frame.reached)}", "") if rows and frame.reached else ("",)


def _places(view: View) -> list[Place]:
    """Where the rows stand: with charts if all have room for them, else in two lines, or in one around the selected."""
    rows = len(view.frame.watch or ())
    for columns in range(1, max(view.width // LEAST_WIDTH, 1) + 1):
        down = -(-rows // columns)
        height, width = view.height // max(down, 1), (view.width + 1) // columns - 1
        if height >= LEAST_CHART:
            return [Place(row, row // down * (width + 1), row % down * height, width, height) for row in range(rows)]
    if view.height >= 2 * rows:
        return [Place(row, 0, 2 * row, view.width, 2) for row in range(rows)]
    selected = view.selection.row if isinstance(view.selection, WatchedStep) else 0
    first = min(max(selected - view.height + 1, 0), max(rows - view.height, 0))
    return [Place(row, 0, row - first, view.width, 1) for row in range(first, min(first + view.height, rows))]


def _columns(view: View, one: Place) -> int:
    """How many columns a row's curve has, which end where its place does."""
    row = (view.frame.watch or ())[one.row]
    if row.curve is None:
        return 0
    if one.height >= LEAST_CHART:
        return _charts(view)[one.row].columns
    return _widths(view)[2] if one.height == 1 else one.width


def _drawn(view: View, one: Place) -> Picture:
    """A row's lines."""
    row = (view.frame.watch or ())[one.row]
    if one.height == 1 or row.curve is None:
        return [fit_line(_line(view, one, row), one.width, ink())]
    head = _head(view, one, row)
    if one.height < LEAST_CHART:
        return [head, _bars(view, one, row, row.curve, one.width)]
    plot = with_cursor(_charts(view)[one.row], float(view.frame.cursor.step), view.look)
    if _selected(view, one):
        assert isinstance(view.selection, WatchedStep)
        plot = with_selected(plot, float(view.selection.number), None, view.look)
    return [head, *plot.lines[1:]]


def _head(view: View, one: Place, row: WatchRow) -> Line:
    """The name and both values, or the one at the cursor."""
    whole = one.width >= LEAST_NAME + 2 * WIDTH + 4
    longest = max(len(other.text) for other in view.frame.watch or ())
    name = min(longest, one.width - (2 * WIDTH + 4 if whole else WIDTH + 1))
    return fit_line([*_name(view, one, row, name), *_values(row, view.look, whole)], one.width, ink())


def _charts(view: View) -> dict[int, Plot]:
    """The charts by their rows, without the cursor; they stay while the curves do."""
    rows, places = view.frame.watch or (), tuple(_places(view))
    drawn = tuple((rows[one.row].curve, rows[one.row].lane) for one in places)
    charts: dict[int, Plot] = view.base.drawn(_drawn_charts, places, drawn, max(view.frame.reached, 1), view.look)
    return charts


def _drawn_charts(
    places: tuple[Place, ...], drawn: tuple[tuple[WatchCurve | None, int | None], ...], end: int, look: Look
) -> dict[int, Plot]:
    """Curves from their least to their greatest values."""
    charts = {}
    for one, (curve, lane) in zip(places, drawn, strict=True):
        if curve is None or one.height < LEAST_CHART:
            continue
        middle, values = (curve.first + curve.last) / 2, np.stack([curve.low, curve.high], axis=1).ravel()
        color = look.palette.text if lane is None else None
        series = Series("", np.repeat(middle, 2), values, index=lane or 0, color=color)
        span = (0.0, float(end))
        charts[one.row] = line_chart([series], one.width, one.height, look, x_label="steps", x_range=span, moving=True)
    return charts


def _line(view: View, one: Place, row: WatchRow) -> Line:
    """A row in one line: its name, its values, and its curve in bars."""
    name, whole, columns = _widths(view)
    head = _name(view, one, row, name)
    if row.curve is None:
        return [*head, Segment(f" {row.problem}", ink(view.look.palette.bad))]
    bars = _bars(view, one, row, row.curve, columns) if columns else []
    return [*head, *_values(row, view.look, whole), Segment(" ", ink()), *bars]


def _widths(view: View) -> tuple[int, bool, int]:
    """The cells of the names, whether there is room for both values, and the cells of the curves."""
    longest = max(len(row.text) for row in view.frame.watch or ()) + 1
    for whole in (True, False):
        values = (2 * WIDTH + 4) if whole else WIDTH + 2
        left = view.width - values - 1
        if left - min(longest, max(left - LEAST_CURVE, LEAST_NAME)) >= LEAST_CURVE and left - LEAST_CURVE >= longest:
            return longest, whole, left - longest
    name = min(longest, max(view.width - WIDTH - 3 - LEAST_CURVE, LEAST_NAME))
    left = view.width - WIDTH - 3 - name
    return name, False, left if left >= LEAST_CURVE else 0


def _name(view: View, one: Place, row: WatchRow, width: int) -> Line:
    """An expression, in the colour of the lane that it is about."""
    color = view.look.palette.text if row.lane is None else view.look.palette.series[row.lane]
    chosen = _selected(view, one)
    return [Segment(fit(row.text, width, view.look.glyphs.ellipsis), ink(color, bold=chosen, reverse=chosen))]


def _selected(view: View, one: Place) -> bool:
    return isinstance(view.selection, WatchedStep) and view.selection.row == one.row


def _values(row: WatchRow, look: Look, whole: bool) -> Line:
    """The value before and at the cursor, marked where it changed."""
    palette, changed = look.palette, row.changed
    now = Segment(_value(row.now, look), ink(palette.accent if changed else palette.text, bold=changed))
    mark = Segment(CHANGED if changed else " ", ink(palette.accent, bold=True))
    if not whole:
        return [now, mark]
    arrow = f" {look.glyphs.forward} " if row.before is not None or row.now is None else "   "
    before = _value(row.before, look) if row.before is not None or row.now is None else " " * WIDTH
    return [Segment(before, ink(palette.muted)), Segment(arrow, ink(palette.muted)), now, mark]


def _value(value: float | None, look: Look) -> str:
    return look.glyphs.ellipsis.rjust(WIDTH) if value is None else number(value, missing=look.glyphs.missing)


def _bars(view: View, one: Place, row: WatchRow, curve: WatchCurve, columns: int) -> Line:
    """The curve in bars of a cell each, the cursor's and the selected step's standing out."""
    frame, look = view.frame, view.look
    end, cursor = max(frame.reached, 1), ink(look.palette.accent, bold=True, reverse=not look.color)
    plain = ink(look.palette.text if row.lane is None else look.palette.series[row.lane])
    bars = sparkline(_heights(curve, columns, end), look.ascii)
    marks: dict[int, Style] = {place(frame.cursor.step / end, columns): cursor}
    if _selected(view, one) and isinstance(view.selection, WatchedStep):
        style = ink(look.palette.background, look.palette.text, bold=True, reverse=not look.color)
        marks[place(view.selection.number / end, columns)] = style
    return [Segment(bar, marks.get(column, plain)) for column, bar in enumerate(bars)]


def _heights(curve: WatchCurve, columns: int, end: int) -> Array:
    """What a curve is worth in each of some columns of the run: the mean of its stretches there, or the last one."""
    heights = np.full(columns, np.nan)
    if not len(curve.first):
        return heights
    middle, value = (curve.first + curve.last) / 2, (curve.low + curve.high) / 2
    edges = np.arange(columns + 1) * (end / columns)
    there = np.searchsorted(middle, edges)
    for column, (begin, stop) in enumerate(pairwise(there)):
        if stop > begin:
            some = value[begin:stop]
            seen = some[~np.isnan(some)]
            heights[column] = seen.mean() if len(seen) else np.nan
        elif begin and edges[column] <= curve.known:
            heights[column] = value[begin - 1]
    return heights
