"""The health of a layer in the step in view: its pre-activations, gradient and update, and which units are idle."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.idle_units import idle_in, idle_units
from nncore.operations import OperationKind
from tui.explain.notation import subscript as sub
from tui.explain.rows import Rows
from tui.render.numbers import num
from tui.session.frame import LaneFrame

NAMED = 12  # units that a table names, at most


@dataclass(frozen=True, eq=False)
class LayerHealth:
    """What the step in view has computed of layer `number`; the rest is None.

    a: (m, units). dead, saturated: (units,), on the samples of the batch. gradient: ∂L/∂W and ∂L/∂b in a row.
    update: the change of W and b in a row. sizes: the norms of W's change and of W before it.
    """

    number: int
    a: Array | None = None
    dead: np.ndarray | None = None
    saturated: np.ndarray | None = None
    gradient: Array | None = None
    update: Array | None = None
    sizes: tuple[float, float] | None = None

    @property
    def ratio(self) -> float | None:
        """The size of W's change as a share of that of W, NaN where that is none."""
        if self.sizes is None:
            return None
        change, before = self.sizes
        return change / before if before > 0 and math.isfinite(change) and math.isfinite(before) else math.nan


def layer_health(lane: LaneFrame, number: int) -> LayerHealth:
    """The health of a layer of a network."""
    trace, layer, block = lane.trace, lane.network.network.layers[number - 1], lane.lane.model.blocks[number - 1]
    done = {one.kind for one in lane.operations[: lane.index + 1] if one.layer == number}
    a, z = trace.a[number - 1], trace.z[number]
    with np.errstate(all="ignore"):
        activated = OperationKind.ACTIVATION in done
        dead, saturated = idle_in(lane.network, number, a, z) if activated else (None, None)
        updated = OperationKind.UPDATE in done
        return LayerHealth(
            number,
            a if OperationKind.PRE_ACTIVATION in done else None,
            dead,
            saturated,
            trace.gradient[block] if done >= {OperationKind.WEIGHT_GRADIENT, OperationKind.BIAS_GRADIENT} else None,
            -trace.change[block] if updated else None,
            (_norm(trace.change[layer.weights]), _norm(trace.theta[layer.weights])) if updated else None,
        )


def _norm(values: Array) -> float:
    """The norm, without BLAS, whose threads take longer to start than this takes."""
    return math.sqrt(np.square(values).sum())


def explain_layer(lane: LaneFrame, number: int) -> str:
    """What the step in view has computed of a layer, in a sentence."""
    health, d = layer_health(lane, number), sub(number)
    parts = []
    if health.a is not None:
        parts.append(f"a{d} {num(health.a.min())} to {num(health.a.max())}")
    if health.dead is not None and health.saturated is not None:
        parts.append(f"{health.dead.sum()} dead, {health.saturated.sum()} saturated of {len(health.dead)}")
    if health.gradient is not None:
        parts.append(f"|∂L/∂θ{d}| median {num(np.median(np.abs(health.gradient)))}")
    if health.sizes is not None:
        parts.append(_quotient(health, d))
    found = " · ".join(parts) or f"step {lane.trace.step + 1} has not reached it yet"
    return f"layer {number}: {found}"


@np.errstate(all="ignore")
def inspect_layer(lane: LaneFrame, number: int) -> Rows:
    """The table of a layer."""
    health, d, model = layer_health(lane, number), sub(number), lane.network
    known = {f"a{d}": health.a, f"∂L/∂θ{d}": health.gradient, f"Δθ{d}": health.update}
    rows: Rows = [
        (f"layer {number}, {model.network.activations[number - 1]}, in step {lane.trace.step + 1}",),
        ("",),
        ("", "least", "median", "largest", "median size", "exactly 0"),
        *((name, *_spread(values)) for name, values in known.items()),
        ("",),
    ]
    if health.sizes is not None:
        rows.append((_quotient(health, d) + "   a rule of thumb: 0.001",))
    if health.dead is not None and health.saturated is not None:
        batch, whole = f"on the {len(lane.trace.indices)} samples of the batch", "now, on all training samples"
        dead, saturated = idle_units(model, lane.theta)
        if number < model.network.depth:
            rows += [(_units("dead", health.dead, batch),), (_units("dead", dead[number - 1], whole),)]
        rows += [(_units("saturated", health.saturated, batch),), (_units("saturated", saturated[number - 1], whole),)]
    return rows


def _quotient(health: LayerHealth, d: str) -> str:
    """The update/weight ratio with what it is a ratio of."""
    assert health.sizes is not None
    assert health.ratio is not None
    return f"‖ΔW{d}‖/‖W{d}‖ = {num(health.sizes[0])}/{num(health.sizes[1])} = {num(health.ratio)}"


def _spread(values: Array | None) -> tuple[str, ...]:
    if values is None:
        return ("not computed yet", "", "", "", "")
    told = (values.min(), np.median(values), values.max(), np.median(np.abs(values)))
    return (*(num(value) for value in told), f"{(values == 0).sum()} of {values.size}")


def _units(what: str, units: np.ndarray, where: str) -> str:
    """How many units of a layer are idle, and which."""
    numbers = np.flatnonzero(units)
    named = ", ".join(map(str, numbers[:NAMED])) + (", …" if len(numbers) > NAMED else "")
    return f"{what} {where}: {len(numbers)} of {len(units)} units{': ' if named else ''}{named}"
