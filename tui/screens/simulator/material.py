"""A learner's own material: a scenario changed in a form, and a file that is read again when it changes on disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui.screens.simulator.debugging import Debugging

if TYPE_CHECKING:
    from scenarios.scenario import Scenario


class Material(Debugging):
    """Actions of the simulator on the scenario itself. overrides: the changes made to its file in forms."""

    overrides: list[str]
    _seen: float | None = None

    def reopen(self, scenario: Scenario, overrides: list[str], keep_view: bool) -> None:
        raise NotImplementedError

    def action_rework(self) -> None:
        """Change keys of the scenario and start it anew; the file stays as it is."""
        from tui.reworking import rework_fields, reworked
        from tui.screens.form import Form

        self.pause()
        scenario = self.session.scenario
        fields = rework_fields(scenario, min(self.front, len(scenario.lanes) - 1))

        def accept(values: dict[str, str]) -> tuple[Scenario, list[str]]:
            return reworked(scenario, self.overrides, fields, values)

        def take(answer: tuple[Scenario, list[str]] | None) -> None:
            if answer is not None:
                self.reopen(*answer, keep_view=False)

        note = "A copy of this scenario starts from step 0; x and l write it to a file of its own."
        self.app.push_screen(Form(f"change {scenario.name}", fields, accept, note), take)

    def watch_file(self) -> None:
        """Read the scenario's file again when it has changed, keeping the view; say what is wrong with it if it is."""
        from scenarios.errors import ScenarioError
        from scenarios.loader import load

        changed = self._modified()
        if changed is None or changed == self._seen:
            return
        first, self._seen = self._seen is None, changed
        if first:
            return
        try:
            scenario = load(self.session.scenario.file, self.overrides)
        except ScenarioError as error:
            self.notify(str(error), title="the file changed", severity="error", timeout=12)
            return
        self.reopen(scenario, self.overrides, keep_view=True)
        self.notify(f"read again: {scenario.file}", timeout=3)

    def _modified(self) -> float | None:
        """When the scenario's file was written last; None for one of the library."""
        path = Path(self.session.scenario.file)
        try:
            return path.stat().st_mtime if path.suffix else None
        except OSError:
            return None
