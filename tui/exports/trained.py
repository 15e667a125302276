"""A trained network as it is exported: its model, its parameters, and what it is called."""

from __future__ import annotations

from dataclasses import dataclass

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.training import Lane
from tui.archive.errors import SharingError


@dataclass(frozen=True, eq=False)
class Trained:
    """A network with parameters θ (P,). about: one line that says whose, from which scenario and step."""

    model: NetworkModel
    theta: Array
    about: str

    @property
    def docstring(self) -> str:
        """`about` as Python text between triple quotes."""
        return " ".join(self.about.split()).replace("\\", "\\\\").replace('"', '\\"')


def trained(scenario: str, lane: Lane, theta: Array, step: int) -> Trained:
    """A lane's network after `step` updates; raises SharingError for a lane without one."""
    if not isinstance(lane.model, NetworkModel):
        raise SharingError(f"{lane.label} is a function: there is no network to export")
    sizes = "-".join(map(str, lane.model.network.sizes))
    return Trained(lane.model, theta, f"{lane.label} ({sizes}) of {scenario} after {step:,} steps")
