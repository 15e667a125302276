"""The pane network: units and edges, lit as the passes go through them."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from nncore.arrays import Array
from nncore.idle_units import IdleUnits, idle_units
from nncore.model import NetworkModel
from nncore.operations import OperationKind, Phase
from scenarios.guide import OF_UNITS
from tui.explain.equation import equation
from tui.explain.notation import operation_name
from tui.explain.unit import SHOWN, explain_unit
from tui.panes.marks import pointed_layers, pointed_units
from tui.panes.pane import Drawing, Pane, View, message
from tui.render.network import Diagram, Layer, Numbers, network
from tui.render.numbers import num
from tui.render.selection import Unit

WITH_NUMBERS = 4
"""Units that the widest layer may have for numbers to stand in the picture."""

OF_A_SAMPLE = (OperationKind.PRE_ACTIVATION, OperationKind.ACTIVATION, OperationKind.OUTPUT_DELTA, OperationKind.DELTA)


class NetworkPane(Pane):
    kind = "network"
    title = "network"
    purpose = "units and edges: weights, going back the gradients"
    legend = (
        ("●", "a unit; the number under it is x, a, z or δ of the sample named in the border"),
        ("∅", "a unit that is 0 on every training sample: a dead one"),
        ("■", "a saturated unit: its slope is below 0.01 on nearly every training sample"),
        ("lines", "weights, in the backward pass gradients: blue +, orange − and dashed, the brighter the larger"),
        ("┆", "more units than there is room for"),
    )

    def depends(self, view: View) -> tuple[object, ...]:
        return (*super().depends(view), view.frame.cursor.position is None)

    def draw(self, view: View) -> Drawing:
        if view.lane.is_function:
            return message("A function has no units and edges. The pane function draws it.", view, self.title)
        backward = _backward(view)
        what = "gradients" if backward else "weights"
        largest = _scale(view)
        scale = f"±{num(largest)}" if largest else ""
        lit = view.lane.operation
        lighted = operation_name(lit) if lit and not _rests(view) else ""
        titles = f"{self.title}: {what} {scale}", f"{self.title} {scale}", self.title, scale
        told, below = _idle_told(view), (*_with_sample(view, lighted), lighted)
        marked = [" · ".join(filter(None, (told, words))) for words in below]
        return Drawing(_diagram(view).lines, titles, (*marked, told or lighted, ""))

    def move(self, view: View, across: int, down: int) -> Hashable:
        if view.lane.is_function:
            return None
        network, selected = view.lane.network.network, _selected(view)
        if selected is None:
            return _pointed_at(view) or Unit(network.depth, 0)
        layer = min(max(selected.layer + across, 0), network.depth)
        return Unit(layer, min(max(selected.number + down, 0), network.sizes[layer] - 1))

    def pick(self, view: View, x: int, y: int) -> Hashable:
        return None if view.lane.is_function else _diagram(view).unit(x, y)

    def explain(self, view: View) -> str:
        selected = _selected(view)
        return explain_unit(view.lane, selected) if selected else ""

    def inspect(self, view: View) -> list[tuple[str, ...]]:
        from tui.explain.unit import inspect_unit

        selected = _selected(view)
        return inspect_unit(view.lane, selected, view.look.ascii) if selected else super().inspect(view)


def _selected(view: View) -> Unit | None:
    """The selected unit, if this lane has it."""
    unit = view.selection
    if view.lane.is_function or not isinstance(unit, Unit):
        return None
    sizes = view.lane.network.network.sizes
    return unit if unit.layer < len(sizes) and unit.number < sizes[unit.layer] else None


def _rests(view: View) -> bool:
    return view.frame.cursor.position is None


def _backward(view: View) -> bool:
    operation = view.lane.operation
    return operation is not None and operation.phase is Phase.BACKWARD and not _rests(view)


def _edges(view: View) -> Array:
    """A vector shaped like θ: the weights, or in the backward pass the gradients, NaN where it has not come to."""
    lane = view.lane
    if not _backward(view):
        return lane.theta
    return np.where(lane.gradient_reached, lane.trace.gradient, np.nan)


def _scale(view: View) -> float:
    """The largest magnitude of the edges that are drawn, which no bias is."""
    sizes = np.abs(_edges(view)[view.lane.lane.model.penalized > 0])
    return float(sizes.max(where=np.isfinite(sizes), initial=0.0))


def _diagram(view: View) -> Diagram:
    lane, model, values = view.lane, view.lane.network, _edges(view)
    operation = None if _rests(view) else lane.operation
    return network(
        _layers(view, model, lane.theta, values),
        view.width,
        view.height,
        _scale(view),
        view.look,
        current=operation.layer if operation else None,
        direction="backward" if _backward(view) else "forward",
        selected=_selected(view),
        pointed=pointed_units(view),
        spoken=pointed_layers(view),
        numbers=_numbers(view),
    )


def _row(view: View) -> int:
    """The row of the batch whose numbers stand in the picture: the one that the equation is about, if it is of one."""
    operation = view.lane.operation
    if _selected(view) or operation is None or operation.kind not in OF_A_SAMPLE:
        return SHOWN
    entry = equation(view.lane).entry
    return entry[0] if entry else SHOWN


def _with_sample(view: View, lighted: str) -> tuple[str, ...]:
    """What is lit, and the sample whose numbers are shown, where there are several."""
    lane = view.lane
    if lane.operation is None or _rests(view) or not _has_numbers(view) or lane.network.samples == 1:
        return ()
    sample = f"sample {lane.trace.indices[_row(view)]}"
    return f"{lighted} · {sample}", sample


def _has_numbers(view: View) -> bool:
    return max(view.lane.network.network.sizes) <= WITH_NUMBERS


def _numbers(view: View) -> Numbers | None:
    """What the step in view has computed for every unit of a small network: x, a or z, going back δ.

    From the update on nothing, as the weights in the picture are no longer those that it was computed with.
    """
    if not _has_numbers(view):
        return None
    lane, depth, sub = view.lane, view.lane.network.network.depth, view.look.subscript
    letters = ["x", *(f"z{sub(d)}" for d in range(1, depth + 1))]
    values: list[Array | None] = [None] * (depth + 1)
    if lane.operation is None or lane.operation.phase is Phase.UPDATE:
        return Numbers(letters, values)
    row, trace = _row(view), lane.trace
    for operation in lane.operations[: lane.index + 1]:
        d = operation.layer
        match operation.kind:
            case OperationKind.BATCH:
                values[0] = trace.z[0][row]
            case OperationKind.PRE_ACTIVATION:
                letters[d], values[d] = f"a{sub(d)}", trace.a[d - 1][row]
            case OperationKind.ACTIVATION:
                letters[d], values[d] = f"z{sub(d)}", trace.z[d][row]
            case OperationKind.OUTPUT_DELTA | OperationKind.DELTA:
                letters[d], values[d] = f"δ{sub(d)}", trace.delta[d - 1][row]
    return Numbers(letters, values)


def _idle(model: NetworkModel, theta: bytes) -> tuple[IdleUnits, IdleUnits]:
    """The units that are dead and those that are saturated at θ."""
    with np.errstate(all="ignore"):
        return idle_units(model, np.frombuffer(theta))


def _layers(view: View, model: NetworkModel, theta: Array, values: Array) -> list[Layer]:
    """The edges by `values`, and which units are dead or saturated at θ, in layers that the step has come to."""
    lane = view.lane
    done = {one.layer for one in lane.operations[: lane.index + 1] if one.kind is OperationKind.ACTIVATION}
    if not done:
        return [Layer(weights) for weights, _ in model.network.split(values)]
    dead, saturated = view.base.drawn(_idle, model, theta.tobytes())
    nothing = [np.zeros(model.network.sizes[-1], dtype=bool)]
    layers = zip(model.network.split(values), [*dead, *nothing], saturated, strict=True)
    return [
        Layer(weights, dead=gone, saturated=stuck) if number in done else Layer(weights)
        for number, ((weights, _), gone, stuck) in enumerate(layers, 1)
    ]


def _idle_told(view: View) -> str:
    """What the marks of units mean, as far as there are such units."""
    layers = _layers(view, view.lane.network, view.lane.theta, _edges(view))
    glyphs = view.look.glyphs
    units = [
        (layer.dead, layer.saturated) for layer in layers if layer.dead is not None and layer.saturated is not None
    ]
    dead, flat = any(gone.any() for gone, _ in units), any((stuck & ~gone).any() for gone, stuck in units)
    return " ".join([f"{glyphs.dead} 0 for all samples"] * dead + [f"{glyphs.saturated} slope near 0"] * flat)


def _pointed_at(view: View) -> Unit | None:
    """The first unit that the guide points at in this lane."""
    guide, lane = view.frame.lesson.guide, view.lane
    for target in guide.targets if guide else ():
        if target.layer and target.name in OF_UNITS and target.lane in (None, lane.lane.id):
            return Unit(target.layer, target.index[-1] if target.index else 0)
    return None
