"""A learner's own material: a scenario changed in a form, and a file that is read again when it changes on disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui.session.session import Session
from tui.simulator.predicting import Predicting

if TYPE_CHECKING:
    from scenarios.scenario import Scenario

MOST_FORMER = 4
"""How many runs of the scenario as it was are kept for undo."""
WATCH_SECONDS = 1.0
"""How often the scenario's file is looked at."""


class Material(Predicting):
    """Actions on the scenario itself, which start it anew."""

    _seen: float | None = None

    def on_mount(self) -> None:
        self.set_interval(WATCH_SECONDS, self._watch_file)

    def _reopen(self, scenario: Scenario, keep_view: bool) -> None:
        """Start a changed scenario; with `keep_view` go to the step where the one before was left, which undo brings
        back."""
        self.pause()
        step, points = self.session.cursor.step, self.session.breakpoints
        self._former = [*self._former, self.session][-MOST_FORMER:]
        self._begin(Session.begin(scenario))
        self.bring_to_front(self.front)
        if keep_view:
            self.session.breakpoints = points
            self.walk_to(step)

    def action_rework(self) -> None:
        """Change keys of the scenario and start it anew; the file stays as it is."""
        from tui.simulator.scenario_form import rework_fields, reworked

        self.pause()
        scenario = self.session.scenario
        fields = rework_fields(scenario, min(self.front, len(scenario.lanes) - 1))

        def accept(values: dict[str, str]) -> Scenario:
            return reworked(scenario, fields, values)

        def take(changed: Scenario) -> None:
            self._reopen(changed, keep_view=False)

        note = "A copy of this scenario starts from step 0 (u brings this run back); x and l write it to a file."
        self.ask_form(f"change {scenario.name}", fields, accept, take, note)

    def _watch_file(self) -> None:
        """Read the scenario's file again when it says something else, keeping the view; say what is wrong if it is.

        While a dialog is open or the run goes on that waits.
        """
        from scenarios.errors import ScenarioError
        from scenarios.export.self_contained import self_contained
        from scenarios.file.loader import load

        if self.app.screen is not self or self.under_way:
            return
        changed = self._modified()
        if changed is None or changed == self._seen:
            return
        first, self._seen = self._seen is None, changed
        if first:
            return
        opened = self.session.scenario
        try:
            scenario = load(opened.file, opened.overrides)
        except ScenarioError as error:
            self.notify(str(error), title="the file changed", severity="error", timeout=12)
            return
        if self_contained(scenario) != self_contained(opened):
            self._reopen(scenario, keep_view=True)
            self.notify(f"read again: {scenario.file}   (u brings the run before back)", timeout=4)

    def _modified(self) -> float | None:
        """When the scenario's file was written last; None for one of the library."""
        path = Path(self.session.scenario.file)
        try:
            return path.stat().st_mtime if path.suffix else None
        except OSError:
            return None
