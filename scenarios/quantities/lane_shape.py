"""What there is of a lane that an expression may name."""

from __future__ import annotations

from dataclasses import dataclass

from nncore.model import NetworkModel
from nncore.training import Lane
from scenarios.quantities.definitions import ENTRIES, QUANTITIES


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
            case "b" | "db" | "dead":
                return (units,)
        return self.samples, units


def lane_shape(lane: Lane) -> LaneShape:
    """The shape of a lane that is ready to be trained."""
    model = lane.model
    if isinstance(model, NetworkModel):
        return LaneShape(model.network.sizes, samples=model.samples)
    return LaneShape(variables=model.names)


def names_of(shape: LaneShape) -> list[str]:
    """Every quantity that a lane has: those of layers once more for each layer, entries with their last index."""
    names = [name for name, of in QUANTITIES.items() if of.of_lane and of.whole_network]
    if shape.variables:
        return [*names, *shape.variables]
    layers = range(1, shape.layers + 1)
    names += [f"{name}[{layer}]" for name, of in QUANTITIES.items() if of.per_layer for layer in layers]
    numbered = [
        (kind, layer)
        for kind in ENTRIES
        if kind != "output"
        for layer in layers
        if kind != "dead" or layer < shape.layers
    ]
    names += [f"{kind}{layer}{_last(shape.counts(kind, layer))}" for kind, layer in numbered]
    return [*names, f"output{_last(shape.counts('output', 0))}"]


def _last(counts: tuple[int | None, ...]) -> str:
    return f"[{','.join(str((count or 1) - 1) for count in counts)}]"
