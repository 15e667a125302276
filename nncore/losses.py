"""Loss functions of one sample: value, derivative by the output, and that one's derivative along a direction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.activations import shifted_exp
from nncore.arrays import Array

_ONE = np.array(1.0)
_MINUS_ONE = np.array(-1.0)
_UNDERFLOWS = np.array(1e-300)
"""At or below it the softmax of a class is no longer known to its last digits, and its log is taken from a."""

_ERROR = "({z} - {y})"


def _targets_are_y(y: Array, outputs: int) -> Array:
    return y


def _any_y(y: Array, outputs: int) -> bool:
    return True


@dataclass(frozen=True)
class Loss:
    """A loss ℓ of one sample, summed over the outputs and not yet averaged over samples.

    Its argument is the network's output z_L, or, with `from_logits`, the pre-activation a_L under the
    loss's own output activation `output`; `derivative` and `second_derivative` are by that argument.
    Arrays are (…, n, outputs), rows are samples; `out` shares no memory with the other arguments.

    `accepts(y, outputs)` tells whether the y (…, n, k) of data can be encoded for so many output units, and
    `accepted` says in words which can; `encode(y, outputs)` makes the targets from them.
    `value(a, z, targets)` returns ℓ of every sample, (…, n).
    `derivative(z, targets, out)` fills `out` with ∂ℓ/∂z_L, or from logits with ∂ℓ/∂a_L = z − targets.
    `second_derivative(z, targets, direction, out)` fills `out` with how `derivative` changes along `direction`.
    `formula` is ℓ as people read it, from the outputs z or the a below them and the targets y; `derivative_terms`
    the derivative at one output, as a template whose fields are z and y. `kinked`: whether it jumps at z = y.
    `torch` is PyTorch's loss from logits.
    """

    name: str
    formula: str
    derivative_terms: str
    value: Callable[[Array, Array, Array], Array]
    derivative: Callable[[Array, Array, Array], object]
    second_derivative: Callable[[Array, Array, Array, Array], object]
    output: str = "linear"
    from_logits: bool = False
    classification: bool = False
    accepts: Callable[[Array, int], bool] = _any_y
    accepted: str = ""
    encode: Callable[[Array, int], Array] = _targets_are_y
    kinked: bool = False
    torch: str = ""


def _error(z: Array, targets: Array, out: Array) -> None:
    np.subtract(z, targets, out)


def _squared(a: Array, z: Array, targets: Array) -> Array:
    error = z - targets
    error *= error
    total: Array = np.add.reduce(error, axis=-1)
    return total * 0.5


def _squared_second_derivative(z: Array, targets: Array, direction: Array, out: Array) -> None:
    np.copyto(out, direction)


def _absolute(a: Array, z: Array, targets: Array) -> Array:
    return np.abs(z - targets).sum(axis=-1)


def _absolute_derivative(z: Array, targets: Array, out: Array) -> None:
    np.subtract(z, targets, out)
    np.sign(out, out)


def _absolute_second_derivative(z: Array, targets: Array, direction: Array, out: Array) -> None:
    out.fill(0.0)


def _huber(a: Array, z: Array, targets: Array) -> Array:
    error = np.abs(z - targets)
    near = np.minimum(error, _ONE)
    return (near * (error - 0.5 * near)).sum(axis=-1)  # ½e² inside 1, |e| − ½ outside


def _huber_derivative(z: Array, targets: Array, out: Array) -> None:
    np.subtract(z, targets, out)
    np.maximum(out, _MINUS_ONE, out=out)
    np.minimum(out, _ONE, out=out)


def _huber_second_derivative(z: Array, targets: Array, direction: Array, out: Array) -> None:
    np.multiply(direction, np.abs(z - targets) < _ONE, out)


def _logistic(a: Array, z: Array, targets: Array) -> Array:
    value = np.log1p(np.exp(-np.abs(a)))
    value += np.maximum(a, 0.0) - a * targets
    return value.sum(axis=-1)


def _logistic_second_derivative(z: Array, targets: Array, direction: Array, out: Array) -> None:
    np.multiply(z * (1.0 - z), direction, out)


def _zeros_and_ones(y: Array, outputs: int) -> bool:
    return bool(np.isin(y, (0.0, 1.0)).all())


def _class_numbers(y: Array, outputs: int) -> bool:
    return y.shape[-1] == 1 and bool(np.isin(y, np.arange(outputs)).all())


def _one_hot(y: Array, outputs: int) -> Array:
    targets = (y == np.arange(outputs)).astype(np.float64)
    if not np.all(targets.sum(axis=-1) == 1.0):
        raise ValueError(f"class numbers must be integers from 0 to {outputs - 1}, one output unit a class")
    return targets


def _softmax_cross_entropy(a: Array, z: Array, targets: Array) -> Array:
    likelihood = np.vecdot(targets, z)
    if (likelihood > _UNDERFLOWS).all():
        value: Array = -np.log(likelihood)
        return value
    exponentials = np.empty_like(a)
    top = shifted_exp(a, exponentials)
    below_top: Array = top[..., 0] - np.add.reduce(targets * a, axis=-1)
    return below_top + np.log(np.add.reduce(exponentials, axis=-1))


def _softmax_cross_entropy_second_derivative(z: Array, targets: Array, direction: Array, out: Array) -> None:
    np.multiply(z, direction, out)
    out -= z * np.add.reduce(out, axis=-1, keepdims=True)


LOSSES = {
    loss.name: loss
    for loss in (
        Loss("squared", "½ Σ (z − y)²", _ERROR, _squared, _error, _squared_second_derivative),
        Loss(
            "absolute",
            "Σ |z − y|",
            "sign({z} - {y})",
            _absolute,
            _absolute_derivative,
            _absolute_second_derivative,
            kinked=True,
        ),
        Loss(
            "huber",
            "Σ (½e² if |e| < 1 else |e| − ½), e = z − y",
            "max(-1, min(1, {z} - {y}))",
            _huber,
            _huber_derivative,
            _huber_second_derivative,
        ),
        Loss(
            "logistic",
            "Σ (log(1 + eᵃ) − y·a)",
            _ERROR,
            _logistic,
            _error,
            _logistic_second_derivative,
            output="sigmoid",
            from_logits=True,
            classification=True,
            accepts=_zeros_and_ones,
            accepted="every y is 0 or 1",
            torch="nn.BCEWithLogitsLoss",
        ),
        Loss(
            "softmax_cross_entropy",
            "log Σ eᵃ − a[y]",
            _ERROR,
            _softmax_cross_entropy,
            _error,
            _softmax_cross_entropy_second_derivative,
            output="softmax",
            from_logits=True,
            classification=True,
            accepts=_class_numbers,
            accepted="y1 alone is a class number",
            encode=_one_hot,
            torch="nn.CrossEntropyLoss",
        ),
    )
}
