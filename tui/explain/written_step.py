"""A whole step written out, operation by operation: in symbols, in shapes, what is computed, one entry in terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.function import FunctionModel
from nncore.model import NetworkModel
from nncore.operations import Operation, OperationKind, operations
from nncore.trace import Trace, first_overflow
from nncore.training import Lane, Model
from tui.explain.equation import Equation, equation_of
from tui.explain.notation import operation_name, the_others
from tui.explain.notation import subscript as sub
from tui.explain.rows import TOP
from tui.render.numbers import num, shape
from tui.render.selection import Sample

SHOWN = 12
"""How many rows and columns of a matrix stand in text before the rest is counted."""


@dataclass(frozen=True, eq=False)
class Computed:
    """An array of a step. name: as in files, dW2. symbol: as on the screen. of_samples: its rows are the batch's."""

    name: str
    symbol: str
    values: Array
    of_samples: bool = False


@dataclass(frozen=True, eq=False)
class WrittenOperation:
    """One operation of a step, and the arrays that it computes."""

    operation: Operation
    equation: Equation
    computed: tuple[Computed, ...]


@np.errstate(all="ignore")
def written(model: Model, trace: Trace, sample: int | None = None) -> list[WrittenOperation]:
    """The operations of a step; entries in terms are of a sample of the batch where one is given."""
    about = None if sample is None else Sample(sample)
    return [
        WrittenOperation(operation, equation_of(model, operation, trace, about, TOP), computed(model, trace, operation))
        for operation in operations(model)
    ]


def parameters(model: Model, theta: Array, layer: int = 0) -> tuple[Computed, ...]:
    """W and b of all layers or of one, or the variables of a function."""
    return tuple(
        Computed(name, name if isinstance(model, FunctionModel) else f"{name[0]}{sub(int(name[1:]))}", values)
        for name, values in model.parts(theta)
        if not layer or name[1:] == str(layer)
    )


def memory(model: Model, trace: Trace) -> dict[str, tuple[Computed, ...]]:
    """What the optimizer remembers before the step, by its symbol."""
    names = trace.settings.optimizer.rule(trace.count).state
    return {name: parameters(model, values) for name, values in zip(names, trace.memory_before, strict=True)}


def computed(model: Model, trace: Trace, operation: Operation) -> tuple[Computed, ...]:
    """The arrays that an operation computes."""
    if operation.kind is OperationKind.UPDATE:
        return parameters(model, trace.after, operation.layer)
    if isinstance(model, NetworkModel):
        return _of_network(model, trace, operation)
    match operation.kind:
        case OperationKind.BATCH:
            return (Computed("noise", "noise", trace.noise),)
        case OperationKind.GRADIENT:
            made = parameters(model, trace.gradient)
            return tuple(Computed(f"d{one.name}", f"∂f/∂{one.symbol}", one.values) for one in made)
        case kind:
            value = np.array(trace.loss)
            return (Computed("loss", "L", value) if kind is OperationKind.LOSS else Computed("value", "f", value),)


def _of_network(model: NetworkModel, trace: Trace, operation: Operation) -> tuple[Computed, ...]:
    d = operation.layer
    match operation.kind:
        case OperationKind.BATCH:
            return Computed("x", "X", trace.z[0], True), Computed("y", "Y", trace.targets, True)
        case OperationKind.PRE_ACTIVATION:
            return (Computed(f"a{d}", f"A{sub(d)}", trace.a[d - 1], True),)
        case OperationKind.ACTIVATION:
            return (Computed(f"z{d}", f"Z{sub(d)}", trace.z[d], True),)
        case OperationKind.LOSS:
            losses = model.loss.value(trace.a[-1], trace.z[-1], trace.targets)
            each = Computed("losses", f"{model.loss.formula} of each sample", losses[:, None], True)
            return each, Computed("loss", "L", np.array(trace.loss))
        case OperationKind.OUTPUT_DELTA | OperationKind.DELTA:
            return (Computed(f"delta{d}", f"Δ{sub(d)}", trace.delta[d - 1], True),)
        case kind:
            own = "W" if kind is OperationKind.WEIGHT_GRADIENT else "b"
            made = parameters(model, trace.gradient, d)
            return tuple(Computed(f"d{p.name}", f"∂L/∂{p.symbol}", p.values) for p in made if p.name[0] == own)


# as lines


def step_lines(lane: Lane, trace: Trace, sample: int | None = None) -> Iterator[str]:
    """The step as text, each row of a matrix on a line of its own; with a sample only its rows."""
    model = lane.model
    rows = _Rows(trace, sample)
    yield "Before the step"
    for one in parameters(model, trace.theta):
        yield from rows.lines(one)
    every = written(model, trace, sample)
    for number, step in enumerate(every, 1):
        yield ""
        yield f"{number} of {len(every)}  {step.operation.phase}: {operation_name(step.operation)}"
        yield f"  {step.equation.formula}"
        if step.equation.shapes:
            yield f"  {step.equation.shapes}"
        for one in step.computed:
            if one.values.ndim or step.operation.kind is OperationKind.UPDATE:  # else the equation has the number
                yield from rows.lines(one)
        yield f"  {step.equation.example}"
    if not trace.finite:
        overflow = first_overflow(lane, trace)
        what = operation_name(overflow) if overflow else "the update"
        yield ""
        yield f"Step {trace.step + 1} is not finite: {what} is not. The lane stops here, and θ stays as it was."


@dataclass(frozen=True, eq=False)
class _Rows:
    """Writes arrays of a step; of those whose rows are samples only one row, where a sample is given."""

    trace: Trace
    sample: int | None

    def lines(self, one: Computed) -> Iterator[str]:
        """A number or a vector on one line, a matrix with a line a row."""
        values = one.values
        if values.ndim < 2:
            yield f"  {one.symbol} = {', '.join(_cells(np.atleast_1d(values)))}"
            return
        rows = range(len(values))
        if one.of_samples and self.sample is not None:
            rows = range(int(np.flatnonzero(self.trace.indices == self.sample)[0]), len(values))[:1]
        shown = rows[:SHOWN]
        yield f"  {one.symbol}, {shape(*values.shape)}"
        cells = [_cells(values[row]) for row in shown]
        width = max(len(cell) for row in cells for cell in row[:SHOWN])
        labels = [f"sample {self.trace.indices[row]}:" if one.of_samples else f"row {row}:" for row in shown]
        for label, texts in zip(labels, cells, strict=True):
            yield f"    {label:<{max(map(len, labels))}}  {'  '.join(text.rjust(width) for text in texts)}"
        if len(rows) > SHOWN:
            yield f"    and {the_others(len(rows) - SHOWN, 'row')}"


def _cells(values: Array) -> Sequence[str]:
    """Numbers, and how many more there are."""
    more = [f"and {the_others(len(values) - SHOWN, 'number')}"] if len(values) > SHOWN else []
    return [num(value) for value in values[:SHOWN]] + more
