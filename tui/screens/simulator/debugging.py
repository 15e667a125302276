"""What makes the simulator a debugger: edits, branches, breakpoints, comparison, autopsy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from scenarios.checks import is_comparison
from scenarios.expressions import ExpressionError
from scenarios.quantities import QUANTITIES
from tui import changes
from tui.breakpoints import Breakpoint, Watch, validated
from tui.equation import num, parameter_name
from tui.field import Field
from tui.panes.matrices import entry_of_theta
from tui.render.heatmap import Entry
from tui.render.network import Unit
from tui.screens.simulator.keeping import Keeping
from tui.session import MAX_LANES
from tui.verdicts import read_guess

if TYPE_CHECKING:
    from tui.editing import Keys


class Debugging(Keeping):
    """Actions of the simulator that change the run, or look for a place in it."""

    def changed(self, note: str) -> None:
        """After a change of the lanes: say so, and draw everything anew."""
        if note:
            self.notify(f"{note}   (u undoes it)", timeout=3)
        self.bring_to_front(min(self.front, len(self.session.tracks) - 1))
        self._keep()

    # the run

    def action_new_seed(self) -> None:
        self._stop_errand()
        self.session.new_seed()
        self.notify(f"seed {self.session.seed}; u brings the other run back", timeout=3)
        self.pause()
        self.show()

    def action_undo(self) -> None:
        self._stop_errand()
        note = self.session.undo()
        self.notify(f"undone: {note}" if note else "nothing to undo", timeout=3)
        self.place_panes()
        self.pause()
        self.show()

    # edits and branches

    def action_edit(self) -> None:
        selected = self._selected_parameter()
        if selected is not None:
            self._set_parameter(selected)
            return
        self._edit_form(f"edit {self._label()} from step {self.session.cursor.step} on", self._apply_edit)

    def action_branch(self) -> None:
        if len(self.session.tracks) >= MAX_LANES:
            self._ask_which_to_close()
            return
        step = self.session.cursor.step
        self._edit_form(
            f"branch of {self._label()} at step {step}: change one thing", self._apply_branch, all_too=False
        )

    def _label(self) -> str:
        return self.session.tracks[self.front].lane.label

    def _edit_form(self, title: str, then: Callable[[bool, Keys, str], None], all_too: bool = True) -> None:
        from tui.editing import edit_fields, read_edit
        from tui.screens.form import Form

        self.pause()
        number, track = self.front, self.session.tracks[self.front]
        fields = edit_fields(track, self.session.cursor.step)
        if all_too:
            fields.append(Field("lanes", "this", "this, or all", words=("this", "all")))

        def accept(values: dict[str, str]) -> tuple[bool, Keys, str]:
            everywhere = values.pop("lanes", "this")
            if everywhere not in ("this", "all"):
                raise ValueError(f"lanes: found {everywhere!r}; allowed: this, all")
            others = range(len(self.session.tracks)) if everywhere == "all" else ()
            keys, words = read_edit(self.session, [number, *others], values)
            return everywhere == "all", keys, words

        def take(answer: tuple[bool, Keys, str] | None) -> None:
            if answer is not None:
                then(*answer)

        self.app.push_screen(Form(title, fields, accept), take)

    def _apply_edit(self, everywhere: bool, keys: Keys, words: str) -> None:
        if not words:
            self.notify("nothing was changed", timeout=3)
            return
        numbers = list(range(len(self.session.tracks))) if everywhere else [self.front]
        note = f"{words} from step {self.session.cursor.step} on"

        def cut() -> None:
            changes.edit_settings(self.session, numbers, keys, note)
            self.changed(note)

        def instead() -> None:
            self._apply_branch(False, keys, words)

        self._cut_or_branch(numbers, cut, instead)

    def _apply_branch(self, everywhere: bool, keys: Keys, words: str) -> None:
        number = self._branch(f"{self._label()}, {words}" if words else "")
        if number is None:
            return
        if words:
            changes.edit_settings(self.session, [number], keys, words)
        self.changed(f"branch {self._label()}: {words or 'unchanged'}")

    def _branch(self, label: str) -> int | None:
        """A branch of the lane in front, then in front itself; None if there is no room for one."""
        try:
            self.front = changes.branch(self.session, self.front, label)
        except ValueError as error:
            self.notify(str(error), severity="error")
            return None
        return self.front

    def _cut_or_branch(self, numbers: list[int], cut: Callable[[], None], branch: Callable[[], None]) -> None:
        """Ask, where the lanes were trained beyond the cursor, what becomes of their future."""
        from tui.screens.ask import Ask

        if not changes.in_past(self.session, numbers):
            cut()
            return

        def decide(answer: str | None) -> None:
            if answer is not None:
                cut() if answer == "c" else branch()

        answers = {"c": "cut the future: train on from here (undo brings it back)"}
        if len(numbers) == 1 and len(self.session.tracks) < MAX_LANES:
            answers = {"b": "branch: keep this lane, change a copy of it"} | answers
        question = f"This lane was trained beyond step {self.session.cursor.step}."
        self.app.push_screen(Ask(question, answers), decide)

    def _ask_which_to_close(self) -> None:
        from tui.screens.ask import Ask

        labels = {str(n + 1): track.lane.label for n, track in enumerate(self.session.tracks)}

        def closed(answer: str | None) -> None:
            if answer is not None:
                front = self.front
                changes.close(self.session, int(answer) - 1)
                self.front = front - (front >= int(answer))
                self.changed(f"closed {labels[answer]}")
                self.action_branch()

        self.app.push_screen(Ask(f"There are {MAX_LANES} lanes. Which one is closed for the branch?", labels), closed)

    def _selected_parameter(self) -> int | None:
        """The entry of θ selected in an entered heat map."""
        widget = self.focused_widget
        if not self.inside or widget is None or widget.view is None or widget.pane.kind != "weights":
            return None
        return entry_of_theta(widget.view.lane, widget.selection) if isinstance(widget.selection, Entry) else None

    def _set_parameter(self, index: int) -> None:
        from tui.screens.form import Form

        self.pause()
        number, step = self.front, self.session.cursor.step
        track = self.session.tracks[number]
        name = parameter_name(track.lane.model, index)
        now = float(track.timeline.at(step).theta[index])

        def accept(values: dict[str, str]) -> float:
            value = float(values["value"])
            if abs(value) > 1e100 or value != value:
                raise ValueError("allowed: a finite number")
            return value

        def take(value: float | None) -> None:
            if value is not None:
                self._cut_or_branch([number], lambda: put(number, value), lambda: put(self._branch(""), value))

        def put(where: int | None, value: float) -> None:
            if where is not None:
                note = f"{name} = {num(value)} from step {step} on"
                changes.set_parameter(self.session, where, index, value, note)
                self.changed(note)

        title = f"{track.lane.label}: {name} after {step} steps"
        self.app.push_screen(Form(title, [Field("value", repr(now))], accept), take)

    def action_inspect(self) -> None:
        """All about the selected parameter or unit; without a selection, about where this step changes most."""
        from tui.inspector import inspect_parameter, inspect_unit
        from tui.screens.table import Table

        self.pause()
        widget = self.focused_widget
        lane = self.frame().lanes[self.front]
        selected = widget.selection if widget is not None else None
        if isinstance(selected, Unit):
            rows = inspect_unit(lane, selected)
        else:
            largest = int(np.argmax(np.nan_to_num(np.abs(lane.trace.change))))
            at = entry_of_theta(lane, selected) if isinstance(selected, Entry) else largest
            rows = inspect_parameter(lane, at, self.look.ascii)
        self.app.push_screen(Table(f"inspect · {lane.lane.label}", rows, head=False))

    # lanes

    def action_lanes(self) -> None:
        from tui.screens.ask import Ask

        self.pause()
        answers = {"r": "rename it", "c": "close it (undo brings it back)"}
        for number, track in enumerate(self.session.tracks):
            if number != self.front:
                answers[str(number + 1)] = f"what differs between it and {track.lane.label}, and what came of it"

        def act(answer: str | None) -> None:
            if answer == "r":
                self._rename()
            elif answer == "c":
                self._close()
            elif answer is not None:
                self._compare(int(answer) - 1)

        self.app.push_screen(Ask(f"Lane {self.front + 1}: {self._label()}", answers), act)

    def _rename(self) -> None:
        from tui.screens.form import Form

        def accept(values: dict[str, str]) -> str:
            if not 1 <= len(values["label"]) <= 60:
                raise ValueError("allowed: 1 to 60 characters")
            return values["label"]

        def take(label: str | None) -> None:
            if label is not None:
                changes.rename(self.session, self.front, label)
                self.changed(f"renamed to {label}")

        self.app.push_screen(Form("rename the lane", [Field("label", self._label())], accept), take)

    def _close(self) -> None:
        label = self._label()
        try:
            changes.close(self.session, self.front)
        except ValueError as error:
            self.notify(str(error), severity="error")
            return
        self.changed(f"closed {label}")

    def _compare(self, other: int) -> None:
        from tui.comparison import compare
        from tui.screens.table import Table

        frame = self.frame()
        first, second = frame.lanes[self.front], frame.lanes[other]
        rows = [("", first.lane.label, second.lane.label), *compare(first, second)]
        self.app.push_screen(Table("differences", rows))

    # breakpoints

    def action_breakpoints(self) -> None:
        from tui.screens.breakpoint_list import BreakpointList

        self.pause()

        def take(points: tuple[Breakpoint, ...] | None) -> None:
            if points is not None:
                self.session.breakpoints = points
                self.show()

        words = self._condition_words()
        check = lambda text: validated(text, self.session.tracks)  # noqa: E731
        self.app.push_screen(BreakpointList(self.session.breakpoints, words, check), take)

    def _condition_words(self) -> list[str]:
        lanes = [*(track.lane.id for track in self.session.tracks), "any", "all"]
        words = [f"{lane}.{name} " for lane in lanes for name, of in QUANTITIES.items() if of.of_lane]
        return ["step == ", "epoch == ", *words]

    def action_run_on(self) -> None:
        """On to the next breakpoint; without one, to the scenario's last step."""
        session = self.session
        watch = session.watch()
        if not watch:
            self.notify("no breakpoint is on: b sets one", timeout=3)
            return
        limit = max(session.scenario.steps, session.reached)
        self.run_errand(self._reporting(session.run(limit, watch), "no breakpoint on the way"))

    def action_run_back(self) -> None:
        watch = self.session.watch()
        if not watch:
            self.notify("no breakpoint is on: b sets one", timeout=3)
            return
        self.run_errand(self._reporting(self.session.run_back(watch), "no breakpoint before this step"))

    def run_until(self, text: str) -> None:
        """On to the first step at which a typed condition becomes true."""
        try:
            validated(text, self.session.tracks)
        except ExpressionError as error:
            self.notify(str(error), severity="error")
            return
        limit = max(self.session.scenario.steps, self.session.reached)
        run = self.session.run(limit, Watch(self.session.tracks, [text]))
        self.run_errand(self._reporting(run, f"not true up to step {limit}: {text}"))

    def _reporting(self, errand: Iterator[int], otherwise: str) -> Iterator[int]:
        yield from errand
        self._tell_hit(otherwise)

    # places

    def action_go_to(self) -> None:
        from tui.screens.go_to import go_to_form

        self.pause()
        session = self.session

        def go(answer: int | str | None) -> None:
            if answer == "phase":
                session.end_of_phase()
                self.show()
            elif answer == "epoch":
                self.run_until(f"epoch > {session.epoch}")
            elif isinstance(answer, str):
                self.run_until(answer)
            elif answer is not None:
                self.run_errand(session.walk(answer))

        check = partial(validated, tracks=session.tracks)
        self.app.push_screen(go_to_form(session.cursor.step, session.scenario.steps, check), go)

    # predictions

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
        from tui.screens.form import Form

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

        def take(guess: bool | float | None) -> None:
            if guess is not None:
                self.verdicts.guess(number, guess)
                self.notify(self.verdicts.lines()[number], timeout=4)
                self.show()

        field = Field(prediction.answer.text, hint=f"{kind}, at step {prediction.at}; esc skips")
        self.app.push_screen(Form("predict", [field], accept, note=prediction.ask), take)

    # divergence

    def action_autopsy(self) -> None:
        from tui.autopsy import autopsy
        from tui.screens.table import Table

        self.pause()
        number = self.front
        found = autopsy(self.session.tracks[number].timeline)
        if found is None:
            self.notify(f"{self._label()} is alive; D opens the autopsy of a lane that stopped", timeout=4)
            return
        rows: list[tuple[str, ...]] = [(f"At step {found.step}, {found.cause} was the first to overflow.",), ("",)]
        rows.append(("step", "batch loss", "gradient norm", "norm of θ"))
        rows += [(str(step), *rest) for step, *rest in found.growth]
        rows += [("",), (found.sharpness,)] if found.sharpness else []
        answers = {
            "h": f"go to step {found.healthy}, the last before the loss began to grow",
            "f": "branch there with the learning rate halved",
        }

        def act(answer: str | None) -> None:
            if answer is not None:
                self.session.go_to(found.healthy)
                if answer == "f":
                    rate = self.session.tracks[number].lane.settings_at(found.healthy).optimizer.learning_rate / 2
                    self._apply_branch(False, {"optimizer": {"learning_rate": rate}}, "learning rate halved")
                self.place_panes()

        self.app.push_screen(Table(f"autopsy of {self._label()}", rows, answers, head=False), act)
