"""The dialog of breakpoints: typed with completion, listed, switched on and off, removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from scenarios.quantities.definitions import meaning_in
from tui.dialogs.dialog import Dialog
from tui.dialogs.name_suggester import NameSuggester
from tui.keymap.own_keys import keyed
from tui.session.breakpoints import Breakpoint

_NOTE = (
    "A condition stops playing at the step where it becomes true, and {run_back} and {run_on} run to it. "
    "At operations {next} stops, too, and a number does where it changes."
)
_KEYS = "enter adds it, → completes; ↓ the list: enter switches on and off, i: at operations or steps, x removes"


class BreakpointList(Dialog[tuple[Breakpoint, ...]]):
    """Answers with the breakpoints as they were left; esc keeps what was done, as nothing is lost by it."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "list", show=False),
        Binding("delete,x", "remove", show=False),
        Binding("i", "inside", show=False),
    ]

    def __init__(
        self, points: tuple[Breakpoint, ...], words: Sequence[str], check: Callable[[Breakpoint], object]
    ) -> None:
        super().__init__()
        self._points, self._words, self._check = list(points), words, check
        self._options = OptionList(markup=False)
        self._meaning = Label("", id="meaning", markup=False)
        self._problem = Label("", id="problem", markup=False)

    def compose(self) -> ComposeResult:
        self._fill()
        with Vertical(classes="box wide") as box:
            box.border_title = "breakpoints"
            yield Label(keyed(_NOTE), markup=False)
            placeholder = f"{self._words[2]} < 0.01"
            yield Input(placeholder=placeholder, suggester=NameSuggester(self._words), id="condition")
            yield self._meaning
            yield self._problem
            yield self._options
            yield Label(f"{_KEYS}; esc closes")

    def _fill(self) -> None:
        options = self._options
        at = options.highlighted
        options.clear_options()
        options.add_options([Option(_row(point)) for point in self._points])
        if self._points:
            options.highlighted = min(at or 0, len(self._points) - 1)

    def action_list(self) -> None:
        """From the condition into the list."""
        self._options.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._meaning.update(meaning_in(event.value))
        self._point(event.value)

    def _point(self, text: str) -> Breakpoint | None:
        """The breakpoint that a text makes, a number one at operations; None where it makes none, which is told."""
        point, problem = Breakpoint(text.strip()), ""
        if point.text:
            inside = replace(point, inside=True)
            problem = self._problem_of(point)
            if problem and not self._problem_of(inside):
                point, problem = inside, ""
        self._problem.update(problem)
        return None if problem or not point.text else point

    def _problem_of(self, point: Breakpoint) -> str:
        try:
            self._check(point)
        except ValueError as error:
            return str(error)
        return ""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            self.action_cancel()
        elif (point := self._point(event.value)) is not None:
            self._points = [other for other in self._points if other.text != point.text] + [point]
            event.input.value = ""
            self._fill()

    @on(OptionList.OptionSelected)
    def _switched(self, event: OptionList.OptionSelected) -> None:
        point = self._points[event.option_index]
        self._points[event.option_index] = replace(point, on=not point.on)
        self._fill()

    def action_inside(self) -> None:
        """Look at a condition of the list after operations, too, or after steps alone."""
        at = self._options.highlighted
        if at is not None:
            other = replace(self._points[at], inside=not self._points[at].inside)
            problem = self._problem_of(other)
            self._problem.update(problem)
            if not problem:
                self._points[at] = other
                self._fill()

    def action_remove(self) -> None:
        at = self._options.highlighted
        if at is not None:
            del self._points[at]
            self._fill()

    def action_cancel(self) -> None:
        self.dismiss(tuple(self._points))


def _row(point: Breakpoint) -> str:
    return f"{'on ' if point.on else 'off'}  {point.text}{'   at operations' if point.inside else ''}"
