"""A state dict of an `nn.Sequential` of linear layers, in safetensors, as its weights and biases."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from nncore.arrays import Array
from scenarios.errors import ScenarioError, quoted
from scenarios.file.schema import MAX_PARAMETERS
from scenarios.regular_file import read_regular

MAX_BYTES = 16 * MAX_PARAMETERS
"""Twice what the most parameters take: a file is read whole."""

_TENSOR = re.compile(r"(?:(.+)\.)?(\d{1,6})\.(weight|bias)")
_DTYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}


@dataclass(frozen=True, eq=False)
class LinearLayer:
    """W (out, in) and b (out,), and the layer's place in the `nn.Sequential`, counted from 0."""

    place: int
    w: Array
    b: Array


def read_state_dict(file: str) -> list[LinearLayer]:
    """The layers in order; raises ScenarioError, with the tensor as its key, for all but a chain of linear layers."""
    tensors = _tensors(file)
    places = sorted({_place(file, name) for name in tensors})
    if not places:
        raise ScenarioError(file, "", "holds no tensors; allowed: 0.weight, 0.bias, … of an nn.Sequential")
    layers = [_layer(file, place, tensors) for place in places]
    for below, layer in pairwise(layers):
        (units, _), (_, inputs) = below.w.shape, layer.w.shape
        if inputs != units:
            message = f"takes {inputs:,} inputs; allowed: {units:,}, the outputs of {below.place}.weight"
            raise ScenarioError(file, f"{layer.place}.weight", message)
    return layers


def _tensors(file: str) -> dict[str, dict[str, Any]]:
    """Each tensor's shape, dtype and bytes."""
    from safetensors import SafetensorError, deserialize

    try:
        return dict(deserialize(read_regular(Path(file), MAX_BYTES)))
    except OSError as error:
        raise ScenarioError(file, "", f"cannot read it: {error.strerror}") from None
    except SafetensorError:
        message = "is no safetensors file; allowed: one that save_file of safetensors.torch wrote"
        raise ScenarioError(file, "", message) from None


def _place(file: str, name: str) -> int:
    found = _TENSOR.fullmatch(name)
    if found and not found[1]:
        return int(found[2])
    hint = f": save the state dict of the part {quoted(found[1])}" if found else ""
    message = f"found the tensor {quoted(name)}; allowed: 0.weight, 0.bias, … of an nn.Sequential of Linear{hint}"
    raise ScenarioError(file, "", message)


def _layer(file: str, place: int, tensors: dict[str, dict[str, Any]]) -> LinearLayer:
    w = _numbers(file, f"{place}.weight", tensors)
    if w.ndim != 2 or not w.size:
        raise ScenarioError(file, f"{place}.weight", f"found {_shape(w)}; allowed: out × in, as a Linear has it")
    b = _numbers(file, f"{place}.bias", tensors)
    if b.shape != w.shape[:1]:
        raise ScenarioError(file, f"{place}.bias", f"found {_shape(b)}; allowed: {len(w)} numbers, one a row of weight")
    return LinearLayer(place, w, b)


def _numbers(file: str, name: str, tensors: dict[str, dict[str, Any]]) -> Array:
    if name not in tensors:
        raise ScenarioError(file, name, "missing; allowed: Linear layers with weight and bias")
    tensor = tensors[name]
    if tensor["dtype"] not in _DTYPES:
        message = f"found numbers of type {tensor['dtype']}; allowed: {', '.join(_DTYPES)}, as of model.double()"
        raise ScenarioError(file, name, message)
    values = np.frombuffer(tensor["data"], _DTYPES[tensor["dtype"]]).reshape(tensor["shape"]).astype(np.float64)
    if not np.isfinite(values).all():
        raise ScenarioError(file, name, "some numbers are not finite; allowed: finite numbers")
    return values


def _shape(values: Array) -> str:
    return "×".join(map(str, values.shape)) or "one number"
