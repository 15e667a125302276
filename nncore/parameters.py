"""The names of the entries of θ: W2[3,1] in files, W₂[3,1] on the screen; rows, columns and units count from 0."""

from __future__ import annotations

from nncore.function import FunctionModel
from nncore.network import layer_of
from nncore.training import Model

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def parameter_name(model: Model, index: int) -> str:
    """The name of one entry of θ in files: `W2[3,1]`, `b2[3]`, or a function's variable."""
    if isinstance(model, FunctionModel):
        return model.names[index]
    layer = layer_of(model.network, index)
    return _named(str(layer.number), *layer.entry(index))


def parameter_symbol(model: Model, index: int) -> str:
    """The name of one entry of θ on the screen: W₂[3,1], b₂[3], or a function's variable."""
    if isinstance(model, FunctionModel):
        return model.names[index]
    layer = layer_of(model.network, index)
    return _named(str(layer.number).translate(SUBSCRIPTS), *layer.entry(index))


def _named(layer: str, row: int, column: int | None) -> str:
    return f"b{layer}[{row}]" if column is None else f"W{layer}[{row},{column}]"
