"""The terms of the sums that a step computes, in numbers, and the names of what they make."""

from __future__ import annotations

import numpy as np

from nncore.arrays import Array
from nncore.function import FunctionModel
from nncore.model import NetworkModel
from nncore.network import layer_of
from nncore.trace import Trace
from tui.render.numbers import bracketed, num

TERMS = 3


def dot(left: Array, right: Array, most: int = TERMS) -> str:
    """A sum of products in numbers, the largest ones written out: `0.2·1.5 + 0.1·0.3 + 0.04 (the other 9 terms)`."""
    with np.errstate(all="ignore"):
        products = left * right
    shown = _largest_terms(products, most)
    terms = [f"{num(left[i])}·{bracketed(right[i])}" for i in shown]
    return " + ".join(terms) + _rest(products, shown, "terms")


def _largest_terms(values: Array, most: int = TERMS) -> list[int]:
    """Which terms of a sum to write out, in their order."""
    order: list[int] = np.argsort(-np.nan_to_num(np.abs(values)), kind="stable").tolist()
    return sorted(order[:most])


def _rest(values: Array, shown: list[int], what: str) -> str:
    """What the terms that are not written out add."""
    if len(shown) == len(values):
        return ""
    with np.errstate(all="ignore"):
        rest = np.delete(values, shown).sum()
    return f" + {bracketed(rest)} (the other {len(values) - len(shown)} {what})"


def pre_activation_terms(model: NetworkModel, trace: Trace, d: int, row: int, unit: int) -> str:
    """The sum w·z + b, in numbers, that makes one unit's pre-activation for one row of the batch."""
    return pre_activation_sum(model, trace.theta, d, unit, trace.z[d - 1][row])


def pre_activation_sum(model: NetworkModel, theta: Array, d: int, unit: int, z: Array) -> str:
    """The sum w·z + b, in numbers, for activations z (in,) of the layer below."""
    w, b = model.network.split(theta)[d - 1]
    return f"{dot(w[unit], z)} + {bracketed(b[unit])}"


def share_of_mean(model: NetworkModel, trace: Trace) -> str:
    """The factor of the mean, 1/m."""
    samples = len(trace.indices)
    return f"1/{samples} · " if model.reduction == "mean" and samples > 1 else ""


def delta_terms(model: NetworkModel, trace: Trace, d: int, row: int, unit: int) -> str:
    """The numbers that make one unit's error signal for one row: from the layer above, or from the loss."""
    slope = num(trace.derivative[d - 1][row, unit])
    if d < model.network.depth:
        w = model.network.split(trace.theta)[d][0]
        return f"({dot(trace.delta[d][row], w[:, unit])})·{slope}"
    z, y = trace.z[-1], trace.targets
    if model.loss.from_logits or model.loss_name == "squared":
        body = f"({num(z[row, unit])} − {bracketed(y[row, unit])})"
    else:
        slopes = np.empty_like(z)
        model.loss.derivative(z, y, slopes)
        body = bracketed(slopes[row, unit])
    factor = not model.loss.from_logits and model.network.activations[-1] != "linear"
    return f"{share_of_mean(model, trace)}{body}" + (f"·{slope}" if factor else "")


def gradient_terms(model: NetworkModel | FunctionModel, trace: Trace, at: int) -> str:
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
        shown = _largest_terms(signals)
        return " + ".join(bracketed(signals[i]) for i in shown) + _rest(signals, shown, "samples")
    terms = dot(delta[:, row], z[:, column])
    if trace.settings.l2:
        terms += f" + {num(trace.settings.l2)}·{bracketed(trace.theta[at])}"
    if trace.settings.l1:
        terms += f" + {num(trace.settings.l1)}·{bracketed(np.sign(trace.theta[at]))}"
    return terms
