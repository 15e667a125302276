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

_NOTE = "A condition stops playing at the step where it becomes true, and {run_back} and {run_on} run to it."


class BreakpointList(Dialog[tuple[Breakpoint, ...]]):
    """Answers with the breakpoints as they were left; esc keeps what was done, as nothing is lost by it."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "list", show=False),
        Binding("delete,x", "remove", show=False),
    ]

    def __init__(self, points: tuple[Breakpoint, ...], words: Sequence[str], check: Callable[[str], object]) -> None:
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
            yield Label("enter adds it, or in the list switches on and off; → completes; x removes; esc closes")

    def _fill(self) -> None:
        options = self._options
        at = options.highlighted
        options.clear_options()
        options.add_options([Option(f"{'on ' if point.on else 'off'}  {point.text}") for point in self._points])
        if self._points:
            options.highlighted = min(at or 0, len(self._points) - 1)

    def action_list(self) -> None:
        """From the condition into the list."""
        self._options.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._meaning.update(meaning_in(event.value))
        self._refused(event.value)

    def _refused(self, text: str) -> bool:
        problem = ""
        if text.strip():
            try:
                self._check(text)
            except ValueError as error:
                problem = str(error)
        self._problem.update(problem)
        return bool(problem)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        if not text:
            self.action_cancel()
        elif not self._refused(text):
            self._points = [point for point in self._points if point.text != text] + [Breakpoint(text)]
            event.input.value = ""
            self._fill()

    @on(OptionList.OptionSelected)
    def _switched(self, event: OptionList.OptionSelected) -> None:
        point = self._points[event.option_index]
        self._points[event.option_index] = replace(point, on=not point.on)
        self._fill()

    def action_remove(self) -> None:
        at = self._options.highlighted
        if at is not None:
            del self._points[at]
            self._fill()

    def action_cancel(self) -> None:
        self.dismiss(tuple(self._points))
