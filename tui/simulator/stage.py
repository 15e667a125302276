"""A session on the screen: its frames, and the panes and lines that show them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from time import monotonic

from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Static

from tui.lesson.verdicts import Verdicts
from tui.panes.layout import Layout, PaneId
from tui.panes.pane import Options
from tui.panes.status_lines import equation_lines, header
from tui.render.palette import Look
from tui.session.frame import Frame
from tui.session.frame_builder import FrameBuilder
from tui.session.player import Player
from tui.session.session import Session
from tui.simulator.asking import Asking
from tui.widgets.key_bar import KeyBar
from tui.widgets.keymap import SIMULATOR
from tui.widgets.pane_widget import PaneWidget
from tui.widgets.picture import PictureWidget
from tui.widgets.timeline_bar import StripBar

STUDY_PERIOD = 0.05
"""How often what costly panes have found is looked at."""
CHART_SECONDS = 0.25
"""How far apart charts are drawn anew while playing."""
SLOW_PANE_SECONDS = 0.04
"""How long after a key the panes are drawn that take long to draw."""


class Stage(Asking):
    """It owns the session; panes see frames only. inside: whether the pane in focus was entered."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.player = Player()
        self.options = Options()
        self.front = session.view.front
        self.focused_pane: PaneId | None = None
        self.inside = False
        self.widgets: dict[PaneId, PaneWidget] = {}
        self._layout: Layout = {}
        self._errand: Iterator[int] | None = None
        self._former: list[Session] = []
        self._painted = self._charted = 0.0
        self._slow_panes: asyncio.TimerHandle | None = None
        self._latest: Frame | None = None
        self._begin(session)

    def _begin(self, session: Session) -> None:
        self.session = session
        self.verdicts = Verdicts(session)
        self.builder = FrameBuilder(session)

    def compose(self) -> ComposeResult:
        yield PictureWidget(id="header")
        yield Container(id="body")
        yield PictureWidget(id="equation")
        yield StripBar(id="strip")
        yield KeyBar(SIMULATOR, id="keys")
        yield Static(id="too-small")

    def on_mount(self) -> None:
        self.set_interval(STUDY_PERIOD, self._study)

    @property
    def look(self) -> Look:
        return self.app.look

    @property
    def is_open(self) -> bool:
        """Whether the screen has not been left yet, though messages still come."""
        return self in self.app.screen_stack

    @property
    def under_way(self) -> bool:
        """Whether the cursor moves by itself: the run plays, or goes to a step."""
        return self.player.playing or self._errand is not None

    @property
    def doing(self) -> str:
        """What the errand under way does, in words."""
        return f"going… {self.session.cursor.step}"

    @property
    def focused_widget(self) -> PaneWidget | None:
        """The pane in focus."""
        return self.widgets.get(self.focused_pane) if self.focused_pane else None

    def frame(self, fresh: bool = True) -> Frame:
        """The session as it stands."""
        busy = f"{self.doing} (esc stops)" if self._errand else ""
        return self.builder.frame(self.player, self.front, busy, fresh, self.verdicts.view)

    def show(self) -> None:
        """Build a frame and give it to every pane in view."""
        if not self.is_open:
            return
        now, calm = monotonic(), not self.under_way
        fresh = calm or now - self._charted >= CHART_SECONDS
        if fresh:
            self._charted = now
        self._painted = now
        frame = self._latest = self.frame(fresh)
        self._show_bars(frame)
        self._show_panes(frame, slow=not calm)
        self._forget_slow_panes()
        if calm:
            self._slow_panes = self.app.after(SLOW_PANE_SECONDS, lambda: self._show_slow_panes(frame))

    def _forget_slow_panes(self) -> None:
        if self._slow_panes is not None:
            self._slow_panes.cancel()

    def _show_slow_panes(self, frame: Frame) -> None:
        """The slow panes follow, unless what is in view has changed since the frame was built."""
        if frame is self._latest:
            self._show_panes(frame, slow=True)

    def _show_panes(self, frame: Frame, slow: bool) -> None:
        """Give a frame to the panes in view; the slow ones follow a key when no other comes right after it."""
        for pane in self._layout if self.is_open else ():
            if slow or not self.widgets[pane].pane.slow:
                self.widgets[pane].show(frame, self.options, self.look)

    def _show_bars(self, frame: Frame) -> None:
        width = self.size.width
        self.query_one("#header", PictureWidget).show_lines([header(frame, width, self.look)])
        explanation = self.focused_widget.explanation(frame) if self.focused_widget else ""
        lines = equation_lines(frame, explanation, width, self.look)
        self.query_one("#equation", PictureWidget).show_lines(lines)
        self.query_one(StripBar).show(frame, self.look)
        widget = self.focused_widget
        self.query_one(KeyBar).show(widget.pane.inside if widget and self.inside else ())

    def _study(self) -> None:
        """Costly panes go on with what they show, beside the stepping."""
        for pane in self._layout:
            self.widgets[pane].work()
