"""The operations of one step, in the order of the algorithm: the places where a learner's cursor can rest.

They are computed in `backpropagation` and `training`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from nncore.training import Model


class Phase(StrEnum):
    BATCH = "BATCH"
    FORWARD = "FORWARD"
    LOSS = "LOSS"
    BACKWARD = "BACKWARD"
    UPDATE = "UPDATE"


class OperationKind(StrEnum):
    """What one operation computes."""

    BATCH = "batch"
    PRE_ACTIVATION = "a"
    ACTIVATION = "z"
    VALUE = "f"
    LOSS = "loss"
    OUTPUT_DELTA = "δ at the output"
    DELTA = "δ"
    WEIGHT_GRADIENT = "∂W"
    BIAS_GRADIENT = "∂b"
    GRADIENT = "∂f"
    UPDATE = "update"


@dataclass(frozen=True)
class Operation:
    """One line of the algorithm, for one layer (0 where it concerns none)."""

    phase: Phase
    kind: OperationKind
    layer: int


def operations(model: Model) -> tuple[Operation, ...]:
    """All operations of a step: 6L + 2 of them for a network of L layers, 5 for a function."""
    depth = len(model.layers)
    if not depth:
        return (
            Operation(Phase.BATCH, OperationKind.BATCH, 0),
            Operation(Phase.FORWARD, OperationKind.VALUE, 0),
            Operation(Phase.LOSS, OperationKind.LOSS, 0),
            Operation(Phase.BACKWARD, OperationKind.GRADIENT, 0),
            Operation(Phase.UPDATE, OperationKind.UPDATE, 0),
        )
    forward = [
        Operation(Phase.FORWARD, kind, d)
        for d in range(1, depth + 1)
        for kind in (OperationKind.PRE_ACTIVATION, OperationKind.ACTIVATION)
    ]
    backward = [Operation(Phase.BACKWARD, OperationKind.OUTPUT_DELTA, depth)]
    for d in range(depth, 0, -1):
        backward.append(Operation(Phase.BACKWARD, OperationKind.WEIGHT_GRADIENT, d))
        backward.append(Operation(Phase.BACKWARD, OperationKind.BIAS_GRADIENT, d))
        if d > 1:
            backward.append(Operation(Phase.BACKWARD, OperationKind.DELTA, d - 1))
    updates = [Operation(Phase.UPDATE, OperationKind.UPDATE, d) for d in range(1, depth + 1)]
    return (
        Operation(Phase.BATCH, OperationKind.BATCH, 0),
        *forward,
        Operation(Phase.LOSS, OperationKind.LOSS, depth),
        *backward,
        *updates,
    )
