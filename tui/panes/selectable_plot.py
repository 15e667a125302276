"""What can be selected in a picture of points: the things drawn there, and, where it means something, any place.

An arrow goes to the next thing in its direction, along a curve to the next one on it. Entering a second time
leaves the things for any place of the picture, which arrows move by a cell, and returns to the nearest thing.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from tui.panes.pane import INSIDE, Pane, View
from tui.render.cells import Picture
from tui.render.palette import Look
from tui.render.plot import Plot, with_pointed, with_selected
from tui.render.selection import Point, Sample, Step

ASPECT = np.array((1.0, 2.0))  # a cell is twice as high as it is wide
CONE = 2.0  # how far to the side of an arrow a thing may lie, as a multiple of how far it lies ahead
ASIDE = 2.0  # how much more a distance to the side counts than one ahead
TIE = 1e-9  # cells that tell apart things at the same point, by their order
REACH = 1.5  # cells around a press in which a thing is taken for it

ANYWHERE = (INSIDE[0], ("enter", "any place", "enter"), *INSIDE[1:])


@dataclass(frozen=True, eq=False)
class SelectablePlot:
    """Things (k) at points (k, 2) of a plot; `first` is the one to select on entering.

    curve: they follow one another from left to right. free: how many coordinates of a place can be chosen.
    """

    plot: Plot
    points: Array
    things: Sequence[Sample | Step]
    first: int = 0
    curve: bool = False
    free: int = 0

    def moved(self, selection: Hashable, across: int, down: int) -> Hashable:
        """The selection after an arrow; (0, 0) enters, the first time and again."""
        if isinstance(selection, Point):
            return self._shifted(selection, across, down) if across or down else self._nearest(selection)
        if selection not in self.things:
            return self.things[self.first] if self.things else None
        at = self.things.index(selection)
        if across or down:
            return self.things[self._along(at, across) if self.curve else self._towards(at, across, down)]
        return Point(tuple(self.points[at, : self.free].tolist())) if self.free else selection

    def picked(self, x: int, y: int) -> Hashable:
        """What lies under a press on a cell of the picture: a thing close by, or a place."""
        across, up = self.plot.x(x), self.plot.y(y)
        if across is None or up is None:
            return None
        away = np.abs(self.plot.cells(self.points) - (x + 0.5, y + 0.5)) * ((1, 0) if self.curve else ASPECT)
        distance = np.where(np.isnan(away).any(axis=1), np.inf, away.max(axis=1))
        if len(distance) and distance.min() <= (np.inf if self.curve else REACH) and np.isfinite(distance.min()):
            return self.things[int(distance.argmin())]
        return Point((across, up)[: self.free]) if self.free else None

    def marked(self, selection: Hashable, look: Look, pointed: Sequence[Sample] = ()) -> Picture:
        """The picture with the selection on it, and what the guide points at."""
        spoken = [self.points[self.things.index(thing)].tolist() for thing in pointed if thing in self.things]
        plot, point = with_pointed(self.plot, spoken, look), self._point(selection)
        if point is None:
            return plot.lines
        return with_selected(plot, point[0], None if self.curve or len(point) == 1 else point[1], look).lines

    def _point(self, selection: Hashable) -> tuple[float, ...] | None:
        if isinstance(selection, Point):
            return selection.at
        if selection in self.things:
            return tuple(self.points[self.things.index(selection)].tolist())
        return None

    def _along(self, at: int, across: int) -> int:
        """The next thing of the curve that stands in another column."""
        columns = np.floor(self.plot.cells(self.points)[:, 0])
        end = len(columns) if across > 0 else -1
        ahead = [place for place in range(at + across, end, across) if columns[place] != columns[at]] if across else []
        return ahead[0] if ahead else at

    def _towards(self, at: int, across: int, down: int) -> int:
        """The thing that lies nearest in a direction."""
        cells = self.plot.cells(self.points)
        offset = (cells - cells[at]) * ASPECT
        ahead = offset @ (across, down) + TIE * (np.arange(len(cells)) - at) * (across + down)
        aside = np.abs(offset @ (down, across))
        candidates = (ahead > 0) & (aside <= CONE * ahead)
        if not candidates.any():
            return at
        return int(np.where(candidates, ahead + ASIDE * aside, np.inf).argmin())

    def _shifted(self, place: Point, across: int, down: int) -> Point:
        """The place one cell on, inside the plot."""
        plot, (bottom, top) = self.plot, self.plot.heights
        steps = ((plot.high - plot.low) / max(plot.columns, 1), (bottom - top) / max(plot.rows, 1))
        limits = ((plot.low, plot.high), (bottom, top))
        moved = [
            min(max(value + by * step, low), high)
            for value, by, step, (low, high) in zip(place.at, (across, down), steps, limits, strict=False)
        ]
        return Point(tuple(moved))

    def _nearest(self, place: Point) -> Hashable:
        if not self.things:
            return place
        scale = (self.plot.high - self.plot.low, self.plot.heights[1] - self.plot.heights[0])
        share = (self.points[:, : self.free] - place.at) / scale[: self.free]
        distance = np.nan_to_num(np.square(share).sum(axis=1), nan=np.inf)
        return self.things[int(distance.argmin())]


class PlotPane(Pane):
    """A pane whose picture is a scene."""

    def scene(self, view: View) -> SelectablePlot | None:
        """The scene in the view's room, or None where there is nothing to select."""
        raise NotImplementedError

    def move(self, view: View, across: int, down: int) -> Hashable:
        scene = self.scene(view)
        return scene.moved(view.selection, across, down) if scene else None

    def pick(self, view: View, x: int, y: int) -> Hashable:
        scene = self.scene(view)
        return scene.picked(x, y) if scene else None

    def inspect(self, view: View) -> list[tuple[str, ...]]:
        from tui.explain.sample import inspect_sample

        lane, selected = view.lane, view.selection
        if isinstance(selected, Sample) and not lane.is_function and selected.number < lane.network.samples:
            return inspect_sample(lane, selected.number, view.look.ascii)
        return super().inspect(view)
