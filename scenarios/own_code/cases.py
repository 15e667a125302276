"""The steps that a learner's functions are called for: the scenario's own, and those of networks of other shapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice

import numpy as np

from nncore.arrays import Array
from nncore.batches import DataCursor, batch, batch_length
from nncore.datasets import Data
from nncore.model import NetworkModel
from nncore.network import Network
from nncore.trace import Trace, trace
from nncore.training import Lane, State

FIRST_STEP = "the scenario's first step"
FIRST_UPDATE = f"update 1 from {FIRST_STEP}"
MOST_SAMPLES = 64
"""Of a larger batch the first so many are taken."""

STEPS = 3
"""So many updates follow one another, and so many whole steps."""

MOST_UPDATES = 1000
"""As far a change of the learning rate is looked for."""

_SHAPES = (((3,), 7), ((2, 4, 3, 5), 5), ((4, 2), 1), ((1,), 3), ((6, 5, 1, 3), 8))
"""Units of the layers, again from the first where there are more layers, and samples: square, not square, one each.

No number of samples is a factor that is told by itself, such as 2 or 4.
"""


@dataclass(frozen=True, eq=False)
class Case:
    """A step of a lane whose batch is all of its data.

    where: which it is, in words. fresh: whether no update came before it. judged: whether it is asked for its own
    sake, and not only as what comes before others.
    """

    lane: Lane
    trace: Trace
    where: str
    fresh: bool = True
    judged: bool = True

    @property
    def model(self) -> NetworkModel:
        return network(self.lane)


def network(lane: Lane) -> NetworkModel:
    """The model of a lane that is a network."""
    assert isinstance(lane.model, NetworkModel)
    return lane.model


def beginning(lane: Lane) -> Lane:
    """The lane as it is trained from its start, whatever is changed on the way."""
    state = lane.edited(lane.first_state())
    return replace(lane, start=state.theta, settings=lane.settings_at(0), edits=())


def batches(lane: Lane, steps: int) -> Iterator[Lane]:
    """The lane with the batch of each of its first steps for all of its data, of MOST_SAMPLES at most."""
    place, size, samples = DataCursor(), lane.settings.batch_size, lane.model.samples
    model = network(lane)
    for _ in range(steps):
        rows = batch(lane.seeds[0], place, size, samples)[: min(MOST_SAMPLES, batch_length(place, size, samples))]
        data = replace(model.data, x=model.data.x[rows], y=model.data.y[rows])
        yield _whole(lane, model.network, data, lane.start)
        place = place.after(size, samples)


def cases(lane: Lane) -> tuple[Case, ...]:
    """The first step of a lane, and one of each of the other shapes; all have its depth, functions and settings."""
    own = next(batches(lane, 1))
    where = FIRST_STEP
    if own.model.samples < batch_length(DataCursor(), lane.settings.batch_size, lane.model.samples):
        where += f", {MOST_SAMPLES} of its samples"
    return (_case(own, where), *(_other(lane, *shape) for shape in _SHAPES))


def updates(made: Sequence[Case]) -> Iterator[Case]:
    """Updates that follow one another, three from the start of each of some cases, with gradients of several sizes.

    Those of the scenario are its own. Others are as small as what keeps a quotient finite, where it shows. A learning
    rate that is the same for all of them is looked at again where it changes first, if it does so early enough.
    """
    own, square, other, _, one_unit, *_ = made
    yield from _own_updates(own)
    eps = getattr(own.lane.settings.optimizer, "eps", 0.0)
    yield from _drawn_updates(square, 1.0)
    yield from _drawn_updates(other, np.sqrt(eps) or 1.0)
    factor = own.lane.settings.schedule.factor_at
    changed = next((step for step in range(1, MOST_UPDATES) if factor(step) != factor(0)), 0)
    if changed >= STEPS:
        yield from _drawn_updates(one_unit, 1.0, changed + 1)


def state_at(lane: Lane, theta: Array, memory: Array, step: int) -> State:
    """Where a lane stands after `step` updates, with all of its data for the next batch."""
    return State(theta, memory, step, step, DataCursor(), 0, np.zeros((), dtype=np.int64))


def _own_updates(case: Case) -> Iterator[Case]:
    lane, seen = case.lane, case.trace
    for step in range(STEPS):
        if not seen.finite:
            return
        yield Case(lane, seen, f"update {step + 1} from {case.where}", step == 0)
        seen = trace(lane, state_at(lane, seen.after, seen.memory, step + 1))


def _drawn_updates(case: Case, size: float, steps: int = STEPS) -> Iterator[Case]:
    """Updates with gradients of a size; of many the last is judged."""
    lane, seen = case.lane, case.trace
    rng = np.random.default_rng(len(seen.theta))
    theta, memory = seen.theta, lane.settings.optimizer.init(seen.theta)
    for step in range(steps):
        gradient = size * rng.standard_normal(theta.shape)
        for number in lane.settings.frozen:
            gradient[lane.model.blocks[number - 1]] = 0.0
        rate = lane.settings.learning_rate(step)
        change, after = lane.settings.optimizer.update(gradient, memory, rate, step)
        made = replace(
            seen,
            step=step,
            learning_rate=rate,
            theta=theta,
            gradient=gradient,
            change=change,
            memory=after,
            memory_before=memory,
            count=step,
            after=theta - change,
        )
        judged = steps == STEPS or step + 1 == steps
        yield Case(lane, made, f"update {step + 1} of {case.where}", step == 0, judged)
        theta, memory = made.after, after


def _case(lane: Lane, where: str) -> Case:
    return Case(lane, trace(lane, lane.first_state()), where)


def _other(lane: Lane, units: tuple[int, ...], samples: int) -> Case:
    """A step of a network of other widths, with data and parameters drawn at random."""
    model = network(lane)
    classes = model.loss_name == "softmax_cross_entropy"
    sizes = tuple(islice(cycle(units), model.network.depth + 1))
    if classes:
        sizes = (*sizes[:-1], max(2, sizes[-1]))
    rng = np.random.default_rng([samples, *sizes])
    x, y = rng.standard_normal((samples, sizes[0])), rng.standard_normal((samples, sizes[-1]))
    if classes:
        y = rng.integers(sizes[-1], size=(samples, 1)).astype(np.float64)
    elif model.loss.classification:
        y = (y > 0.0).astype(np.float64)
    shape = Network(sizes, model.network.activations)
    data = Data(x, y, x[:0], y[:0], ((-3.0, 3.0),) * sizes[0])
    start = rng.normal(0.0, 1.2, shape.parameter_count)
    for layer in shape.layers:
        start[layer.block] /= np.sqrt(layer.fan_in)
    name = "-".join(map(str, sizes))
    return _case(_whole(lane, shape, data, start), f"a {name} network, {samples} sample{'s' * (samples > 1)}")


def _whole(lane: Lane, shape: Network, data: Data, start: Array) -> Lane:
    """The lane with another network and data, all of which is its batch."""
    model = replace(network(lane), network=shape, data=data)
    return replace(lane, model=model, settings=replace(lane.settings, batch_size=0), start=start)
