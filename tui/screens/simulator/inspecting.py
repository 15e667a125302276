"""Close looks: at a parameter or unit, and at a lane that diverged."""

from __future__ import annotations

import numpy as np

from tui.panes.matrices import entry_of_theta
from tui.render.heatmap import Entry
from tui.render.network import Unit
from tui.screens.simulator.edits import Edits


class Inspecting(Edits):
    """Tables of what a frame has no room for."""

    def action_inspect(self) -> None:
        """All about the selected parameter or unit; without a selection, about where this step changes most."""
        from tui.inspector import inspect_parameter, inspect_unit

        self.pause()
        lane = self.frame().lanes[self.front]
        selected = self.focused_widget.selection if self.focused_widget else None
        if isinstance(selected, Unit):
            rows = inspect_unit(lane, selected)
        else:
            largest = int(np.argmax(np.nan_to_num(np.abs(lane.trace.change))))
            at = entry_of_theta(lane, selected) if isinstance(selected, Entry) else largest
            rows = inspect_parameter(lane, at, self.look.ascii)
        self.show_table(f"inspect · {lane.lane.label}", rows, head=False)

    def action_autopsy(self) -> None:
        """Why the lane in front stopped; its answers go to the last healthy step."""
        from tui.autopsy import autopsy
        from tui.screens.table import Table

        self.pause()
        track = self.session.tracks[self.front]
        found = autopsy(track.timeline)
        if found is None:
            self.notify(f"{self._label} is alive; D opens the autopsy of a lane that stopped", timeout=4)
            return
        rows: list[tuple[str, ...]] = [(f"At step {found.step}, {found.cause} was the first to overflow.",), ("",)]
        rows.append(("step", "batch loss", "gradient norm", "norm of θ"))
        rows += [(str(step), *rest) for step, *rest in found.growth]
        rows += [("",), (found.sharpness,)] if found.sharpness else []
        answers = {
            "h": f"go to step {found.healthy}, the last before θ grew to twice its length",
            "f": "branch there with the learning rate halved",
        }

        def act(answer: str) -> None:
            self.session.go_to(found.healthy)
            if answer == "f":
                rate = track.lane.settings_at(found.healthy).optimizer.learning_rate / 2
                self._edit_branch({"optimizer": {"learning_rate": rate}}, "learning rate halved")
            self.place_panes()

        self.ask(Table(f"autopsy of {self._label}", rows, answers, head=False), act)
