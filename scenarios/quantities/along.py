"""A lane on its way through steps that were made before, and what quantities are worth after each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum

import numpy as np

from nncore.arrays import Array
from nncore.model import NetworkModel
from nncore.slices import Slices, finished
from nncore.training import Lane, Onlooker, State, Trainer
from scenarios.expressions.tree import Quantity
from scenarios.quantities.definitions import definition_of
from scenarios.quantities.measure import OF_STEPS, Measurement, measure
from scenarios.quantities.of_step import Buffers, OfPasses, of_passes, of_theta


class Cost(IntEnum):
    """What a quantity takes after a step: nothing more than the step, whole parts passed through, or more than that."""

    QUICK = 0
    PASSES = 1
    COSTLY = 2


def cost_of(quantity: Quantity) -> Cost:
    definition = definition_of(quantity.name)
    if definition.every_step or of_passes(quantity.name, quantity.indices) is not None:
        return Cost.QUICK
    return Cost.COSTLY if definition.costly else Cost.PASSES


class Along:
    """A single lane, going on from a state of its run."""

    def __init__(self, lane: Lane, state: State) -> None:
        self.lane = lane
        self._trainer = Trainer(lane, state)

    @property
    def step(self) -> int:
        return self._trainer.step

    @property
    def state(self) -> State:
        return self._trainer.state()

    def stands_at(self, step: int) -> bool:
        """Whether it is where the lane is after so many updates: there, or where it stopped before."""
        return self.step == step or (self._trainer.stopped and self.step < step)

    def load(self, state: State) -> None:
        """Stand at another state of the lane."""
        self._trainer.load(state)

    def advance(self, step: int, most: int) -> Slices[None]:
        """Go on to a step, at most so many steps a slice."""
        while not self.stands_at(step):
            yield from self._trainer.run_slices(min(step - self.step, most))
            yield

    def measurement(self, step: int, most: int) -> Slices[Measurement]:
        """What can be measured of the lane after `step` updates."""
        before = None
        if step:
            yield from self.advance(step - 1, most)
            before = self._trainer.state()
        steps = yield from self._trainer.run_slices(step - self.step)
        return Measurement(self.lane, self._trainer.state(), steps, before)

    def rows(self, steps: int, quantities: Sequence[Quantity]) -> Slices[Array]:
        """Make so many steps; what quick quantities of the lane are worth after each, (steps, quantities).

        NaN from the step on at which the lane stops.
        """
        values = np.full((steps, len(quantities)), np.nan)
        computed, updated = self._ways(quantities)
        trainer, model = self._trainer, self.lane.model

        def look(row: int) -> None:
            assert isinstance(model, NetworkModel)
            buffers = Buffers(trainer)
            for column, tell in computed:
                values[row, column] = tell(model, buffers)

        def note(row: int) -> None:
            for column, read in updated:
                values[row, column] = read()

        made = yield from trainer.run_slices(steps, Onlooker(look if computed else _ignore, note))
        values[len(made.rates) :] = np.nan
        for column, quantity in enumerate(quantities):
            if quantity.name in OF_STEPS:
                values[: len(made.rates), column] = OF_STEPS[quantity.name](made, *quantity.indices)
        return values

    def _ways(
        self, quantities: Sequence[Quantity]
    ) -> tuple[list[tuple[int, OfPasses]], list[tuple[int, Callable[[], Array | float]]]]:
        """How those that steps do not report are told, by their places: from the passes, or after the update."""
        computed: list[tuple[int, OfPasses]] = []
        updated: list[tuple[int, Callable[[], Array | float]]] = []
        for column, quantity in enumerate(quantities):
            left = of_passes(quantity.name, quantity.indices)
            if left is not None:
                computed.append((column, left))
            elif quantity.name not in OF_STEPS:
                updated.append((column, self._after_update(quantity)))
        return computed, updated

    def _after_update(self, quantity: Quantity) -> Callable[[], Array | float]:
        trainer, name, indices = self._trainer, quantity.name, quantity.indices
        told = of_theta(self.lane, name, indices)
        if told is not None:
            return lambda: told(trainer.theta)
        if name == "epoch":
            return lambda: trainer.place.epoch
        none = trainer.run(0)
        return lambda: finished(measure.slices(Measurement(self.lane, trainer.state(), none), name, indices))


def _ignore(row: int) -> None:
    pass
