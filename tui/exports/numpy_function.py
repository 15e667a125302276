"""A network as a plain NumPy function that gives the same outputs, bit for bit on the same machine."""

from __future__ import annotations

from nncore.activations import LEAKY_SLOPE
from nncore.arrays import Array
from tui.exports.trained import Trained

_FUNCTIONS = {
    "relu": "def relu(a):\n    return np.maximum(a, 0.0)",
    "leaky_relu": f"def leaky_relu(a):\n    return np.maximum(a, {LEAKY_SLOPE} * a)",
    "tanh": "def tanh(a):\n    return np.tanh(a)",
    "sigmoid": "def sigmoid(a):\n    e = np.exp(np.minimum(a, 40.0))  # beyond 40 it is 1\n    return e / (e + 1.0)",
    "softplus": "def softplus(a):\n    return np.log1p(np.exp(-np.abs(a))) + np.maximum(a, 0.0)",
    "sine": "def sine(a):\n    return np.sin(a)",
    "softmax": "def softmax(a):\n    e = np.exp(a - a.max(axis=-1, keepdims=True))\n"
    "    return e / e.sum(axis=-1, keepdims=True)",
}


def numpy_function(network: Trained) -> str:
    """A Python file with `network(x)`, which needs nothing but NumPy."""
    model = network.model
    sizes, activations = model.network.sizes, model.network.activations
    numbers, lines = [], []
    if model.data.mean is not None and model.data.deviation is not None:
        numbers += [_array("mean", model.data.mean), _array("deviation", model.data.deviation)]
        lines.append("z = (z - mean) / deviation  # inputs as it was trained on them")
    for d, ((w, b), name) in enumerate(zip(model.network.split(network.theta), activations, strict=True), 1):
        numbers += [_array(f"W{d}", w), _array(f"b{d}", b)]
        pre_activation = f"z @ W{d}.T + b{d}"
        lines.append(f"z = {pre_activation}" if name == "linear" else f"z = {name}({pre_activation})")
    functions = [_FUNCTIONS[name] for name in dict.fromkeys(activations) if name in _FUNCTIONS]
    body = "".join(f"    {line}\n" for line in lines)
    defined = "".join(f"{function}\n\n\n" for function in functions)
    return f'''"""{network.docstring}."""

import numpy as np

{"".join(numbers)}

{defined}def network(x):
    """The outputs, shape (n, {sizes[-1]}), of inputs of shape (n, {sizes[0]})."""
    z = np.asarray(x, dtype=np.float64)
{body}    return z
'''


def _array(name: str, values: Array) -> str:
    """A line that makes an array again, a matrix with a row a line."""
    if values.ndim == 1:
        return f"{name} = np.array({values.tolist()})\n"
    rows = "".join(f"        {row},\n" for row in values.tolist())
    return f"{name} = np.array(\n    [\n{rows}    ]\n)\n"
