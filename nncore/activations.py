"""Activation functions σ with their first and second derivatives, written into given arrays.

Every function is finite, accurate and silent for any finite pre-activation, and lets NaN through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from nncore.arrays import Array

LEAKY_SLOPE = 0.01

# NumPy converts a Python number anew at every call; a 0-d array saves a quarter of a small operation.
_ZERO = np.array(0.0)
_ONE = np.array(1.0)
_LEAKY_SLOPE = np.array(LEAKY_SLOPE)
_SIGMOID_IS_ONE = np.array(40.0)  # 1 + exp(40) rounds to exp(40)


@dataclass(frozen=True)
class Activation:
    """An element-by-element function z = σ(a), its derivatives σ′(a) and σ″(a).

    `value(a, out)`, `derivative(a, z, out)` and `second_derivative(a, z, out)` fill `out`, of the shape of `a`, with
    z = σ(a) given to the derivatives because most are cheaper from it. `out` shares no memory with
    the other arguments. `formula` is σ(a) and `derivative_formula` σ′(a) as people read them, from a and z.

    `numpy` is the body of a function of `a` that gives the same bits in NumPy alone; `torch` a PyTorch module, or
    an expression of `a` where there is none. `kinks` are the places where σ′ jumps. `left_slope` is σ′ below 0
    of a function that is linear on either side of 0 and has the derivative 1 above, else None.
    """

    name: str
    formula: str
    derivative_formula: str
    value: Callable[[Array, Array], object]
    derivative: Callable[[Array, Array, Array], object]
    second_derivative: Callable[[Array, Array, Array], object]
    numpy: str
    torch: str
    kinks: tuple[float, ...] = ()
    left_slope: float | None = None

    @property
    def piecewise_linear(self) -> bool:
        return self.left_slope is not None


def _relu(a: Array, out: Array) -> None:
    np.maximum(a, _ZERO, out=out)


def _relu_derivative(a: Array, z: Array, out: Array) -> None:
    np.copyto(out, z > _ZERO)  # on wide layers faster than the sign


def _leaky_relu(a: Array, out: Array) -> None:
    np.multiply(a, _LEAKY_SLOPE, out)
    np.maximum(a, out, out=out)


def _leaky_relu_derivative(a: Array, z: Array, out: Array) -> None:
    _relu_derivative(a, z, out)
    np.maximum(out, _LEAKY_SLOPE, out=out)


def _tanh_derivative(a: Array, z: Array, out: Array) -> None:
    np.multiply(z, z, out)
    np.subtract(_ONE, out, out)


def _tanh_second_derivative(a: Array, z: Array, out: Array) -> None:
    _tanh_derivative(a, z, out)
    out *= z
    out *= -2.0


def _sigmoid(a: Array, out: Array) -> None:
    np.minimum(a, _SIGMOID_IS_ONE, out=out)
    np.exp(out, out)
    np.divide(out, out + _ONE, out)


def _sigmoid_derivative(a: Array, z: Array, out: Array) -> None:
    np.subtract(_ONE, z, out)
    np.multiply(out, z, out)


def _sigmoid_second_derivative(a: Array, z: Array, out: Array) -> None:
    _sigmoid_derivative(a, z, out)
    out *= 1.0 - 2.0 * z


def _softplus(a: Array, out: Array) -> None:
    np.abs(a, out)
    np.negative(out, out)
    np.exp(out, out)
    np.log1p(out, out)
    out += np.maximum(a, _ZERO)


def _softplus_derivative(a: Array, z: Array, out: Array) -> None:
    np.negative(z, out)
    np.expm1(out, out)
    np.negative(out, out)


def _softplus_second_derivative(a: Array, z: Array, out: Array) -> None:
    _softplus_derivative(a, z, out)
    out *= np.exp(-z)


def _sine_derivative(a: Array, z: Array, out: Array) -> None:
    np.cos(a, out)


def _sine_second_derivative(a: Array, z: Array, out: Array) -> None:
    np.negative(z, out)


def _linear(a: Array, out: Array) -> None:
    np.copyto(out, a)


def _linear_derivative(a: Array, z: Array, out: Array) -> None:
    out.fill(1.0)


def _no_second_derivative(a: Array, z: Array, out: Array) -> None:
    out.fill(0.0)


def shifted_exp(a: Array, out: Array) -> Array:
    """Fill `out` with exp(a − top) and return top, the largest a of each row, (…, n, 1)."""
    # NumPy takes the maximum over short rows four times faster across columns than along them
    top: Array = np.maximum.reduce(a.copy(order="F"), axis=-1, keepdims=True)
    with np.errstate(over="ignore"):  # a difference of -inf is as good as any below -745: exp is 0
        np.subtract(a, top, out)
    np.exp(out, out)
    return top


def _softmax(a: Array, out: Array) -> None:
    shifted_exp(a, out)
    out /= np.add.reduce(out, axis=-1, keepdims=True)


def _refuse_softmax_derivative(a: Array, z: Array, out: Array) -> NoReturn:
    raise TypeError("softmax has no element-by-element derivative: use it with its cross-entropy from logits")


ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation(
            "relu",
            "max(a, 0)",
            "1 if a > 0 else 0",
            _relu,
            _relu_derivative,
            _no_second_derivative,
            "return np.maximum(a, 0.0)",
            "nn.ReLU()",
            kinks=(0.0,),
            left_slope=0.0,
        ),
        Activation(
            "leaky_relu",
            f"max(a, {LEAKY_SLOPE}·a)",
            f"1 if a > 0 else {LEAKY_SLOPE}",
            _leaky_relu,
            _leaky_relu_derivative,
            _no_second_derivative,
            f"return np.maximum(a, {LEAKY_SLOPE} * a)",
            f"nn.LeakyReLU({LEAKY_SLOPE})",
            kinks=(0.0,),
            left_slope=LEAKY_SLOPE,
        ),
        Activation(
            "tanh",
            "tanh a",
            "1 − z²",
            np.tanh,
            _tanh_derivative,
            _tanh_second_derivative,
            "return np.tanh(a)",
            "nn.Tanh()",
        ),
        Activation(
            "sigmoid",
            "1/(1 + e⁻ᵃ)",
            "z(1 − z)",
            _sigmoid,
            _sigmoid_derivative,
            _sigmoid_second_derivative,
            "e = np.exp(np.minimum(a, 40.0))  # beyond 40 it is 1\nreturn e / (e + 1.0)",
            "nn.Sigmoid()",
        ),
        Activation(
            "softplus",
            "log(1 + eᵃ)",
            "1 − e⁻ᶻ",
            _softplus,
            _softplus_derivative,
            _softplus_second_derivative,
            "return np.log1p(np.exp(-np.abs(a))) + np.maximum(a, 0.0)",
            "nn.Softplus(threshold=40)",  # its own threshold of 20 is off by 2e-9 above it
        ),
        Activation(
            "sine",
            "sin a",
            "cos a",
            np.sin,
            _sine_derivative,
            _sine_second_derivative,
            "return np.sin(a)",
            "torch.sin(a)",
        ),
        Activation(
            "linear",
            "a",
            "1",
            _linear,
            _linear_derivative,
            _no_second_derivative,
            "return a",
            "nn.Identity()",
            left_slope=1.0,
        ),
    )
}

SOFTMAX = Activation(
    "softmax",
    "eᵃ / Σ eᵃ",
    "—",
    _softmax,
    _refuse_softmax_derivative,
    _refuse_softmax_derivative,
    "e = np.exp(a - a.max(axis=-1, keepdims=True))\nreturn e / e.sum(axis=-1, keepdims=True)",
    "nn.Softmax(dim=-1)",
)
"""The softmax over the last axis, for output layers only: `derivative` and `second_derivative` raise TypeError."""
