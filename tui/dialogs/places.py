"""The dialog of places with names: the one under the cursor is named, with a note; to those named one goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from scenarios.scenario import NamedPlace
from tui.dialogs.dialog import Dialog

_NOTE = "You stand here: {place}. m marks your places, s the scenario's."
_KEYS = "enter names the place, tab: its note; ↓ the list: enter goes there, x removes one of yours; esc closes"
_NAME_WIDTH = 6


@dataclass(frozen=True)
class Places:
    """The learner's places as they were left, and the one to go to, None to stay."""

    own: tuple[NamedPlace, ...]
    go: NamedPlace | None = None


class PlaceList(Dialog[Places]):
    """Answers with the places; esc keeps what was named, as nothing is lost by it.

    stops: the scenario's own. named: the place under the cursor with a name and a note. check: of a place and those
    before it; raises ValueError. words: where a place is. order: what places are sorted by.
    """

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "on", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("delete,x", "remove", show=False),
    ]

    def __init__(
        self,
        own: tuple[NamedPlace, ...],
        stops: tuple[NamedPlace, ...],
        named: Callable[[str, str], NamedPlace],
        check: Callable[[NamedPlace, Sequence[NamedPlace]], NamedPlace],
        words: Callable[[NamedPlace], str],
        order: Callable[[NamedPlace], int],
    ) -> None:
        super().__init__()
        self._own, self._stops = own, stops
        self._named, self._check, self._words, self._order = named, check, words, order
        self._called, self._remark = Input(id="name"), Input(id="remark")
        self._problem = Label("", id="problem", markup=False)
        self._options = OptionList(markup=False)

    def compose(self) -> ComposeResult:
        self._fill()
        with Vertical(classes="box wide") as box:
            box.border_title = "places"
            here = self._words(self._named("here", ""))
            yield Label(_NOTE.format(place=here), markup=False)
            for what, entry in ("name", self._called), ("note", self._remark):
                with Horizontal(classes="field"):
                    label = Label(what, markup=False)
                    label.styles.width = _NAME_WIDTH
                    yield label
                    yield entry
            yield self._problem
            yield self._options
            yield Label(_KEYS, markup=False)

    @property
    def _all(self) -> list[NamedPlace]:
        """The places in the order of the run."""
        return sorted((*self._stops, *self._own), key=self._order)

    def _fill(self) -> None:
        options, places = self._options, self._all
        at = options.highlighted
        width = max((len(self._words(place)) for place in places), default=0)
        options.clear_options()
        options.add_options([Option(self._row(place, width)) for place in places])
        if places:
            options.highlighted = min(at or 0, len(places) - 1)

    def _row(self, place: NamedPlace, width: int) -> str:
        mark, note = "m" if place in self._own else "s", f": {place.note}" if place.note else ""
        return f"{mark}  {self._words(place).ljust(width)}  {place.name}{note}"

    def action_on(self) -> None:
        """Into the list, where there is one."""
        (self._options if self._options.option_count else self._remark).focus()

    def on_input_changed(self) -> None:
        self._place()

    def _place(self) -> NamedPlace | None:
        """The place under the cursor as it is named here; None where it cannot be, which is told."""
        problem, place = "", None
        if self._called.value.strip() or self._remark.value.strip():
            try:
                place = self._check(self._named(self._called.value.strip(), self._remark.value.strip()), self._all)
            except ValueError as error:
                problem = str(error)
        self._problem.update(problem)
        return place

    def on_input_submitted(self) -> None:
        place = self._place()
        if place is not None:
            self._own = (*self._own, place)
            self._called.value = self._remark.value = ""
            self._fill()
            self._called.focus()
        elif not (self._called.value.strip() or self._remark.value.strip()):
            self.action_on()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(Places(self._own, self._all[event.option_index]))

    def action_remove(self) -> None:
        at = self._options.highlighted
        if at is not None and (place := self._all[at]) in self._own:
            self._own = tuple(own for own in self._own if own != place)
            self._fill()

    def action_cancel(self) -> None:
        self.dismiss(Places(self._own))
