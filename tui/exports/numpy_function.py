"""A network as a plain NumPy function that gives the same outputs, bit for bit on the same machine."""

from __future__ import annotations

from textwrap import indent

from nncore.arrays import Array
from nncore.network import activation_named
from tui.exports.trained import Trained


def numpy_function(network: Trained) -> str:
    """A Python file with `network(x)`, which needs nothing but NumPy."""
    model = network.model
    sizes, activations = model.network.sizes, model.network.activations
    numbers, lines = [], []
    if model.data.mean is not None and model.data.deviation is not None:
        numbers += [array("mean", model.data.mean), array("deviation", model.data.deviation)]
        lines.append("z = (z - mean) / deviation  # inputs as it was trained on them")
    for d, ((w, b), name) in enumerate(zip(model.network.split(network.theta), activations, strict=True), 1):
        numbers += [array(f"W{d}", w), array(f"b{d}", b)]
        pre_activation = f"z @ W{d}.T + b{d}"
        lines.append(f"z = {pre_activation}" if name == "linear" else f"z = {name}({pre_activation})")
    if model.data.y_mean is not None and model.data.y_deviation is not None:
        numbers += [array("y_mean", model.data.y_mean), array("y_deviation", model.data.y_deviation)]
        lines.append("z = z * y_deviation + y_mean  # outputs as they stand in the data")
    functions = [function(name) for name in dict.fromkeys(activations) if name != "linear"]
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


def function(name: str) -> str:
    """An activation as a Python function."""
    return f"def {name}(a):\n{indent(activation_named(name).numpy, '    ')}"


def array(name: str, values: Array) -> str:
    """A line that makes an array again, a matrix with a row a line."""
    if values.ndim == 1:
        return f"{name} = np.array({values.tolist()})\n"
    rows = "".join(f"        {row},\n" for row in values.tolist())
    return f"{name} = np.array(\n    [\n{rows}    ]\n)\n"
