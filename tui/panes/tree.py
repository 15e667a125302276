"""Lanes as the tree that they are: each a line along the steps, a branch below the lane that it left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tui.render.cells import Line, fit, ink, longest, runs
from tui.render.numbers import count
from tui.render.palette import Look
from tui.session.lane_run import LaneRun

LABEL, TOLD = 16, 22
"""Columns for the lanes' names at the left, and for what is told of them at the right."""
LEGEND = (("┬", "branch"), ("e", "change"), ("x", "divergence"), ("●", "here"), ("┄", "closed"))


@dataclass(frozen=True)
class Twig:
    """A lane in the tree. number: counted from 0 among the open lanes, None where it is closed."""

    lane_run: LaneRun
    number: int | None

    @property
    def begins(self) -> int:
        """The step from which on it is a line of its own."""
        return self.lane_run.origin.step if self.lane_run.origin else 0

    @property
    def ends(self) -> int:
        """The last step that it has made."""
        return max(self.lane_run.timeline.reached, self.begins)

    @property
    def edits(self) -> list[int]:
        """The steps at which it was changed, those of the lane that it left aside."""
        return [edit.at for edit in self.lane_run.lane.edits if self.begins <= edit.at <= self.ends]


@dataclass(frozen=True)
class Axis:
    """Steps 0 … last on so many columns."""

    last: int
    columns: int

    def column(self, step: int) -> int:
        return min(round(step / max(self.last, 1) * (self.columns - 1)), self.columns - 1)


def twigs(open_lanes: Sequence[LaneRun], closed: Sequence[LaneRun]) -> list[Twig]:
    """All lanes from top to bottom: below each its branches, those that left it last first, so that no lines cross."""
    all_lanes = [*open_lanes, *closed]
    ids = {lane_run.lane.id for lane_run in all_lanes}

    def parent(lane_run: LaneRun) -> str | None:
        return lane_run.origin.lane if lane_run.origin and lane_run.origin.lane in ids else None

    def below(lane: str | None) -> Iterator[Twig]:
        own = [lane_run for lane_run in all_lanes if parent(lane_run) == lane]
        for lane_run in sorted(own, key=lambda one: -one.origin.step if one.origin else 0):
            yield Twig(lane_run, open_lanes.index(lane_run) if lane_run in open_lanes else None)
            yield from below(lane_run.lane.id)

    return list(below(None))


def draw_tree(
    open_lanes: Sequence[LaneRun], closed: Sequence[LaneRun], step: int, last: int, width: int, look: Look
) -> list[Line]:
    """The tree of lanes along the steps 0 … last, the cursor's step marked, and what the marks mean."""
    order, axis = twigs(open_lanes, closed), Axis(last, max(width - LABEL - TOLD, 8))
    cells = [_line(twig, step, axis) for twig in order]
    for row in range(len(order)):
        _join(cells, order, row, axis)
    if look.ascii:  # both kinds of lines would be hyphens
        cells = [["=" if cell == "━" else cell for cell in line] for line in cells]
    muted = [ink(look.palette.muted)] * width
    scale = f"0{count(last).rjust(axis.columns - 1)}"
    legend = " · ".join(f"{mark} {means}" for mark, means in LEGEND if any(mark in line for line in cells))
    return [
        runs(fit(" " * LABEL + scale, width), muted),
        *(_row(twig, line, width, look) for twig, line in zip(order, cells, strict=True)),
        runs(fit(legend, width), muted),
    ]


def _line(twig: Twig, step: int, axis: Axis) -> list[str]:
    """A lane along the steps: where it went on its own, changes on the way, the cursor, divergence."""
    begins, ends = axis.column(twig.begins), axis.column(twig.ends)
    line = [" "] * axis.columns
    line[begins : ends + 1] = ("┄" if twig.number is None else "━") * (ends + 1 - begins)
    for at in twig.edits:
        line[min(max(axis.column(at), begins + (twig.lane_run.origin is not None)), axis.columns - 1)] = "e"
    if twig.lane_run.timeline.diverged_at:
        line[ends] = "x"
    if twig.number is not None and twig.begins < step <= twig.ends:
        line[axis.column(step)] = "●"
    return line


def _join(cells: list[list[str]], order: Sequence[Twig], row: int, axis: Axis) -> None:
    """Draw the way from a branch up to the lane that it left."""
    origin = order[row].lane_run.origin
    above = [at for at in range(row) if origin and order[at].lane_run.lane.id == origin.lane]
    if not above:
        return
    column = axis.column(order[row].begins)
    cells[row][column] = "└"
    for between in range(above[-1] + 1, row):
        cells[between][column] = "├" if cells[between][column] == "└" else "│"
    if cells[above[-1]][column] != "●":
        cells[above[-1]][column] = "┬"


def _row(twig: Twig, line: Sequence[str], width: int, look: Look) -> Line:
    """A lane's name, its line, and where it came from."""
    lane, origin, muted = twig.lane_run.lane, twig.lane_run.origin, ink(look.palette.muted)
    number = "·" if twig.number is None else str(twig.number + 1)
    color = muted if twig.number is None else ink(look.palette.series[twig.number], bold=True)
    name = fit(f"{number} {longest(LABEL - 3, lane.label, lane.id)}", LABEL - 1) + " "
    told = fit(f"  {origin.lane} from {count(origin.step)}" if origin else "", width - LABEL - len(line))
    return runs([*name, *line, *told], [color] * (len(name) + len(line)) + [muted] * len(told))
