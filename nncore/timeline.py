"""Time travel: any step of a run is the nearest state kept before it plus replay, bit for bit.

Kept are the states looked at last, checkpoints at multiples of a stride that doubles when they fill their
share of memory, and the thinned log. However long the run, memory stays bounded.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

import numpy as np

from nncore.arrays import Array, chunks
from nncore.history import StepLog, evaluation_stride
from nncore.metrics import Evaluation, evaluate
from nncore.slices import Slices, finished
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
        self._at: State | None = None
        self._turn = object()
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
        if not self.large:
            finished(self._measure_head())

    @property
    def reached(self) -> int:
        return self._head.step

    @property
    def diverged_at(self) -> int | None:
        """The step at which the lane stopped being finite, or None."""
        return int(self._head.diverged_at) or None

    def state_at(self, step: int) -> State:
        """The state after `step` updates; the last one reached, marked as diverged, where the lane stopped before."""
        return finished(self.state_slices(step))

    def state_slices(self, step: int) -> Slices[State]:
        """`state_at` in slices."""
        yield from self.advance(step)
        state = self._kept(min(step, self.reached))
        return _going(state) if step == self.reached else state

    def trace(self, step: int) -> Trace:
        """Every number of the step that follows `step` updates."""
        return finished(self.trace_slices(step))

    def trace_slices(self, step: int) -> Slices[Trace]:
        """`trace` in slices."""
        return (yield from trace.slices(self.lane, (yield from self.state_slices(step))))

    def advance(self, step: int) -> Slices[None]:
        """Make `step` available in slices of bounded work; given up, the steps made whole stay."""
        yield from self._measure_head()
        while self.reached < step and not self.diverged_at:
            yield from self._train(min(step - self.reached, self.slice_length))
            yield
        step = min(step, self.reached)
        if step not in self._recent and step != self.reached:
            yield from self._replay(step)

    def steps(self, after: int, last: int) -> Steps:
        """What happened in the steps after `after` up to `last`, replayed or trained now."""
        return finished(self.steps_slices(after, last))

    def steps_slices(self, after: int, last: int) -> Slices[Steps]:
        """`steps` in slices, between which nobody else may train on."""
        state = yield from self.state_slices(after)
        made, state = yield from self._run(state, max(0, min(last, self.reached) - after))
        self._remember(state)
        parts = [made]
        while self.reached < last and not self.diverged_at:
            parts.append((yield from self._train(last - self.reached)))
        return Steps.joined(parts)

    def kept_before(self, step: int) -> State:
        """The state that is kept last of those after at most `step` updates; nothing is replayed."""
        kept = self._checkpoints | self._recent
        return _going(kept[max(at for at in kept if at <= step)])

    def path(self, last: int, most: int = 48) -> tuple[list[int], Array]:
        """Some steps up to `last`, the first and the last among them, and θ (k, P) at each; nothing is replayed."""
        kept = {step: state.theta for step, state in (self._checkpoints | self._recent).items() if step <= last}
        kept[last] = self.state_at(last).theta
        steps = np.array(sorted(kept))
        wanted = np.linspace(0, last, most)
        nearest = np.abs(steps[:, None] - wanted).argmin(axis=0)
        chosen = sorted({int(step) for step in steps[nearest]})
        return chosen, np.array([kept[step] for step in chosen])

    @property
    def slice_length(self) -> int:
        """How many updates make a slice: fewer for larger models."""
        settings, model = self.lane.settings_at(self.reached), self.lane.model
        size = min(settings.batch_size or model.samples, model.samples)
        return int(max(1, min(128, _WORK_PER_SLICE // max(1, size * model.multiply_adds))))

    @property
    def large(self) -> bool:
        """Whether one pass of all samples takes more than a slice."""
        return len(chunks(self.lane.model.samples, 0, self.lane.model.work)) > 1

    def fork(self, lane: Lane, step: int) -> Slices[Timeline]:
        """The timeline of a lane that is this one up to `step` and may differ afterwards; this one stays."""
        step = min(step, self.reached)
        log = self.log.copy()
        logged = log.truncate(step)
        kept = {at: state for at, state in sorted(self._checkpoints.items()) if 0 < at < step}
        trainer = Trainer(lane, kept.get(max((at for at in kept if at <= logged), default=0)))
        yield from trainer.run_slices(logged - trainer.step)
        log.append((yield from trainer.run_slices(step - logged)))
        evaluations = {at: value for at, value in self.evaluations.items() if at < step}
        return Timeline(lane, Snapshot(self._stride, (*kept.values(), trainer.state()), log, evaluations))

    def snapshot(self, room: int = CHECKPOINT_BYTES) -> Snapshot:
        """Where this timeline stands, with as many of its checkpoints as have room in so many bytes."""
        kept, most = sorted(self._checkpoints), room // max(1, self._head.nbytes)
        every = -(-len(kept) // max(1, most - 1))
        chosen = {*kept[::every], self._before} if most > 1 else {self._before} if most else set()
        steps = sorted(chosen - {self.reached})
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
        before = (self._checkpoints | self._recent)[self._before]
        _, again = finished(self._run(before, self.reached - before.step))
        pairs = (again.theta, self._head.theta), (again.optimizer_state, self._head.optimizer_state)
        return all(one.tobytes() == other.tobytes() for one, other in pairs)

    @property
    def _before(self) -> int:
        """The last step before the present one whose state is kept; 0 at step 0."""
        return max((at for at in (*self._checkpoints, *self._recent) if at < self.reached), default=0)

    def _run(self, state: State, steps: int) -> Slices[tuple[Steps, State]]:
        """What up to `steps` updates after a state do, and the state then.

        Begun again where the trainer was sent elsewhere between two slices.
        """
        while True:
            turn = self._turn = object()
            if self._at is not state:
                self._trainer.load(state)
            self._at = None
            slices = self._trainer.run_slices(steps)
            try:
                while self._turn is turn:
                    next(slices)
                    yield
            except StopIteration as end:
                self._at = self._trainer.state()
                return end.value, self._at

    def _train(self, steps: int) -> Slices[Steps]:
        """Train on from the last step reached, up to the next place where something is kept.

        Nothing is kept before all of it is known.
        """
        head, every = self._head, min(self._stride, evaluation_stride(self.reached + 1))
        made, state = yield from self._run(head, min(steps, every - self.reached % every))
        measured = (yield from evaluate.slices(self.lane, state)) if self._measures(state) else None
        if self._head is not head:  # somebody trained on meanwhile
            return made
        if measured is not None:
            self.evaluations[state.step] = measured
        self.log.append(made)
        self._head = state
        self._remember(state)
        if self.reached % self._stride == 0:
            self._checkpoint(state)
        return made

    def _measure_head(self) -> Slices[None]:
        """Keep what is measured of the last state reached, where it is to be kept and is not yet."""
        head = self._head
        if head.step not in self.evaluations and self._measures(head):
            self.evaluations[head.step] = yield from evaluate.slices(self.lane, head)

    def _measures(self, state: State) -> bool:
        """Whether what is measured on whole parts is kept of a state."""
        return state.step % evaluation_stride(state.step) == 0 or bool(state.diverged_at)

    def _replay(self, step: int) -> Slices[None]:
        here = self.kept_before(step)
        while (left := step - here.step) > 0:
            bulk = left - self._recent_room // 4
            up_to_checkpoint = self._stride - here.step % self._stride
            length = min(bulk, self.slice_length, up_to_checkpoint) if bulk > 0 else 1
            _, here = yield from self._run(here, length)
            if here.diverged_at:  # a run from elsewhere, whose replay overflows here where it did not there
                self._remember(replace(here, step=step, diverged_at=np.zeros_like(here.diverged_at)))
                return
            if here.step % self._stride == 0:
                self._checkpoint(here)
            if bulk <= 0:
                self._remember(here)
            elif left > self.slice_length:
                yield
        self._remember(here)

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


def _going(state: State) -> State:
    """The state as the lane came to it, before it stopped there."""
    return replace(state, diverged_at=np.zeros_like(state.diverged_at)) if state.diverged_at.any() else state
