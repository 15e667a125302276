"""Time travel: any step of a run is the nearest state kept before it plus replay, bit for bit.

Kept are the states looked at last, checkpoints at multiples of a stride that doubles when they fill their
share of memory, and the thinned log. However long the run, memory stays bounded.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from nncore.arrays import Array
from nncore.history import StepLog, evaluation_stride
from nncore.metrics import Evaluation, evaluate
from nncore.trace import Trace, trace
from nncore.training import Lane, State, Steps, Trainer

RECENT_STATES = 256
RECENT_BYTES = 8 * 2**20
CHECKPOINT_BYTES = 12 * 2**20
CHECKPOINTS = 1024
_FIRST_STRIDE = 16
_WORK_PER_SLICE = 4_000_000
_SLICES_REPEATED = 8


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What a timeline needs to stand where it stood.

    stride: the steps between two checkpoints. states: checkpoints in order, one from shortly before the present,
    and the present one.
    """

    stride: int
    states: tuple[State, ...]
    log: StepLog
    evaluations: dict[int, Evaluation]


class Timeline:
    """The steps of one lane so far, and the changes made on the way.

    reached: the last step trained. log, evaluations: what was measured up to it. With a snapshot of this lane it
    stands where that was taken, else at step 0.
    """

    def __init__(self, lane: Lane, snapshot: Snapshot | None = None) -> None:
        self.lane = lane
        self._trainer = Trainer(lane)
        first = self._trainer.state()
        kept = snapshot or Snapshot(_FIRST_STRIDE, (first,), StepLog(len(lane.model.blocks)), {})
        self.log, self.evaluations = kept.log.copy(), dict(kept.evaluations)
        settings = (lane.settings, *(edit.settings for edit in lane.edits if edit.settings))
        size = first.theta.nbytes * (1 + max(made.optimizer.state_size for made in settings))
        self._stride, self._head = kept.stride, kept.states[-1]
        self._recent = OrderedDict({self._head.step: self._head})
        self._recent_room = max(2, min(RECENT_STATES, RECENT_BYTES // size))
        self._checkpoints = {state.step: state for state in (first, *kept.states)}
        self._checkpoint_room = max(8, min(CHECKPOINTS, CHECKPOINT_BYTES // size))
        self._trainer.load(self._head)
        if self.reached not in self.evaluations:
            self._evaluate()

    @property
    def reached(self) -> int:
        return self._head.step

    @property
    def diverged_at(self) -> int | None:
        """The step at which the lane stopped being finite, or None."""
        return int(self._head.diverged_at) or None

    def state_at(self, step: int) -> State:
        """The state after `step` updates; the last one reached, marked as diverged, where the lane stopped before."""
        for _ in self.advance(step):
            pass
        state = self._kept(min(step, self.reached))
        return replace(state, diverged_at=np.zeros_like(state.diverged_at)) if step == self.reached else state

    def trace(self, step: int) -> Trace:
        """Every number of the step that follows `step` updates."""
        return trace(self.lane, self.state_at(step))

    def advance(self, step: int) -> Iterator[int]:
        """Make `step` available in slices of bounded work, yielding after each how many updates are left."""
        while self.reached < step and not self.diverged_at:
            self._train(min(step - self.reached, self.slice_length))
            yield step - self.reached
        step = min(step, self.reached)
        if step in self._recent or step == self.reached:
            return
        yield from self._replay(step)

    def steps(self, after: int, last: int) -> Steps:
        """What happened in the steps after `after` up to `last`, replayed or trained now."""
        self._trainer.load(self.state_at(after))
        parts = [self._trainer.run(max(0, min(last, self.reached) - after))]
        self._remember(self._trainer.state())
        while self.reached < last and not self.diverged_at:
            parts.append(self._train(last - self.reached))
        return Steps.joined(parts)

    def path(self, last: int, most: int = 48) -> tuple[list[int], Array]:
        """Some steps up to `last`, the first and the last among them, and θ (k, P) at each; nothing is replayed."""
        kept = {step: state.theta for step, state in (self._checkpoints | self._recent).items() if step <= last}
        kept[last] = self.state_at(last).theta
        steps = np.array(sorted(kept))
        wanted = np.linspace(0, last, most)
        nearest = np.abs(steps[:, None] - wanted).argmin(axis=0)
        chosen = [int(step) for step in np.unique(steps[nearest])]
        return chosen, np.array([kept[step] for step in chosen])

    @property
    def slice_length(self) -> int:
        """How many updates make a slice: fewer for larger models."""
        settings, model = self.lane.settings_at(self.reached), self.lane.model
        size = min(settings.batch_size or model.samples, model.samples)
        return int(max(1, min(128, _WORK_PER_SLICE // max(1, size * model.multiply_adds))))

    def fork(self, lane: Lane, step: int) -> Timeline:
        """The timeline of a lane that is this one up to `step` and may differ afterwards; this one stays."""
        step = min(step, self.reached)
        log = self.log.copy()
        logged = log.truncate(step)
        kept = {at: state for at, state in sorted(self._checkpoints.items()) if 0 < at < step}
        trainer = Trainer(lane, kept.get(max((at for at in kept if at <= logged), default=0)))
        trainer.run(logged - trainer.step)
        log.append(trainer.run(step - logged))
        evaluations = {at: value for at, value in self.evaluations.items() if at < step}
        return Timeline(lane, Snapshot(self._stride, (*kept.values(), trainer.state()), log, evaluations))

    def snapshot(self, room: int = CHECKPOINT_BYTES) -> Snapshot:
        """Where this timeline stands, with as many of its checkpoints as have room in so many bytes."""
        kept = sorted(self._checkpoints)
        every = -(-len(kept) // max(1, room // max(1, self._head.nbytes)))
        steps = sorted({*kept[::every], self._before} - {self.reached})
        states = self._checkpoints | self._recent
        return Snapshot(
            stride=self._stride,
            states=(*(states[step] for step in steps), self._head),
            log=self.log.copy(),
            evaluations=dict(self.evaluations),
        )

    def repeats(self) -> bool:
        """Whether replay from the state kept before the present one comes to the same bits, as it does on the
        machine that the run was made on. True where that state is too far back to find out at once."""
        if self.reached - self._before > _SLICES_REPEATED * self.slice_length:
            return True
        self._trainer.load((self._checkpoints | self._recent)[self._before])
        self._trainer.run(self.reached - self._before)
        again = self._trainer.state()
        self._trainer.load(self._head)
        pairs = (again.theta, self._head.theta), (again.optimizer_state, self._head.optimizer_state)
        return all(one.tobytes() == other.tobytes() for one, other in pairs)

    @property
    def _before(self) -> int:
        """The last step before the present one whose state is kept; 0 at step 0."""
        return max((at for at in (*self._checkpoints, *self._recent) if at < self.reached), default=0)

    def _train(self, steps: int) -> Steps:
        """Train on from the last step reached, up to the next place where something is kept."""
        if self._trainer.step != self.reached:
            self._trainer.load(self._head)
        every = min(self._stride, evaluation_stride(self.reached + 1))
        made = self._trainer.run(min(steps, every - self.reached % every))
        self.log.append(made)
        self._keep_head()
        if self.reached % self._stride == 0:
            self._checkpoint(self._head)
        self._evaluate()
        return made

    def _keep_head(self) -> None:
        self._head = self._trainer.state()
        self._remember(self._head)

    def _replay(self, step: int) -> Iterator[int]:
        kept = self._checkpoints | self._recent
        self._trainer.load(kept[max(at for at in kept if at <= step)])
        while (left := step - self._trainer.step) > 0:
            bulk = left - self._recent_room // 4
            up_to_checkpoint = self._stride - self._trainer.step % self._stride
            self._trainer.run(min(bulk, self.slice_length, up_to_checkpoint) if bulk > 0 else 1)
            if self._trainer.stopped:  # a run from elsewhere, whose replay overflows here where it did not there
                last = self._trainer.state()
                self._remember(replace(last, step=step, diverged_at=np.zeros_like(last.diverged_at)))
                return
            if self._trainer.step % self._stride == 0:
                self._checkpoint(self._trainer.state())
            if bulk <= 0:
                self._remember(self._trainer.state())
            elif left > self.slice_length:
                here = self._trainer.state()
                yield left
                self._trainer.load(here)  # whoever looked at other steps meanwhile has moved it
        self._remember(self._trainer.state())

    def _kept(self, step: int) -> State:
        if step == self.reached:
            return self._head
        self._recent.move_to_end(step)
        return self._recent[step]

    def _remember(self, state: State) -> None:
        self._recent[state.step] = state
        self._recent.move_to_end(state.step)
        while len(self._recent) > self._recent_room:
            self._recent.popitem(last=False)

    def _checkpoint(self, state: State) -> None:
        self._checkpoints[state.step] = state
        if len(self._checkpoints) > self._checkpoint_room:
            self._stride *= 2
            self._checkpoints = {at: kept for at, kept in self._checkpoints.items() if at % self._stride == 0}

    def _evaluate(self) -> None:
        if self.reached % evaluation_stride(self.reached) == 0 or self.diverged_at:
            self.evaluations[self.reached] = evaluate(self.lane, self._head)
