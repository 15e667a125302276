"""The pane function: what a lane computes, over the inputs it was made for, beside what it should."""

from __future__ import annotations

import numpy as np

from nncore.function import FunctionModel
from tui.equation import num
from tui.frame import LaneFrame
from tui.panes.fit import draw_fit
from tui.panes.objective import draw_curve, draw_surface
from tui.panes.pane import Drawing, Pane, View, message
from tui.panes.plane import draw_plane

DRAWABLE = 2


class FunctionPane(Pane):
    kind = "function"
    title = "function"
    purpose = "what the network computes: a curve over one input, a map over two, with the samples on it"

    def depends(self, view: View) -> tuple[object, ...]:
        lane = view.lane
        return (lane.lane, lane.theta.tobytes(), lane.trace, lane.evaluation)

    def draw(self, view: View) -> Drawing:
        model = view.lane.lane.model
        if isinstance(model, FunctionModel):
            inputs, pictures = model.parameter_count, (draw_curve, draw_surface)
        else:
            inputs, pictures = model.network.sizes[0], (draw_fit, draw_plane)
        if inputs > DRAWABLE:
            return message(_too_many(inputs, isinstance(model, FunctionModel)), view, self.title)
        lines, what = pictures[inputs - 1](view)
        return Drawing(lines, f"{self.title} · {what}" if what else self.title, measured(view.lane, view.width - 2))


def _too_many(inputs: int, function: bool) -> str:
    what = "functions of one or two variables" if function else "networks with one or two inputs"
    return f"This pane draws {what}, here are {inputs}. Open others with m: weights, gradients, loss, norms."


def measured(lane: LaneFrame, room: int) -> str:
    """A function's value; a network's losses on the training and the test part, with accuracies if there is room."""
    values, model = lane.evaluation, lane.lane.model
    if isinstance(model, FunctionModel):
        return f"f({', '.join(model.names)}) = {num(float(values.train_loss))}"
    short, full = [], []
    for name, loss, accuracy in (
        ("train", values.train_loss, values.train_accuracy),
        ("test", values.test_loss, values.test_accuracy),
    ):
        if name == "train" or np.isfinite(loss):
            short.append(f"{name} {num(float(loss))}")
            full.append(f"{short[-1]} {float(accuracy):.1%}" if np.isfinite(accuracy) else short[-1])
    text = " · ".join(full)
    return text if len(text) <= room else " · ".join(short)
