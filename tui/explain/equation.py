"""The equation of the operation under the cursor, with the real shapes and numbers in it.

Rows of a matrix are the batch's samples; entries are counted from 0, as PyTorch counts them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.activations import SOFTMAX
from nncore.arrays import Array
from nncore.function import FunctionModel
from nncore.mistakes.made_of import Entry
from nncore.model import NetworkModel
from nncore.network import activation_named, layer_of
from nncore.operations import Operation, OperationKind
from nncore.parameters import parameter_symbol
from nncore.trace import Trace
from nncore.training import Model
from tui.explain.names import inputs_said
from tui.explain.notation import subscript as sub
from tui.explain.sample import wanted
from tui.explain.sums import (
    TERMS,
    delta_terms,
    gradient_terms,
    loss_terms,
    penalty_terms,
    pre_activation_terms,
    share_of_mean,
    softmax_terms,
)
from tui.explain.update_rule import update_rule
from tui.keymap.own_keys import keyed
from tui.render.numbers import bracketed, num, shape
from tui.render.selection import Sample, Unit
from tui.session.frame import LaneFrame


@dataclass(frozen=True)
class Equation:
    """An operation in symbols and in numbers.

    formula: in symbols. shapes: the same with the real shapes. terms: what makes one entry, in numbers, and
    `result` what they make; where there is no such sum only words. entry: which one it is of what the operation
    computes, as `nncore.mistakes` calls it, where it is one.
    """

    formula: str
    shapes: str = ""
    terms: str = ""
    result: float | None = None
    entry: Entry | None = None

    @property
    def example(self) -> str:
        """One entry with its numbers."""
        return self.terms if self.result is None else f"{self.terms} = {num(self.result)}"


About = int | Unit | None
"""An entry of θ or a unit, whose numbers are wanted rather than the largest ones."""

Wanted = About | Sample
"""The same, or a sample of the batch."""


def unit_about(model: NetworkModel, about: Wanted) -> Unit | None:
    """The unit that is asked about, or the one that an entry of θ belongs to."""
    if not isinstance(about, int):
        return about if isinstance(about, Unit) else None
    layer = layer_of(model.network, about)
    return Unit(layer.number, layer.entry(about)[0])


def entry_about(model: Model, about: Wanted) -> int | None:
    """The entry of θ that is asked about, or the bias of the unit that is."""
    if not isinstance(about, Unit) or isinstance(model, FunctionModel):
        return about if isinstance(about, int) else None
    return model.network.layers[about.layer - 1].index(about.number) if about.layer else None


def row_about(trace: Trace, about: Wanted) -> int | None:
    """The row of the batch that the sample asked about has."""
    if not isinstance(about, Sample):
        return None
    rows = np.flatnonzero(trace.indices == about.number)
    return int(rows[0]) if len(rows) else None


def _largest(model: NetworkModel, trace: Trace, values: Array, d: int, about: Wanted) -> tuple[int, int]:
    """Row and unit of the entry of the largest magnitude in layer d, or of that of the unit or sample asked about."""
    sizes = np.nan_to_num(np.abs(values))
    asked, own_row = unit_about(model, about), row_about(trace, about)
    if asked is not None and asked.layer == d:
        return int(np.argmax(sizes[:, asked.number])), asked.number
    if own_row is not None:
        return own_row, int(np.argmax(sizes[own_row]))
    row, unit = np.unravel_index(int(np.argmax(sizes)), values.shape)
    return int(row), int(unit)


def _largest_entry(values: Array, block: slice, asked: int | None) -> int:
    """The entry of the largest magnitude in a block of θ, or the one asked about."""
    if asked is not None and block.start <= asked < block.stop:
        return asked
    return int(np.argmax(np.nan_to_num(np.abs(values[block])))) + block.start


def equation(frame: LaneFrame, about: About = None, most: int = TERMS) -> Equation:
    """The equation of a lane's current operation, with the numbers of what it is about, if that takes part.

    most: how many terms of a sum are written out, before what the others add.
    """
    if frame.operation is None:
        return Equation("Step 0: nothing computed yet.", terms=keyed("{into}: first operation   {next}: whole step"))
    return equation_of(frame.lane.model, frame.operation, frame.trace, about, most)


def equation_of(model: Model, operation: Operation, trace: Trace, about: Wanted = None, most: int = TERMS) -> Equation:
    """The same of any operation of a step."""
    if isinstance(model, FunctionModel):
        return _function(model, operation, trace, about)
    match operation.kind:
        case OperationKind.BATCH:
            return _batch(model, trace, about)
        case OperationKind.PRE_ACTIVATION:
            return _pre_activation(model, operation.layer, trace, about, most)
        case OperationKind.ACTIVATION:
            return _activation(model, operation.layer, trace, about, most)
        case OperationKind.LOSS:
            return _loss(model, trace, about)
        case OperationKind.OUTPUT_DELTA:
            return _output_delta(model, trace, about)
        case OperationKind.DELTA:
            return _delta(model, operation.layer, trace, about, most)
        case OperationKind.WEIGHT_GRADIENT | OperationKind.BIAS_GRADIENT:
            return _gradient(model, operation, trace, about, most)
        case _:
            return _update(model, operation.layer, trace, about)


def _batch(model: NetworkModel, trace: Trace, about: Wanted) -> Equation:
    x, row = trace.z[0], row_about(trace, about) or 0
    sample = int(trace.indices[row])
    return Equation(
        f"Z₀ = X: {len(x)} of {model.samples} samples",
        shape(*x.shape),
        f"sample {sample}: {inputs_said(model.data, x[row])}, {wanted(model, trace.targets[row])}",
    )


def _pre_activation(model: NetworkModel, d: int, trace: Trace, about: Wanted, most: int) -> Equation:
    w, b = model.network.split(trace.theta)[d - 1]
    a, z = trace.a[d - 1], trace.z[d - 1]
    row, unit = _largest(model, trace, a, d, about)
    terms = pre_activation_terms(model, trace, d, row, unit, most)
    return Equation(
        f"A{sub(d)} = Z{sub(d - 1)} W{sub(d)}ᵀ + b{sub(d)}",
        f"{shape(*a.shape)} = ({shape(*z.shape)})({shape(*w.T.shape)}) + {len(b)}",
        f"a{sub(d)} of sample {trace.indices[row]}, unit {unit}: {terms}",
        float(a[row, unit]),
        (row, unit),
    )


def _activation(model: NetworkModel, d: int, trace: Trace, about: Wanted, most: int) -> Equation:
    a, z = trace.a[d - 1], trace.z[d]
    activation = activation_named(model.network.activations[d - 1])
    row, unit = _largest(model, trace, a, d, about)
    over_row = activation is SOFTMAX
    terms = softmax_terms(a[row], unit, most) if over_row else f"a = {num(a[row, unit])} → z"
    return Equation(
        f"Z{sub(d)} = {activation.name}(A{sub(d)}), {'row by row' if over_row else 'element by element'}: "
        f"z = {activation.formula}",
        shape(*z.shape),
        f"sample {trace.indices[row]}, unit {unit}: {terms}",
        float(z[row, unit]),
        (row, unit),
    )


def _loss(model: NetworkModel, trace: Trace, about: Wanted) -> Equation:
    losses = model.loss.value(trace.a[-1], trace.z[-1], trace.targets)
    asked = row_about(trace, about)
    row = int(np.argmax(np.nan_to_num(losses))) if asked is None else asked
    mean = "1/m Σ over samples of " if model.reduction == "mean" else "Σ over samples of "
    symbols, numbers = penalty_terms(model, trace)
    data_loss = f" = {num(losses.sum() * model.scale(len(losses)))}{numbers}" if numbers else ""
    return Equation(
        f"L = {mean}{model.loss.formula}{symbols}{data_loss} = {num(trace.loss)}",
        f"m = {len(losses)}",
        f"{'largest: ' * (asked is None)}sample {trace.indices[row]}{loss_terms(model, trace, row)}",
        float(losses[row]),
    )


def _output_delta(model: NetworkModel, trace: Trace, about: Wanted) -> Equation:
    depth, delta = model.network.depth, trace.delta[-1]
    row, unit = _largest(model, trace, delta, depth, about)
    loss, outputs = model.loss, "P" if model.loss.from_logits else f"Z{sub(depth)}"
    derivative = loss.derivative_terms.format(z=outputs, y="Y").replace(" - ", " − ")
    linear = loss.from_logits or model.network.activations[-1] == "linear"
    return Equation(
        f"Δ{sub(depth)} = {share_of_mean(model, trace)}{derivative}{'' if linear else f' ⊙ σ′(A{sub(depth)})'}",
        shape(*delta.shape),
        f"sample {trace.indices[row]}, output {unit}: {delta_terms(model, trace, depth, row, unit)}",
        float(delta[row, unit]),
        (row, unit),
    )


def _delta(model: NetworkModel, d: int, trace: Trace, about: Wanted, most: int) -> Equation:
    w = model.network.split(trace.theta)[d][0]
    delta, above = trace.delta[d - 1], trace.delta[d]
    row, unit = _largest(model, trace, delta, d, about)
    m, units = delta.shape
    derivative = activation_named(model.network.activations[d - 1]).derivative_formula
    return Equation(
        f"Δ{sub(d)} = (Δ{sub(d + 1)} W{sub(d + 1)}) ⊙ σ′(A{sub(d)}), σ′ = {derivative}",
        f"{shape(m, units)} = ({shape(*above.shape)})({shape(*w.shape)}) ⊙ {shape(m, units)}",
        f"sample {trace.indices[row]}, unit {unit}: {delta_terms(model, trace, d, row, unit, most)}",
        float(delta[row, unit]),
        (row, unit),
    )


def _gradient(model: NetworkModel, operation: Operation, trace: Trace, about: Wanted, most: int) -> Equation:
    d = operation.layer
    layer, delta, z = model.network.layers[d - 1], trace.delta[d - 1], trace.z[d - 1]
    m = len(delta)
    if operation.kind is OperationKind.WEIGHT_GRADIENT:
        block = layer.weights
        formula = f"∂L/∂W{sub(d)} = Δ{sub(d)}ᵀ Z{sub(d - 1)}{_penalty_gradient(trace, d)}"
        shapes = f"{shape(layer.fan_out, layer.fan_in)} = ({shape(layer.fan_out, m)})({shape(m, z.shape[1])})"
    else:
        block = layer.biases
        formula = f"∂L/∂b{sub(d)} = Σ over samples of δ{sub(d)}"
        shapes = f"{layer.fan_out} ← {shape(m, layer.fan_out)}"
    if d in trace.settings.frozen:
        return Equation(formula, shapes, f"layer {d} is frozen: its gradient counts as 0")
    at = _largest_entry(trace.gradient, block, entry_about(model, about))
    terms = f"∂L/∂{parameter_symbol(model, at)}: {gradient_terms(model, trace, at, most)}"
    return Equation(formula, shapes, terms, float(trace.gradient[at]), _entry(model, at))


def _penalty_gradient(trace: Trace, d: int) -> str:
    settings = trace.settings
    l2 = f" + {num(settings.l2)}·W{sub(d)}" if settings.l2 else ""
    l1 = f" + {num(settings.l1)}·sign(W{sub(d)})" if settings.l1 else ""
    return l2 + l1


def _update(model: Model, d: int, trace: Trace, about: Wanted) -> Equation:
    block = model.blocks[d - 1]
    entry = _largest_entry(trace.change, block, entry_about(model, about))
    count = block.stop - block.start
    symbol = "θ" if isinstance(model, FunctionModel) else f"θ{sub(d)}"
    where = parameter_symbol(model, entry)
    rule = update_rule(trace, symbol, entry)
    parameters = f"{count} parameter{'s' * (count > 1)}"
    terms = f"{where}{rule.given}: {rule.terms}"
    return Equation(rule.formula, parameters, terms, float(trace.after[entry]), _entry(model, entry))


def _entry(model: Model, at: int) -> Entry:
    """Which entry of its layer's W or b an entry of θ is."""
    if isinstance(model, FunctionModel):
        return (at,)
    row, column = layer_of(model.network, at).entry(at)
    return (row,) if column is None else (row, column)


def _function(model: FunctionModel, operation: Operation, trace: Trace, about: Wanted) -> Equation:
    point = ", ".join(f"{name} = {num(v)}" for name, v in zip(model.names, trace.theta, strict=True))
    match operation.kind:
        case OperationKind.BATCH:
            noise = ", ".join(num(v) for v in trace.noise)
            added = f"noise of this step: ({noise})" if trace.noise.any() else "no noise in this step"
            return Equation("θ is the point itself: no samples", point, added)
        case OperationKind.VALUE | OperationKind.LOSS:
            return Equation("L = f(θ)", terms=f"at {point}: f", result=float(trace.loss), entry=())
        case OperationKind.GRADIENT:
            parts = ", ".join(
                f"∂f/∂{name} = {num(g - n)}" + (f" + noise {bracketed(n)}" if n else "")
                for name, g, n in zip(model.names, trace.gradient, trace.noise, strict=True)
            )
            added = ", plus the step's noise" if trace.noise.any() else ""
            return Equation(f"g = ∂f/∂θ, the gradient of f at θ{added}", point, parts)
        case _:
            return _update(model, operation.layer, trace, about)
