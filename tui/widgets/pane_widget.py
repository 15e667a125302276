"""The widget around a pane: its border, its selection, and when it is drawn again."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from time import monotonic
from typing import Self

import numpy as np
from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.message import Message

from tui.panes.layout import GUIDE, PaneId
from tui.panes.legend import ROOM, legend_line
from tui.panes.marks import pointed
from tui.panes.pane import CORNERS, Base, Drawing, Options, Pane, Study, View, Window, short_name
from tui.panes.timeline import happened
from tui.render.cells import Line
from tui.render.palette import Look
from tui.render.plain import spelled
from tui.render.selection import Unit
from tui.session.frame import Frame, LaneFrame
from tui.widgets.picture import PictureWidget

SLICE_SECONDS = 0.03
"""How long a slice of a costly pane's work takes at least before it is shown."""

STRIP = "strip"
"""What the line above the keys is called in a legend."""

_WORKER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="study")


def _go_on(work: Iterator[object]) -> tuple[object, bool]:
    """Work for a slice of time: the last result that came, and whether that was all."""
    until, latest = monotonic() + SLICE_SECONDS, None
    with np.errstate(all="ignore"):
        for result in work:
            latest = result if result is not None else latest
            if monotonic() >= until:
                return latest, False
    return latest, True


@dataclass(frozen=True)
class Border:
    """What may stand in a border: above a mark and a lane's name, then one of the wordings; one of those below.

    Names and wordings go from long to short, and `room` is the cells that there are.
    """

    mark: str = ""
    names: tuple[str, ...] = ("",)
    style: str = ""
    above: tuple[str, ...] = ("",)
    below: tuple[str, ...] = ("",)
    room: int = 0

    def titles(self, named: int, above: int, below: int) -> tuple[Content, Content]:
        """Both lines in forms that are counted from the longest."""
        heading = Content.assemble(self.mark, (in_form(self.names, named), self.style), in_form(self.above, above))
        return heading, Content(in_form(self.below, below))


class PaneWidget(PictureWidget):
    """One pane on the screen; it reads frames and tells the screen where it was clicked.

    row: the panes of its kind in view, itself among them, whose borders have the same form.
    """

    class Clicked(Message):
        """A press on the pane; `selection` is what lies under it."""

        def __init__(self, widget: PaneWidget, selection: Hashable) -> None:
            super().__init__()
            self.widget, self.selection = widget, selection

    class Scrolled(Message):
        """A turn of the mouse wheel over the pane."""

        def __init__(self, widget: PaneWidget, lines: int) -> None:
            super().__init__()
            self.widget, self.lines = widget, lines

    def __init__(self, pane: Pane, pane_id: PaneId) -> None:
        super().__init__(classes="pane")
        self.pane, self.pane_id = pane, pane_id
        self.selection: Hashable = None
        self.headed = self.zoomed = False
        self.unit: Unit | None = None
        self.scroll_lines = 0
        self.window: Window | None = None
        self.scale: object = None
        self.view: View | None = None
        self._drawn: tuple[object, ...] | None = None
        self.row: Sequence[PaneWidget] = (self,)
        self.words = Border()
        self._written: tuple[object, ...] = ()
        self._entitling = False
        self._kept = Base()
        self._study: Study | None = None
        self._work: tuple[LaneFrame, Iterator[object]] | None = None
        self._slice: Future[tuple[object, bool]] | None = None

    def show(self, frame: Frame, options: Options, look: Look) -> None:
        """Draw a frame, unless nothing that the pane shows has changed."""
        lane, foot = self._lane(frame), self.zoomed and bool(self.pane.legend) and self.size.height >= ROOM
        width, height = self.size.width, self.size.height - foot
        chosen = (self.selection, self.scroll_lines)
        known = (self._study, self._kept)
        view = View(frame, lane, width, height, look, options, *chosen, *known, self.unit, self.window, self.scale)
        self.view = view
        if width < 1 or height < 1:  # it is drawn once it has a size
            return
        marks, strip = pointed(frame, self.pane.kind, lane), happened(frame, look) if foot else None
        self.set_class(bool(marks), "marked")
        self.set_class(self.pane_id == GUIDE and frame.lesson.guide is not None, "guide")
        own = (width, height, look, options, *chosen, marks, strip, self.headed, lane.number)
        drawn = (*own, self.unit, self.window, self.scale, *self.pane.depends(view))
        if drawn == self._drawn:
            return
        self._drawn = drawn
        drawing = self.pane.draw(view)
        self.show_lines(drawing.lines if strip is None else [*drawing.lines, self._foot(view, drawing, strip)])
        self.words = self._worded(lane, drawing, f"{look.glyphs.pointing} " if marks else "", look)
        entitle_row(self.row)

    def _worded(self, lane: LaneFrame, drawing: Drawing, mark: str, look: Look) -> Border:
        """What may stand in the border: the lane's name with its size, unless a pane above has them, and titles."""
        words = spelled if look.ascii else str
        titles, room = tuple(words(title) for title in drawing.titles), self.size.width - CORNERS
        names: tuple[str, ...] = ("",)
        style = ""
        if self.headed:
            names, color = lane_names(lane), look.palette.series[lane.number]
            style = f"bold {color}" if color else "bold"
            titles = after_name(lane, self.pane.title, titles, tuple(map(words, drawing.key)))
        return Border(mark, names, style, titles, tuple(map(words, drawing.subtitles)), room)

    def _foot(self, view: View, drawing: Drawing, strip: str) -> Line:
        """What the marks mean that are on the strip and in the pane, where it fills the screen."""
        cells = "".join(segment.text for line in drawing.lines for segment in line)
        drawn = "".join([STRIP, cells, *drawing.titles[:1], *drawing.subtitles[:1]])
        rows = [(STRIP, strip)] if strip else []
        return legend_line([*rows, *self.pane.marks(view)], drawn, view.width, view.look)

    def entitle(self, named: int, above: int, below: int) -> None:
        """Write these forms into the border; of the widget only its two lines are painted again."""
        titles = self.words.titles(named, above, below)
        written = tuple((title.plain, title.spans) for title in titles)
        if written != self._written:
            self._written, self._entitling = written, True
            self.border_title, self.border_subtitle = titles
            self._entitling = False
            self.paint_rows((-1, self.size.height))

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        if self._entitling:  # Textual would paint all of the widget for a title
            return self
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def work(self) -> None:
        """Go on with what a costly pane needs, if it is not of the step in view, in a thread that no key waits for."""
        if not self.pane.studies or self.view is None:
            return
        if self._slice is not None:
            if not self._slice.done():
                return
            self._learn(*self._slice.result())
            self.show(self.view.frame, self.view.options, self.view.look)
        now, known = self.view.lane, self._study
        if self._work is not None and self._work[0].lane is not now.lane:
            self._work = None
        if self._work is None:
            if self.studied:
                return
            self._work = now, self.pane.study(now, known)
        self._slice = _WORKER.submit(_go_on, self._work[1])

    @property
    def studied(self) -> bool:
        """Whether all is worked out that it shows of the step in view."""
        now, known = self.view.lane if self.view else None, self._study
        if not self.pane.studies or now is None:
            return True
        return known is not None and known.complete and known.lane is now.lane and known.step == now.step

    def _learn(self, result: object, complete: bool) -> None:
        """Take what a slice of work has found."""
        self._slice = None
        if self._work is None:
            return
        lane = self._work[0]
        if result is not None:
            self._study = Study(result, lane.lane, lane.step, complete=False)
        if complete:
            self._work = None
            if self._study is not None and self._study.step == lane.step:
                self._study = replace(self._study, complete=True)

    def forget(self) -> None:
        """Let go of the frame and of the work begun on it; what was found out and what is selected stay."""
        self.view = self._drawn = self._work = None
        self._kept = Base()
        if self._slice is not None:
            self._slice.cancel()
            self._slice = None

    def on_unmount(self) -> None:
        self.forget()

    def found(self, frame: Frame) -> object:
        """What the study of a lane that is still there has found."""
        study = self._study
        return study.result if study and any(study.lane is lane.lane for lane in frame.lanes) else None

    def _lane(self, frame: Frame) -> LaneFrame:
        return frame.lanes[self.pane_id.lane] if self.pane_id.lane is not None else frame.lane

    def explanation(self, frame: Frame) -> str:
        """What the selected thing is in a frame, and where its number comes from."""
        view = self._looked_at(frame)
        return self.pane.explain(view) if view else ""

    def inspection(self, frame: Frame) -> list[tuple[str, ...]]:
        """All about the selected thing in a frame; empty if nothing is selected."""
        view = self._looked_at(frame)
        return self.pane.inspect(view) if view else []

    def overview(self, frame: Frame) -> list[tuple[str, ...]]:
        """What the pane lists of a frame while nothing is selected."""
        return self.pane.overview(self._in(self.view, frame)) if self.view and self.selection is None else []

    def _looked_at(self, frame: Frame) -> View | None:
        return self._in(self.view, frame) if self.view and self.selection is not None else None

    def _in(self, view: View, frame: Frame) -> View:
        """The view in another frame."""
        return replace(view, frame=frame, lane=self._lane(frame), selection=self.selection, study=self._study)

    def select(self, across: int, down: int) -> None:
        """Move the selection; (0, 0) makes the first one."""
        if self.view:
            self.selection = self.pane.move(replace(self.view, selection=self.selection), across, down)
            if across or down:
                self.look_at(0, 0)

    def look_at(self, along: int, closer: int) -> None:
        """Move along the x axis, look at it closer, or (0, 0) at where the selection is."""
        if self.view:
            seen = replace(self.view, selection=self.selection, window=self.window)
            self.window = self.pane.looked(seen, along, closer)

    def scroll_by(self, lines: int) -> None:
        """Move the text by some lines, no farther than it goes."""
        if self.view:
            self.scroll_lines = min(max(0, self.scroll_lines + lines), self.pane.farthest(self.view))

    def on_resize(self) -> None:
        self._drawn = None
        if self.view:
            self.show(self.view.frame, self.view.options, self.view.look)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        picked = self.pane.pick(self.view, offset.x, offset.y) if offset and self.view else None
        self.post_message(self.Clicked(self, picked))

    def on_mouse_scroll_down(self) -> None:
        self.post_message(self.Scrolled(self, 2))

    def on_mouse_scroll_up(self) -> None:
        self.post_message(self.Scrolled(self, -2))


def entitle_row(row: Sequence[PaneWidget]) -> None:
    """Write into the borders of panes of a kind, in the longest form that there is room for in all of them."""
    borders = [widget.words for widget in row]
    named = common_form([(one.names, one.room - cell_len(one.mark)) for one in borders])
    above = common_form([(one.above, one.room - cell_len(one.mark + in_form(one.names, named))) for one in borders])
    below = common_form([(one.below, one.room) for one in borders])
    for widget in row:
        widget.entitle(named, above, below)


def common_form(rows: Sequence[tuple[Sequence[str], int]]) -> int:
    """Which of their wordings is the first that fits in every (wordings, cells); the last one if none does."""
    count = max(len(ways) for ways, _ in rows)
    fitting = (form for form in range(count) if all(cell_len(in_form(ways, form)) <= room for ways, room in rows))
    return next(fitting, count - 1)


def in_form(ways: Sequence[str], form: int) -> str:
    """One of several wordings, the last one where there are not so many."""
    return ways[min(form, len(ways) - 1)]


def after_name(lane: LaneFrame, pane: str, titles: Sequence[str], key: Sequence[str]) -> tuple[str, ...]:
    """Wordings of a lane's size and a pane's title: the size goes before the pane's own name and a picture's key do."""
    named = [title for title in titles if title.startswith(pane)]
    ways = (
        f"{size} · {title}" if title else size
        for some in (named, [title for title in titles if title not in named])
        for size in lane_sizes(lane)
        for title in some
    )
    keyed = [title for title in titles if key and key[0] in title]
    first = (f"{size} · {title}" for title in dict.fromkeys([*keyed, *key]) for size in lane_sizes(lane))
    return (*first, *ways, "")


def lane_names(lane: LaneFrame) -> tuple[str, str]:
    """A lane's number with its label, or where that has no room with its name: "2: deep-narrow", "2: deep"."""
    return f"{lane.number + 1}: {lane.lane.label}", f"{lane.number + 1}: {short_name(lane.lane)}"


def lane_sizes(lane: LaneFrame) -> tuple[str, ...]:
    """Wordings of a lane's size, from long to nothing: " 2-12-12-12-1, 361 parameters"."""
    if lane.is_function:
        return f" f({', '.join(lane.function.names)})", ""
    model = lane.network
    sizes = f" {'-'.join(map(str, model.network.sizes))}"
    return f"{sizes}, {model.parameter_count:,} parameters", sizes, ""
