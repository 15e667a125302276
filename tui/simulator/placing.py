"""Where the panes stand on the screen."""

from __future__ import annotations

from textual.containers import Container
from textual.events import Resize
from textual.widgets import Static

from tui.panes.layout import MINIMUM, PaneId, Region, arrange, headed, pane_order
from tui.panes.registry import PANES, SHARED, chosen
from tui.session.session import Session
from tui.simulator.stage import Stage
from tui.widgets.pane_widget import PaneWidget

BARS = 5
"""The lines above and below the panes: header, equation, strip and keys."""


class Placing(Stage):
    """kinds: the panes chosen. zoomed: whether the one in focus fills the screen."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.kinds = chosen(session.view.panes or session.scenario.panes)
        self.zoomed = False

    def on_mount(self) -> None:
        self.place_panes()

    def on_resize(self, event: Resize) -> None:
        self.place_panes()

    def place_panes(self) -> None:
        """Put the panes where the size, the lanes and the choice want them."""
        if not self.query("#body"):  # not composed yet, or left already
            return
        self._forget_slow_panes()
        self._latest = None  # it may lack lanes that come in view now
        width, height = self.size
        small = width < MINIMUM[0] or height < MINIMUM[1]
        self.set_class(small, "small")
        if small:
            text = f"gradstep needs {MINIMUM[0]}×{MINIMUM[1]} cells, here are {width}×{height}"
            self.query_one("#too-small", Static).update(text)
            self._layout = {}
            self._hide_others()
            return
        lanes = len(self.session.tracks)
        order = pane_order(self.kinds, SHARED, lanes)
        if self.focused_pane not in order:
            self.focused_pane = next((p for p in order if p.lane == self.front), order[0] if order else None)
        room = Region(0, 0, width, height - BARS)
        if self.zoomed and self.focused_pane:
            self._layout = {self.focused_pane: room}
        else:
            self._layout = arrange(room, self.kinds, SHARED, lanes, self.front, self.focused_pane)
        self._place_widgets()
        self.call_after_refresh(self.show)

    def _place_widgets(self) -> None:
        body, heads = self.query_one("#body", Container), headed(self._layout)
        for pane, region in self._layout.items():
            if pane not in self.widgets:
                self.widgets[pane] = PaneWidget(PANES[pane.kind], pane)
                body.mount(self.widgets[pane])
            self.widgets[pane].headed = pane in heads
            styles = self.widgets[pane].styles
            styles.offset = (region.x, region.y)
            styles.width, styles.height = region.width, region.height
        self._hide_others()
        for pane, widget in self.widgets.items():
            widget.set_class(pane == self.focused_pane, "focused")
            widget.set_class(pane == self.focused_pane and self.inside, "inside")
            widget.set_class(pane.lane is not None and pane.lane == self.front, "front")

    def _hide_others(self) -> None:
        """Show the panes that have a place, and let the others hold nothing."""
        for pane, widget in self.widgets.items():
            widget.display = pane in self._layout
            if not widget.display:
                widget.forget()

    def bring_to_front(self, lane: int) -> None:
        """Put a lane in front, the last one if there is no such; the focus follows where it was on a lane's pane."""
        self.front = min(lane, len(self.session.tracks) - 1)
        if self.focused_pane is not None and self.focused_pane.lane is not None:
            self.focused_pane = PaneId(self.focused_pane.kind, self.front)
        self.place_panes()
