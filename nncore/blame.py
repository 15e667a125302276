"""What made an entry of θ change between two steps, as parts that add up to the change.

An update is linear in the gradients that it is made of, if what it divides by is taken as it was; the gradient is a sum
over the samples of its batch, and what momentum remembers of it a weighted one. So each update splits, and their sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nncore.arrays import Array
from nncore.backpropagation import Workspace
from nncore.batches import batch
from nncore.function import FunctionModel, FunctionWorkspace
from nncore.network import layer_of
from nncore.slices import InSlices, Slices, quiet
from nncore.training import Lane, Settings, State, Trainer

_BESIDES = 4
_PENALTY, _BEFORE, _FUNCTION, _NOISE = range(-_BESIDES, 0)
"""What contributes besides the samples: places after theirs."""


@dataclass(frozen=True, eq=False)
class Blame:
    """The contributions to the change of an entry of θ after `first` updates to that after `last`.

    start, end: the entry then. samples (n,): each training sample's. times (n,): in how many of the batches it was.
    penalty: of L1 and L2. before: what the optimizer remembered at the start. function, noise: of a lane without
    samples. edits: what was set by hand on the way.
    """

    first: int
    last: int
    start: float
    end: float
    samples: Array
    times: NDArray[np.int64]
    penalty: float
    before: float
    function: float
    noise: float
    edits: float

    @property
    def change(self) -> float:
        return self.end - self.start

    @property
    def total(self) -> float:
        """The sum of all contributions, which is the change up to rounding."""
        return float(self.samples.sum()) + self.penalty + self.before + self.function + self.noise + self.edits


@InSlices
def blame(lane: Lane, state: State, entry: int, last: int) -> Slices[Blame]:
    """The contributions to the change of one entry of θ from a state of a lane on to step `last`, a step a slice.

    The steps are made anew. It ends where the lane stops being finite.
    """
    return quiet(_blame(lane, state, entry, last))


def _blame(lane: Lane, state: State, entry: int, last: int) -> Slices[Blame]:
    trainer = Trainer(lane, state)
    first = here = trainer.state()
    account = _Account(lane, first, entry)
    while here.step < last:
        yield from trainer.run_slices(1)
        if trainer.stopped:
            break
        after = trainer.state()
        account.book(here, trainer.workspace(), after)
        here = after
        yield
    penalty, before, function, noise = account.parts[-_BESIDES:].tolist()
    return Blame(
        first=first.step,
        last=here.step,
        start=float(first.theta[entry]),
        end=float(here.theta[entry]),
        samples=account.parts[:-_BESIDES],
        times=account.times,
        penalty=penalty,
        before=before,
        function=function,
        noise=noise,
        edits=account.edits,
    )


class _Account:
    """The contributions so far to one entry of θ, and those to what the optimizer remembers of its gradients.

    parts, held: of each sample, then _PENALTY and what follows it.
    """

    def __init__(self, lane: Lane, state: State, entry: int) -> None:
        self._lane, self._entry = lane, entry
        samples = 0 if isinstance(lane.model, FunctionModel) else lane.model.samples
        self.parts, self.held = np.zeros(samples + _BESIDES), np.zeros(samples + _BESIDES)
        self.times, self.edits = np.zeros(samples, dtype=np.int64), 0.0
        if state.optimizer_state.size:
            self.held[_BEFORE] = state.optimizer_state[0, entry]

    def book(self, before: State, work: Workspace | FunctionWorkspace, after: State) -> None:
        """Add the step between two states, whose passes are in a workspace."""
        settings, here = self._lane.settings_at(before.step), slice(self._entry, self._entry + 1)
        optimizer, rate = settings.optimizer, settings.learning_rate(before.step)
        shares, gradient = self._gradient(settings, before, work), work.gradient[here]
        change, new_state = optimizer.update(gradient, before.optimizer_state[:, here], rate, before.count)
        if optimizer.memories and optimizer.memories[0].power == 1:
            self.held *= optimizer.memories[0].keep
            self.held += optimizer.memories[0].take * shares
        now, then = optimizer.direction
        moved = 0.0
        if not self._frozen(settings):
            moved = float(change[0])
            multiple = optimizer.multiple(gradient, change, new_state, rate, before.count)[0]
            self.parts -= multiple * (now * shares + then * self.held)
        self.edits += float(after.theta[self._entry]) - (float(before.theta[self._entry]) - moved)
        if not after.count:  # an edit chose another optimizer, which begins with nothing remembered
            self.held[:] = 0.0

    def _gradient(self, settings: Settings, before: State, work: Workspace | FunctionWorkspace) -> Array:
        """What each part adds to the entry's gradient in a step."""
        shares = np.zeros_like(self.parts)
        if isinstance(work, FunctionWorkspace):
            shares[_NOISE] = work.noise[self._entry]
            shares[_FUNCTION] = work.gradient[self._entry] - shares[_NOISE]
            return shares
        model, entry = self._lane.model, self._entry
        indices = batch(self._lane.seeds[0], before.place, settings.batch_size, model.samples)
        self.times[indices] += 1
        if self._frozen(settings):
            return shares
        layer = layer_of(work.network, entry)
        unit, column = layer.entry(entry)
        signals = work.delta[layer.number - 1][:, unit]
        if column is None:
            shares[indices] = signals
            return shares
        shares[indices] = signals * work.z[layer.number - 1][:, column]
        weight = before.theta[entry]
        shares[_PENALTY] = settings.l2 * weight + settings.l1 * np.sign(weight)
        return shares

    def _frozen(self, settings: Settings) -> bool:
        blocks = self._lane.model.blocks
        return any(blocks[number - 1].start <= self._entry < blocks[number - 1].stop for number in settings.frozen)
