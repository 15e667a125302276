"""What made a number of the forward and the backward pass: a, z, δ and the gradient, at the same sample and unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from nncore.activations import SOFTMAX
from nncore.arrays import Array
from nncore.function import FunctionModel
from nncore.model import NetworkModel
from nncore.network import activation_named, layer_of
from nncore.parameters import parameter_symbol
from nncore.slices import Slices
from nncore.trace import Trace
from tui.explain.names import class_name, input_name, output_name
from tui.explain.notation import subscript as sub
from tui.explain.sums import (
    delta_terms,
    gradient_terms,
    largest_terms,
    pre_activation_terms,
    share_of_mean,
    softmax_terms,
)
from tui.explain.why_record import Record
from tui.explain.why_update import parameter_term
from tui.explain.why_value import Kind, Others, Term, Value, Why
from tui.render.numbers import num


class Step:
    """One step of a network's record, with the sums of it that a value can be."""

    def __init__(self, record: Record, model: NetworkModel, trace: Trace) -> None:
        self.record, self.model, self.trace = record, model, trace

    def row(self, sample: int) -> int:
        """The row of the batch that a sample has; raises ValueError for one that is not in it."""
        rows = np.flatnonzero(self.trace.indices == sample)
        if not len(rows):
            raise ValueError(f"sample {sample} is not in the batch of step {self.trace.step + 1}")
        return int(rows[0])

    def of_sample(self, kind: Kind, layer: int, unit: int, row: int) -> Value:
        """A number of a sample; z of a linear layer is the a that it copies."""
        if kind is Kind.ACTIVATION and self.model.network.activations[layer - 1] == "linear":
            kind = Kind.PRE_ACTIVATION
        return Value(kind, self.trace.step, layer=layer, unit=unit, sample=int(self.trace.indices[row]))

    def activation_term(self, layer: int, unit: int, row: int, adds: float | None = None) -> Term:
        """An activation, or of layer 0 an input, where the way ends."""
        number, sample = float(self.trace.z[layer][row, unit]), int(self.trace.indices[row])
        name = f"z{sub(layer)}[{unit}]"
        if not layer:
            return Term(name, number, f"input of sample {sample}: {input_name(self.model.data, unit)}", None, adds)
        note = f"activation of sample {sample}"
        return Term(name, number, note, self.of_sample(Kind.ACTIVATION, layer, unit, row), adds)

    def delta_term(self, layer: int, unit: int, row: int, adds: float | None = None) -> Term:
        value = self.of_sample(Kind.DELTA, layer, unit, row)
        number = float(self.trace.delta[layer - 1][row, unit])
        return Term(f"δ{sub(layer)}[{unit}]", number, f"error signal of sample {value.sample}", value, adds)

    def slope_term(self, layer: int, unit: int, row: int) -> Term:
        """σ′, which is made of a."""
        value = self.of_sample(Kind.PRE_ACTIVATION, layer, unit, row)
        number = float(self.trace.derivative[layer - 1][row, unit])
        return Term(f"σ′(a{sub(layer)}[{unit}])", number, f"slope at a{sub(layer)}[{unit}]", value)

    def pre_activation(self, value: Value, most: int) -> Why:
        """a = Σ W z + b."""
        d, unit, trace, row = value.layer, value.unit, self.trace, self.row(value.sample)
        layer = self.model.network.layers[d - 1]
        w = self.model.network.split(trace.theta)[d - 1][0][unit]
        products = w * trace.z[d - 1][row]

        def pair(j: int) -> list[Term]:
            weight = parameter_term(self.record, trace, layer.index(unit, j), adds=float(products[j]))
            return [weight, self.activation_term(d - 1, j, row)]

        bias = layer.index(unit)
        rows, others = _largest(products, most, pair, "term")
        terms = (*rows, parameter_term(self.record, trace, bias, adds=float(trace.theta[bias])))
        formula = f"{value.symbol(self.model)} = Σ W{sub(d)}[{unit},j]·z{sub(d - 1)}[j] + b{sub(d)}[{unit}]"
        numbers = pre_activation_terms(self.model, trace, d, row, unit)
        return Why(value, float(trace.a[d - 1][row, unit]), formula, numbers, terms, others)

    def activation(self, value: Value, most: int) -> Why:
        """z = σ(a); of softmax from all a of its layer."""
        d, unit, row = value.layer, value.unit, self.row(value.sample)
        activation = activation_named(self.model.network.activations[d - 1])
        a, z = self.trace.a[d - 1][row], float(self.trace.z[d][row, unit])

        def own(k: int) -> list[Term]:
            to = self.of_sample(Kind.PRE_ACTIVATION, d, k, row)
            return [Term(f"a{sub(d)}[{k}]", float(a[k]), f"pre-activation of sample {value.sample}", to)]

        formula = f"{value.symbol(self.model)} = {activation.name}(a), z = {activation.formula}"
        if activation is not SOFTMAX:
            return Why(value, z, formula, f"a = {num(a[unit])} → z", tuple(own(unit)))
        shown = [unit, *(k for k in np.argsort(-a, kind="stable").tolist() if k != unit)]
        terms = tuple(term for k in shown[:most] for term in own(k))
        others = Others(len(a) - most, "unit") if len(a) > most else None
        return Why(value, z, formula, softmax_terms(a, unit), terms, others)

    def delta(self, value: Value, most: int) -> Why:
        """δ from the layer above, or of the last layer from the loss."""
        if value.layer == self.model.network.depth:
            return self._output_delta(value)
        d, unit, trace, row = value.layer, value.unit, self.trace, self.row(value.sample)
        above, slope = self.model.network.layers[d], float(trace.derivative[d - 1][row, unit])
        w = self.model.network.split(trace.theta)[d][0][:, unit]
        products = trace.delta[d][row] * w * slope

        def pair(k: int) -> list[Term]:
            signal = self.delta_term(d + 1, k, row, adds=float(products[k]))
            return [signal, parameter_term(self.record, trace, above.index(k, unit))]

        rows, others = _largest(products, most, pair, "term")
        derivative = activation_named(self.model.network.activations[d - 1]).derivative_formula
        up = sub(d + 1)
        symbol = value.symbol(self.model)
        formula = f"{symbol} = (Σ δ{up}[k]·W{up}[k,{unit}])·σ′(a{sub(d)}[{unit}]), σ′ = {derivative}"
        numbers = delta_terms(self.model, trace, d, row, unit)
        number = float(trace.delta[d - 1][row, unit])
        return Why(value, number, formula, numbers, (*rows, self.slope_term(d, unit, row)), others)

    def _output_delta(self, value: Value) -> Why:
        d, unit, trace, model = value.layer, value.unit, self.trace, self.model
        row, name = self.row(value.sample), f"[{value.unit}]"
        sloped = not model.loss.from_logits and model.network.activations[-1] != "linear"
        body = model.loss.derivative_terms.format(z=f"z{sub(d)}{name}", y=f"y{name}").replace(" - ", " − ")
        slope = f"·σ′(a{sub(d)}{name})" if sloped else ""
        if sloped:
            slope += f", σ′ = {activation_named(model.network.activations[-1]).derivative_formula}"
        y = Term(f"y{name}", float(trace.targets[row, unit]), self._target_note(unit, value.sample))
        terms = [self.activation_term(d, unit, row), y, *([self.slope_term(d, unit, row)] if sloped else [])]
        formula = f"{value.symbol(model)} = {share_of_mean(model, trace)}{body}{slope}"
        numbers = delta_terms(model, trace, d, row, unit)
        return Why(value, float(trace.delta[d - 1][row, unit]), formula, numbers, tuple(terms))

    def _target_note(self, unit: int, sample: int) -> str:
        model = self.model
        if model.loss.output != "softmax":
            return f"target of sample {sample}: {output_name(model.data, unit)}"
        wanted = int(np.argmax(model.targets[sample]))
        return f"target of sample {sample}: class {class_name(model.data, wanted)}"

    def gradient(self, value: Value, most: int) -> Why:
        """∂L/∂W = Σ δ z over the batch, ∂L/∂b = Σ δ, and what the penalties add."""
        trace, at = self.trace, value.entry
        layer = layer_of(self.model.network, at)
        if layer.number in trace.settings.frozen:
            return Why(value, 0.0, remark=f"Layer {layer.number} is frozen: its gradient counts as 0.")
        d, (unit, column) = layer.number, layer.entry(at)
        signals = trace.delta[d - 1][:, unit]
        products = signals if column is None else signals * trace.z[d - 1][:, column]

        def pair(row: int) -> list[Term]:
            signal = self.delta_term(d, unit, row, adds=float(products[row]))
            return [signal] if column is None else [signal, self.activation_term(d - 1, column, row)]

        rows, others = _largest(products, most, pair, "sample")
        penalties, added = self._penalties(at) if column is not None else ((), "")
        factor = "" if column is None else f"·z{sub(d - 1)}[{column}]"
        formula = f"{value.symbol(self.model)} = Σ over the batch of δ{sub(d)}[{unit}]{factor}{added}"
        numbers = gradient_terms(self.model, trace, at)
        return Why(value, float(trace.gradient[at]), formula, numbers, (*rows, *penalties), others)

    def _penalties(self, at: int) -> tuple[tuple[Term, ...], str]:
        """What L2 and L1 add to the gradient of a weight, and both in symbols."""
        settings, weight = self.trace.settings, float(self.trace.theta[at])
        symbol = parameter_symbol(self.model, at)
        if not settings.l2 and not settings.l1:
            return (), ""
        l2, l1 = settings.l2 * weight, settings.l1 * float(np.sign(weight))
        added = f" + {num(settings.l2)}·{symbol}" * bool(settings.l2) + f" + {num(settings.l1)}·sign({symbol})" * bool(
            settings.l1
        )
        return (parameter_term(self.record, self.trace, at, adds=l2 + l1),), added


def _largest(
    adds: Array, most: int, terms: Callable[[int], Sequence[Term]], things: str
) -> tuple[list[Term], Others | None]:
    """The largest terms of a sum, in the order of their size, and what the others add.

    Where not all are told, those that add 0 are among the others.
    """
    sizes = np.nan_to_num(np.abs(adds))
    told = most if len(adds) <= most else max(1, min(most, int(np.count_nonzero(sizes))))
    shown = sorted(largest_terms(adds, told), key=lambda at: -sizes[at])
    rows: Iterable[Term] = (term for at in shown for term in terms(at))
    left = len(adds) - len(shown)
    with np.errstate(all="ignore"):
        others = Others(left, things, float(np.delete(adds, shown).sum())) if left else None
    return list(rows), others


def why_of_function(record: Record, model: FunctionModel, value: Value) -> Slices[Why]:
    """The gradient of a function: its variables, and the noise of the step."""
    trace, at = (yield from record.trace(value.step)), value.entry
    variables = tuple(parameter_term(record, trace, number) for number in range(len(model.names)))
    noise = float(trace.noise[at])
    drawn = (Term("noise", noise, f"drawn for step {trace.step + 1}"),) if model.noise else ()
    formula = f"{value.symbol(model)}{' + noise' if model.noise else ''} at {', '.join(model.names)}; f = {model.text}"
    return Why(value, float(trace.gradient[at]), formula, gradient_terms(model, trace, at), (*variables, *drawn))
