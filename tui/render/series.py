"""What a chart shows, and how its lanes are told apart: by colour and by mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import numpy as np
from rich.segment import Segment
from rich.style import Style

from tui.render.cells import Line, ink
from tui.render.palette import Look
from tui.render.shades import blend

MUTED = 0.45  # how far a muted series recedes


@dataclass(frozen=True, eq=False)
class Series:
    """Points (x, y), y possibly not finite: a line, a noisy series' envelope as points, or a cloud of points.

    x rises in lines and scatters. `index` is the lane, which decides mark and colour unless those are given; a
    `muted` series is paler and stays behind all others. The legend leaves out series without a name, and
    gives one entry to neighbours of the same name.
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    style: Literal["line", "scatter", "cloud"] = "line"
    index: int = 0
    muted: bool = False
    color: str | None = None
    mark: str = ""


def series_ink(one: Series, look: Look) -> Style:
    """The style of a series' lines and points."""
    color = look.palette.series[one.index % len(look.palette.series)]
    if look.color and one.color is not None:
        color = one.color
    if one.muted:
        return ink(blend(color, look.palette.background, MUTED), dim=not look.color)
    return ink(color)


def mark_of(one: Series, look: Look) -> str:
    """The character that stands for a series' points, or along its line."""
    if one.mark:
        return one.mark
    marks = look.glyphs.lines if one.style == "line" else look.glyphs.points
    return marks[one.index % len(marks)]


def dotted(one: Series, look: Look) -> bool:
    """Whether a series is drawn in dots of braille, told apart by colour or by marks along the line."""
    return not look.ascii and (one.style == "line" or (one.style == "scatter" and look.color))


def marked(series: Sequence[Series], look: Look) -> bool:
    """Whether lines carry marks: where there are several, or no colour tells a line from what else is drawn."""
    return not look.color or sum(one.style == "line" and not one.muted for one in series) > 1


def legend_of(series: Sequence[Series], width: int, look: Look) -> Line:
    """The named series by mark and name, as many as fit; the marks of neighbours of one name together."""
    entries: list[Line] = []
    with_marks = marked(series, look)
    for name, group in groupby(series, key=lambda one: one.name):
        if name:
            marks = dict.fromkeys((_legend_mark(one, with_marks, look), series_ink(one, look)) for one in group)
            entry = [Segment(mark, style) for mark, style in marks]
            entries.append([*entry, Segment(f" {name}", entry[-1].style)])
    lengths = [Segment.get_line_length(entry) for entry in entries]
    gap = Segment("  " if sum(lengths) + 2 * (len(entries) - 1) <= width else " ")
    line: Line = []
    for entry, length in zip(entries, lengths, strict=True):
        if Segment.get_line_length(line) + length > width:
            return [*line, Segment(look.glyphs.ellipsis, ink(look.palette.muted))]
        line += [*entry, gap]
    return line[:-1]


def _legend_mark(one: Series, with_marks: bool, look: Look) -> str:
    """A series' mark, or what is seen of it where it has none."""
    if dotted(one, look) and one.style == "scatter":
        return look.glyphs.haze
    if dotted(one, look) and (one.muted or (one.style == "line" and not with_marks)):
        return look.glyphs.stroke
    return mark_of(one, look)
