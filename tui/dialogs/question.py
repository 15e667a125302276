"""A question over the guide's own box, so that it covers nothing that it may be about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.geometry import Region
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from tui.dialogs.dialog import Answer, Dialog


class OverBox(Dialog[Answer]):
    """A dialog in the place of a box, in the middle where there is none; as high as the box, unless it needs more."""

    KEYS: ClassVar[str]

    def __init__(self, title: str, ask: str, place: Region | None) -> None:
        super().__init__()
        self.add_class("over" if place else "middle")
        self._title, self._ask, self._place = title, ask, place
        self._problem = Label("", id="problem", markup=False)
        self._problem.display = False

    def _box(self) -> Vertical:
        box = Vertical(classes="box")
        box.border_title, box.border_subtitle = self._title, self.KEYS
        if self._place is not None:
            box.styles.offset = self._place.offset
            box.styles.width, box.styles.max_width = self._place.width, self._place.width
            box.styles.min_height, box.styles.max_height = self._place.height, self.app.size.height
        return box


class Choose(OverBox[int]):
    """Choices, one a line; a digit or enter answers with a number from 0."""

    KEYS = "a digit, enter · esc later"

    AUTO_FOCUS = "OptionList"

    def __init__(self, title: str, ask: str, choices: Sequence[str], place: Region | None) -> None:
        super().__init__(title, ask, place)
        self._choices = choices

    def compose(self) -> ComposeResult:
        lines = [Content.assemble((f"{number} ", "bold $accent"), say) for number, say in enumerate(self._choices, 1)]
        with self._box():
            yield Label(self._ask, markup=False, classes="asked")
            yield OptionList(*map(Option, lines), markup=False)

    def on_key(self, event: Key) -> None:
        if (event.character or "").isdecimal() and 1 <= int(event.character or 0) <= len(self._choices):
            event.stop()
            self.dismiss(int(event.character or 0) - 1)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index)


class Type(OverBox[Answer]):
    """One line to type; enter takes it if `accept` does, which raises ValueError with the reason if not."""

    KEYS = "enter · esc later"

    AUTO_FOCUS = "Input"

    def __init__(self, title: str, ask: str, hint: str, accept: Callable[[str], Answer], place: Region | None) -> None:
        super().__init__(title, ask, place)
        self._hint, self._accept = hint, accept

    def compose(self) -> ComposeResult:
        with self._box():
            yield Label(self._ask, markup=False, classes="asked")
            yield Input(placeholder=self._hint)
            yield self._problem

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            answer = self._accept(event.value.strip())
        except ValueError as error:
            self._problem.update(str(error))
            self._problem.display = True
        else:
            self.dismiss(answer)
