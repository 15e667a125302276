"""The terms of the sums that a step computes, in numbers, and the names of what they make."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from nncore.function import FunctionModel
from nncore.model import NetworkModel
from nncore.network import layer_of
from nncore.trace import Trace
from tui.explain.notation import the_others
from tui.render.numbers import bracketed, num

TERMS = 3


def dot(left: Array, right: Array, most: int = TERMS) -> str:
    """A sum of products in numbers, the largest ones written out: `0.2·1.5 + 0.1·0.3 + 0.04 (the other 9 terms)`."""
    with np.errstate(all="ignore"):
        products = left * right
    shown = largest_terms(products, most)
    factors = [(num(left[i]) if i == shown[0] else bracketed(left[i]), bracketed(right[i])) for i in shown]
    return " + ".join(map("·".join, factors)) + rest(products, shown, "term")


def largest_terms(values: Array, most: int = TERMS) -> list[int]:
    """Which terms of a sum to write out, in their order."""
    order: list[int] = np.argsort(-np.nan_to_num(np.abs(values)), kind="stable").tolist()
    return sorted(order[:most])


def rest(values: Array, shown: list[int], what: str) -> str:
    """What the terms that are not written out add, each of which is a `what`."""
    if len(shown) == len(values):
        return ""
    with np.errstate(all="ignore"):
        others = np.delete(values, shown).sum()
    return f" + {bracketed(others)} ({the_others(len(values) - len(shown), what)})"


def pre_activation_terms(model: NetworkModel, trace: Trace, d: int, row: int, unit: int, most: int = TERMS) -> str:
    """The sum w·z + b, in numbers, that makes one unit's pre-activation for one row of the batch."""
    return pre_activation_sum(model, trace.theta, d, unit, trace.z[d - 1][row], most)


def pre_activation_sum(model: NetworkModel, theta: Array, d: int, unit: int, z: Array, most: int = TERMS) -> str:
    """The sum w·z + b, in numbers, for activations z (in,) of the layer below."""
    w, b = model.network.split(theta)[d - 1]
    return f"{dot(w[unit], z, most)} + {bracketed(b[unit])}"


def share_of_mean(model: NetworkModel, trace: Trace) -> str:
    """The factor of the mean, 1/m."""
    samples = len(trace.indices)
    return f"1/{samples} · " if model.reduction == "mean" and samples > 1 else ""


def delta_terms(model: NetworkModel, trace: Trace, d: int, row: int, unit: int, most: int = TERMS) -> str:
    """The numbers that make one unit's error signal for one row: from the layer above, or from the loss."""
    derivative = bracketed(trace.derivative[d - 1][row, unit])
    if d < model.network.depth:
        w = model.network.split(trace.theta)[d][0]
        return f"({dot(trace.delta[d][row], w[:, unit], most)})·{derivative}"
    z, y = trace.z[-1][row, unit], trace.targets[row, unit]
    body = model.loss.derivative_terms.format(z=num(z), y=bracketed(y))
    factor = not model.loss.from_logits and model.network.activations[-1] != "linear"
    return f"{share_of_mean(model, trace)}{body}" + (f"·{derivative}" if factor else "")


def gradient_terms(model: NetworkModel | FunctionModel, trace: Trace, at: int, most: int = TERMS) -> str:
    """The sum over the batch, in numbers, that makes the gradient of one entry of θ."""
    if isinstance(model, FunctionModel):
        noise = trace.noise[at]
        return f"{num(trace.gradient[at] - noise)} + noise {bracketed(noise)}"
    layer = layer_of(model.network, at)
    if layer.number in trace.settings.frozen:
        return "frozen"
    delta, z = trace.delta[layer.number - 1], trace.z[layer.number - 1]
    row, column = layer.entry(at)
    if column is None:
        signals = delta[:, row]
        shown = largest_terms(signals, most)
        return " + ".join(bracketed(signals[i]) for i in shown) + rest(signals, shown, "sample")
    terms = dot(delta[:, row], z[:, column], most)
    if trace.settings.l2:
        terms += f" + {num(trace.settings.l2)}·{bracketed(trace.theta[at])}"
    if trace.settings.l1:
        terms += f" + {num(trace.settings.l1)}·{bracketed(np.sign(trace.theta[at]))}"
    return terms


def softmax_terms(a: Array, unit: int, most: int = TERMS) -> str:
    """The quotient eᵃ / Σ eᵃ, in numbers, that makes one unit's share of its row a (units,)."""
    with np.errstate(over="ignore"):
        exponentials = np.exp(a)
    others = [i for i in range(len(a)) if i != unit]
    largest = [others[i] for i in largest_terms(exponentials[others], most)]
    total = " + ".join(f"e^{bracketed(a[i])}" for i in (unit, *largest))
    return f"e^{bracketed(a[unit])}/({total}{rest(exponentials, [unit, *largest], 'unit')})"


def loss_terms(model: NetworkModel, trace: Trace, row: int) -> str:
    """What makes the loss of one row of the batch: the class it should be, or what the outputs are and should be.

    Of several outputs the one with the largest loss is written out, and what the others add.
    """
    a, z, y = trace.a[-1][row], trace.z[-1][row], trace.targets[row]
    if model.loss.output == "softmax":
        wanted = int(np.argmax(y))
        return f", class {wanted}: z[{wanted}] = {num(z[wanted])} → -log z"
    own = model.loss.value(a[:, None], z[:, None], y[:, None])
    shown = int(np.argmax(np.nan_to_num(own)))
    argument = f"a = {num(a[shown])}" if model.loss.from_logits else f"z = {num(z[shown])}"
    if len(own) == 1:
        return f": {argument}, y = {num(y[shown])} → loss"
    return f", output {shown}: {argument}, y = {num(y[shown])} → {num(own[shown])}{rest(own, [shown], 'output')}"


def penalty_terms(model: NetworkModel, trace: Trace) -> tuple[str, str]:
    """What L2 and L1 add to the loss, in symbols and in numbers, each from its plus sign on; "" without them."""
    weights, settings = trace.theta[model.penalized > 0], trace.settings
    symbols, numbers = [], []
    if settings.l2:
        symbols.append(f"½·{num(settings.l2)}·Σ W²")
        numbers.append(f"½·{num(settings.l2)}·{num(np.square(weights).sum())}")
    if settings.l1:
        symbols.append(f"{num(settings.l1)}·Σ |W|")
        numbers.append(f"{num(settings.l1)}·{num(np.abs(weights).sum())}")
    if not symbols:
        return "", ""
    return f" + penalties {' + '.join(symbols)}", f" + {' + '.join(numbers)}"
