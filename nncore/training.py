"""Training: what a lane is, what its state is, and `Trainer.run`, the tight loop of steps that everything uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite

import numpy as np

from nncore.arrays import Array
from nncore.backpropagation import Workspace
from nncore.batches import DataCursor, Indices, batch, batch_length
from nncore.function import FunctionModel, FunctionWorkspace
from nncore.model import NetworkModel
from nncore.optimizers import Optimizer
from nncore.schedules import Constant, Schedule
from nncore.slices import InSlices, Slices, finished, quiet

Model = NetworkModel | FunctionModel


@dataclass(frozen=True)
class Settings:
    """How a lane is trained: everything that may change on the way."""

    optimizer: Optimizer
    schedule: Schedule = field(default_factory=Constant)
    batch_size: int = 0
    l1: float = 0.0
    l2: float = 0.0
    frozen: frozenset[int] = frozenset()

    def learning_rate(self, step: int) -> float:
        """The rate of the update after `step` earlier ones."""
        return self.optimizer.learning_rate * self.schedule.factor_at(step)


@dataclass(frozen=True)
class Edit:
    """A change on the way: from step `at` on other settings, and single entries of θ set to a number."""

    at: int
    settings: Settings | None = None
    assignments: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, eq=False)
class State:
    """Everything a lane's future depends on, after `step` updates.

    theta: (…, P). optimizer_state: (state_size, …, P). count: updates made with this optimizer.
    diverged_at: (…) the step whose loss or update was not finite, 0 for none; θ stays as before that step.
    """

    theta: Array
    optimizer_state: Array
    step: int
    count: int
    place: DataCursor
    samples_seen: int
    diverged_at: np.ndarray

    @property
    def nbytes(self) -> int:
        return self.theta.nbytes + self.optimizer_state.nbytes


@dataclass(frozen=True, eq=False)
class Lane:
    """One model in training; with leading axes on `start`, many replicas of it at once.

    seeds: one for each replica (one for a single lane); they order the batches.
    edits: in the order of their steps.
    """

    id: str
    label: str
    model: Model
    settings: Settings
    start: Array
    seeds: tuple[int, ...]
    edits: tuple[Edit, ...] = ()

    def settings_at(self, step: int) -> Settings:
        """The settings in force for the update after `step` earlier ones."""
        current = self.settings
        for edit in self.edits:
            if edit.at <= step and edit.settings is not None:
                current = edit.settings
        return current

    def first_state(self) -> State:
        return State(
            theta=self.start.copy(),
            optimizer_state=self.settings.optimizer.init(self.start),
            step=0,
            count=0,
            place=DataCursor(),
            samples_seen=0,
            diverged_at=np.zeros(self.start.shape[:-1], dtype=np.int64),
        )

    def with_edits(self, edits: tuple[Edit, ...]) -> Lane:
        return replace(self, edits=tuple(sorted(edits, key=lambda edit: edit.at)))

    def edited(self, state: State) -> State:
        """The state with the edits made at its own step applied: what the next update starts from."""
        due = [edit for edit in self.edits if edit.at == state.step]
        if not due:
            return state
        theta, optimizer_state, count = state.theta.copy(), state.optimizer_state, state.count
        before = self.settings_at(state.step - 1).optimizer if state.step else self.settings.optimizer
        after = self.settings_at(state.step).optimizer
        if type(before) is not type(after) or before.state_size != after.state_size:
            optimizer_state, count = after.init(theta), 0
        for edit in due:
            for index, value in edit.assignments:
                theta[..., index] = value
        return replace(state, theta=theta, optimizer_state=optimizer_state, count=count)


@dataclass(frozen=True, eq=False)
class Steps:
    """What happened in a run of k steps, the first of which is step `first`.

    batch_loss: (k, …) before each update, with penalties. norms: (k, …, layers), of each layer's gradient.
    rates: (k,) learning rates.
    """

    first: int
    batch_loss: Array
    norms: Array
    rates: Array

    @staticmethod
    def joined(parts: Sequence[Steps]) -> Steps:
        """Runs that follow one another as one."""
        return Steps(
            parts[0].first,
            np.concatenate([part.batch_loss for part in parts]),
            np.concatenate([part.norms for part in parts]),
            np.concatenate([part.rates for part in parts]),
        )


@dataclass(frozen=True)
class Onlooker:
    """Who looks at a trainer while it makes steps, each by its place in the run: once its gradient is there, and after
    its update."""

    computed: Callable[[int], object]
    updated: Callable[[int], object]


def penalty(settings: Settings, penalized: Array, theta: Array) -> Array:
    """l1·Σ|W| + ½·l2·Σ W² (…)."""
    weights = theta * penalized
    return settings.l1 * np.abs(weights).sum(-1) + 0.5 * settings.l2 * np.vecdot(weights, weights)


def add_penalty_gradient(settings: Settings, penalized: Array, theta: Array, gradient: Array) -> None:
    """Add l1·sign(W) + l2·W to the gradient in place."""
    if settings.l2:
        gradient += settings.l2 * (theta * penalized)
    if settings.l1:
        gradient += settings.l1 * (np.sign(theta) * penalized)


@InSlices
def train_loss(model: Model, settings: Settings, theta: Array) -> Slices[Array]:
    """The loss (…) on the whole training part, with penalties."""
    loss = yield from model.train_loss_slices(theta)
    return loss + penalty(settings, model.penalized, theta) if settings.l1 or settings.l2 else loss


class Trainer:
    """A lane in motion: `run` advances it in place in a tight loop; `state` is a copy of where it stands."""

    def __init__(self, lane: Lane, state: State | None = None) -> None:
        self.lane = lane
        model, theta = lane.model, lane.start
        self._theta = theta.copy()
        self._candidate = np.empty_like(theta)
        self._change = np.empty_like(theta)
        self._zeros = np.zeros(theta.shape[-1])
        self._workspaces: dict[int, Workspace | FunctionWorkspace] = {}
        self._loader = model.loader(lane.seeds, theta.shape[:-1])
        self._starts = [block.start for block in model.blocks]
        self._any_diverged = False
        self._edit_steps = sorted({edit.at for edit in lane.edits})
        self.load(state or lane.first_state())

    def load(self, state: State) -> None:
        """Stand at a state of this lane; its arrays are copied."""
        state = self.lane.edited(state)
        self._theta[...] = state.theta
        self._optimizer_state = state.optimizer_state.copy()
        self._spare = np.empty_like(self._optimizer_state)
        self.step, self.count = state.step, state.count
        self.place, self.samples_seen = state.place, state.samples_seen
        self.diverged_at = state.diverged_at.copy()
        self._configure(self.lane.settings_at(self.step))

    def state(self) -> State:
        return State(
            self._theta.copy(),
            self._optimizer_state.copy(),
            self.step,
            self.count,
            self.place,
            self.samples_seen,
            self.diverged_at.copy(),
        )

    @property
    def stopped(self) -> bool:
        """Whether every replica has diverged."""
        return self._any_diverged and bool(self.diverged_at.all())

    def run(self, steps: int) -> Steps:
        """Make up to `steps` updates, fewer when every replica diverges, and report each."""
        return finished(self.run_slices(steps))

    def run_slices(self, steps: int, onlooker: Onlooker | None = None) -> Slices[Steps]:
        """`run` in slices, between which nobody else may use the trainer; given up, it stands after a whole step."""
        return quiet(self._run(steps, onlooker))

    def _run(self, steps: int, onlooker: Onlooker | None) -> Slices[Steps]:
        first, lead = self.step + 1, self._theta.shape[:-1]
        losses = np.full((steps, *lead), np.nan)
        norms = np.full((steps, *lead, len(self._starts)), np.nan)
        rates = np.full(steps, np.nan)
        done = 0
        while done < steps and not self.stopped:
            rates[done] = self._rate()
            losses[done], gradient = yield from self.gradient_slices()
            norms[done] = np.sqrt(np.add.reduceat(gradient * gradient, self._starts, axis=-1))
            if onlooker is not None:
                onlooker.computed(done)
            if self._update(losses[done], gradient):
                losses[done, self.diverged_at > 0] = np.nan
                if onlooker is not None:
                    onlooker.updated(done)
                done += 1
        return Steps(first, losses[:done], norms[:done], rates[:done])

    def gradient(self) -> tuple[Array, Array]:
        """The loss (…) and gradient (…, P) of the next step's batch, with penalties, 0 for frozen layers."""
        return finished(self.gradient_slices())

    def gradient_slices(self) -> Slices[tuple[Array, Array]]:
        """`gradient` in slices."""
        settings, model = self._settings, self.lane.model
        workspace = self._workspace(batch_length(self.place, settings.batch_size, model.samples))
        samples = self._loader.batch(self.place, settings.batch_size)
        loss = (yield from workspace.run_slices(*samples)) if workspace.large else workspace.run(*samples)
        gradient = workspace.gradient
        if self._penalties:
            loss = loss + penalty(settings, model.penalized, self._theta)
            add_penalty_gradient(settings, model.penalized, self._theta, gradient)
        if self._still is not None:
            np.copyto(gradient, 0.0, where=self._still)
        return loss, gradient

    def workspace(self) -> Workspace | FunctionWorkspace:
        """The buffers that the last `gradient` filled."""
        return self._last_workspace

    @property
    def theta(self) -> Array:
        """θ (…, P) where it stands, which the next update changes in place."""
        return self._theta

    @property
    def batch(self) -> Indices:
        """The numbers (m,) of the samples of the next step's batch, for a single lane."""
        return batch(self.lane.seeds[0], self.place, self._settings.batch_size, self.lane.model.samples)

    def change(self, gradient: Array) -> tuple[Array, Array]:
        """What the optimizer subtracts from θ (…, P) for this gradient, and its next state."""
        change, optimizer_state = self._settings.optimizer.update(
            gradient, self._optimizer_state, self._rate(), self.count, (self._change, self._spare)
        )
        if self._still is not None:
            np.copyto(change, 0.0, where=self._still)
        return change, optimizer_state

    def _rate(self) -> float:
        return self._base_rate * self._factor(self.step)

    def _update(self, loss: Array, gradient: Array) -> bool:
        """θ ← θ − change where everything is finite; whether any replica made the update."""
        change, optimizer_state = self.change(gradient)
        np.subtract(self._theta, change, out=self._candidate)
        sums = np.vecdot(self._candidate, self._zeros) + loss
        if self._any_diverged or not isfinite(np.add.reduce(sums, axis=None)):
            finite = np.isfinite(sums)
            self.diverged_at[~finite & (self.diverged_at == 0)] = self.step + 1
            self._any_diverged = True
            if self.stopped:
                return False
            going = (self.diverged_at == 0)[..., None]
            np.copyto(self._theta, self._candidate, where=going)
            np.copyto(optimizer_state, self._optimizer_state, where=~going)
        else:
            self._theta[...] = self._candidate
        self._optimizer_state, self._spare = optimizer_state, self._optimizer_state
        settings, samples = self._settings, self.lane.model.samples
        self.samples_seen += batch_length(self.place, settings.batch_size, samples)
        self.place = self.place.after(settings.batch_size, samples)
        self.step += 1
        self.count += 1
        if self.step in self._edit_steps:
            self.load(self.state())
        return True

    def _configure(self, settings: Settings) -> None:
        model = self.lane.model
        self._settings = settings
        self._penalties = bool(settings.l1 or settings.l2)
        self._base_rate = settings.optimizer.learning_rate
        self._factor: Callable[[int], float] = settings.schedule.factor_at
        self._any_diverged = bool(self.diverged_at.any())
        self._still: np.ndarray | None = None
        if settings.frozen:
            self._still = np.zeros(model.parameter_count, dtype=bool)
            for number in settings.frozen:
                self._still[model.blocks[number - 1]] = True

    def _workspace(self, size: int) -> Workspace | FunctionWorkspace:
        if size not in self._workspaces:
            self._workspaces[size] = self.lane.model.workspace(self._theta, size)
        self._last_workspace = self._workspaces[size]
        return self._last_workspace
