"""What each operation of a step is made of, laid out as matrices: those that go in, and the one to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np

from nncore.arrays import Array
from nncore.mistakes.made_of import Entry
from nncore.model import NetworkModel
from nncore.network import Layer
from nncore.operations import Operation, OperationKind
from nncore.trace import Trace
from nncore.training import Model
from tui.explain.notation import subscript as sub
from tui.explain.notation import the_others
from tui.render.numbers import num

MOST_ASKED = 4
"""A matrix with more rows or columns is filled in for a chosen unit."""
MOST_SAMPLES = 8
"""A batch of more is filled in one sample at a time."""
MOST_TERMS = 6
"""Of a sum of more products the largest are shown, and what the others add."""


@dataclass(frozen=True)
class Scope:
    """What of a step is filled in: a sample, by its row in the batch, or all; of each wide layer one of its units."""

    row: int
    whole: bool
    units: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Grid:
    """A matrix (r, c) under its name, with the names of its rows and columns."""

    title: str
    values: Array
    rows: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Sheet:
    """An operation to fill in.

    given: what goes into it. notes: constants and functions that take part. cells: what it computes, as far as it is
    shown. asked: by row and column of `cells`, the entries to fill in as `nncore.mistakes` calls them.
    after: θ once the update is made, for others None.
    """

    given: tuple[Grid, ...]
    notes: tuple[str, ...]
    cells: Grid
    asked: dict[tuple[int, int], Entry]
    after: Grid | None = None


def sheet(model: Model, trace: Trace, operation: Operation, scope: Scope) -> Sheet:
    """The sheet of any operation but the batch; raises KeyError for that."""
    if not isinstance(model, NetworkModel):
        return _function_sheet(model, trace, operation)
    return _SHEETS[operation.kind](_Layout(model, trace, operation.layer, scope))


def first_scope(model: Model, trace: Trace) -> Scope:
    """The whole of a small batch, else the sample with the largest error; of wide layers the unit with the largest."""
    if not isinstance(model, NetworkModel):
        return Scope(0, True, ())
    deltas = [np.nan_to_num(np.abs(delta)) for delta in trace.delta]
    row = int(deltas[-1].sum(1).argmax())
    units = tuple(int(delta[row].argmax()) for delta in deltas)
    return Scope(row, len(trace.indices) <= MOST_ASKED, units)


@dataclass(frozen=True, eq=False)
class _Layout:
    """What of a layer d is shown: `rows` of the batch, and `units`, those that are asked for, of each layer."""

    model: NetworkModel
    trace: Trace
    d: int
    scope: Scope
    rows: list[int] = field(init=False)
    samples: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        rows = list(range(len(self.trace.indices))) if self.scope.whole else [self.scope.row]
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "samples", tuple(str(self.trace.indices[row]) for row in rows))

    @property
    def layer(self) -> Layer:
        return self.model.layers[self.d - 1]

    @property
    def units(self) -> list[int]:
        """The units that are asked for."""
        count = self.layer.fan_out
        return list(range(count)) if count <= MOST_ASKED else [self.scope.units[self.d - 1]]

    @property
    def shown_units(self) -> list[int]:
        """Those whose results are shown."""
        first = max(0, min(self.units[0] - MOST_ASKED, self.layer.fan_out - MOST_TERMS))
        return list(range(self.layer.fan_out))[first : first + MOST_TERMS]

    @property
    def inputs(self) -> list[int]:
        """The columns of W that are asked for."""
        return list(range(min(self.layer.fan_in, MOST_ASKED)))

    @property
    def at_output(self) -> bool:
        return self.d == self.model.network.depth

    def parameters(self, d: int, vector: Array | None = None) -> tuple[Array, Array]:
        """W and b of a layer, or the parts of another vector (P,)."""
        return self.model.network.split(self.trace.theta if vector is None else vector)[d - 1]

    def of_samples(self, title: str, values: Array, columns: Sequence[int]) -> Grid:
        """Some columns of a matrix whose rows are the batch."""
        return Grid(title, values[np.ix_(self.rows, list(columns))], self.samples, _names(columns))

    def others(self, count: int, values: Array, rows: tuple[str, ...], columns: tuple[str, ...]) -> tuple[Grid, ...]:
        """What `count` samples that are not shown add."""
        return (Grid(f"{the_others(count, 'sample')} add", values, rows, columns),) if count else ()

    @property
    def unseen(self) -> list[int]:
        """The rows of the batch that are not shown."""
        return [row for row in range(len(self.trace.indices)) if row not in self.rows]

    def unit_cells(self, title: str, values: Array) -> tuple[Grid, dict[tuple[int, int], Entry]]:
        """The cells of a matrix of samples and units, and those that are asked for."""
        shown = self.shown_units
        asked: dict[tuple[int, int], Entry] = {
            (i, shown.index(unit)): (row, unit) for i, row in enumerate(self.rows) for unit in self.units
        }
        return self.of_samples(title, values, shown), asked


def _names(numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple(map(str, numbers))


def _largest(left: Array, right: Array) -> tuple[list[int], list[int]]:
    """Which terms of the sums left (m, k) · rightᵀ (n, k) to show, and the others."""
    count = left.shape[1]
    if count <= MOST_TERMS:
        return list(range(count)), []
    sizes = np.nan_to_num(np.abs(left).sum(0) * np.abs(right).sum(0))
    kept = sorted(np.argsort(-sizes, kind="stable")[: MOST_TERMS - 2].tolist())
    return kept, [term for term in range(count) if term not in kept]


def _rest(s: _Layout, left: Array, right: Array, others: list[int]) -> tuple[Grid, ...]:
    """What the terms that are not shown add."""
    if not others:
        return ()
    title = f"{the_others(len(others), 'term')} add"
    return (Grid(title, left[:, others] @ right[:, others].T, s.samples, _names(s.units)),)


def _pre_activation(s: _Layout) -> Sheet:
    w, b = s.parameters(s.d)
    left, right = s.trace.z[s.d - 1][s.rows], w[s.units]
    kept, others = _largest(left, right)
    given = (
        Grid(f"Z{sub(s.d - 1)}", left[:, kept], s.samples, _names(kept)),
        Grid(f"W{sub(s.d)}", right[:, kept], _names(s.units), _names(kept)),
        Grid(f"b{sub(s.d)}", b[None, s.units], ("",), _names(s.units)),
    )
    return Sheet((*given, *_rest(s, left, right, others)), (), *s.unit_cells(f"A{sub(s.d)}", s.trace.a[s.d - 1]))


def _activation(s: _Layout) -> Sheet:
    a, name = s.trace.a[s.d - 1], s.model.network.activations[s.d - 1]
    columns, rest = s.units, tuple[Grid, ...]()
    if name == "softmax":
        some = a[s.rows]
        largest, _ = _largest(np.exp(some - some.max(1, keepdims=True)), np.ones((1, s.layer.fan_out)))
        columns = sorted({*largest, *s.units})
        rest = _exponentials(s, [unit for unit in range(s.layer.fan_out) if unit not in columns])
    given = (s.of_samples(f"A{sub(s.d)}", a, columns), *rest)
    return Sheet(given, (f"layer {s.d}: {name}",), *s.unit_cells(f"Z{sub(s.d)}", s.trace.z[s.d]))


def _loss(s: _Layout) -> Sheet:
    loss, trace, d = s.model.loss, s.trace, sub(s.d)
    columns, rest = _outputs(s)
    outputs = [s.of_samples(f"Z{d}", trace.z[-1], columns), s.of_samples("Y", trace.targets, columns)]
    if loss.from_logits:
        outputs.insert(0, s.of_samples(f"A{d}", trace.a[-1], columns))
    unseen = loss.value(trace.a[-1], trace.z[-1], trace.targets)[s.unseen].sum()
    others = s.others(len(s.unseen), np.array([[unseen]]), ("",), ("",))
    notes = (f"loss: {loss.name}, {_reduction(s)}", *_penalty_notes(trace))
    cells = _single("L", trace.loss)
    return Sheet((*outputs, *rest, *others, *_squared_weights(s)), notes, cells, {(0, 0): ()})


def _outputs(s: _Layout) -> tuple[list[int], tuple[Grid, ...]]:
    """The outputs to show of a loss, the wanted class and the largest, and what the others take part with."""
    a, y, count = s.trace.a[-1][s.rows], s.trace.targets[s.rows], s.layer.fan_out
    if count <= MOST_TERMS:
        return list(range(count)), ()
    if s.model.loss.output == "softmax":
        columns, others = _largest(np.exp(a - a.max(1, keepdims=True)) + count * y, np.ones((1, count)))
        return columns, _exponentials(s, others)
    z = s.trace.z[-1][s.rows]
    own = np.stack([s.model.loss.value(a[:, [k]], z[:, [k]], y[:, [k]]) for k in range(count)], axis=1)
    columns, others = _largest(own, np.ones((1, count)))
    title = f"{the_others(len(others), 'output')} add"
    return columns, (Grid(title, own[:, others].sum(1, keepdims=True), s.samples, ("",)),)


def _exponentials(s: _Layout, units: list[int]) -> tuple[Grid, ...]:
    """What the units of a softmax that are not shown add to Σ eᵃ."""
    if not units:
        return ()
    total = np.exp(s.trace.a[-1][np.ix_(s.rows, units)]).sum(1, keepdims=True)
    return (Grid(f"Σ eᵃ of {the_others(len(units), 'unit')}", total, s.samples, ("",)),)


def _squared_weights(s: _Layout) -> tuple[Grid, ...]:
    """What penalties take of all weights."""
    weights, settings = s.trace.theta[s.model.penalized > 0], s.trace.settings
    squares = (_single("Σ W²", np.square(weights).sum()),) if settings.l2 else ()
    return (*squares, *((_single("Σ |W|", np.abs(weights).sum()),) if settings.l1 else ()))


def _single(title: str, value: float) -> Grid:
    """One number."""
    return Grid(title, np.array([[value]]), ("",), ("",))


def _reduction(s: _Layout) -> str:
    m = len(s.trace.indices)
    return f"mean over m = {m}" if s.model.reduction == "mean" else f"sum over the {m} samples"


def _penalty_notes(trace: Trace) -> tuple[str, ...]:
    settings = trace.settings
    return tuple(f"{name} = {num(value)}" for name, value in (("l2", settings.l2), ("l1", settings.l1)) if value)


def _output_delta(s: _Layout) -> Sheet:
    trace, name = s.trace, s.model.network.activations[-1]
    given = [s.of_samples(f"Z{sub(s.d)}", trace.z[-1], s.units), s.of_samples("Y", trace.targets, s.units)]
    notes = [f"loss: {s.model.loss.name}, {_reduction(s)}"]
    if not s.model.loss.from_logits and name != "linear":
        given.insert(0, s.of_samples(f"A{sub(s.d)}", trace.a[-1], s.units))
        notes.append(f"output: {name}")
    elif s.model.loss.from_logits:
        notes[0] += ", from logits"
    return Sheet(tuple(given), tuple(notes), *s.unit_cells(f"Δ{sub(s.d)}", trace.delta[-1]))


def _delta(s: _Layout) -> Sheet:
    w, _ = s.parameters(s.d + 1)
    left, right = s.trace.delta[s.d][s.rows], w[:, s.units].T
    kept, others = _largest(left, right)
    given = (
        Grid(f"Δ{sub(s.d + 1)}", left[:, kept], s.samples, _names(kept)),
        Grid(f"W{sub(s.d + 1)}", right[:, kept].T, _names(kept), _names(s.units)),
        *_rest(s, left, right, others),
        s.of_samples(f"A{sub(s.d)}", s.trace.a[s.d - 1], s.units),
        s.of_samples(f"Z{sub(s.d)}", s.trace.z[s.d], s.units),
    )
    notes = (f"layer {s.d}: {s.model.network.activations[s.d - 1]}",)
    return Sheet(given, notes, *s.unit_cells(f"Δ{sub(s.d)}", s.trace.delta[s.d - 1]))


def _weight_gradient(s: _Layout) -> Sheet:
    delta, z, settings = s.trace.delta[s.d - 1], s.trace.z[s.d - 1], s.trace.settings
    w, _ = s.parameters(s.d)
    rest = delta[np.ix_(s.unseen, s.units)].T @ z[np.ix_(s.unseen, s.inputs)]
    given = [
        s.of_samples(f"Δ{sub(s.d)}", delta, s.units),
        s.of_samples(f"Z{sub(s.d - 1)}", z, s.inputs),
        *s.others(len(s.unseen), rest, _names(s.units), _names(s.inputs)),
    ]
    if settings.l2 or settings.l1:
        given.append(Grid(f"W{sub(s.d)}", w[np.ix_(s.units, s.inputs)], _names(s.units), _names(s.inputs)))
    gradient, _ = s.parameters(s.d, s.trace.gradient)
    rows, columns = _rows_shown(s), list(range(min(s.layer.fan_in, MOST_TERMS)))
    cells = Grid(f"∂L/∂W{sub(s.d)}", gradient[np.ix_(rows, columns)], _names(rows), _names(columns))
    asked: dict[tuple[int, int], Entry] = {(rows.index(unit), j): (unit, j) for unit in s.units for j in s.inputs}
    return Sheet(tuple(given), _penalty_notes(s.trace), cells, asked)


def _rows_shown(s: _Layout) -> list[int]:
    """The rows of W that are shown: those that are asked for, and some beside them."""
    if s.layer.fan_out <= MOST_ASKED:
        return s.units
    first = max(0, min(s.units[0] - 1, s.layer.fan_out - 3))
    return list(range(first, min(first + 3, s.layer.fan_out)))


def _bias_gradient(s: _Layout) -> Sheet:
    delta = s.trace.delta[s.d - 1]
    rest = delta[np.ix_(s.unseen, s.units)].sum(0, keepdims=True)
    given = (s.of_samples(f"Δ{sub(s.d)}", delta, s.units), *s.others(len(s.unseen), rest, ("",), _names(s.units)))
    _, gradient = s.parameters(s.d, s.trace.gradient)
    shown = s.shown_units
    cells = Grid(f"∂L/∂b{sub(s.d)}", gradient[None, shown], ("",), _names(shown))
    return Sheet(given, (), cells, {(0, shown.index(unit)): (unit,) for unit in s.units})


def _update(s: _Layout) -> Sheet:
    """W and b side by side, as in the pane of weights."""
    d, inputs = sub(s.d), s.inputs
    names = (*_names(inputs), "b")

    def block(title: str, vector: Array) -> Grid:
        w, b = s.parameters(s.d, vector)
        return Grid(title, np.column_stack((w[np.ix_(s.units, inputs)], b[s.units])), _names(s.units), names)

    trace, rule = s.trace, s.trace.settings.optimizer.rule(s.trace.count)
    memory = (block(f"{name} before", part) for name, part in zip(rule.state, trace.memory_before, strict=True))
    given = (block(f"W{d} b{d}", trace.theta), block(f"g = ∂L/∂W{d} ∂L/∂b{d}", trace.gradient), *memory)
    asked: dict[tuple[int, int], Entry] = {}
    for i, unit in enumerate(s.units):
        asked |= {(i, j): (unit, column) for j, column in enumerate(inputs)} | {(i, len(inputs)): (unit,)}
    cells = block(f"what is subtracted from W{d} b{d}", trace.change)
    return Sheet(given, _optimizer_notes(trace), cells, asked, block(f"W{d} b{d} after", trace.after))


def _optimizer_notes(trace: Trace) -> tuple[str, ...]:
    """The learning rate and the constants of the optimizer."""
    optimizer = trace.settings.optimizer
    constants = [
        f"{one.name} = {', '.join(f'{part:g}' for part in np.atleast_1d(value))}"
        for one in fields(optimizer)
        if one.name != "learning_rate" and (value := getattr(optimizer, one.name)) is not False
    ]
    kept = [] if optimizer.state_size == 0 else constants
    name = type(optimizer).__name__.lower()
    return (f"{name}, α = {num(trace.learning_rate)}", *kept, *([f"t = {trace.count + 1}"] if kept else []))


def _function_sheet(model: Model, trace: Trace, operation: Operation) -> Sheet:
    names = tuple(name for name, _ in model.parts(trace.theta))[:MOST_TERMS]
    here = tuple(f"{name} = {value:.10g}" for name, value in zip(names, trace.theta, strict=False))
    text = f"f(θ) = {getattr(model, 'text', '')}"

    def row(title: str, vector: Array) -> Grid:
        return Grid(title, vector[None, : len(names)], ("",), names)

    each: dict[tuple[int, int], Entry] = {(0, i): (i,) for i in range(len(names))}
    match operation.kind:
        case OperationKind.VALUE | OperationKind.LOSS:
            return Sheet((), (text, *here), _single("L = f(θ)", trace.loss), {(0, 0): ()})
        case OperationKind.GRADIENT:
            noise = (row("noise of this step", trace.noise),) if trace.noise.any() else ()
            return Sheet(noise, (text, *here), row("∂f/∂θ" + " + noise" * bool(noise), trace.gradient), each)
    rule = trace.settings.optimizer.rule(trace.count)
    memory = (row(f"{name} before", part) for name, part in zip(rule.state, trace.memory_before, strict=True))
    given = (row("θ", trace.theta), row("g = ∂f/∂θ", trace.gradient), *memory)
    cells = row("what is subtracted from θ", trace.change)
    return Sheet(given, _optimizer_notes(trace), cells, each, row("θ after", trace.after))


_SHEETS = {
    OperationKind.PRE_ACTIVATION: _pre_activation,
    OperationKind.ACTIVATION: _activation,
    OperationKind.LOSS: _loss,
    OperationKind.OUTPUT_DELTA: _output_delta,
    OperationKind.DELTA: _delta,
    OperationKind.WEIGHT_GRADIENT: _weight_gradient,
    OperationKind.BIAS_GRADIENT: _bias_gradient,
    OperationKind.UPDATE: _update,
}


def moved_scope(scope: Scope, layer: int, units: int, by: int) -> Scope:
    """Another unit of a layer chosen."""
    chosen = list(scope.units)
    chosen[layer - 1] = (chosen[layer - 1] + by) % units
    return replace(scope, units=tuple(chosen))
