"""From a lane's table to its model's plan: a network, or a function in its place."""

from __future__ import annotations

import keyword
from typing import Any

import numpy as np
from msgspec import UNSET

from nncore.arrays import Array
from nncore.datasets import Data
from nncore.initializers import Initializer
from nncore.losses import LOSSES
from nncore.network import Network
from scenarios.errors import quoted
from scenarios.expressions.derivative import require_differentiable
from scenarios.expressions.expression import RESERVED, ExpressionError, parse
from scenarios.file.document import Document
from scenarios.file.npz_values import read_values
from scenarios.file.refusals import Path, show, unknown_key
from scenarios.file.schema import MAX_PARAMETERS, MAX_VARIABLES, MAX_WIDTH, FunctionTable, Init, LaneTable
from scenarios.scenario import FunctionPlan, NetworkPlan


def network_plan(document: Document, table: LaneTable, path: Path, sample: Data) -> NetworkPlan:
    """The network of a lane for data like the sample; raises ScenarioError."""
    outputs = _outputs(document, table, path, sample)
    activations = (*_hidden_activations(document, table, path), _output_activation(document, table, path))
    network = Network((sample.x.shape[-1], *table.hidden, outputs), activations)
    if network.parameter_count > MAX_PARAMETERS:
        message = f"makes {network.parameter_count:,} parameters; allowed: at most {MAX_PARAMETERS:,}"
        raise document.error((*path, "hidden"), message)
    init = table.init if isinstance(table.init, Init) else Init(table.init)
    parameters = _parameters(document, table, path, network)
    return NetworkPlan(network, table.loss, table.reduction, Initializer(init.name, init.scale), parameters)


def _output_activation(document: Document, table: LaneTable, path: Path) -> str:
    """The output asked for, by default the loss's own."""
    loss = LOSSES[table.loss]
    output = loss.output if table.output is UNSET else table.output
    allowed = (loss.output,) if loss.from_logits else ("linear", "sigmoid", "tanh")
    if output not in allowed:
        message = f"found {quoted(output)}; allowed: {', '.join(map(quoted, allowed))} with loss {quoted(loss.name)}"
        raise document.error((*path, "output"), message)
    return output


def _hidden_activations(document: Document, table: LaneTable, path: Path) -> tuple[str, ...]:
    if isinstance(table.activation, str):
        return (table.activation,) * len(table.hidden)
    if len(table.activation) != len(table.hidden):
        message = f"found {show(table.activation)}; allowed: an array of {len(table.hidden)}, one name a hidden layer"
        raise document.error((*path, "activation"), message)
    return tuple(table.activation)


def _outputs(document: Document, table: LaneTable, path: Path, sample: Data) -> int:
    """How many output units the data and the loss ask for."""
    outputs = int(sample.y.shape[-1])
    if LOSSES[table.loss].output == "softmax":
        highest = int(max(y.max(initial=0.0) for y in (sample.y, sample.y_test)))
        outputs = max(min(highest, MAX_WIDTH - 1) + 1, sample.classes or 2)
    if message := refused_loss(table.loss, outputs, sample):
        raise document.error((*path, "loss"), message)
    return outputs


def refused_loss(name: str, outputs: int, data: Data) -> str | None:
    """What is said where a loss cannot take the y of some data with so many output units; None where it can."""
    loss, classes = LOSSES[name], data.names.classes
    here = f"; here are {len(classes)} classes: {', '.join(classes[:4])}{', …' if len(classes) > 4 else ''}"
    if len(classes) > 2 and not loss.classification:
        return f"found {quoted(name)}; allowed: softmax_cross_entropy, as class numbers measure nothing{here}"
    if all(loss.accepts(y, outputs) for y in (data.y, data.y_test)):
        return None
    return f"found {quoted(name)}; allowed: only where {loss.accepted}{here if classes else ''}"


def _parameters(document: Document, table: LaneTable, path: Path, network: Network) -> dict[str, Array]:
    """The exact starting values that are given, by name."""
    shapes: dict[str, tuple[int, ...]] = {}
    for layer in network.layers:
        shapes[f"W{layer.number}"] = (layer.fan_out, layer.fan_in)
        shapes[f"b{layer.number}"] = (layer.fan_out,)
    given: dict[str, Any]
    if isinstance(table.parameters, str):
        given, of_file = _from_file(document, table.parameters, path), f"in {quoted(table.parameters)} "
    else:
        given, of_file = table.parameters, ""
    found = {}
    for key, value in given.items():
        here = (*path, "parameters", key)
        if key not in shapes:
            raise document.error(here, of_file + unknown_key(key, list(shapes)))
        array = value if of_file else _numbers(document, key, value, here)
        if array is None or array.shape != shapes[key]:
            size = "rows of different lengths" if array is None else "×".join(map(str, array.shape))
            message = f"{of_file}found {size}; allowed: {'×'.join(map(str, shapes[key]))} numbers"
            raise document.error(here, message + " (out × in)" if key.startswith("W") else message)
        found[key] = array
    return found


def _from_file(document: Document, name: str, path: Path) -> dict[str, Array]:
    try:
        return read_values(document.folder, name)
    except ValueError as error:
        raise document.error((*path, "parameters"), str(error)) from None


def _numbers(document: Document, key: str, value: Any, path: Path) -> Array | None:
    """The rows of a matrix W, or the numbers of b; None for rows of different lengths."""
    wanted: Any = list[list[float]] if key.startswith("W") else list[float]
    rows = document.convert(value, wanted, path)
    lengths = {len(row) for row in rows if isinstance(row, list)}
    return np.array(rows, dtype=np.float64).reshape(len(rows), *lengths) if len(lengths) < 2 else None


def function_plan(document: Document, table: FunctionTable, path: Path) -> FunctionPlan:
    """The function of a lane; raises ScenarioError."""
    names = tuple(table.start)
    if not 1 <= len(names) <= MAX_VARIABLES:
        message = f"found {len(names)} variables; allowed: 1 to {MAX_VARIABLES}, as in {{ x = 1.0 }}"
        raise document.error((*path, "start"), message)
    for name in names:
        if not is_name(name) or name in RESERVED:
            raise document.error((*path, "start"), f"found the variable {quoted(name)}; allowed: {NAMES}")
    start = [document.convert(table.start[name], float, (*path, "start", name)) for name in names]
    try:
        value = parse(table.expression)
        value.require(names)
        require_differentiable(value, names)
    except ExpressionError as error:
        raise document.error((*path, "expression"), str(error)) from None
    return FunctionPlan(names, value, np.array(start), table.gradient_noise)


NAMES = "letters, digits and _, not first a digit, no word of expressions or of Python"


def is_name(text: str) -> bool:
    """Whether expressions can call something by this name."""
    return text.isascii() and text.isidentifier() and not keyword.iskeyword(text)
