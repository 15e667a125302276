"""What there is of a lane that an expression may name."""

from __future__ import annotations

from dataclasses import dataclass

from nncore.model import NetworkModel
from nncore.training import Lane


@dataclass(frozen=True)
class LaneShape:
    """sizes: the units of each layer of a network, inputs first. variables: those of a function in their place.

    samples: how many there are in the training part, None where that is not known yet.
    """

    sizes: tuple[int, ...] = ()
    variables: tuple[str, ...] = ()
    samples: int | None = None

    @property
    def layers(self) -> int:
        """How many layers a network has, 0 for a function."""
        return max(len(self.sizes) - 1, 0)

    def counts(self, kind: str, layer: int) -> tuple[int | None, ...]:
        """How many there are of what each index of an entry counts, None where that is not known; ENTRIES has kinds."""
        units = self.sizes[layer or -1]
        match kind:
            case "W" | "dW":
                return units, self.sizes[layer - 1]
            case "b" | "db":
                return (units,)
        return self.samples, units


def lane_shape(lane: Lane) -> LaneShape:
    """The shape of a lane that is ready to be trained."""
    model = lane.model
    if isinstance(model, NetworkModel):
        return LaneShape(model.network.sizes, samples=model.samples)
    return LaneShape(variables=model.names)
