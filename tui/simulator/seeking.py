"""Places in the run that are asked for: a step, the end of a phase or an epoch, a breakpoint, where something is so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from scenarios.expressions.expression import ExpressionError
from scenarios.quantities.definitions import QUANTITIES
from tui.session.breakpoints import Breakpoint, Watch, validated
from tui.simulator.moving import Moving


class Seeking(Moving):
    """Goes to a place that a dialog asks for, and runs to breakpoints."""

    def action_go_to(self) -> None:
        from tui.dialogs.go_to import go_to_form

        self.pause()
        session = self.session

        def go(answer: int | str) -> None:
            if answer == "phase":
                self._move(session.end_of_phase)
            elif answer == "epoch":
                self._run_until(f"epoch > {session.epoch}")
            elif isinstance(answer, str):
                self._run_until(answer)
            else:
                self.walk_to(answer)

        check = partial(validated, tracks=session.tracks)
        self.ask(go_to_form(session.cursor.step, session.scenario.steps, check), go)

    def action_breakpoints(self) -> None:
        from tui.dialogs.breakpoints import BreakpointList

        self.pause()

        def take(points: tuple[Breakpoint, ...]) -> None:
            self.session.breakpoints = points
            self.show()

        check = partial(validated, tracks=self.session.tracks)
        self.ask(BreakpointList(self.session.breakpoints, self._condition_words(), check), take)

    def _condition_words(self) -> list[str]:
        lanes = [*(track.lane.id for track in self.session.tracks), "any", "all"]
        words = [f"{lane}.{name} " for lane in lanes for name, of in QUANTITIES.items() if of.of_lane]
        return ["step == ", "epoch == ", *words]

    def action_run_on(self) -> None:
        """On to the next breakpoint; without one, to the scenario's last step."""
        self._run_watched(lambda watch: self.session.run(self._limit, watch), "no breakpoint on the way")

    def action_run_back(self) -> None:
        """Back to the last step at which a breakpoint's condition became true."""
        self._run_watched(self.session.run_back, "no breakpoint before this step")

    def _run_watched(self, run: Callable[[Watch], Iterator[int]], otherwise: str) -> None:
        watch = self.session.watch()
        if watch:
            self.run_errand(run(watch), partial(self._tell_hit, otherwise))
        else:
            self.notify("no breakpoint is on: b sets one", timeout=3)

    def _run_until(self, text: str) -> None:
        """On to the first step at which a typed condition becomes true."""
        try:
            validated(text, self.session.tracks)
        except ExpressionError as error:
            self.notify(str(error), severity="error")
            return
        watch, step = Watch(self.session.tracks, [text]), self.session.cursor.step
        if watch.first_true(step, step) is not None:
            self.notify(f"true here already, at step {step}: {text}", timeout=4)
            return
        run = self.session.run(self._limit, watch)
        self.run_errand(run, partial(self._tell_hit, f"not true up to step {self._limit}: {text}", "reached"))

    @property
    def _limit(self) -> int:
        """The last step that is looked at for a condition; from the end of the run as many steps more."""
        session = self.session
        end = max(session.scenario.steps, session.reached)
        return end if session.cursor.step < end else end + session.scenario.steps
