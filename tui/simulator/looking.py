"""What is looked at: the pane in focus, the lane in front, and how things are drawn."""

from __future__ import annotations

from textual import on

from tui.panes.layout import PaneId, pane_order
from tui.panes.registry import SHARED
from tui.simulator.seeking import Seeking
from tui.widgets.pane_widget import PaneWidget


class Looking(Seeking):
    """Keys and clicks that change the view and leave the run alone."""

    def action_next_pane(self) -> None:
        self._cycle(1)

    def action_previous_pane(self) -> None:
        self._cycle(-1)

    def _cycle(self, by: int) -> None:
        order = pane_order(self.kinds, SHARED, len(self.session.tracks))
        if len(self._layout) < len(order):
            order = [pane for pane in order if pane.lane in (None, self.front)]
        if order:
            at = order.index(self.focused_pane) if self.focused_pane in order else -1
            self._focus(order[(at + by) % len(order)])

    def _focus(self, pane: PaneId) -> None:
        self.focused_pane, self.inside = pane, False
        if pane.lane is not None:
            self.front = pane.lane
        self.place_panes()

    def action_zoom(self) -> None:
        self.zoomed = not self.zoomed
        self.place_panes()

    def action_enter(self) -> None:
        widget = self.focused_widget
        if widget is not None:
            widget.select(0, 0)
            self.inside = widget.selection is not None
            self.place_panes()

    def action_leave(self) -> None:
        """Out of one thing at a time: what is under way, the pane, the zoom; messages go at once."""
        self.app.clear_messages()
        if self._errand is not None:
            self._stop_errand()
        elif self.inside and self.focused_widget:
            self.inside, self.focused_widget.selection = False, None
        elif self.zoomed:
            self.zoomed = False
        self.place_panes()

    @on(PaneWidget.Clicked)
    def _clicked(self, event: PaneWidget.Clicked) -> None:
        self._focus(event.widget.pane_id)
        if event.selection is not None:
            event.widget.selection, self.inside = event.selection, True
            self.place_panes()

    @on(PaneWidget.Scrolled)
    def _scrolled(self, event: PaneWidget.Scrolled) -> None:
        self._scroll(event.widget, event.lines)

    def action_scroll(self, pages: int) -> None:
        lesson = self.widgets.get(PaneId("lesson", None))
        if lesson is not None and lesson.display:
            self._scroll(lesson, pages * max(1, lesson.size.height - 2))

    def _scroll(self, widget: PaneWidget, lines: int) -> None:
        widget.scroll_by(lines)
        self.show()

    def action_front(self, lane: int) -> None:
        if lane < len(self.session.tracks):
            self.bring_to_front(lane)

    def action_log(self) -> None:
        self.options = self.options.toggled_log()
        self.show()

    def action_axis(self) -> None:
        self.options = self.options.next_axis()
        self.show()

    def action_panes(self) -> None:
        from tui.dialogs.choose_panes import ChoosePanes

        def choose(kinds: tuple[str, ...]) -> None:
            if kinds:
                self.kinds = kinds
                self.place_panes()

        self.ask(ChoosePanes(self.kinds), choose)

    def action_theme(self) -> None:
        self.app.action_next_theme()
        self.place_panes()
