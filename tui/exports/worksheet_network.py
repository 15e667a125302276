"""The forward and backward pass of one sample through a network, as questions.

Small networks are asked whole. In larger ones a path is followed, in each layer the unit that the error
reaches most; what the other units add is given.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.network import activation_named
from nncore.parameters import parameter_symbol
from nncore.trace import Trace
from tui.explain.notation import subscript as sub
from tui.explain.notation import the_others
from tui.explain.sums import TERMS
from tui.exports.blanks import answer, answers
from tui.render.numbers import bracketed, num

_WHOLE_WIDTH = 4
_WHOLE_DEPTH = 3


class NetworkSheet:
    """One sample of a step's batch: that of the largest loss."""

    def __init__(self, model: NetworkModel, trace: Trace) -> None:
        self.model, self.trace = model, trace
        losses = model.loss.value(trace.a[-1], trace.z[-1], trace.targets)
        self._losses, self._samples = losses, len(losses)
        self._row = row = int(np.argmax(np.nan_to_num(losses)))
        self._a = [a[row] for a in trace.a]
        self._z = [z[row] for z in trace.z]
        self._delta = [delta[row] for delta in trace.delta]
        self._y = trace.targets[row]
        self._parameters = model.network.split(trace.theta)
        self._whole = model.network.depth <= _WHOLE_DEPTH and max(model.network.sizes) <= _WHOLE_WIDTH
        self._path = [_largest(self._z[0]), *(_largest(delta) for delta in self._delta)]

    def lines(self) -> Iterator[str]:
        """Everything but the update; questions begin with "# "."""
        yield from self._given()
        yield from ("", "## Forward", "")
        for d in range(1, self.model.network.depth + 1):
            yield from self._forward_whole(d) if self._whole else self._forward(d)
        yield from ("", "## Loss", "", *self._loss())
        yield from ("", "## Backward", "", *self._output_delta())
        for d in range(self.model.network.depth, 0, -1):
            yield from self._backward_whole(d) if self._whole else self._backward(d)

    def entries(self) -> Iterator[tuple[str, int, str]]:
        """For each layer a weight on the path: its name, its place in θ, and the terms of its gradient."""
        for layer in self.model.network.layers:
            d, unit, before = layer.number, self._path[layer.number], self._path[layer.number - 1]
            entry = layer.index(unit, before)
            name = parameter_symbol(self.model, entry)
            own = self._delta[d - 1][unit] * self._z[d - 1][before]
            if d in self.trace.settings.frozen:
                yield f"{name} (layer {d} is frozen)", entry, ""
                continue
            others = self.trace.gradient[entry] - own - self._penalty(entry)
            more = f" + {bracketed(others)} of {the_others(self._samples - 1, 'sample')}" if self._samples > 1 else ""
            more += self._penalty_terms(entry)
            yield name, entry, f"∂L/∂{name} = {answer(own)}{more}" if more else ""

    # what is given

    def _given(self) -> Iterator[str]:
        network, trace = self.model.network, self.trace
        sizes, m = "-".join(map(str, network.sizes)), self._samples
        names = ", ".join(dict.fromkeys(network.activations))
        batch = f"one of the {m} samples of the batch" if m > 1 else "the one sample of the batch"
        yield f"A network {sizes} ({names}) and sample {trace.indices[self._row]}, {batch}:"
        yield f"x = {_vector(self._z[0])}, y = {_vector(self._y)}. Entries are counted from 0."
        if not self._whole:
            yield ""
            yield "Of each layer one unit is asked for. What the others add is given."
            return
        yield ""
        for d, (w, b) in enumerate(self._parameters, 1):
            yield f"- W{sub(d)} = {_matrix(w)}, b{sub(d)} = {_vector(b)}"

    # forward

    def _forward_whole(self, d: int) -> Iterator[str]:
        name = self.model.network.activations[d - 1]
        sum_, z = f"W{sub(d)} {self._input(d)} + b{sub(d)}", f"z{sub(d)}"
        yield f"# {z + ' = ' if name == 'linear' else ''}a{sub(d)} = {sum_} = {answers(self._a[d - 1])}"
        if name != "linear":
            yield f"# {z} = {activation_named(name).formula} = {answers(self._z[d])}"

    def _forward(self, d: int) -> Iterator[str]:
        w, b = self._parameters[d - 1]
        unit, before, name = self._path[d], self._path[d - 1], self.model.network.activations[d - 1]
        a, z = f"a{sub(d)}[{unit}]", f"z{sub(d)}[{unit}]"
        if d == 1 and len(self._z[0]) <= TERMS:
            products = zip(w[unit], self._z[0], strict=True)
            terms = " + ".join(f"{bracketed(weight)}·{bracketed(x)}" for weight, x in products)
        else:
            others = np.delete(w[unit] * self._z[d - 1], before)
            terms = f"{bracketed(w[unit, before])}·{self._input(d)}[{before}]" + _rest(others, "term")
        sum_ = f"{terms} + {bracketed(b[unit])} of b{sub(d)}[{unit}]"
        yield f"# {z + ' = ' if name == 'linear' else ''}{a} = {sum_} = {answer(self._a[d - 1][unit])}"
        if name == "softmax":
            with np.errstate(over="ignore"):
                others = np.exp(np.delete(self._a[-1], unit)).sum()
            yield f"# {z} = eᵃ / (eᵃ + {num(others)} of the other outputs) = {answer(self._z[d][unit])}"
        elif name != "linear":
            yield f"# {z} = {activation_named(name).formula} = {answer(self._z[d][unit])}"

    # loss

    def _loss(self) -> Iterator[str]:
        formula, model, own = self.model.loss.formula, self.model, self._losses[self._row]
        m, share = self._samples, self.model.scale(self._samples)
        if self._whole or len(self._y) == 1:
            yield f"# Lᵢ = {formula} = {answer(own)}"
        else:
            yield from (f"Lᵢ = {formula} = {num(own)}, with all outputs.", "")
        others = float(np.delete(self._losses, self._row).sum())
        mean = f"1/{m} · " if model.reduction == "mean" and m > 1 else ""
        terms = f"{mean}(Lᵢ + {num(others)} of the other samples)" if m > 1 else "Lᵢ"
        penalties = self.trace.loss - float(self._losses.sum()) * share
        if self.trace.settings.l1 or self.trace.settings.l2:
            terms += f" + {num(penalties)} of penalties"
        yield f"# L = {terms} = {answer(self.trace.loss)}"

    # backward

    def _output_delta(self) -> Iterator[str]:
        model, depth, unit = self.model, self.model.network.depth, self._path[-1]
        name = model.network.activations[-1]
        error = model.loss.derivative_terms.format(z="z", y="y").replace(" - ", " − ")
        m = self._samples
        mean = f"1/{m} · " if model.reduction == "mean" and m > 1 else ""
        derivative = activation_named(name).derivative_formula
        own = "" if model.loss.from_logits or name == "linear" else f" ⊙ σ′(a{sub(depth)}), σ′ = {derivative},"
        what = f"δ{sub(depth)} = {mean}{error}{own}"
        if self._whole:
            yield f"# {what} = {answers(self._delta[-1])}"
        else:
            yield f"# {what} at unit {unit}, where y = {num(self._y[unit])}: {answer(self._delta[-1][unit])}"

    def _backward_whole(self, d: int) -> Iterator[str]:
        own = np.outer(self._delta[d - 1], self._z[d - 1])
        rows = "; ".join(" ".join(map(answer, row)) for row in own)
        product = f"δ{sub(d)} {self._input(d)}ᵀ"
        yield f"# {self._part}∂L/∂W{sub(d)} = {product} = [{rows}], ∂L/∂b{sub(d)} = δ{sub(d)}"
        if d > 1:
            slope = activation_named(self.model.network.activations[d - 2]).derivative_formula
            formula = f"δ{sub(d - 1)} = (W{sub(d)}ᵀ δ{sub(d)}) ⊙ σ′(a{sub(d - 1)}), σ′ = {slope},"
            yield f"# {formula} = {answers(self._delta[d - 2])}"

    def _backward(self, d: int) -> Iterator[str]:
        unit, before = self._path[d], self._path[d - 1]
        own = self._delta[d - 1][unit] * self._z[d - 1][before]
        product = f"δ{sub(d)}[{unit}]·{self._input(d)}[{before}]"
        yield f"# {self._part}∂L/∂W{sub(d)}[{unit},{before}] = {product} = {answer(own)}"
        if d > 1:
            w = self._parameters[d - 1][0]
            slope = activation_named(self.model.network.activations[d - 2]).derivative_formula
            others = np.delete(w[:, before] * self._delta[d - 1], unit)
            terms = f"{bracketed(w[unit, before])}·δ{sub(d)}[{unit}]" + _rest(others, "unit")
            yield (
                f"# δ{sub(d - 1)}[{before}] = ({terms})·σ′(a{sub(d - 1)}[{before}]), σ′ = {slope}, = "
                f"{answer(self._delta[d - 2][before])}"
            )

    # gradients

    @property
    def _part(self) -> str:
        return "this sample's part of " if self._samples > 1 else ""

    def _input(self, d: int) -> str:
        return "x" if d == 1 else f"z{sub(d - 1)}"

    def _penalty(self, entry: int) -> float:
        settings, value = self.trace.settings, self.trace.theta[entry]
        return float(settings.l2 * value + settings.l1 * np.sign(value))

    def _penalty_terms(self, entry: int) -> str:
        settings, value = self.trace.settings, self.trace.theta[entry]
        l2 = f" + {num(settings.l2)}·{bracketed(value)} of L2" if settings.l2 else ""
        l1 = f" + {num(settings.l1)}·{bracketed(np.sign(value))} of L1" if settings.l1 else ""
        return l2 + l1


def _largest(values: Array) -> int:
    return int(np.argmax(np.nan_to_num(np.abs(values))))


def _rest(others: Array, what: str) -> str:
    """What the other terms of a sum add to it, each of which is a `what`."""
    return f" + {bracketed(others.sum())} of {the_others(len(others), what)}" if len(others) else ""


def _vector(values: Array) -> str:
    return num(values[0]) if len(values) == 1 else f"({', '.join(map(num, values))})"


def _matrix(values: Array) -> str:
    """A matrix in one line, its rows parted by semicolons."""
    return f"[{'; '.join(' '.join(map(num, row)) for row in values)}]"
