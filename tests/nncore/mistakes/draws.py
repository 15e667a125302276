"""Random lanes with one step's trace, in the plain notation of the exercise file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import product
from typing import TypeVar

import numpy as np

from nncore.arrays import Array
from nncore.datasets import Data
from nncore.model import NetworkModel
from nncore.network import Network
from nncore.operations import Operation, OperationKind, operations
from nncore.optimizers import AdaGrad, Adam, Optimizer, RmsProp, Sgd
from nncore.trace import Trace, trace
from nncore.training import Lane, Settings, Trainer

T = TypeVar("T")

SIGMA = {
    "relu": lambda a: np.maximum(a, 0.0),
    "leaky_relu": lambda a: np.where(a > 0.0, a, 0.01 * a),
    "tanh": lambda a: (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a)),
    "sigmoid": lambda a: 1.0 / (1.0 + np.exp(-a)),
    "softplus": lambda a: np.log(1.0 + np.exp(a)),
    "sine": np.sin,
    "linear": lambda a: a,
    "softmax": lambda a: np.exp(a) / np.exp(a).sum(axis=1, keepdims=True),
}
SLOPE = {
    "relu": lambda a: np.where(a > 0.0, 1.0, 0.0),
    "leaky_relu": lambda a: np.where(a > 0.0, 1.0, 0.01),
    "tanh": lambda a: 1.0 / np.cosh(a) ** 2,
    "sigmoid": lambda a: np.exp(-a) / (1.0 + np.exp(-a)) ** 2,
    "softplus": lambda a: 1.0 / (1.0 + np.exp(-a)),
    "sine": np.cos,
    "linear": np.ones_like,
}
LOSS = {
    "squared": lambda z, y: 0.5 * (z - y) ** 2,
    "absolute": lambda z, y: np.abs(z - y),
    "huber": lambda z, y: np.where(np.abs(z - y) < 1.0, 0.5 * (z - y) ** 2, np.abs(z - y) - 0.5),
    "logistic": lambda z, y: -y * np.log(z) - (1.0 - y) * np.log(1.0 - z),
    "softmax_cross_entropy": lambda z, y: -y * np.log(z),
}
LOSS_SLOPE = {
    "squared": lambda z, y: z - y,
    "absolute": lambda z, y: np.sign(z - y),
    "huber": lambda z, y: np.clip(z - y, -1.0, 1.0),
    "logistic": lambda z, y: z - y,
    "softmax_cross_entropy": lambda z, y: z - y,
}
FROM_LOGITS = {"logistic": "sigmoid", "softmax_cross_entropy": "softmax"}
OPTIMIZERS: tuple[Optimizer, ...] = (
    Sgd(0.1),
    Sgd(0.1, 0.8),
    Sgd(0.1, 0.8, True),
    RmsProp(0.05, 0.9, 1e-3),
    AdaGrad(0.05, 1e-3),
    Adam(0.05, (0.8, 0.95), 1e-3),
)
SHAPES = ((2, 3, 3, 1), (3, 3, 3, 3), (1, 1, 1, 1), (4, 2, 5, 2), (2, 2, 2, 2, 2), (3, 2))


def lane_of(
    sizes: tuple[int, ...],
    activations: tuple[str, ...],
    loss: str,
    settings: Settings,
    reduction: str = "mean",
    seed: int = 0,
    samples: int = 12,
) -> Lane:
    """A lane with random data and a random start, one activation a layer."""
    rng = np.random.default_rng(seed)

    def draw(n: int) -> tuple[Array, Array]:
        x = rng.standard_normal((n, sizes[0]))
        if loss == "softmax_cross_entropy":
            return x, rng.integers(sizes[-1], size=(n, 1)).astype(float)
        if loss == "logistic":
            return x, rng.integers(2, size=(n, sizes[-1])).astype(float)
        return x, rng.standard_normal((n, sizes[-1]))

    data = Data(*draw(samples), *draw(2), domain=((-2.0, 2.0),) * sizes[0], classes=None)
    model = NetworkModel(Network(sizes, activations), loss, reduction, data)
    return Lane("a", "a", model, settings, rng.normal(0.0, 0.8, model.parameter_count), (seed,))


class Draw:
    """A lane, the trace of one of its steps, and its numbers in dictionaries by layer, with Z[0] = X."""

    def __init__(self, lane: Lane, seen: Trace, before: Trace) -> None:
        self.lane, self.trace, self.before = lane, seen, before
        model, settings = lane.model, seen.settings
        self.L, self.m, self.loss, self.mean = (
            len(model.layers),
            len(seen.targets),
            model.loss_name,
            model.reduction == "mean",
        )
        self.l1, self.l2 = settings.l1, settings.l2
        self.share = 1.0 / self.m if self.mean else 1.0
        self.sigma = self._by_layer(model.network.activations)
        self.Y, self.Z = seen.targets, dict(enumerate(seen.z))
        self.A, self.D = self._by_layer(seen.a), self._by_layer(seen.delta)
        self.W, self.b = self._both(seen.theta)
        self.dW, self.db = self._both(seen.gradient)
        self.before_dW, self.before_db = self._both(before.gradient)
        self.after_W, _ = self._both(seen.after)
        self.memory = [self._both(part) for part in seen.memory_before]

    def _by_layer(self, values: Sequence[T]) -> dict[int, T]:
        return dict(enumerate(values, 1))

    def _both(self, vector: Array) -> tuple[dict[int, Array], dict[int, Array]]:
        """The weights and the biases of a vector (P,)."""
        weights, biases = zip(*self.lane.model.network.split(vector), strict=True)
        return self._by_layer(weights), self._by_layer(biases)

    def operations(self, *kinds: OperationKind) -> list[Operation]:
        return [one for one in operations(self.lane.model) if one.kind in kinds]

    def shapes(self, operation: Operation) -> list[tuple[int, ...]]:
        """Those that the results of an operation have."""
        w, b, a = (part[operation.layer].shape for part in (self.W, self.b, self.A))
        of_kind = {
            OperationKind.LOSS: [()],
            OperationKind.WEIGHT_GRADIENT: [w],
            OperationKind.BIAS_GRADIENT: [b],
            OperationKind.UPDATE: [w, b],
        }
        return of_kind.get(operation.kind, [a])


def drawn(lane: Lane, steps: int = 3) -> Draw:
    """The step after so many, and the one before it, if there is one."""
    trainer = Trainer(lane)
    trainer.run(max(steps - 1, 0))
    before = trace(lane, trainer.state())
    trainer.run(min(steps, 1))
    return Draw(lane, trace(lane, trainer.state()), before)


@cache
def draws() -> tuple[Draw, ...]:
    """Lanes of every shape, loss and optimizer, with and without penalties, of batches of one and more."""
    made = []
    rng = np.random.default_rng(1)
    hidden = [name for name in SIGMA if name != "softmax"]
    for number, (sizes, loss) in enumerate(product(SHAPES, LOSS)):
        if loss == "softmax_cross_entropy" and sizes[-1] == 1:
            continue
        for m in (1, 2, 5):
            own = FROM_LOGITS.get(loss) or str(rng.choice(["linear", "tanh", "sigmoid"]))
            activations = (*map(str, rng.choice(hidden, len(sizes) - 2)), own)
            l1, l2 = [(0.0, 0.0), (0.03, 0.0), (0.0, 0.2), (0.03, 0.2)][int(rng.integers(4))]
            optimizer = OPTIMIZERS[len(made) % len(OPTIMIZERS)]
            settings = Settings(optimizer, batch_size=m, l1=l1, l2=l2)
            reduction = "sum" if rng.random() < 0.3 else "mean"
            made.append(drawn(lane_of(sizes, activations, loss, settings, reduction, seed=number)))
    return tuple(made)
