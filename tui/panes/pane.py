"""What a pane is: a name, a picture of a frame, and the selection inside it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal, ParamSpec, TypeVar, cast, get_args

from rich.segment import Segment

from nncore.training import Lane
from tui.render.cells import Picture, fit, ink
from tui.render.palette import Look
from tui.render.selection import Unit
from tui.session.frame import Frame, LaneFrame

CORNERS = 4
"""Cells of a pane's width that words in its border cannot take."""

NOTHING = "Nothing is computed yet: {into} goes into the step."

Axis = Literal["steps", "samples", "multiply-adds"]
P = ParamSpec("P")
Result = TypeVar("Result")
Hint = tuple[str, str, str]
"""A key, its word in the footer, and the action of a click on it."""

INSIDE: tuple[Hint, ...] = (
    ("← ↑ ↓ →", "select", ""),
    ("i", "inspect", "inspect"),
    ("?", "its marks", "help"),
    ("esc", "out", "leave"),
)
"""What the footer says first while a pane is entered; panes add to it."""


@dataclass(frozen=True)
class Options:
    """How the panes draw, chosen by keys: charts logarithmic or not, and what their cost axis counts.

    only_wrong: maps of classes show the samples answered wrongly alone. halves: maps in halves of cells, each in its
    own shade, instead of quarters. large: whether the guide's words are. less: in weights and gradients of the lane in
    front, the lane so many further on is subtracted, the first one following the last; 0: none.
    """

    log: bool = True
    axis: Axis = "steps"
    only_wrong: bool = False
    halves: bool = False
    large: bool = False
    less: int = 0

    def toggled_log(self) -> Options:
        return replace(self, log=not self.log)

    def next_axis(self) -> Options:
        axes = get_args(Axis)
        return replace(self, axis=axes[(axes.index(self.axis) + 1) % len(axes)])


@dataclass(frozen=True)
class Window:
    """The part of a chart's x axis that is in view; `high` is infinite where that grows with the axis."""

    axis: Axis
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Study:
    """What a costly pane has worked out, for which step of which lane, and whether it is complete."""

    result: object
    lane: Lane
    step: int
    complete: bool

    def aged(self, view: View, *ways: str) -> tuple[str, ...]:
        """Wordings of what it found, after how fresh it is: unsaid where it is of the step in view."""
        age = "" if self.complete else "working…"
        if self.step != view.lane.step:
            age = f"as of step {self.step}"
        return tuple(" · ".join(part for part in (age, way) if part) for way in (*ways, ""))


class Base:
    """The part of a pane's picture that stays from frame to frame, kept by the widget that shows the pane."""

    def __init__(self) -> None:
        self._made: tuple[tuple[object, ...], object] | None = None

    def drawn(self, draw: Callable[P, Result], *of: P.args, **more: P.kwargs) -> Result:
        """What `draw` makes of these, made anew only when one of them has changed."""
        key = (draw, *of, *more.items())
        if self._made is None or self._made[0] != key:
            self._made = key, draw(*of, **more)
        return cast(Result, self._made[1])


@dataclass(frozen=True, eq=False)
class View:
    """What a pane draws: a frame, the lane it belongs to, its room, and what is selected in it.

    scroll: lines of a text above the room. study: what a costly pane has worked out so far. base: what stays of
    the picture drawn last. unit: the one selected in this lane's network, wherever that is drawn.
    window: the part of a chart's x axis in view, unless it is what the chart shows at first. scale: what costly
    pictures of all lanes have in common.
    """

    frame: Frame
    lane: LaneFrame
    width: int
    height: int
    look: Look
    options: Options
    selection: Hashable = None
    scroll: int = 0
    study: Study | None = None
    base: Base = field(default_factory=Base)
    unit: Unit | None = None
    window: Window | None = None
    scale: object = None

    @property
    def subtracted(self) -> LaneFrame | None:
        """The lane that is subtracted from this one, which is in front; None for none."""
        lanes, number = self.frame.lanes, self.lane.number
        other = lanes[(number + self.options.less) % len(lanes)]
        return None if number != self.frame.front or other.number == number else other

    def found(self, kind: type[Result]) -> Result | None:
        """What the study of a costly pane has come to, if it is of this kind."""
        result = self.study.result if self.study else None
        return result if isinstance(result, kind) else None


@dataclass(frozen=True, eq=False)
class Drawing:
    """A pane's picture of exactly its room, and wordings of what stands in its border, from long to short.

    key: what the picture cannot be read without, as the names of its classes; a lane's size goes before these do.
    """

    lines: Picture
    titles: tuple[str, ...]
    subtitles: tuple[str, ...] = ("",)
    key: tuple[str, ...] = ()


class Pane:
    """One kind of pane.

    `shared` panes show all lanes at once, and `studies` need work beside the stepping, whose state of things is in
    the view; `purpose` is one line of help, `inside` says what keys do once the pane was entered, `legend` what its
    marks mean. `zooms`: keys look at a part of its x axis.
    """

    kind: ClassVar[str]
    title: ClassVar[str]
    purpose: ClassVar[str]
    shared: ClassVar[bool] = False
    studies: ClassVar[bool] = False
    zooms: ClassVar[bool] = False
    inside: ClassVar[tuple[Hint, ...]] = INSIDE
    legend: ClassVar[tuple[tuple[str, str], ...]] = ()

    def depends(self, view: View) -> tuple[object, ...]:
        """What the picture is made of; while these compare equal it is not drawn again."""
        return (view.lane.theta.tobytes(), view.lane.index, view.lane.trace)

    def marks(self, view: View) -> tuple[tuple[str, str], ...]:
        """The rows of the legend that are about what is drawn of this lane."""
        return self.legend

    def hints(self, view: View) -> tuple[Hint, ...]:
        """What keys do now that the pane was entered."""
        return self.inside

    def scale(self, found: Sequence[object], options: Options) -> object:
        """What the pictures of all lanes have in common, such as a range, from what their studies found."""
        return None

    def draw(self, view: View) -> Drawing:
        """The picture; a pure function of the view."""
        raise NotImplementedError

    def farthest(self, view: View) -> int:
        """How far the pane can be scrolled, in lines."""
        return 0

    def study(self, lane: LaneFrame, before: Study | None) -> Iterator[object]:
        """Work out what the picture needs in short slices, yielding what is known after each (None: nothing yet)."""
        return iter(())

    def move(self, view: View, across: int, down: int) -> Hashable:
        """The selection after an arrow key; from None, the first one."""
        return None

    def looked(self, view: View, along: int, closer: int) -> Window | None:
        """The part of the x axis in view after a key: moved along it, closer, or (0, 0) to where the selection is."""
        return None

    def goes_to(self, view: View) -> int | None:
        """The step to which entering the pane once more goes, None where it stays."""
        return None

    def pick(self, view: View, x: int, y: int) -> Hashable:
        """The selection under the mouse, or None."""
        return None

    def explain(self, view: View) -> str:
        """The selected thing's number and where it comes from."""
        return ""

    def inspect(self, view: View) -> list[tuple[str, ...]]:
        """All about the selected thing, as rows of a table."""
        return [(self.explain(view),)]

    def overview(self, view: View) -> list[tuple[str, ...]]:
        """What the pane lists while nothing is selected, as rows of a table."""
        return []


def short_name(lane: Lane) -> str:
    """What a lane is called where its label has no room: as its scenario names it."""
    return lane.id.replace("_", " ")


def message(text: str, view: View, title: str) -> Drawing:
    """A pane that has nothing to draw says why, in the middle of its room."""
    blank = [Segment(" " * view.width, ink())]
    lines = [list(blank) for _ in range(view.height)]
    words, row, rows = text.split(), "", []
    for word in words:
        if row and len(row) + 1 + len(word) > view.width:
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}".strip()
    rows.append(row)
    top = max(0, (view.height - len(rows)) // 2)
    for number, text_row in enumerate(rows[: view.height]):
        centred = fit(text_row.center(view.width), view.width, view.look.glyphs.ellipsis)
        lines[min(top + number, view.height - 1)] = [Segment(centred, ink(view.look.palette.muted))]
    return Drawing(lines if view.height else [], (title,))
