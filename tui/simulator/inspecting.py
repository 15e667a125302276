"""Close looks: at what is selected, and at a lane that diverged."""

from __future__ import annotations

import numpy as np

from tui.render.selection import Step
from tui.simulator.edits import Edits


class Inspecting(Edits):
    """Tables of what a frame has no room for."""

    def action_inspect(self) -> None:
        """All about what is selected; without a selection, about the parameter that this step changes most."""
        from tui.explain.parameter import inspect_parameter

        self.pause()
        frame, widget = self.frame(), self.focused_widget
        if widget is not None and isinstance(widget.selection, Step):
            self._inspect_step(widget.selection.number)
            return
        lane = frame.lane
        rows = widget.inspection(frame) if widget else []
        if not rows:
            largest = int(np.argmax(np.nan_to_num(np.abs(lane.trace.change))))
            rows = inspect_parameter(lane, largest, self.look.ascii)
        self.show_table(f"inspect · {lane.lane.label}", rows, head=False)

    def _inspect_step(self, step: int) -> None:
        """The quantities of all lanes after a step, and a key to go there."""
        from tui.dialogs.table import Table
        from tui.explain.step import inspect_step

        rows = inspect_step(self.session.tracks, step)
        table = Table(f"inspect · after step {step:,}", rows, {"g": "go to this step"})
        self.ask(table, lambda _: self.walk_to(step))

    def action_autopsy(self) -> None:
        """Why the lane in front stopped; its answers go to the last healthy step."""
        from tui.dialogs.table import Table
        from tui.explain.autopsy import autopsy

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
            "h": f"go to step {found.healthy}, the last before θ grew to twice its shortest length",
            "f": "branch there with the learning rate halved",
        }

        def act(answer: str) -> None:
            self.session.go_to(found.healthy)
            if answer == "f":
                rate = track.lane.settings_at(found.healthy).optimizer.learning_rate / 2
                self._edit_branch({"optimizer": {"learning_rate": rate}}, "learning rate halved")
            self.place_panes()

        self.ask(Table(f"autopsy of {self._label}", rows, answers, head=False), act)
