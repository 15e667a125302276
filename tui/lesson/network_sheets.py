"""What each operation of a network's step is made of, as matrices: those that go in, and the one to fill in."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from nncore.arrays import Array
from nncore.mistakes.made_of import Entry
from nncore.operations import OperationKind
from nncore.trace import Trace
from tui.explain.notation import subscript as sub
from tui.explain.notation import the_others
from tui.lesson.sheet_layout import MOST_ASKED, MOST_TERMS, Grid, Layout, Sheet, left_out, main_terms, named
from tui.render.numbers import num


def _pre_activation(s: Layout) -> Sheet:
    w, b = s.parameters(s.d)
    left, right = s.trace.z[s.d - 1][s.rows], w[s.units]
    kept, others = main_terms(left, right)
    given = (
        s.of_samples(f"Z{sub(s.d - 1)}", s.trace.z[s.d - 1], kept),
        Grid(f"W{sub(s.d)}", right[:, kept], named(s.units), named(kept), _shape(w)),
        Grid(f"b{sub(s.d)}", b[None, s.units], ("",), named(s.units), (1, len(b))),
    )
    return Sheet((*given, *left_out(s, left, right, others)), (), *s.unit_cells(f"A{sub(s.d)}", s.trace.a[s.d - 1]))


def _shape(matrix: Array) -> tuple[int, int]:
    return matrix.shape[0], matrix.shape[1]


def _activation(s: Layout) -> Sheet:
    a, name = s.trace.a[s.d - 1], s.model.network.activations[s.d - 1]
    columns, rest = s.units, tuple[Grid, ...]()
    if name == "softmax":
        some = a[s.rows]
        columns, _ = main_terms(np.exp(some - some.max(1, keepdims=True)), np.ones((1, s.layer.fan_out)))
        columns = sorted({*columns, *s.units})
        rest = _exponentials(s, [unit for unit in range(s.layer.fan_out) if unit not in columns])
    given = (s.of_samples(f"A{sub(s.d)}", a, columns), *rest)
    return Sheet(given, (f"layer {s.d}: {name}",), *s.unit_cells(f"Z{sub(s.d)}", s.trace.z[s.d]))


def _loss(s: Layout) -> Sheet:
    loss, trace, d = s.model.loss, s.trace, sub(s.d)
    columns, rest = _outputs(s)
    outputs = [s.of_samples(f"Z{d}", trace.z[-1], columns), s.of_samples("Y", trace.targets, columns)]
    if loss.from_logits:
        outputs.insert(0, s.of_samples(f"A{d}", trace.a[-1], columns))
    unseen = loss.value(trace.a[-1], trace.z[-1], trace.targets)[s.unseen].sum()
    others = s.others(len(s.unseen), np.array([[unseen]]), ("",), ("",))
    notes = (f"loss: {loss.name}, {_reduction(s)}", *_penalty_notes(trace))
    cells = single("L", trace.loss)
    return Sheet((*outputs, *rest, *others, *_squared_weights(s)), notes, cells, {(0, 0): ()})


def _outputs(s: Layout) -> tuple[list[int], tuple[Grid, ...]]:
    """The outputs to show of a loss, the wanted classes and the largest, and what the others take part with."""
    a, y, count = s.trace.a[-1][s.rows], s.trace.targets[s.rows], s.layer.fan_out
    if count <= MOST_TERMS:
        return list(range(count)), ()
    if s.model.loss.output == "softmax":
        likely, _ = main_terms(np.exp(a - a.max(1, keepdims=True)), np.ones((1, count)))
        columns = sorted({*y.argmax(1).tolist(), *likely})
        return columns, _exponentials(s, [unit for unit in range(count) if unit not in columns])
    z = s.trace.z[-1][s.rows]
    own = np.stack([s.model.loss.value(a[:, [k]], z[:, [k]], y[:, [k]]) for k in range(count)], axis=1)
    columns, others = main_terms(own, np.ones((1, count)))
    title = f"{the_others(len(others), 'output')} add"
    return columns, (Grid(title, own[:, others].sum(1, keepdims=True), s.samples, ("",)),)


def _exponentials(s: Layout, units: list[int]) -> tuple[Grid, ...]:
    """What the units of a softmax that are not shown add to Σ eᵃ."""
    if not units:
        return ()
    total = np.exp(s.trace.a[-1][np.ix_(s.rows, units)]).sum(1, keepdims=True)
    return (Grid(f"Σ eᵃ of {the_others(len(units), 'unit')}", total, s.samples, ("",)),)


def _squared_weights(s: Layout) -> tuple[Grid, ...]:
    """What penalties take of all weights."""
    weights, settings = s.trace.theta[s.model.penalized > 0], s.trace.settings
    squares = (single("Σ W²", np.square(weights).sum()),) if settings.l2 else ()
    return (*squares, *((single("Σ |W|", np.abs(weights).sum()),) if settings.l1 else ()))


def single(title: str, value: float) -> Grid:
    """One number."""
    return Grid(title, np.array([[value]]), ("",), ("",))


def _reduction(s: Layout) -> str:
    m = len(s.trace.indices)
    return f"mean over m = {m}" if s.model.reduction == "mean" else f"sum over the {m} samples"


def _penalty_notes(trace: Trace) -> tuple[str, ...]:
    settings = trace.settings
    return tuple(f"{name} = {num(value)}" for name, value in (("l2", settings.l2), ("l1", settings.l1)) if value)


def _output_delta(s: Layout) -> Sheet:
    trace, name = s.trace, s.model.network.activations[-1]
    given = [s.of_samples(f"Z{sub(s.d)}", trace.z[-1], s.units), s.of_samples("Y", trace.targets, s.units)]
    notes = [f"loss: {s.model.loss.name}, {_reduction(s)}"]
    if not s.model.loss.from_logits and name != "linear":
        given.insert(0, s.of_samples(f"A{sub(s.d)}", trace.a[-1], s.units))
        notes.append(f"output: {name}")
    elif s.model.loss.from_logits:
        notes[0] += ", from logits"
    return Sheet(tuple(given), tuple(notes), *s.unit_cells(f"Δ{sub(s.d)}", trace.delta[-1]))


def _delta(s: Layout) -> Sheet:
    w, _ = s.parameters(s.d + 1)
    left, right = s.trace.delta[s.d][s.rows], w[:, s.units].T
    kept, others = main_terms(left, right)
    given = (
        s.of_samples(f"Δ{sub(s.d + 1)}", s.trace.delta[s.d], kept),
        Grid(f"W{sub(s.d + 1)}", right[:, kept].T, named(kept), named(s.units), _shape(w)),
        *left_out(s, left, right, others),
        s.of_samples(f"A{sub(s.d)}", s.trace.a[s.d - 1], s.units),
        s.of_samples(f"Z{sub(s.d)}", s.trace.z[s.d], s.units),
    )
    notes = (f"layer {s.d}: {s.model.network.activations[s.d - 1]}",)
    return Sheet(given, notes, *s.unit_cells(f"Δ{sub(s.d)}", s.trace.delta[s.d - 1]))


def _weight_gradient(s: Layout) -> Sheet:
    delta, z, settings = s.trace.delta[s.d - 1], s.trace.z[s.d - 1], s.trace.settings
    w, _ = s.parameters(s.d)
    rest = delta[np.ix_(s.unseen, s.units)].T @ z[np.ix_(s.unseen, s.inputs)]
    given = [
        s.of_samples(f"Δ{sub(s.d)}", delta, s.units),
        s.of_samples(f"Z{sub(s.d - 1)}", z, s.inputs),
        *s.others(len(s.unseen), rest, named(s.units), named(s.inputs)),
    ]
    if settings.l2 or settings.l1:
        given.append(Grid(f"W{sub(s.d)}", w[np.ix_(s.units, s.inputs)], named(s.units), named(s.inputs), _shape(w)))
    gradient, _ = s.parameters(s.d, s.trace.gradient)
    rows, columns = _rows_shown(s), list(range(min(s.layer.fan_in, MOST_TERMS)))
    cells = Grid(f"∂L/∂W{sub(s.d)}", gradient[np.ix_(rows, columns)], named(rows), named(columns), _shape(w))
    asked: dict[tuple[int, int], Entry] = {(rows.index(unit), j): (unit, j) for unit in s.units for j in s.inputs}
    return Sheet(tuple(given), _penalty_notes(s.trace), cells, asked)


def _rows_shown(s: Layout) -> list[int]:
    """The rows of W that are shown: those that are asked for, and some beside them."""
    if s.layer.fan_out <= MOST_ASKED:
        return s.units
    first = max(0, min(s.units[0] - 1, s.layer.fan_out - 3))
    return list(range(first, min(first + 3, s.layer.fan_out)))


def _bias_gradient(s: Layout) -> Sheet:
    delta = s.trace.delta[s.d - 1]
    rest = delta[np.ix_(s.unseen, s.units)].sum(0, keepdims=True)
    given = (s.of_samples(f"Δ{sub(s.d)}", delta, s.units), *s.others(len(s.unseen), rest, ("",), named(s.units)))
    _, gradient = s.parameters(s.d, s.trace.gradient)
    shown = s.shown_units
    cells = Grid(f"∂L/∂b{sub(s.d)}", gradient[None, shown], ("",), named(shown), (1, len(gradient)))
    return Sheet(given, (), cells, {(0, shown.index(unit)): (unit,) for unit in s.units})


def _update(s: Layout) -> Sheet:
    """W and b side by side, as in the pane of weights; of a chosen unit all that takes part is stacked."""
    d, inputs, trace = sub(s.d), s.inputs, s.trace
    columns = (*named(inputs), "b")

    def block(title: str, vector: Array) -> Grid:
        w, b = s.parameters(s.d, vector)
        values = np.column_stack((w[np.ix_(s.units, inputs)], b[s.units]))
        return Grid(title, values, named(s.units), columns, (len(b), w.shape[1] + 1))

    memory = zip(trace.settings.optimizer.rule(trace.count).state, trace.memory_before, strict=True)
    parts = [(f"W{d} b{d}", trace.theta), ("g = ∂L/∂θ", trace.gradient), *((f"{name} before", m) for name, m in memory)]
    blocks = [block(title, vector) for title, vector in parts]
    if len(s.units) == 1:
        titles = tuple(title for title, _ in parts)
        blocks = [Grid(f"unit {s.units[0]}", np.vstack([one.values for one in blocks]), titles, columns)]
    asked: dict[tuple[int, int], Entry] = {}
    for i, unit in enumerate(s.units):
        asked |= {(i, j): (unit, column) for j, column in enumerate(inputs)} | {(i, len(inputs)): (unit,)}
    cells = block(f"what is subtracted from W{d} b{d}", trace.change)
    return Sheet(tuple(blocks), optimizer_notes(trace), cells, asked, block(f"W{d} b{d} after", trace.after))


def optimizer_notes(trace: Trace) -> tuple[str, ...]:
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


NETWORK_SHEETS = {
    OperationKind.PRE_ACTIVATION: _pre_activation,
    OperationKind.ACTIVATION: _activation,
    OperationKind.LOSS: _loss,
    OperationKind.OUTPUT_DELTA: _output_delta,
    OperationKind.DELTA: _delta,
    OperationKind.WEIGHT_GRADIENT: _weight_gradient,
    OperationKind.BIAS_GRADIENT: _bias_gradient,
    OperationKind.UPDATE: _update,
}
