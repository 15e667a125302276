"""The frozen picture of everything that the panes show: what a session looks like at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nncore.arrays import Array
from nncore.function import FunctionModel
from nncore.metrics import Evaluation
from nncore.model import NetworkModel
from nncore.operations import Operation, OperationKind, Phase
from nncore.timeline import Timeline
from nncore.trace import Trace
from nncore.training import Lane
from scenarios.guide import Target
from scenarios.scenario import NamedPlace, Scenario
from tui.session.cursor import Cursor
from tui.session.lane_run import Origin
from tui.session.player import Player
from tui.session.tally import Tally


@dataclass(frozen=True, eq=False)
class Curves:
    """The measured past of a lane, thinned.

    steps: middle of each stretch of steps; batch_loss, norm: (2, n), least and greatest of each stretch.
    layer_norms: (layers, 2, n). evaluated: steps at which the losses of whole parts were taken.
    samples: samples seen at `evaluated`. diverged_at: the step that was not finite, if the lane stopped.
    """

    steps: Array
    batch_loss: Array
    norm: Array
    layer_norms: Array
    evaluated: Array
    samples: Array
    train_loss: Array
    test_loss: Array
    diverged_at: int | None = None


@dataclass(frozen=True, eq=False)
class Path:
    """Some of the steps on the way to the cursor, and θ (k, P) at each."""

    steps: tuple[int, ...]
    thetas: Array


@dataclass(frozen=True)
class Stop:
    """The step at which a lane stopped being finite, counted from 1, and what overflowed first; None: the update."""

    step: int
    operation: Operation | None


@dataclass(frozen=True, eq=False)
class LaneFrame:
    """One lane at the cursor.

    step: its completed updates (it may have stopped before the cursor).
    theta: the parameters as the cursor sees them, new in those layers whose update is done.
    trace: the step in progress, at rest the one before.
    path: some of the θ on the way here. origin: where a branch parted.
    index: the operation in `operations`, −1 before the first. waiting: the lane waits for a deeper one.
    stopped: where the lane stopped, if it did at or before the cursor.
    """

    number: int
    lane: Lane
    step: int
    theta: Array
    trace: Trace
    operations: tuple[Operation, ...]
    index: int
    waiting: bool
    evaluation: Evaluation
    curves: Curves
    stopped: Stop | None = None
    origin: Origin | None = None
    path: Path | None = None

    @property
    def is_function(self) -> bool:
        """Whether the lane moves the variables of a function, and trains no network."""
        return isinstance(self.lane.model, FunctionModel)

    @property
    def network(self) -> NetworkModel:
        """The lane's network with its data; raises TypeError for a function."""
        if not isinstance(self.lane.model, NetworkModel):
            raise TypeError(f"{self.lane.id} is a function")
        return self.lane.model

    @property
    def function(self) -> FunctionModel:
        """The lane's function; raises TypeError for a network."""
        if not isinstance(self.lane.model, FunctionModel):
            raise TypeError(f"{self.lane.id} is a network")
        return self.lane.model

    @property
    def operation(self) -> Operation | None:
        return self.operations[self.index] if self.index >= 0 else None

    @cached_property
    def gradient_reached(self) -> np.ndarray:
        """Which entries of the gradient (P,) are computed at the cursor."""
        reached = np.zeros(self.theta.size, dtype=bool)
        for operation in self.operations[: self.index + 1]:
            match operation.kind:
                case OperationKind.GRADIENT:
                    reached[:] = True
                case OperationKind.WEIGHT_GRADIENT:
                    reached[self.lane.model.layers[operation.layer - 1].weights] = True
                case OperationKind.BIAS_GRADIENT:
                    reached[self.lane.model.layers[operation.layer - 1].biases] = True
        return reached

    def done(self, phase: Phase, layer: int) -> bool:
        """Whether every operation of a phase for a layer lies at or before the cursor."""
        return all(
            position <= self.index
            for position, operation in enumerate(self.operations)
            if operation.phase is phase and operation.layer == layer
        )


@dataclass(frozen=True)
class GuideView:
    """The guide's box: one page of it.

    number: of the stage, counted from 1. done: for each stage, whether it is done. title: its heading.
    say: what it says, filled with the run's numbers, or the reply to an answer. ask: what it asks, "" for nothing.
    choices: the answers there are. chosen: the one that was given; right: the one that is right, None if not known.
    waits: what it waits for, in words; "" where the learner goes on. hint: "" unless it was asked for.
    targets: what it points at. asking: an answer is waited for, and no move goes on from here.
    met: what it waited for is done. tells: the next page tells what came of an answer. after: what comes after the last
    page, "" where it is another.
    """

    number: int
    done: tuple[bool, ...]
    title: str
    say: str = ""
    ask: str = ""
    choices: tuple[str, ...] = ()
    chosen: int | None = None
    right: int | None = None
    waits: str = ""
    hint: str = ""
    targets: tuple[Target, ...] = ()
    asking: bool = False
    met: bool = False
    tells: bool = False
    after: str = ""


@dataclass(frozen=True)
class LessonView:
    """What is known of the lesson in this run.

    claims: whether each holds, None if not yet known. hidden: questions of the guide are open, so that claims not
    yet known are told as questions. predictions: each question, with what is known of its answer. asked: the next one
    that is open. guide: the page of it that is open, None where it is off or done with.
    """

    claims: tuple[bool | None, ...] = ()
    hidden: bool = False
    predictions: tuple[str, ...] = ()
    asked: str = ""
    guide: GuideView | None = None


@dataclass(frozen=True, eq=False)
class WatchCurve:
    """What a watched expression was worth over the run, thinned.

    first, last: the steps of each stretch, of which a value is known. low, high: the least and the greatest one in it,
    NaN where there is none. known: the step up to which the run was looked through; end: up to which it will be.
    """

    first: Array
    last: Array
    low: Array
    high: Array
    known: int
    end: int


@dataclass(frozen=True)
class WatchRow:
    """A watched expression.

    now: its value at the cursor; before: that before the operation there, at rest after the step before. NaN where it
    has none, None where it is not known yet. lane: the one that it is about, None if there are several or none.
    problem: why it cannot be looked up, "" if it can.
    """

    text: str
    now: float | None = None
    before: float | None = None
    curve: WatchCurve | None = None
    lane: int | None = None
    problem: str = ""

    @property
    def changed(self) -> bool:
        """Whether the operation changed the value, or made or took it away."""
        if self.now is None or self.before is None:
            return False
        return self.now != self.before and not (np.isnan(self.now) and np.isnan(self.before))


@dataclass(frozen=True, eq=False)
class Frame:
    """All lanes at the cursor, and how the session plays.

    front: the lane in front (counted from 0). busy: what is under way, in words.
    hits: steps at which breakpoints stopped the run. hit: which one stopped it here, and why, or "".
    places: those that the learner named. tally: the starts that were counted. watch: what is watched, None where
    nobody looks.
    """

    scenario: Scenario
    seed: int
    lanes: tuple[LaneFrame, ...]
    cursor: Cursor
    reached: int
    player: Player
    tally: Tally
    front: int = 0
    busy: str = ""
    hits: tuple[int, ...] = ()
    hit: str = ""
    places: tuple[NamedPlace, ...] = ()
    lesson: LessonView = LessonView()
    watch: tuple[WatchRow, ...] | None = None

    @property
    def lane(self) -> LaneFrame:
        return self.lanes[self.front]


def curves(timeline: Timeline, last: Evaluation) -> Curves:
    """A copy of a timeline's measurements; `last` is that of the last step reached."""
    evaluations = {**timeline.evaluations, timeline.reached: last}
    log, taken = timeline.log, sorted(evaluations)
    columns = [log.column(index) for index in range(2 + len(timeline.lane.model.blocks))]
    extremes = np.array([[low, high] for _, low, high in columns])
    values = [evaluations[step] for step in taken]
    return Curves(
        steps=columns[0][0],
        batch_loss=extremes[0],
        norm=extremes[1],
        layer_norms=extremes[2:],
        evaluated=np.array(taken, dtype=float),
        samples=np.array([value.samples_seen for value in values], dtype=float),
        train_loss=np.array([value.train_loss for value in values], dtype=float),
        test_loss=np.array([value.test_loss for value in values], dtype=float),
        diverged_at=timeline.diverged_at,
    )
