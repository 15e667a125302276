"""A dialog of named fields, whose answer is checked before it is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Label

from tui.dialogs.dialog import Answer, Dialog
from tui.dialogs.field import Field
from tui.dialogs.name_suggester import NameSuggester


class Form(Dialog[Answer]):
    """Fields under a title; enter takes them if `accept` does, which raises ValueError with the reason if not."""

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(
        self, title: str, fields: Sequence[Field], accept: Callable[[dict[str, str]], Answer], note: str = ""
    ) -> None:
        super().__init__()
        self.fields, self.accept = fields, accept
        self._title, self._note = title, note
        self._problem = Label("", id="problem", markup=False)

    def compose(self) -> ComposeResult:
        width = max(len(field.name) for field in self.fields) + 2
        with VerticalScroll(classes="box wide", can_focus=False) as box:
            box.border_title = self._title
            if self._note:
                yield Label(self._note, markup=False)
            for field in self.fields:
                with Horizontal(classes="field"):
                    name = Label(field.name, markup=False)
                    name.styles.width = width
                    yield name
                    suggester = NameSuggester(field.words) if field.words else None
                    yield Input(field.value, placeholder=field.hint, suggester=suggester)
            yield self._problem
            yield Label("enter takes it   tab next field   esc leaves everything as it was", markup=False)

    def _values(self) -> dict[str, str]:
        entries = self.query(Input).results(Input)
        return {field.name: entry.value.strip() for field, entry in zip(self.fields, entries, strict=True)}

    def on_input_changed(self) -> None:
        self._check()

    def on_input_submitted(self) -> None:
        answer = self._check()
        if answer is not None:
            self.dismiss(answer)

    def _check(self) -> Answer | None:
        try:
            answer = self.accept(self._values())
        except ValueError as error:
            self._problem.update(str(error))
            return None
        self._problem.update("")
        return answer
