"""The guide of a lesson: stages that say one thing each, point at it and wait, and questions on variations."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nncore.operations import Operation, OperationKind
from scenarios.expressions.expression import Expression

LINES = ("header", "equation", "timeline")
"""The lines of the screen that a stage can point at, besides panes."""

OPERATIONS = {
    OperationKind.BATCH: "batch",
    OperationKind.PRE_ACTIVATION: "a",
    OperationKind.ACTIVATION: "z",
    OperationKind.VALUE: "value",
    OperationKind.LOSS: "loss",
    OperationKind.OUTPUT_DELTA: "delta",
    OperationKind.DELTA: "delta",
    OperationKind.WEIGHT_GRADIENT: "dW",
    OperationKind.BIAS_GRADIENT: "db",
    OperationKind.GRADIENT: "gradient",
    OperationKind.UPDATE: "update",
}
"""What files call the operations."""
WITHOUT_LAYER = ("batch", "value", "loss", "gradient")
"""Those that are not of one layer."""

OF_UNITS = {"a", "z", "delta"}
"""What is of a unit: the same one is meant by each."""
_TARGET = re.compile(r"(?:([A-Za-z_]\w*)\.)?(dW|db|delta|output|W|b|a|z)(\d*)(?:\[(\d+(?:\s*,\s*\d+)*)\])?", re.ASCII)


@dataclass(frozen=True)
class Text:
    """Words with numbers that the run fills in: the parts that are expressions."""

    parts: tuple[str | Expression, ...] = ()

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The numbers in it."""
        return tuple(part for part in self.parts if isinstance(part, Expression))

    def __bool__(self) -> bool:
        return bool(self.parts)


@dataclass(frozen=True)
class Target:
    """Something on the screen: a pane, one of LINES, or W, b, dW, db, a, z, delta or output of a lane.

    lane: its id, None for the lane in front. layer: 0 where the name has none. index: row and column of a matrix,
    a unit, or sample and unit; () for all of it.
    """

    name: str
    lane: str | None = None
    layer: int = 0
    index: tuple[int, ...] = ()

    @property
    def of_lane(self) -> bool:
        """Whether it is a thing of a lane, and no pane or line."""
        return bool(self.layer) or self.name == "output"

    def __str__(self) -> str:
        """As it is written in a file: deep.W2[3,1]."""
        lane = f"{self.lane}." if self.lane else ""
        layer = str(self.layer) if self.layer else ""
        index = f"[{','.join(map(str, self.index))}]" if self.index else ""
        return f"{lane}{self.name}{layer}{index}"

    @staticmethod
    def of(text: str) -> Target | None:
        """The target of a lane that a text names; None where it names none."""
        found = _TARGET.fullmatch(text.strip())
        if not found:
            return None
        lane, name, layer, index = found.groups()
        return Target(name, lane, int(layer or 0), tuple(map(int, index.split(","))) if index else ())

    def covers(self, other: Target) -> bool:
        """Whether another target is this one, or a part of it; a, z and delta are of the same units."""
        names = {self.name, other.name}
        alike = (len(names) == 1 or names <= OF_UNITS) and self.layer == other.layer
        same = alike and self.lane in (None, other.lane)
        return same and (not self.index or self.index in (other.index, other.index[-1:]))


@dataclass(frozen=True)
class NamedOperation:
    """An operation as files name it, one of OPERATIONS; lane None: of the lane in front."""

    kind: str
    layer: int = 0
    lane: str | None = None

    @staticmethod
    def of(operation: Operation, lane: str | None = None) -> NamedOperation:
        """The name of an operation; the update of a function is that of layer 1."""
        kind = OPERATIONS[operation.kind]
        return NamedOperation(kind, 0 if kind in WITHOUT_LAYER else max(operation.layer, 1), lane)

    def is_of(self, operation: Operation) -> bool:
        """Whether it names an operation of its lane."""
        return (self.kind, self.layer) == (NamedOperation.of(operation).kind, NamedOperation.of(operation).layer)

    def __str__(self) -> str:
        """As it is written in a file: deep.delta 1."""
        lane = f"{self.lane}." if self.lane else ""
        return f"{lane}{self.kind} {self.layer}" if self.layer else f"{lane}{self.kind}"


@dataclass(frozen=True)
class GuidePlace:
    """Where a stage takes the cursor: at rest after `step` updates, or at an operation of the step that follows."""

    step: int
    operation: NamedOperation | None = None


@dataclass(frozen=True)
class StepReached:
    """The cursor stands at a step or beyond."""

    step: int


@dataclass(frozen=True)
class OperationReached:
    """The cursor has come to an operation."""

    operation: NamedOperation


@dataclass(frozen=True)
class CheckHolds:
    """A comparison is true at the cursor."""

    check: Expression


@dataclass(frozen=True)
class Did:
    """An action was done; key: the setting that it changed, "" for any."""

    action: str
    key: str = ""


@dataclass(frozen=True)
class LookedAt:
    """Something was selected, or inspected."""

    how: str
    target: Target


@dataclass(frozen=True)
class PaneOpened:
    """A pane was opened."""

    pane: str


@dataclass(frozen=True)
class Filled:
    """An operation was filled in."""

    operation: NamedOperation


@dataclass(frozen=True)
class Ran:
    """Many seeds were run ("seeds"), or `count` next starts ("starts")."""

    what: str
    count: int = 1


Until = StepReached | OperationReached | CheckHolds | Did | LookedAt | PaneOpened | Filled | Ran
"""What a stage waits for."""


@dataclass(frozen=True)
class Choice:
    """An answer to choose, when it is the right one, and what is said to it."""

    say: str
    when: Expression
    reply: Text


@dataclass(frozen=True)
class Accuracy:
    """How near a typed number has to be: within a share of the true one; where `factor` is above 1, within that factor
    of it, with its sign."""

    tolerance: float = 0.01
    factor: float = 1.0

    def __str__(self) -> str:
        return f"within a factor of {self.factor:g}" if self.factor > 1 else f"to {100 * self.tolerance:g} %"

    def accepts(self, number: float, truth: float) -> bool:
        """Whether a typed number is near enough to the true one."""
        if self.factor > 1:
            return number * truth > 0 and 1 / self.factor <= number / truth <= self.factor
        return abs(number - truth) <= self.tolerance * abs(truth) + 1e-12


@dataclass(frozen=True)
class Question:
    """A question about step `at`: choices, or a number to type.

    tolerance: the accepted share of the true number. factor: where above 1, the accepted factor instead.
    """

    ask: str
    at: int
    choices: tuple[Choice, ...] = ()
    answer: Expression | None = None
    tolerance: float = 0.01
    factor: float = 1.0
    reply: Text = Text()

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """All that it measures: what decides which answer is right, and the numbers of its replies."""
        texts = (self.reply, *(choice.reply for choice in self.choices))
        replies = (number for text in texts for number in text.expressions)
        return (*self.decisive, *replies)

    @property
    def decisive(self) -> tuple[Expression, ...]:
        """What decides which answer is right."""
        return (*(choice.when for choice in self.choices), *((self.answer,) if self.answer else ()))

    @property
    def accuracy(self) -> Accuracy:
        """How near a typed number has to be."""
        return Accuracy(self.tolerance, self.factor)

    def accepts(self, number: float, truth: float) -> bool:
        """Whether a typed number is near enough to the true one."""
        return self.accuracy.accepts(number, truth)


@dataclass(frozen=True)
class Stage:
    """One thing that a lesson says.

    panes: what is to be in view, () for what is there. go: where the cursor is taken as it opens.
    until: what it waits for; None: until the learner goes on. at: the step of `holds` and of the numbers.
    question: asked in place of what is said; why: whether the learner's reason is asked for.
    holds: what decides between `say` and `otherwise`; it is a claim for `share` of `seeds` seeds.
    """

    title: str
    say: Text = Text()
    otherwise: Text = Text()
    panes: tuple[str, ...] = ()
    point: tuple[Target, ...] = ()
    go: GuidePlace | None = None
    until: Until | None = None
    hint: str = ""
    at: int | None = None
    question: Question | None = None
    why: bool = False
    holds: Expression | None = None
    seeds: int = 32
    share: float = 0.9

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """All that it measures of the run."""
        told = (*self.say.expressions, *self.otherwise.expressions, *((self.holds,) if self.holds else ()))
        asked = self.question.expressions if self.question else ()
        return (*told, *asked, *((self.until.check,) if isinstance(self.until, CheckHolds) else ()))

    @property
    def names(self) -> tuple[Target | NamedOperation, ...]:
        """What it points at, goes to or waits for, as far as it has a name."""
        waited = (self.until.target,) if isinstance(self.until, LookedAt) else ()
        operations = (self.until.operation,) if isinstance(self.until, OperationReached | Filled) else ()
        gone = (self.go.operation,) if self.go and self.go.operation else ()
        return (*self.point, *waited, *operations, *gone)
