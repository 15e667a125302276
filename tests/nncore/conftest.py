"""Small lanes for the tests of the engine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from nncore.arrays import Array
from nncore.datasets import Data
from nncore.function import FunctionModel
from nncore.model import NetworkModel
from nncore.network import Network
from nncore.optimizers import Sgd
from nncore.rng import generator
from nncore.training import Edit, Lane, Settings, State


def network_model(
    sizes: Sequence[int] = (2, 4, 1),
    activation: str = "tanh",
    loss: str = "squared",
    samples: int = 24,
    output: str | None = None,
    reduction: str = "mean",
    copies: int = 0,
    seed: int = 0,
) -> NetworkModel:
    """A network with random data; with `copies`, data of its own for each of so many replicas."""
    rng = generator(seed, "test data")
    lead = (copies,) if copies else ()
    classes = sizes[-1] if loss == "softmax_cross_entropy" else None

    def draw(n: int) -> tuple[np.ndarray, np.ndarray]:
        x = rng.standard_normal((*lead, n, sizes[0]))
        if classes:
            return x, rng.integers(classes, size=(*lead, n, 1)).astype(float)
        if loss == "logistic":
            return x, rng.integers(2, size=(*lead, n, sizes[-1])).astype(float)
        return x, rng.standard_normal((*lead, n, sizes[-1]))

    own = output or {"logistic": "sigmoid", "softmax_cross_entropy": "softmax"}.get(loss, "linear")
    network = Network(tuple(sizes), (*(activation,) * (len(sizes) - 2), own))
    data = Data(*draw(samples), *draw(7), domain=((-2.0, 2.0),) * sizes[0], classes=classes)
    return NetworkModel(network, loss, reduction, data)


def network_lane(settings: Settings | None = None, edits: Sequence[Edit] = (), seed: int = 0, **model) -> Lane:
    """A single lane of `network_model`, its start drawn from N(0, 0.36)."""
    made = network_model(seed=seed, **model)
    start = 0.6 * generator(seed, "test start").standard_normal(made.parameter_count)
    return Lane("a", "a", made, settings or Settings(Sgd(0.1), batch_size=5), start, (seed,), tuple(edits))


def saddle_lane(settings: Settings | None = None, noise: float = 0.01, edits: Sequence[Edit] = ()) -> Lane:
    """A lane on ½x² − ½y² + ¼y⁴ from (1, 0), with noisy gradients."""

    def saddle(t: Array) -> Array:
        return 0.5 * t[..., 0] ** 2 - 0.5 * t[..., 1] ** 2 + 0.25 * t[..., 1] ** 4

    model = FunctionModel(
        names=("x", "y"),
        value=saddle,
        value_and_gradient=lambda t: (saddle(t), np.stack([t[..., 0], t[..., 1] ** 3 - t[..., 1]], axis=-1)),
        hessian=lambda t: np.stack(
            [
                np.stack([np.ones_like(t[..., 0]), np.zeros_like(t[..., 0])], axis=-1),
                np.stack([np.zeros_like(t[..., 0]), 3 * t[..., 1] ** 2 - 1], axis=-1),
            ],
            axis=-2,
        ),
        noise=noise,
    )
    return Lane("f", "f", model, settings or Settings(Sgd(0.1)), np.array([1.0, 0.0]), (0,), tuple(edits))


def state_bits(state: State) -> tuple:
    """Everything a lane's future depends on, as it compares bit for bit."""
    place = state.place.epoch, state.place.offset
    return state.theta.tobytes(), state.optimizer_state.tobytes(), state.step, state.count, place, state.samples_seen


@pytest.fixture(scope="session")
def make_model():
    return network_model


@pytest.fixture(scope="session")
def make_lane():
    return network_lane


@pytest.fixture(scope="session")
def make_saddle():
    return saddle_lane


@pytest.fixture(scope="session")
def bits():
    return state_bits
