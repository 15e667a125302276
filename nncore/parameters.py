"""The names of the entries of θ: W2[3,1] in files, W₂[3,1] on the screen; rows, columns and units count from 0."""

from __future__ import annotations

from nncore.function import FunctionModel
from nncore.network import layer_of
from nncore.training import Model

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def parameter_name(model: Model, index: int) -> str:
    """The name of one entry of θ in files: `W2[3,1]`, `b2[3]`, or a function's variable."""
    return _name(model, index)


def parameter_symbol(model: Model, index: int) -> str:
    """The name of one entry of θ on the screen: W₂[3,1], b₂[3], or a function's variable."""
    return _name(model, index, SUBSCRIPTS)


def _name(model: Model, index: int, digits: dict[int, int] | None = None) -> str:
    """The name, the layer's number written in `digits`."""
    if isinstance(model, FunctionModel):
        return model.names[index]
    layer = layer_of(model.network, index)
    number, (row, column) = str(layer.number).translate(digits or {}), layer.entry(index)
    return f"b{number}[{row}]" if column is None else f"W{number}[{row},{column}]"
