"""The pane function: what a lane computes, over the inputs it was made for, beside what it should."""

from __future__ import annotations

import numpy as np

from nncore.function import FunctionModel
from tui.equation import num
from tui.frame import LaneFrame
from tui.panes.fit import draw_fit
from tui.panes.objective import draw_curve, draw_surface, reach
from tui.panes.pane import Drawing, Pane, View, message
from tui.panes.plane import draw_plane

DRAWABLE = 2


class FunctionPane(Pane):
    kind = "function"
    title = "function"
    purpose = "what the network computes over one input or two, with the samples on it"

    def depends(self, view: View) -> tuple[object, ...]:
        lane = view.lane
        side = reach(view) if isinstance(lane.lane.model, FunctionModel) else None
        return (lane.lane, lane.theta.tobytes(), lane.trace, lane.evaluation, side)

    def draw(self, view: View) -> Drawing:
        model = view.lane.lane.model
        if isinstance(model, FunctionModel):
            inputs, pictures = model.parameter_count, (draw_curve, draw_surface)
        else:
            inputs, pictures = model.network.sizes[0], (draw_fit, draw_plane)
        if inputs > DRAWABLE:
            return message(_too_many(inputs, isinstance(model, FunctionModel)), view, self.title)
        lines, what = pictures[inputs - 1](view)
        titles = (f"{self.title} · {what}",) if what else ()
        return Drawing(lines, (*titles, self.title, ""), measured(view.lane))


def _too_many(inputs: int, function: bool) -> str:
    what = "functions of one or two variables" if function else "networks with one or two inputs"
    return f"This pane draws {what}, here are {inputs}. Open others with m: weights, gradients, loss, norms."


def measured(lane: LaneFrame) -> tuple[str, ...]:
    """A function's value; a network's losses on training and test part with accuracies, the test part's last to go."""
    values = lane.evaluation
    train, test = (num(float(loss)) for loss in (values.train_loss, values.test_loss))
    if isinstance(lane.lane.model, FunctionModel):
        return (f"f = {train}",)
    of_train, of_test = (
        f" {float(rate):.1%}" if np.isfinite(rate) else "" for rate in (values.train_accuracy, values.test_accuracy)
    )
    if not np.isfinite(values.test_loss):
        return f"train {train}{of_train}", f"train {train}"
    return (
        f"train {train}{of_train} · test {test}{of_test}",
        f"train {train} · test {test}",
        f"test {test}{of_test}",
        f"test {test}",
    )
