"""From a lane's table to its plan: names looked up, everything that spans several keys checked."""

from __future__ import annotations

import keyword
import re
from typing import Any

import numpy as np
from msgspec import UNSET

from nncore.arrays import Array
from nncore.datasets import Data
from nncore.initializers import Initializer
from nncore.losses import LOSSES
from nncore.network import Network
from nncore.training import Edit
from scenarios.calculus import derivative
from scenarios.document import Document
from scenarios.expressions import RESERVED, Expression, ExpressionError, parse
from scenarios.names import quoted
from scenarios.refusals import Path, unknown_key
from scenarios.scenario import FunctionPlan, LanePlan, NetworkPlan
from scenarios.schema import MAX_PARAMETERS, MAX_WIDTH, FunctionTable, Init, LaneTable
from scenarios.settings import EDITABLE, merged, read_settings

NETWORK_KEYS = ("hidden", "activation", "output", "loss", "reduction", "init", "parameters")
_RESERVED_IDS = RESERVED | {"step", "epoch"}
_ENTRY = re.compile(r"([Wb])(\d+)\[(\d+)(?:, ?(\d+))?\]")


class LaneReader:
    """Reads the lanes of one document; `own` are their tables as written, without defaults."""

    def __init__(self, document: Document, data: Data | None, steps: int, own: list[dict[str, Any]]) -> None:
        self._document, self._data, self._steps, self._own = document, data, steps, own
        self._ids: set[str] = set()

    def read(self, index: int, raw: dict[str, Any]) -> LanePlan:
        """The plan of a lane whose table, defaults included, is `raw`; raises ScenarioError."""
        path: Path = ("lanes", index)
        table = self._document.convert(raw, LaneTable, path)
        identity = self._id(table, path)
        model: NetworkPlan | FunctionPlan
        if table.function is not UNSET:
            model = self._function(table.function, path, self._own[index])
            layers = 1
        else:
            model = self._network(table, path)
            layers = model.network.depth
        settings = read_settings(self._document, table, path, layers, self._steps)
        return LanePlan(
            id=identity,
            label=identity if table.label is UNSET else table.label,
            seed=None if table.seed is UNSET else table.seed,
            model=model,
            settings=settings,
            edits=self._edits(table, raw, path, model, layers),
        )

    def _id(self, table: LaneTable, path: Path) -> str:
        if table.id is UNSET:
            raise self._document.error((*path, "id"), "missing; allowed: a name of letters, digits and _")
        name = table.id
        allowed = name.isascii() and name.isidentifier() and not keyword.iskeyword(name)
        if not allowed or name in _RESERVED_IDS:
            message = f"found {quoted(name)}; allowed: letters, digits and _, not a word of expressions"
            raise self._document.error((*path, "id"), message)
        if name in self._ids:
            raise self._document.error((*path, "id"), f"found {quoted(name)} twice; allowed: an id a lane")
        self._ids.add(name)
        return name

    # networks

    def _network(self, table: LaneTable, path: Path) -> NetworkPlan:
        document = self._document
        if self._data is None:
            raise document.error(("data",), "missing; allowed: a table, for lanes that are networks")
        loss = LOSSES[table.loss]
        output = loss.output if table.output is UNSET else table.output
        if (loss.from_logits or output == "softmax") and output != loss.output:
            allowed = f"{quoted(loss.output)} with the loss {quoted(loss.name)}"
            raise document.error((*path, "output"), f"found {quoted(output)}; allowed: {allowed}")
        hidden = self._hidden_activations(table, path)
        outputs = self._outputs(table.loss, path)
        network = Network((self._data.x.shape[-1], *table.hidden, outputs), (*hidden, output))
        if network.parameter_count > MAX_PARAMETERS:
            message = f"makes {network.parameter_count:,} parameters; allowed: at most {MAX_PARAMETERS:,}"
            raise document.error((*path, "hidden"), message)
        init = table.init if isinstance(table.init, Init) else Init(table.init)
        parameters = self._parameters(table, path, network)
        return NetworkPlan(network, table.loss, table.reduction, Initializer(init.name, init.scale), parameters)

    def _hidden_activations(self, table: LaneTable, path: Path) -> tuple[str, ...]:
        if isinstance(table.activation, str):
            return (table.activation,) * len(table.hidden)
        if len(table.activation) != len(table.hidden):
            message = f"found {len(table.activation)} names; allowed: one a hidden layer, {len(table.hidden)}"
            raise self._document.error((*path, "activation"), message)
        return tuple(table.activation)

    def _outputs(self, loss: str, path: Path) -> int:
        """How many output units the data and the loss ask for."""
        assert self._data is not None
        y = np.concatenate([self._data.y, self._data.y_test])
        if loss == "logistic" and not np.isin(y, (0.0, 1.0)).all():
            raise self._document.error((*path, "loss"), 'found "logistic"; allowed: only where every y is 0 or 1')
        if loss != "softmax_cross_entropy":
            return int(y.shape[-1])
        if y.shape[-1] != 1 or (y < 0).any() or (y != np.floor(y)).any() or y.max() >= MAX_WIDTH:
            message = 'found "softmax_cross_entropy"; allowed: only where y1 alone holds class numbers from 0'
            raise self._document.error((*path, "loss"), message)
        return max(int(y.max()) + 1, self._data.classes or 2)

    def _parameters(self, table: LaneTable, path: Path, network: Network) -> dict[str, Array]:
        shapes: dict[str, tuple[int, ...]] = {}
        for layer in network.layers:
            shapes[f"W{layer.number}"] = (layer.fan_out, layer.fan_in)
            shapes[f"b{layer.number}"] = (layer.fan_out,)
        found = {}
        for key, value in table.parameters.items():
            here = (*path, "parameters", key)
            if key not in shapes:
                raise self._document.error(here, unknown_key(key, list(shapes)))
            shape = shapes[key]
            wanted: Any = list[list[float]] if len(shape) == 2 else list[float]
            rows = self._document.convert(value, wanted, here)
            try:
                array = np.array(rows, dtype=np.float64)
            except ValueError:
                array = np.empty(0)
            if array.shape != shape:
                size = "×".join(map(str, array.shape)) if array.size else "rows of different lengths"
                allowed = "×".join(map(str, shape))
                raise self._document.error(here, f"found {size}; allowed: {allowed} numbers (out × in)")
            found[key] = array
        return found

    # functions

    def _function(self, table: FunctionTable, path: Path, own: dict[str, Any]) -> FunctionPlan:
        document = self._document
        extra = next((key for key in NETWORK_KEYS if key in own), None)
        if extra:
            message = "unknown key for a lane with [lanes.function], which has no network"
            raise document.error((*path, extra), message)
        here = (*path, "function")
        names = tuple(table.start)
        if not 1 <= len(names) <= MAX_WIDTH:
            raise document.error((*here, "start"), "found no variables; allowed: { x = 1.0, … }")
        for name in names:
            if not (name.isascii() and name.isidentifier()) or name in RESERVED or keyword.iskeyword(name):
                message = f"found the variable {quoted(name)}; allowed: letters, digits and _"
                raise document.error((*here, "start"), message)
        start = [document.convert(table.start[name], float, (*here, "start", name)) for name in names]
        try:
            value = parse(table.expression)
            value.require(names)
            gradient = tuple(derivative(value, name) for name in names)
            hessian = tuple(tuple(derivative(part, name) for name in names) for part in gradient)
        except ExpressionError as error:
            raise document.error((*here, "expression"), str(error)) from None
        return FunctionPlan(names, value, gradient, hessian, np.array(start), table.gradient_noise)

    # training

    def _edits(
        self,
        table: LaneTable,
        raw: dict[str, Any],
        path: Path,
        model: NetworkPlan | FunctionPlan,
        layers: int,
    ) -> tuple[Edit, ...]:
        current = {key: raw[key] for key in EDITABLE if key in raw}
        edits = []
        for place in sorted(range(len(table.edits)), key=lambda i: table.edits[i].at):
            edit, here = table.edits[place], (*path, "edits", place, "set")
            assignments = []
            for key, value in edit.set.items():
                if key in EDITABLE:
                    current = merged(current, {key: value})
                else:
                    index = self._entry(key, (*here, key), model)
                    assignments.append((index, self._document.convert(value, float, (*here, key))))
            changed = self._document.convert(current, LaneTable, here)
            settings = read_settings(self._document, changed, here, layers, self._steps)
            edits.append(Edit(edit.at, settings, tuple(assignments)))
        return tuple(edits)

    def _entry(self, key: str, path: Path, model: NetworkPlan | FunctionPlan) -> int:
        """The entry of θ that a key such as "W1[2,3]" or a variable names."""
        if isinstance(model, FunctionPlan):
            if key in model.names:
                return model.names.index(key)
            raise self._document.error(path, unknown_key(key, [*EDITABLE, *model.names]))
        match = _ENTRY.fullmatch(key)
        if match is None:
            raise self._document.error(path, unknown_key(key, [*EDITABLE, "W1[0,0]", "b1[0]"]))
        kind, number, row, column = match[1], int(match[2]), int(match[3]), int(match[4] or 0)
        layers = model.network.layers
        fits = 1 <= number <= len(layers) and (kind == "W") == (match[4] is not None)
        layer = layers[number - 1] if fits else layers[0]
        if not fits or row >= layer.fan_out or column >= layer.fan_in:
            raise self._document.error(path, "there is no such parameter in this network")
        return layer.start + row * layer.fan_in + column if kind == "W" else layer.biases.start + row


def expression_of(document: Document, text: str, path: Path) -> Expression:
    """A parsed expression; raises ScenarioError."""
    try:
        return parse(text)
    except ExpressionError as error:
        raise document.error(path, str(error)) from None
