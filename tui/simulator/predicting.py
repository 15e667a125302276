"""The lesson's questions and claims: asked before, told once the run has come to them."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.quantities.checks import is_comparison
from tui.dialogs.field import Field
from tui.lesson.verdicts import read_guess
from tui.panes.matrices import entry_of_theta
from tui.render.heatmap import Entry
from tui.render.selection import Unit
from tui.session.actions import Predict, do
from tui.session.cursor import Cursor
from tui.session.session import Session
from tui.simulator.inspecting import Inspecting


class Predicting(Inspecting):
    """Takes the learner's guesses, and tells the truth when the run rests."""

    _checking = False
    _left: tuple[Session, Cursor] | None = None

    def show(self) -> None:
        super().show()
        if self.is_open and not self.under_way and self._untold():
            self.call_later(self._tell)

    @property
    def doing(self) -> str:
        return "checking what the lesson says" if self._checking else super().doing

    def _untold(self) -> list[tuple[str, int]]:
        """What can be told by now, unless that was stopped where the cursor still is."""
        return self.verdicts.due() if self._left != (self.session, self.session.cursor) else []

    def _tell(self) -> None:
        """Work out one claim or prediction that the run has come to, and show it."""
        due = self._untold()
        if due and not self.under_way:
            self.run_errand(self._telling(*due[0]))

    def _telling(self, kind: str, number: int) -> Iterator[int]:
        self._checking = True
        try:
            for _ in self.verdicts.telling(kind, number):
                yield self.session.cursor.step
        finally:
            self._checking = False
        if kind == "prediction" and self.verdicts.right(number) is not None:
            right, asked = self.verdicts.score
            self.notify(f"{self.verdicts.lines()[number]}  Score {right} of {asked}.", timeout=5)

    def action_leave(self) -> None:
        if self._checking:
            self._left = (self.session, self.session.cursor)
        super().action_leave()

    def action_predict(self) -> None:
        """Ask the lesson's next question, or inside a step what the next number will be; esc skips either."""
        self.pause()
        questions = self.verdicts.open_questions()
        if questions and self.session.cursor.position is None:
            self._ask_lesson(questions[0])
        else:
            self._ask_next()

    def _ask_lesson(self, number: int) -> None:
        prediction = self.session.scenario.predictions[number]
        kind = "yes or no" if is_comparison(prediction.answer) else "a number"

        def accept(values: dict[str, str]) -> bool | float:
            return read_guess(values[prediction.answer.text], prediction.answer)

        def take(guess: bool | float) -> None:
            do(self.session, Predict(number, guess))
            self.notify(self.verdicts.lines()[number], timeout=4)
            self.show()

        field = Field(prediction.answer.text, hint=f"{kind}, at step {prediction.at}; esc skips")
        self.ask_form("predict: the lesson asks", [field], accept, take, note=prediction.ask)

    def _ask_next(self) -> None:
        from tui.lesson.quiz import answer, next_question

        session, number, about = self.session, self.front, self._about()
        question = next_question(session, self.builder, number, about)
        if question is None:
            self.notify(f"{self._label} has stopped: nothing comes next", timeout=3)
            return
        if question.by_sign:
            field = Field("its sign", hint="+, - or 0, or a number of that sign; esc skips")
        else:
            field = Field("the number", hint="esc skips")

        def take(value: float) -> None:
            answer(session, number, about, question, value)
            session.reach(question.cursor)
            right, asked = self.verdicts.score
            self.notify(f"{question.told(value)}  Score {right} of {asked}.", timeout=5)
            self.show()

        note = "\n".join((*question.lines[:-1], f"{question.lines[-1]} = ?"))
        self.ask_form("predict: the next number", [field], lambda values: question.read(values[field.name]), take, note)

    def _about(self) -> int | Unit | None:
        """The entry of θ or the unit that is selected."""
        widget = self.focused_widget
        if widget is None or widget.view is None:
            return None
        if isinstance(widget.selection, Entry):
            return entry_of_theta(widget.view.lane, widget.selection)
        return widget.selection if isinstance(widget.selection, Unit) else None
