"""A network as the state dict of a PyTorch `nn.Sequential`, in safetensors, and the code that loads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.network import activation_named
from scenarios.export.version import own_version
from tui.exports.trained import Trained


def state_dict(network: Trained) -> dict[str, Array]:
    """W₁, b₁, W₂, … under the names they have in an `nn.Sequential` of linear layers and activations by turns."""
    arrays = {}
    for place, (w, b) in enumerate(network.model.network.split(network.theta)):
        arrays[f"{2 * place}.weight"] = np.ascontiguousarray(w)
        arrays[f"{2 * place}.bias"] = np.ascontiguousarray(b)
    return arrays


def safetensors(network: Trained, made: Mapping[str, Any]) -> bytes:
    """The state dict as a safetensors file, float64. made: what it was made from, of which texts are kept as such."""
    from safetensors.numpy import save

    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in made.items()}
    return save(state_dict(network), {"about": network.about, "gradstep": own_version(), **texts})


def loading_code(network: Trained, file: str) -> str:
    """A Python file that loads the safetensors file of that name beside it and gives the network's outputs."""
    model = network.model
    sizes, activations = model.network.sizes, model.network.activations
    data = model.data
    first = ""
    if data.mean is not None and data.deviation is not None:
        mean, deviation = data.mean.tolist(), data.deviation.tolist()
        first = (
            f"    mean, deviation = x.new_tensor({mean}), x.new_tensor({deviation})\n"
            "    x = (x - mean) / deviation  # inputs as it was trained on them\n"
        )
    result = "model(x)"
    if data.y_mean is not None and data.y_deviation is not None:
        y_mean, y_deviation = data.y_mean.tolist(), data.y_deviation.tolist()
        result = f"model(x) * x.new_tensor({y_deviation}) + x.new_tensor({y_mean})  # as they stand in the data"
    return f'''"""{network.docstring}, for PyTorch: pip install torch safetensors"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
{_classes(activations)}
{_logits(model)}model = nn.Sequential(
{_modules(sizes, activations)}).double()
model.load_state_dict(load_file(Path(__file__).with_name({file!r})))


def outputs(x):
    """The outputs, shape (n, {sizes[-1]}), of inputs of shape (n, {sizes[0]})."""
    x = torch.as_tensor(x, dtype=torch.float64)
{first}    with torch.no_grad():
        return {result}
'''


def _modules(sizes: tuple[int, ...], activations: tuple[str, ...]) -> str:
    lines = []
    for place, activation in enumerate(activations):
        lines.append(f"nn.Linear({sizes[place]}, {sizes[place + 1]})")
        if activation != "linear" or place < len(activations) - 1:
            lines.append(_module(activation))
    return "".join(f"    {line},\n" for line in lines)


def _module(activation: str) -> str:
    """PyTorch's module of an activation, or the one that is defined for it."""
    torch = activation_named(activation).torch
    return torch if torch.startswith("nn.") else f"{_class_name(activation)}()"


def _classes(activations: tuple[str, ...]) -> str:
    """The modules of activations that PyTorch has as functions only."""
    own = [name for name in dict.fromkeys(activations) if not activation_named(name).torch.startswith("nn.")]
    return "".join(
        f"\n\nclass {_class_name(name)}(nn.Module):\n"
        f"    def forward(self, a):\n        return {activation_named(name).torch}\n\n"
        for name in own
    )


def _class_name(activation: str) -> str:
    return activation.title().replace("_", "")


def _logits(model: NetworkModel) -> str:
    """What the loss was, where it is not one of the network's output."""
    if not model.loss.torch:
        return ""
    return f"# The loss was {model.loss.torch} on what goes into the last module: leave it out to train on.\n"
