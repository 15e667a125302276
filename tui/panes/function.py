"""The pane function: what a lane computes, over the inputs it was made for, beside what it should."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np

from nncore.arrays import Array
from nncore.function import FunctionModel
from nncore.model import NetworkModel
from tui.explain.names import inputs_said, vector
from tui.explain.notation import subscript as sub
from tui.explain.sample import explain_sample
from tui.explain.sums import pre_activation_sum
from tui.panes.fit import draw_fit
from tui.panes.marks import pointed_samples
from tui.panes.objective import draw_curve, draw_surface, path_of, reach
from tui.panes.pane import Drawing, Hint, Pane, View, message
from tui.panes.plane import class_key, draw_plane
from tui.panes.selectable_plot import ANYWHERE, PlotPane, SelectablePlot
from tui.panes.wrong import Wrong, list_wrong, maps_classes, wrong_answers
from tui.render.cells import longest
from tui.render.numbers import num, number
from tui.render.selection import Point, Sample, Step
from tui.session.frame import LaneFrame

DRAWABLE = 2

WITH_WRONG: tuple[Hint, ...] = (
    *ANYWHERE[:-2],
    ("W", "next wrong", "next_wrong"),
    ANYWHERE[-1],
    ("F", "filter", "only_wrong"),
    ANYWHERE[-2],
)
"""The keys in a map of classes; the last ones go first where there is no room, as ? and the help name them again."""

SHORT = 4
"""Characters of a loss where both losses have no room otherwise: three digits, without the 0 before the point."""


PLANE = (
    ("● ○", "samples of the two classes; filled and hollow, so that they differ without colour"),
    ("◆ ◇", "of the same classes, but answered wrongly; of more classes A, B … in place of 0, 1 …"),
    ("blue, orange", "where the network answers above and below the middle; the fainter, the nearer to it"),
    ("values 0 to 1", "the answers from which on colours are full: the same in all lanes"),
    ("white line", "where it answers exactly the middle: ½, or 0 for labels −1 and 1"),
    ("yellow line", "where the selected unit switches: its pre-activation is 0"),
)
MANY = (
    ("z over y", "each sample's output over what it should be, of many inputs; on the line it is exactly right"),
    ("counts", "samples of a class put into a class, of many inputs; blue into their own, orange mistakes"),
    ("┆", "more classes than there is room for; beside the last one or the first; the zoomed pane has more"),
    ("along", "the output along one input, after enter on a sample; the others are held, ◉ is where the sample is"),
)
FIT = (("•", "a sample of one input"), ("×", "one of this step's batch"))
SURFACE = (
    ("•", "where the run has been on a surface"),
    ("● ○", "θ on a surface, and where the step in view began"),
    ("white line", "where a surface is as high as at θ; blue is higher, orange lower"),
)


class FunctionPane(PlotPane):
    kind = "function"
    title = "function"
    purpose = "what the network computes, with the samples on it"
    legend = (*PLANE, *MANY, *FIT, *SURFACE)
    inside = ANYWHERE

    def depends(self, view: View) -> tuple[object, ...]:
        lane = view.lane
        side = reach(view) if lane.is_function else None
        return (lane.lane, lane.theta.tobytes(), lane.trace, lane.evaluation, side)

    def marks(self, view: View) -> tuple[tuple[str, str], ...]:
        if (variables := _inputs(view.lane)) > DRAWABLE:
            return MANY
        if view.lane.is_function:
            return SURFACE if variables == DRAWABLE else ()
        return PLANE if variables == DRAWABLE else FIT

    def hints(self, view: View) -> tuple[Hint, ...]:
        if many := _of_many(view):
            return many.hints(view)
        return WITH_WRONG if maps_classes(view.lane) else self.inside

    def draw(self, view: View) -> Drawing:
        if many := _of_many(view):
            return replace(many.draw(view), subtitles=measured(view.lane))
        if (variables := _inputs(view.lane)) > DRAWABLE:
            return message(_too_many(variables), view, self.title)
        wrong = wrong_answers(view.lane)
        scene, what = _picture(view, wrong)
        titles = (f"{self.title} · {way}" for way in what)
        lines = scene.marked(view.selection, view.look, pointed_samples(view))
        key = class_key(view.lane.network) if maps_classes(view.lane) else ()
        return Drawing(lines, (*titles, self.title, ""), measured(view.lane, wrong), key)

    def scene(self, view: View) -> SelectablePlot | None:
        return _picture(view, wrong_answers(view.lane))[0] if _inputs(view.lane) <= DRAWABLE else None

    def move(self, view: View, across: int, down: int) -> Hashable:
        many = _of_many(view)
        return many.move(view, across, down) if many else super().move(view, across, down)

    def pick(self, view: View, x: int, y: int) -> Hashable:
        many = _of_many(view)
        return many.pick(view, x, y) if many else super().pick(view, x, y)

    def explain(self, view: View) -> str:
        if many := _of_many(view):
            return many.explain(view)
        lane, selected = view.lane, view.selection
        match lane.lane.model, selected:
            case NetworkModel() as model, Sample(number) if number < model.samples:
                wrong = wrong_answers(view.lane)
                return explain_sample(lane, number, wrong.place(number) if wrong else "")
            case NetworkModel() as model, Point(at) if len(at) == model.network.sizes[0]:
                return explain_input(lane, at)
            case FunctionModel() as model, Point(at) if len(at) == model.parameter_count:
                return explain_theta(model, np.array(at))
            case FunctionModel() as model, Step(number):
                steps, thetas = path_of(lane)
                if selected in steps:
                    return f"step {number}: {explain_theta(model, thetas[steps.index(selected)])}"
        return ""

    def inspect(self, view: View) -> list[tuple[str, ...]]:
        from tui.explain.point import inspect_input

        if many := _of_many(view):
            return many.inspect(view)
        selected = view.selection
        if not view.lane.is_function and isinstance(selected, Point) and len(selected.at) == _inputs(view.lane):
            return inspect_input(view.lane, selected.at, view.look.ascii)
        return super().inspect(view)

    def overview(self, view: View) -> list[tuple[str, ...]]:
        wrong = wrong_answers(view.lane)
        return list_wrong(view.lane, wrong) if wrong else []


def _inputs(lane: LaneFrame) -> int:
    return lane.function.parameter_count if lane.is_function else lane.network.network.sizes[0]


def _of_many(view: View) -> Pane | None:
    """The picture of a network of three or more inputs, whose module only those need."""
    if view.lane.is_function or _inputs(view.lane) <= DRAWABLE:
        return None
    from tui.panes.many_inputs import picture_of

    return picture_of(view)


def _picture(view: View, wrong: Wrong | None) -> tuple[SelectablePlot, tuple[str, ...]]:
    """What is drawn for one input or two, and wordings of what it shows."""
    if view.lane.is_function:
        return (draw_curve, draw_surface)[_inputs(view.lane) - 1](view)
    return draw_plane(view, wrong) if _inputs(view.lane) == DRAWABLE else draw_fit(view)


def explain_input(lane: LaneFrame, at: Sequence[float]) -> str:
    """What the network makes of any input, and the function it should be, where that is known."""
    model = lane.network
    x = np.array([at])
    with np.errstate(all="ignore"):
        a, z = model.network.forward(lane.theta, x)
    wanted = f", the target is {num(float(model.data.target(x)[0, 0]))}" if model.data.target else ""
    last = pre_activation_sum(model, lane.theta, model.network.depth, 0, z[-2][0])
    name = f"z{sub(model.network.depth)}"
    place = inputs_said(model.data, x[0])
    if model.network.activations[-1] == "linear" and z[-1].shape[1] == 1:
        return f"at {place}{wanted}: {name} = {last} = {num(float(a[-1][0, 0]))}"
    return f"at {place}{wanted}: {name} = {vector(z[-1][0])}"


def explain_theta(model: FunctionModel, theta: Array) -> str:
    """A function's value and its gradient at a point."""
    with np.errstate(all="ignore"):
        value, gradient = model.value_and_gradient(theta)
    point = ", ".join(f"{name} = {num(part)}" for name, part in zip(model.names, theta, strict=True))
    slopes = ", ".join(f"∂f/∂{name} = {num(part)}" for name, part in zip(model.names, gradient, strict=True))
    return f"{point}: f = {num(float(value))}, {slopes}"


def _too_many(variables: int) -> str:
    return (
        f"This pane draws functions of one or two variables, here are {variables}. Others show more: weights, "
        "gradients, loss, norms."
    )


def _in_short(loss: float) -> str:
    """A loss in few characters: .713, 1.43, 7e-4."""
    ways = (number(loss, room).strip().removeprefix("0") for room in (SHORT + 2, SHORT + 1))
    return longest(SHORT, *ways) or "0"


def measured(lane: LaneFrame, wrong: Wrong | None = None) -> tuple[str, ...]:
    """A function's value and rate; a network's losses on training and test part with accuracies, words go first.

    wrong: the samples of the training part that are counted, where there is room.
    """
    values = lane.evaluation
    losses = float(values.train_loss), float(values.test_loss)
    train, test = map(num, losses)
    shorter = [_in_short(loss) for loss in losses]
    if lane.is_function:
        rate = lane.lane.settings_at(lane.step).optimizer.learning_rate
        return f"f = {train} · α = {num(rate)}", f"f = {train}"
    of_train, of_test = (
        f" {float(rate):.1%}" if np.isfinite(rate) else "" for rate in (values.train_accuracy, values.test_accuracy)
    )
    told = (f"{of_train} right", of_train) if of_train else ("",)
    counted = (f"{of_train}, {wrong.words}", *told) if wrong else told
    if not np.isfinite(values.test_loss):
        return *(f"train {train}{words}" for words in counted), f"train {train}", train
    return (
        *(f"train {train}{words} · test {test}{of_test}" for words in counted),
        f"train {train} · test {test}",
        f"train {shorter[0]} test {shorter[1]}",
        f"test {test}",
        test,
    )
