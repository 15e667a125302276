"""How the simulator opens dialogs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual import getters
from textual.screen import Screen

from tui.app.app import GradstepApp
from tui.dialogs.dialog import Answer, Dialog
from tui.dialogs.field import Field


class Asking(Screen[None]):
    """A screen that asks; what dialogs are made of is imported with the first of them, as a launch needs none."""

    app = getters.app(GradstepApp)

    def ask(self, dialog: Dialog[Answer], take: Callable[[Answer], None]) -> None:
        """Open a dialog and take its answer, unless it is left without one; messages do not lie over it."""

        def answered(answer: Answer | None) -> None:
            if answer is not None:
                take(answer)

        self.app.clear_messages()
        self.app.push_screen(dialog, answered)

    def ask_form(
        self,
        title: str,
        fields: Sequence[Field],
        accept: Callable[[dict[str, str]], Answer],
        take: Callable[[Answer], None],
        note: str = "",
    ) -> None:
        """Ask for what `accept` makes of the filled fields; it raises ValueError for what is not allowed."""
        from tui.dialogs.form import Form

        self.ask(Form(title, fields, accept, note), take)

    def ask_key(self, question: str, answers: Mapping[str, str], take: Callable[[str], None]) -> None:
        """Ask for one of some keys; `answers` says what each does."""
        from tui.dialogs.menu import Ask

        self.ask(Ask(question, answers), take)

    def show_table(self, title: str, rows: Sequence[Sequence[str]], head: bool = True) -> None:
        """Show rows in columns until a key closes them."""
        from tui.dialogs.table import Table

        self.app.clear_messages()
        self.app.push_screen(Table(title, rows, head=head))
