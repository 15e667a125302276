"""The dialog that goes the way of a value backwards: the trail, what made the number, and each part of that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Resize
from textual.widgets import Label, OptionList, Static
from textual.widgets.option_list import Option

from nncore.slices import Slices
from nncore.training import Model
from tui.dialogs.dialog import Dialog
from tui.explain.why import MOST
from tui.explain.why_lines import head_line, heading, made_of, row_lines, trail_line
from tui.explain.why_value import Value, Why
from tui.widgets.timer import after

Look = Callable[[Value, int], Slices[Why]]
"""What made a value, of a sum so many terms."""

WORK_SECONDS = 0.03
"""How long a slice of work may take before keys are looked at again."""
MORE = 4
"""How many times as many terms are told once those left out are asked for."""
KEYS = "enter follows · backspace back · g goes there · esc leaves"
ROOMY = 30
"""Lines of the screen from which on parts are set apart."""


@dataclass
class _Seen:
    """A value on the way, how many terms of it are told, and which row was chosen."""

    why: Why
    most: int = MOST
    row: int | None = None


class WhyDialog(Dialog[Value]):
    """Answers with the value whose place is to be gone to."""

    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("backspace", "back", show=False),
        Binding("g", "go", show=False),
        Binding("s", "row(1)", show=False),
        Binding("a", "row(-1)", show=False),
    ]

    def __init__(self, label: str, model: Model, start: Value, look: Look) -> None:
        super().__init__()
        self._label, self._model, self._start, self._look = label, model, start, look
        self._way: list[_Seen] = []
        self._work: Slices[Why] | None = None
        self._then: Callable[[Why], None] = self._on
        self._trail, self._told = Label("", id="trail", markup=False), Static("", id="told", markup=False)
        self._head, self._rows = Label("", markup=False), OptionList(markup=False)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box wide way") as box:
            box.border_title, box.border_subtitle = f"why · {self._label}", KEYS
            yield from (self._trail, self._told, self._head, self._rows)

    def on_mount(self) -> None:
        self._ask(self._start, MOST, self._on)

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self._show)

    # Work in slices, between which keys are answered

    def _ask(self, value: Value, most: int, then: Callable[[Why], None]) -> None:
        self._work, self._then = self._look(value, most), then
        self._go_on()

    def _go_on(self) -> None:
        until = monotonic() + WORK_SECONDS
        while self._work is not None:
            try:
                next(self._work)
            except StopIteration as end:
                self._work = None
                self._then(end.value)
                self._show()
                return
            if monotonic() >= until:
                self._trail.update("going back…   esc stops")
                after(self, 0.001, self._go_on)
                return

    def _on(self, why: Why) -> None:
        self._way.append(_Seen(why))

    def _more(self, why: Why) -> None:
        self._way[-1] = _Seen(why, self._way[-1].most * MORE, self._rows.highlighted)

    # Keys

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        here = self._way[-1]
        if self._work is not None:
            return
        here.row = event.option_index
        if event.option_index == len(here.why.terms):
            self._ask(here.why.value, here.most * MORE, self._more)
        elif (origin := here.why.terms[event.option_index].made_by) is not None:
            self._ask(origin, MOST, self._on)

    def action_back(self) -> None:
        if len(self._way) > 1 and self._work is None:
            self._way.pop()
            self._show()

    def action_go(self) -> None:
        if self._way:
            self.dismiss(self._way[-1].why.value)

    def action_row(self, by: int) -> None:
        if by > 0:
            self._rows.action_cursor_down()
        else:
            self._rows.action_cursor_up()

    def action_cancel(self) -> None:
        """Stop what is under way, else leave."""
        if self._work is None or not self._way:
            self.dismiss(None)
        self._work = None
        self._show()

    # What is shown

    def _show(self) -> None:
        width = self._rows.size.width or self.size.width
        if not self._way or not self.is_attached:
            return
        here, model = self._way[-1], self._model
        self._trail.update(trail_line(model, [seen.why.value for seen in self._way], 2 * width - 2))
        apart = [""] if self.size.height >= ROOMY else []
        self._told.update("\n".join([*apart, heading(here.why, model), *apart, *made_of(here.why), *apart]))
        self._head.update(head_line(here.why))
        self._rows.clear_options()
        ends = [term.made_by is None for term in here.why.terms] + [False]
        lines = row_lines(here.why)
        self._rows.add_options(Option(line) for line in lines)
        first = next((place for place, end in enumerate(ends[: len(lines)]) if not end), None)
        self._rows.highlighted = first if here.row is None else here.row
        self._rows.display = self._head.display = bool(lines)
