"""A scenario that starts from a network made elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from nncore.activations import ACTIVATIONS
from nncore.arrays import Array
from scenarios.errors import ScenarioError
from scenarios.file.state_dict import LinearLayer

LANE = "net"
"""The id of its lane."""


def imported(name: str, text: str, data: dict[str, Any], lane: dict[str, Any]) -> dict[str, Any]:
    """The tables of a scenario with one lane; the keys of its data and of the lane are given."""
    head = {"format": 1, "name": name, "title": name, "text": text}
    return {**head, "data": data, "lanes": [{"id": LANE, **lane}]}


def sizes(layers: Sequence[LinearLayer]) -> tuple[int, ...]:
    """How many inputs, units in each layer, and outputs a network of these layers has."""
    return (layers[0].w.shape[1], *(len(layer.b) for layer in layers))


def starting_values(layers: Sequence[LinearLayer]) -> dict[str, Array]:
    """The layers' numbers by their names in a scenario, W1, b1, …"""
    numbered = list(enumerate(layers, 1))
    return {f"{part}{d}": values for d, layer in numbered for part, values in (("W", layer.w), ("b", layer.b))}


def hidden_activations(file: str, layers: Sequence[LinearLayer], asked: Sequence[str]) -> list[str]:
    """The activation after each layer but the last: as asked, one for all or one each; none between neighbours.

    Raises ScenarioError where that is not told, and where the state dict tells otherwise.
    """
    if layers[0].place:
        message = "something stands before it; allowed: a Linear first, as in model[1:].state_dict()"
        raise ScenarioError(file, f"{layers[0].place}.weight", message)
    gaps = [layer.place - below.place for below, layer in pairwise(layers)]
    for below, gap in zip(layers, gaps, strict=False):
        if gap > 2:
            message = f"{gap - 1} modules stand between it and the next Linear; allowed: one activation"
            raise ScenarioError(file, f"{below.place}.weight", message)
    unknown = gaps.count(2)
    if len(asked) not in (1, len(gaps)) and (asked or unknown):
        found = f"found {len(asked)}" if asked else "missing: a state dict does not tell the activations"
        allowed = f"one name for all, or {len(gaps)} with commas between" if len(gaps) > 1 else "a name"
        raise ScenarioError("--activation", "", f"{found}; allowed: {allowed}, of {', '.join(ACTIVATIONS)}")
    names = list(asked) * len(gaps) if len(asked) == 1 else list(asked) or ["linear"] * len(gaps)
    for number, (gap, name) in enumerate(zip(gaps, names, strict=False)):
        if gap == 1 and name != "linear":
            if len(asked) == len(gaps):
                message = f"found {name} for hidden layer {number + 1}; allowed: linear, as Linear follows Linear there"
                raise ScenarioError("--activation", "", message)
            names[number] = "linear"
    return names
