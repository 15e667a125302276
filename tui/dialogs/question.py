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
from tui.render.cells import longest

BORDER = 6
"""How many cells of a box's edge stand beside the words in it."""


class OverBox(Dialog[Answer]):
    """A dialog in the place of a box, in the middle where there is none; as high as the box, unless it needs more.

    then: what is asked next.
    """

    KEYS: ClassVar[str]

    def __init__(self, title: str, ask: str, place: Region | None, then: str = "") -> None:
        super().__init__()
        self._ways = (*([f"{self.KEYS}, then {then} · esc"] if then else []), f"{self.KEYS} · esc", "enter · esc")
        self.add_class("over" if place else "middle")
        self._title, self._ask, self._place = title, ask, place
        self._problem = Label("", id="problem", markup=False)
        self._problem.display = False
        self._frame = Vertical(classes="box")

    def _box(self) -> Vertical:
        box = self._frame
        room = self._place.width - BORDER if self._place else self.app.size.width
        box.border_title, box.border_subtitle = self._title, longest(room, *self._ways)
        if self._place is not None:
            box.styles.offset = self._place.offset
            box.styles.width, box.styles.max_width = self._place.width, self._place.width
            box.styles.min_height, box.styles.max_height = self._place.height, self.app.size.height
        return box

    def on_resize(self) -> None:
        self.call_after_refresh(self._lift)

    def _lift(self) -> None:
        """Move the box up where it would end below the screen."""
        box, place = self._frame, self._place
        if place is not None and self.is_attached:
            box.styles.offset = (place.x, max(min(place.y, self.size.height - box.outer_size.height), 0))


class Choose(OverBox[int]):
    """Choices, one a line, none marked at first; enter answers with the number, from 0, of the marked one."""

    KEYS = "a digit, enter"

    AUTO_FOCUS = "OptionList"

    def __init__(self, title: str, ask: str, choices: Sequence[str], place: Region | None, then: str = "") -> None:
        super().__init__(title, ask, place, then)
        self._choices = choices

    def compose(self) -> ComposeResult:
        lines = [Content.assemble((f"{number} ", "bold $accent"), say) for number, say in enumerate(self._choices, 1)]
        self._list = OptionList(*map(Option, lines), markup=False)
        with self._box():
            yield Label(self._ask, markup=False, classes="asked")
            yield self._list

    def on_mount(self) -> None:
        self._list.highlighted = None

    def on_key(self, event: Key) -> None:
        if (event.character or "").isdecimal() and 1 <= int(event.character or 0) <= len(self._choices):
            event.stop()
            self._list.highlighted = int(event.character or 0) - 1

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index)


class Type(OverBox[Answer]):
    """One line to type; enter takes it if `accept` does, which raises ValueError with the reason if not.

    above: what stays in view over what is asked.
    """

    KEYS = "enter"

    AUTO_FOCUS = "Input"

    def __init__(
        self,
        title: str,
        ask: str,
        hint: str,
        accept: Callable[[str], Answer],
        place: Region | None,
        then: str = "",
        above: Sequence[str] = (),
    ) -> None:
        super().__init__(title, ask, place, then)
        self._hint, self._accept, self._above = hint, accept, above

    def compose(self) -> ComposeResult:
        with self._box():
            for line in self._above:
                yield Label(line, markup=False, classes="told")
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
