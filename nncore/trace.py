"""The trace of a step: every number it computes, as a pure function of (lane, state).

It is a workspace that the training loop's own code fills, so the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nncore.arrays import Array
from nncore.batches import Indices
from nncore.function import FunctionWorkspace
from nncore.operations import Operation, OperationKind, Phase, operations
from nncore.slices import InSlices, Slices, quiet
from nncore.training import Lane, Settings, State, Trainer


@dataclass(frozen=True, eq=False)
class Trace:
    """One step of a single lane, the one that follows `step` updates.

    indices: the batch's sample numbers (m,). z: z₀ = x … z_L, a: a₁ … a_L, derivative: σ′(a_d), delta: δ_d,
    each (m, units), rows in the order of `indices`. loss: the batch loss with penalties.
    gradient, theta, change, after: (P,), after = theta − change.
    memory, memory_before: the optimizer's state (state_size, P) after and before the step. count: updates that it
    had made before.
    finite: whether loss and update are, else the lane stops here and `after` is `theta`.
    For a function lane z, a, derivative, delta and targets are empty; `noise` is what its gradient got added.
    """

    step: int
    settings: Settings
    learning_rate: float
    indices: Indices
    targets: Array
    a: tuple[Array, ...]
    z: tuple[Array, ...]
    derivative: tuple[Array, ...]
    delta: tuple[Array, ...]
    noise: Array
    loss: float
    theta: Array
    gradient: Array
    change: Array
    memory: Array
    memory_before: Array
    count: int
    after: Array
    finite: bool

    def result(self, operation: Operation, block: slice) -> Array:
        """What an operation computes; `block` is where its layer's parameters stand in θ."""
        d = operation.layer
        match operation.kind:
            case OperationKind.BATCH:
                return self.z[0] if self.z else self.noise
            case OperationKind.PRE_ACTIVATION:
                return self.a[d - 1]
            case OperationKind.ACTIVATION:
                return self.z[d]
            case OperationKind.LOSS | OperationKind.VALUE:
                return np.array(self.loss)
            case OperationKind.OUTPUT_DELTA | OperationKind.DELTA:
                return self.delta[d - 1]
            case OperationKind.UPDATE:
                return self.theta[block] - self.change[block]
            case OperationKind.WEIGHT_GRADIENT | OperationKind.BIAS_GRADIENT | OperationKind.GRADIENT:
                return self.gradient[block]


def seen_theta(lane: Lane, trace: Trace, made: Sequence[Operation], index: int) -> Array:
    """θ in the middle of a step: new in the layers whose update lies at or before operation `index`."""
    theta = trace.theta.copy()
    for operation in made[: index + 1]:
        if operation.phase is Phase.UPDATE:
            block = lane.model.blocks[operation.layer - 1]
            theta[block] = trace.after[block]
    return theta


def first_overflow(lane: Lane, trace: Trace) -> Operation | None:
    """The first operation of a step whose result is not finite, or None."""
    blocks = lane.model.blocks
    for operation in operations(lane.model):
        if not np.isfinite(trace.result(operation, blocks[operation.layer - 1])).all():
            return operation
    return None


@InSlices
def trace(lane: Lane, state: State) -> Slices[Trace]:
    """The trace of the step that follows `state`."""
    trainer = Trainer(lane, state)
    loss, gradient = yield from quiet(trainer.gradient_slices())
    with np.errstate(all="ignore"):
        change, optimizer_state = trainer.change(gradient)
        before = trainer.state()
        theta = before.theta
        after = theta - change
    finite = bool(np.isfinite(loss) and np.isfinite(after).all())
    settings = lane.settings_at(state.step)
    work = trainer.workspace()
    buffers: dict[str, tuple[Array, ...]] = dict.fromkeys(("a", "z", "derivative", "delta"), ())
    targets, noise = np.empty((0, 0)), np.zeros_like(theta)
    if isinstance(work, FunctionWorkspace):
        noise = work.noise.copy()
    else:
        buffers = {name: tuple(getattr(work, name)) for name in buffers}
        buffers["z"] = (work.z[0].copy(), *work.z[1:])
        targets = work.targets.copy()
    return Trace(
        step=state.step,
        settings=settings,
        learning_rate=settings.learning_rate(state.step),
        indices=trainer.batch,
        targets=targets,
        noise=noise,
        loss=float(loss),
        theta=theta,
        gradient=gradient.copy(),
        change=change.copy(),
        memory=optimizer_state.copy(),
        memory_before=before.optimizer_state,
        count=trainer.count,
        after=after if finite else theta,
        finite=finite,
        **buffers,
    )
