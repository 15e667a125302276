"""The dialog of what is watched: typed with completion, listed, removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from scenarios.file.schema import MAX_WATCHED
from scenarios.quantities.definitions import meaning_in
from tui.dialogs.dialog import Dialog
from tui.dialogs.name_suggester import NameSuggester

_NOTE = "A quantity, or an expression over quantities: the pane shows it at the cursor and over the whole run."


class WatchList(Dialog[tuple[str, ...]]):
    """Answers with the expressions as they were left; esc keeps what was done, as nothing is lost by it.

    offered: what stands in the input at first.
    """

    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "list", show=False),
        Binding("delete,x", "remove", show=False),
    ]

    def __init__(
        self, texts: tuple[str, ...], words: Sequence[str], check: Callable[[str], object], offered: str = ""
    ) -> None:
        super().__init__()
        self._texts, self._words, self._check, self._offered = list(texts), words, check, offered
        self._options = OptionList(markup=False)
        self._meaning = Label(meaning_in(offered), id="meaning", markup=False)
        self._problem = Label("", id="problem", markup=False)

    def compose(self) -> ComposeResult:
        self._fill()
        with Vertical(classes="box wide") as box:
            box.border_title = "watch"
            yield Label(_NOTE, markup=False)
            suggester = NameSuggester(self._words)
            yield Input(self._offered, placeholder=self._words[-1], suggester=suggester, id="expression")
            yield self._meaning
            yield self._problem
            yield self._options
            yield Label("enter adds it; → completes; ↓ into the list, where x removes; esc closes")

    def _fill(self) -> None:
        options = self._options
        at = options.highlighted
        options.clear_options()
        options.add_options([Option(text) for text in self._texts])
        if self._texts:
            options.highlighted = min(at or 0, len(self._texts) - 1)

    def action_list(self) -> None:
        """From the expression into the list."""
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
        text = " ".join(event.value.split())
        if not text:
            self.action_cancel()
        elif not self._refused(text):
            kept = [one for one in self._texts if one != text]
            if len(kept) == MAX_WATCHED:
                self._problem.update(f"{MAX_WATCHED} are watched already; allowed: {MAX_WATCHED} at most")
                return
            self._texts = [*kept, text]
            event.input.value = ""
            self._fill()

    @on(OptionList.OptionSelected)
    def _taken_up(self, event: OptionList.OptionSelected) -> None:
        """Put an expression of the list into the input, to be changed."""
        field = self.query_one(Input)
        field.value = self._texts[event.option_index]
        field.focus()

    def action_remove(self) -> None:
        at = self._options.highlighted
        if at is not None:
            del self._texts[at]
            self._fill()

    def action_cancel(self) -> None:
        self.dismiss(tuple(self._texts))
