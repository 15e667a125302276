"""The lesson's questions and claims: asked before, told once the run has come to them."""

from __future__ import annotations

from scenarios.checks import is_comparison
from tui.field import Field
from tui.screens.simulator.inspecting import Inspecting
from tui.verdicts import read_guess


class Predicting(Inspecting):
    """Takes the learner's guesses, and tells the truth when the run rests."""

    def show(self) -> None:
        super().show()
        if self.is_open and not self.under_way and self.verdicts.due():
            self.call_later(self._tell)

    def _tell(self) -> None:
        """Work out one claim or prediction that the run has come to, and show it."""
        due = self.verdicts.due()
        if due and not self.under_way:
            kind, number = due[0]
            self.verdicts.tell(kind, number)
            if kind == "prediction" and self.verdicts.right(number) is not None:
                right, asked = self.verdicts.score
                self.notify(f"{self.verdicts.lines()[number]}  Score {right} of {asked}.", timeout=8)
            self.show()

    def action_predict(self) -> None:
        """Ask the next question of the lesson; each is asked once, and esc skips it."""
        questions = self.verdicts.open_questions()
        if not questions:
            self.notify("no question is open: r and y ask at the start of a run", timeout=3)
            return
        self.pause()
        number = questions[0]
        prediction = self.session.scenario.predictions[number]
        kind = "yes or no" if is_comparison(prediction.answer) else "a number"

        def accept(values: dict[str, str]) -> bool | float:
            return read_guess(values[prediction.answer.text], prediction.answer)

        def take(guess: bool | float) -> None:
            self.session.guess(number, guess)
            self.notify(self.verdicts.lines()[number], timeout=4)
            self.show()

        field = Field(prediction.answer.text, hint=f"{kind}, at step {prediction.at}; esc skips")
        self.ask_form("predict", [field], accept, take, note=prediction.ask)
