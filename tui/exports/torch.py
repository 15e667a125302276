"""A network as the state dict of a PyTorch `nn.Sequential`, in safetensors, and the code that loads it."""

from __future__ import annotations

import numpy as np

from nncore.activations import LEAKY_SLOPE
from nncore.arrays import Array
from tui.archive.versions import own_version
from tui.exports.trained import Trained

_MODULES = {
    "relu": "nn.ReLU()",
    "leaky_relu": f"nn.LeakyReLU({LEAKY_SLOPE})",
    "tanh": "nn.Tanh()",
    "sigmoid": "nn.Sigmoid()",
    "softplus": "nn.Softplus(threshold=40)",  # its own threshold of 20 is off by 2e-9 above it
    "sine": "Sine()",
    "linear": "nn.Identity()",
    "softmax": "nn.Softmax(dim=-1)",
}

_LOGITS = {
    "logistic": "# The loss was nn.BCEWithLogitsLoss on what goes into the last module: leave it out to train on.\n",
    "softmax_cross_entropy": "# The loss was nn.CrossEntropyLoss on what goes into the last module: leave it out to "
    "train on.\n",
}

_SINE = """

class Sine(nn.Module):
    def forward(self, a):
        return torch.sin(a)

"""


def state_dict(network: Trained) -> dict[str, Array]:
    """W₁, b₁, W₂, … under the names they have in an `nn.Sequential` of linear layers and activations by turns."""
    arrays = {}
    for place, (w, b) in enumerate(network.model.network.split(network.theta)):
        arrays[f"{2 * place}.weight"] = np.ascontiguousarray(w)
        arrays[f"{2 * place}.bias"] = np.ascontiguousarray(b)
    return arrays


def safetensors(network: Trained) -> bytes:
    """The state dict as a safetensors file, float64."""
    from safetensors.numpy import save

    return save(state_dict(network), {"about": network.about, "gradstep": own_version()})


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
    return f'''"""{network.docstring}, for PyTorch: pip install torch safetensors"""

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
{_SINE if "sine" in activations else ""}
{_LOGITS.get(model.loss_name, "")}model = nn.Sequential(
{_modules(sizes, activations)}).double()
model.load_state_dict(load_file(Path(__file__).with_name({file!r})))


def outputs(x):
    """The outputs, shape (n, {sizes[-1]}), of inputs of shape (n, {sizes[0]})."""
    x = torch.as_tensor(x, dtype=torch.float64)
{first}    with torch.no_grad():
        return model(x)
'''


def _modules(sizes: tuple[int, ...], activations: tuple[str, ...]) -> str:
    lines = []
    for place, activation in enumerate(activations):
        lines.append(f"nn.Linear({sizes[place]}, {sizes[place + 1]})")
        if activation != "linear" or place < len(activations) - 1:
            lines.append(_MODULES[activation])
    return "".join(f"    {line},\n" for line in lines)
