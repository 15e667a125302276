"""The pane health: a row a layer, with what the step in view makes of it."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
from rich.segment import Segment

from tui.explain.layer_health import LayerHealth, explain_layer, inspect_layer, layer_health
from tui.keymap.own_keys import keyed
from tui.panes.health_columns import IMPORTANCE, Column, columns
from tui.panes.pane import NOTHING, Drawing, Pane, View, message
from tui.render.cells import Line, fit, fit_line, ink, longest
from tui.render.palette import Look
from tui.render.plain import plain, spelled
from tui.render.selection import LayerNumber
from tui.render.thinning import every_so_many


class HealthPane(Pane):
    kind = "health"
    title = "health"
    purpose = "each layer's a, gradients, updates; idle units"
    legend = (
        ("a", "a histogram of the pre-activations on the batch, 0 in the middle"),
        ("|∂L/∂θ| |Δθ|", "of the sizes of gradient and update by powers of ten, without what is exactly 0"),
        ("log₁₀", "the size of W's update as a share of W's, as a power of ten; ● is the same on a scale around 10⁻³"),
        ("∅ dead", "units that are 0 on every sample of the batch"),
        ("■ sat.", "units whose slope is below 0.01 on at least 95 % of the batch"),
    )

    def draw(self, view: View) -> Drawing:
        lane = view.lane
        if lane.is_function:
            return message("A function has no layers.", view, self.title)
        if lane.operation is None:
            return message(keyed(NOTHING), view, self.title)
        layers, head = lane.network.network.depth, int(view.height > 1)
        shown = _shown(view)
        with np.errstate(all="ignore"):
            lines = _table(view, [layer_health(lane, number) for number in shown], bool(head))
        batch = f"dead, saturated: on {len(lane.trace.indices)} samples of the batch"
        some = f"{len(shown)} of {layers} layers" if len(shown) < layers else ""
        subtitles = (" · ".join(filter(None, (some, batch))), some)
        return Drawing(lines, (f"{self.title} · step {lane.trace.step + 1}", self.title), subtitles)

    def move(self, view: View, across: int, down: int) -> Hashable:
        lane, selected = view.lane, view.selection
        if lane.is_function:
            return None
        if not isinstance(selected, LayerNumber):
            return LayerNumber(max(lane.operation.layer, 1) if lane.operation else 1)
        return LayerNumber(min(max(selected.number + across + down, 1), lane.network.network.depth))

    def pick(self, view: View, x: int, y: int) -> Hashable:
        if view.lane.is_function or view.lane.operation is None:
            return None
        shown, row = _shown(view), y - int(view.height > 1)
        return LayerNumber(shown[row]) if 0 <= row < len(shown) else None

    def explain(self, view: View) -> str:
        number = _selected(view)
        return explain_layer(view.lane, number) if number else ""

    def inspect(self, view: View) -> list[tuple[str, ...]]:
        number = _selected(view)
        return inspect_layer(view.lane, number) if number else super().inspect(view)


def _selected(view: View) -> int:
    """The selected layer, 0 if this lane has none such."""
    selected = view.selection
    if view.lane.is_function or not isinstance(selected, LayerNumber):
        return 0
    return selected.number if selected.number <= view.lane.network.network.depth else 0


def _shown(view: View) -> list[int]:
    """The layers that have a row: all, or every so many, the last, and in place of its neighbour the selected one."""
    room = max(view.height - (view.height > 1), 1)
    shown = [layer + 1 for layer in every_so_many(view.lane.network.network.depth, room)][-room:]
    selected = _selected(view)
    if selected and selected not in shown:
        inner = range(1, len(shown) - 1) if len(shown) > 2 else range(len(shown))
        nearest = min(inner, key=lambda at: abs(shown[at] - selected))
        shown[nearest] = selected
    return sorted(shown)


def _table(view: View, rows: list[LayerHealth], headed: bool) -> list[Line]:
    """The columns that there is room for below their heads, and what short heads mean where lines are left."""
    look, selected = view.look, _selected(view)
    first = len(str(view.lane.network.network.depth)) + 1
    shown = _fitted(columns(view, rows), view.width - first)
    lines: list[Line] = []
    if headed:
        heads = [fit(longest(width, *column.heads), width, look.glyphs.ellipsis) for column, width in shown]
        lines.append([Segment(" " * first + " ".join(heads), ink(look.palette.muted))])
    for health in rows:
        marked = health.number == selected
        style = ink(look.palette.accent, bold=True) if marked else ink(look.palette.muted)
        line = [Segment(str(health.number).rjust(first - 1) + (look.glyphs.selected if marked else " "), style)]
        for column, width in shown:
            line += [*fit_line(column.cells(health, width), width, ink()), Segment(" ", ink())]
        lines.append(line)
    notes = _notes(shown, view.width, look) if headed else []
    if len(lines) + len(notes) <= view.height:
        lines += notes
    lines += [[] for _ in range(view.height - len(lines))]
    return [fit_line(line, view.width, ink()) for line in lines[: view.height]]


def _notes(shown: list[tuple[Column, int]], room: int, look: Look) -> list[Line]:
    """The heads that had to be shortened, as full as fits into `room` cells, after an empty line."""
    lines: list[Line] = [[]]
    for column, width in shown:
        short, full = longest(width, *column.heads).strip(), column.heads[0].strip()
        if short != full:
            ways = (full if full.startswith(short) else f"{short}: {full}", *column.heads)
            if look.ascii:
                ways = (f"{plain(short)}: {spelled(full)}", *map(plain, column.heads))
            lines.append([Segment(longest(room, *ways), ink(look.palette.muted))])
    return lines


def _fitted(all_columns: list[Column], room: int) -> list[tuple[Column, int]]:
    """The columns that there is room for with their widths; a cell is left free after each."""
    widths: dict[int, int] = {}
    for at in IMPORTANCE:
        least = all_columns[at].least
        if least + 1 <= room:
            widths[at], room = least, room - least - 1
    while room > 0 and (growing := [at for at in sorted(widths) if widths[at] < all_columns[at].most]):
        for at in growing[:room]:
            widths[at] += 1
        room -= len(growing[:room])
    return [(all_columns[at], widths[at]) for at in sorted(widths)]
