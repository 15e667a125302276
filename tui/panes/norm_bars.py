"""How much of the gradient arrives where: a bar for each layer of each lane at the cursor, on one logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from nncore.arrays import Array
from nncore.operations import Phase
from tui.render.axes import GUTTER, draw_y_axis, y_ticks
from tui.render.bars import upright
from tui.render.cells import Canvas, Picture, fit, ink, longest
from tui.render.numbers import num, number
from tui.render.palette import Look
from tui.render.thinning import every_so_many
from tui.session.frame import LaneFrame

NARROWEST, APART = 7, 2  # cells of a lane's bars, and between those of two lanes
SHORT, SHORTEST = 8, 6  # cells of a ratio where room is short
WIDEST = 6  # cells of a bar
SPOKEN = 3  # layers that are named where not all are drawn


def layer_norms(lane: LaneFrame) -> Array:
    """The norm of each layer's gradient (L,), NaN where the step in view has not computed it."""
    ahead = {one.layer for one in lane.operations[lane.index + 1 :] if one.phase is Phase.BACKWARD}
    first = 0 if lane.is_function else 1
    with np.errstate(over="ignore"):
        return np.array(
            [
                np.nan if layer in ahead else np.linalg.norm(lane.trace.gradient[block])
                for layer, block in enumerate(lane.lane.model.blocks, first)
            ]
        )


def computed(lane: LaneFrame) -> bool:
    """Whether the gradient of any layer is there."""
    return not np.isnan(layer_norms(lane)).all()


def norm_bars(lanes: Sequence[LaneFrame], front: int, width: int, height: int, look: Look) -> Picture:
    """All lanes beside one another, each under its name and the ratio of its first layer to its last.

    Where they would be too narrow it is the lane in front alone.
    """
    left = GUTTER if width >= 3 * GUTTER else 0
    if (width - left + APART) // len(lanes) - APART < NARROWEST:
        lanes = [lanes[front]]
    norms = [layer_norms(lane) for lane in lanes]
    low, high = _decades(np.concatenate(norms))
    heads, labels = int(height > 1), int(height > 2)
    rows = height - heads - labels
    canvas = Canvas(width, height, ink(look.palette.muted))
    if left and not np.isnan(np.concatenate(norms)).all():
        draw_y_axis(canvas, heads, rows, (low, high), y_ticks(rows, (low, high), True, look), look)
    each = max((width - left + APART) // len(lanes) - APART, 1)
    for place, (lane, values) in enumerate(zip(lanes, norms, strict=True)):
        column = left + place * (each + APART)
        if heads:
            _put_head(canvas, column, each, lane, values, look)
        _put_bars(canvas, column, each, heads, rows, lane, values, (low, high), look)
        if labels:
            canvas.put(column, height - 1, _labels(len(values), each, look), ink(look.palette.muted))
    return canvas.picture()


def _decades(norms: Array) -> tuple[int, int]:
    """Whole powers of ten around all that can be drawn, as exponents."""
    shown = norms[np.isfinite(norms) & (norms > 0)]
    if not shown.size:
        return -1, 0
    low = math.floor(math.log10(shown.min()))
    return low, max(math.ceil(math.log10(shown.max())), low + 1)


def _put_head(canvas: Canvas, column: int, room: int, lane: LaneFrame, norms: Array, look: Look) -> None:
    """The lane's mark and name, and how the first layer's norm is to the last one's, once both are there."""
    mark = look.glyphs.lines[lane.number % len(look.glyphs.lines)]
    text = fit(longest(room, *_heads(mark, lane, norms, look)), room, look.glyphs.ellipsis)
    canvas.put(column, 0, text, ink(look.palette.series[lane.number % len(look.palette.series)], bold=True))


def _heads(mark: str, lane: LaneFrame, norms: Array, look: Look) -> tuple[str, ...]:
    first, last, label = float(norms[0]), float(norms[-1]), lane.lane.label
    if np.isnan((first, last)).any():
        return f"{mark} {label}", f"{mark} {lane.lane.id}", mark
    if len(norms) == 1:
        return f"{mark} {label} {num(first)}", f"{mark} {lane.lane.id} {num(first)}", f"{mark} {num(first)}"
    quotient = first / last if last > 0 and math.isfinite(first) and math.isfinite(last) else math.nan
    ratio, short = num(quotient), number(quotient, SHORT).strip()
    ends = f"g{look.subscript(1)}:g{look.subscript(len(norms))}"
    return (
        f"{mark} {label} · {ends} = {num(first)}:{num(last)} = {ratio}",
        f"{mark} {label} · first:last = {ratio}",
        f"{mark} {lane.lane.id} · first:last = {ratio}",
        f"{mark} first:last = {ratio}",
        f"{mark} {ends} {ratio}",
        f"{mark} {ends} {short}",
        f"{mark} {short}",
        f"{mark} {number(quotient, SHORTEST).strip()}",
    )


def _put_bars(
    canvas: Canvas,
    column: int,
    room: int,
    top: int,
    rows: int,
    lane: LaneFrame,
    norms: Array,
    decades: tuple[int, int],
    look: Look,
) -> None:
    """The bars; a norm of 0 is a 0, one that is not finite a dash, and none is drawn where it is not computed."""
    style = ink(look.palette.series[lane.number % len(look.palette.series)])
    layers, (low, high) = every_so_many(len(norms), room), decades
    slot, thick = _slot(len(layers), room)
    for place, layer in enumerate(layers):
        norm, at = float(norms[layer]), column + place * slot
        if math.isnan(norm):
            continue
        if norm == 0 or math.isinf(norm):
            canvas.put(at, top + rows - 1, "0" if norm == 0 else look.glyphs.missing[0], style)
            continue
        bar = upright((math.log10(norm) - low) / (high - low), rows, look.glyphs)
        for row, character in enumerate(bar, top):
            canvas.put(at, row, character * thick, style)


def _slot(bars: int, room: int) -> tuple[int, int]:
    """How many cells from one bar to the next, and how many a bar is thick."""
    slot = min(max(room // bars, 1), WIDEST + 1)
    return slot, max(slot - 1, 1)


def _labels(layers: int, room: int, look: Look) -> str:
    """The layers' numbers below their bars, the first and the last where not all fit, and which are left out."""
    shown, last = every_so_many(layers, room), str(layers)
    slot, _ = _slot(len(shown), room)
    if len(shown) < layers:
        some = ", ".join(str(layer + 1) for layer in shown[:SPOKEN])
        return longest(room, f"layers {some} {look.glyphs.ellipsis} {last}", f"1, {shown[1] + 1} … {last}", last)
    if slot > len(last):
        return "".join(str(layer + 1).ljust(slot) for layer in shown)[:room]
    reach = max(slot * len(shown), len(last) + 2)
    return f"1{look.glyphs.ellipsis.center(reach - 1 - len(last))}{last}"[:room]
