"""Which panes are on the screen, where they stand, and which of them is looked at."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

from textual import geometry
from textual.containers import Container

from scenarios.guide import Target
from tui.panes.layout import GUIDE, Box, Layout, PaneId, Region, headed, pane_order
from tui.panes.matrices import entry_of_theta
from tui.panes.pane import Options
from tui.panes.registry import PANES, SHARED
from tui.render.heatmap import Entry
from tui.render.palette import Look
from tui.render.selection import Unit
from tui.session.frame import Frame, LaneFrame
from tui.widgets.pane_widget import PaneWidget


class PaneGrid(Container):
    """The panes of a session.

    arrange: gives each its place. kinds: those chosen. front: the lane in front. focused_pane: the one that keys are
    about; it may be on another page, out of sight, which Textual's own focus may not. inside: whether it was entered,
    so that arrows move its selection. zoomed: whether it fills the screen. guided: whether the guide's box stands
    beside them, where no focus goes. regions: where those in view stand.
    """

    def __init__(self, kinds: tuple[str, ...], front: int, arrange: Callable[..., Layout]) -> None:
        super().__init__(id="body")
        self.kinds, self.front, self._arrange = kinds, front, arrange
        self.focused_pane: PaneId | None = None
        self.inside = self.zoomed = self.guided = False
        self.widgets: dict[PaneId, PaneWidget] = {}
        self.regions: Layout = {}

    @property
    def focused_widget(self) -> PaneWidget | None:
        """The pane in focus."""
        return self.widgets.get(self.focused_pane) if self.focused_pane else None

    @property
    def entered_chart(self) -> PaneWidget | None:
        """The entered pane, if keys look at a part of its x axis."""
        widget = self.focused_widget
        return widget if self.inside and widget is not None and widget.pane.zooms else None

    @property
    def goes_to(self) -> int | None:
        """The step to which entering the entered pane once more goes, None where it stays."""
        widget = self.focused_widget
        if not self.inside or widget is None or widget.view is None:
            return None
        return widget.pane.goes_to(replace(widget.view, selection=widget.selection))

    def shows(self, kind: str) -> bool:
        """Whether a pane of a kind is in view."""
        return any(pane.kind == kind for pane in self.regions)

    @property
    def selected_parameter(self) -> int | None:
        """The entry of θ selected in an entered pane of weights."""
        widget = self.focused_widget
        if not self.inside or widget is None or widget.pane.kind != "weights":
            return None
        subject = self.selected_subject
        return subject if isinstance(subject, int) else None

    @property
    def selected_subject(self) -> int | Unit | None:
        """The entry of θ or the unit that is selected."""
        widget = self.focused_widget
        if widget is None or widget.view is None:
            return None
        if isinstance(widget.selection, Entry):
            return entry_of_theta(widget.view.lane, widget.selection)
        return widget.selection if isinstance(widget.selection, Unit) else None

    @property
    def selected_targets(self) -> list[Target]:
        """What is selected, as scenario files name it: the pane, and in it an entry of W, b, dW or db, or a unit."""
        widget = self.focused_widget
        if not self.inside or widget is None or widget.view is None or widget.selection is None:
            return []
        inner = self._selected_thing(widget.view.lane, widget.pane.kind)
        return [Target(widget.pane.kind), *([inner] if inner else [])]

    def _selected_thing(self, lane: LaneFrame, kind: str) -> Target | None:
        subject = self.selected_subject
        if subject is None or lane.is_function:
            return None
        if isinstance(subject, Unit):
            return Target("z", lane.lane.id, subject.layer, (subject.number,)) if subject.layer else None
        layer = next(layer for layer in reversed(lane.network.network.layers) if layer.start <= subject)
        row, column = layer.entry(subject)
        name, index = ("b", (row,)) if column is None else ("W", (row, column))
        return Target(f"d{name}" if kind == "gradients" else name, lane.lane.id, layer.number, index)

    @property
    def lesson(self) -> PaneWidget | None:
        """The lesson's pane, if it is in view."""
        return next((self.widgets[pane] for pane in self.regions if pane.kind == "lesson"), None)

    @property
    def box(self) -> geometry.Region | None:
        """Where the guide's box stands on the screen, if it is in view."""
        return None if self.lesson is None else self.lesson.region

    def choose(self, kinds: tuple[str, ...]) -> None:
        """Choose other kinds of panes; no pane fills the screen alone."""
        self.kinds, self.zoomed = tuple(dict.fromkeys(kinds)), False

    def place(self, room: Region | None, lanes: int, box: Box | None) -> None:
        """Put the panes where the room, the lanes, the choice and the guide want them; without room there are none."""
        if room is None:
            self.regions = {}
        else:
            order = pane_order(self.kinds, SHARED, lanes)
            self.guided = box is not None
            if self.focused_pane not in order and (box is None or self.focused_pane != GUIDE):
                self.focused_pane = next((p for p in order if p.lane == self.front), order[0] if order else None)
            chosen = (self.kinds, SHARED, lanes, self.front, self.focused_pane)
            self.regions = self._arrange(room, *chosen, box, self.zoomed)
        self._place_widgets()

    def _place_widgets(self) -> None:
        heads = headed(self.regions)
        for pane, region in self.regions.items():
            if pane not in self.widgets:
                self.widgets[pane] = PaneWidget(PANES[pane.kind], pane)
                self.mount(self.widgets[pane])
            self.widgets[pane].headed = pane in heads
            self.widgets[pane].zoomed = self.zoomed and pane == self.focused_pane
            styles = self.widgets[pane].styles
            styles.offset = (region.x, region.y)
            styles.width, styles.height = region.width, region.height
        for pane, widget in self.widgets.items():
            widget.display = pane in self.regions
            widget.row = [self.widgets[other] for other in self.regions if other.kind == pane.kind] or (widget,)
            if not widget.display:
                widget.forget()
            widget.set_class(pane == self.focused_pane, "focused")
            widget.set_class(pane == self.focused_pane and self.inside, "inside")
            widget.set_class(pane.lane is not None and pane.lane == self.front, "front")

    def show(self, frame: Frame, options: Options, look: Look) -> None:
        """Give a frame to the panes in view."""
        for pane in self.regions:
            self.widgets[pane].unit = self._selected_unit(pane.lane)
            self.widgets[pane].scale = self._scale(pane, frame, options)
            self.widgets[pane].show(frame, options, look)

    def _selected_unit(self, lane: int | None) -> Unit | None:
        """The unit selected in a lane's network, also where that is on another page."""
        widget = self.widgets.get(PaneId("network", lane))
        return widget.selection if widget is not None and isinstance(widget.selection, Unit) else None

    def study(self) -> None:
        """Costly panes go on with what they show, beside the stepping."""
        for pane in self.regions:
            self.widgets[pane].work()
        for widget in (self.widgets[pane] for pane in self.regions):
            view = widget.view
            if view is not None and (scale := self._scale(widget.pane_id, view.frame, view.options)) != view.scale:
                widget.scale = scale
                widget.show(view.frame, view.options, view.look)

    @property
    def studied(self) -> bool:
        """Whether the panes in view have worked out all that they show of the step."""
        return all(self.widgets[pane].studied for pane in self.regions)

    def _scale(self, pane: PaneId, frame: Frame, options: Options) -> object:
        """What the pictures of a kind have in common, those out of sight included."""
        if not PANES[pane.kind].studies:
            return None
        found = [widget.found(frame) for other, widget in self.widgets.items() if other.kind == pane.kind]
        return PANES[pane.kind].scale(found, options)

    def bring_to_front(self, lane: int, lanes: int) -> None:
        """Put a lane in front, the last of `lanes` if there is no such; the focus follows from lane to lane."""
        self.front = min(lane, lanes - 1)
        if self.focused_pane is not None and self.focused_pane.lane is not None:
            self.focused_pane = PaneId(self.focused_pane.kind, self.front)

    def cycle(self, by: int, lanes: int) -> None:
        """Focus the next or the previous pane; where not all are in view, of those of the lane in front."""
        order = pane_order(self.kinds, SHARED, lanes)
        if self.guided:
            order = [pane for pane in order if pane != GUIDE]
        if len(self.regions) < len(order):
            order = [pane for pane in order if pane.lane in (None, self.front)]
        if order:
            first = next((at for at, pane in enumerate(order) if pane.lane in (None, self.front)), 0)
            at = order.index(self.focused_pane) if self.focused_pane in order else first - (by > 0)
            self.focus_on(order[(at + by) % len(order)])

    def focus_on(self, pane: PaneId) -> None:
        """Focus a pane; its lane comes to the front."""
        self.focused_pane, self.inside = pane, False
        if pane.lane is not None:
            self.front = pane.lane

    def enter(self) -> None:
        """Into the pane in focus, if something in it can be selected."""
        widget = self.focused_widget
        if widget is not None:
            widget.select(0, 0)
            self.inside = widget.selection is not None

    def choose_in(self, widget: PaneWidget, thing: Hashable) -> None:
        """Go into a pane in focus with something in it selected."""
        widget.selection, self.inside = thing, True

    def deselect(self, kept: Sequence[str]) -> None:
        """Select nothing any more but in panes of some kinds."""
        for pane, widget in self.widgets.items():
            if pane.kind not in kept:
                widget.selection = None
                self.inside = self.inside and pane != self.focused_pane

    def leave(self) -> None:
        """Out of the pane, or else out of the zoom."""
        if self.inside and self.focused_widget:
            self.inside, self.focused_widget.selection = False, None
        else:
            self.zoomed = False
