"""A scenario as it is used: defaults merged into its lanes, names looked up, everything checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nncore.arrays import Array
from nncore.initializers import Initializer
from nncore.network import Network
from nncore.training import Edit, Settings
from scenarios.data import DataSource
from scenarios.expressions.expression import Expression
from scenarios.expressions.tree import Quantity
from scenarios.guide import Accuracy, NamedOperation, Question, Stage


@dataclass(frozen=True, eq=False)
class NetworkPlan:
    """A network lane's model. parameters: exact starting values by name, W1, b1, …, for some or all."""

    network: Network
    loss: str
    reduction: str
    init: Initializer
    parameters: dict[str, Array]


@dataclass(frozen=True, eq=False)
class FunctionPlan:
    """A function lane's model: a function of its variables, and θ₀ (P,)."""

    names: tuple[str, ...]
    value: Expression
    start: Array
    noise: float


@dataclass(frozen=True, eq=False)
class LanePlan:
    """A lane, short of its data and starting values. seed: that of its starting values, if it has its own."""

    id: str
    label: str
    seed: int | None
    model: NetworkPlan | FunctionPlan
    settings: Settings
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Claim:
    """A sentence with a check at step `at` that holds for at least `share` of `seeds` seeds."""

    text: str
    check: Expression
    at: int
    seeds: int
    share: float


@dataclass(frozen=True)
class Prediction:
    """A question to ask before step `at` is shown; the answer is a comparison, or a number to an accuracy."""

    ask: str
    answer: Expression
    at: int
    accuracy: Accuracy


@dataclass(frozen=True)
class TallyPlan:
    """Where runs end, to be counted start by start: the number `of` of every lane at step `at`.

    ends: it of each lane. values, names: where a run may end, and what that is called; without them
    it is counted which lane's number is lowest. within: how near to a value counts as there.
    """

    at: int
    of: str
    ends: tuple[Quantity, ...]
    values: tuple[float, ...] = ()
    names: tuple[str, ...] = ()
    within: float = 0.005


@dataclass(frozen=True)
class NamedPlace:
    """A place of the run with a name and perhaps a note: at rest after `at` updates, or at an operation of the step
    that follows."""

    at: int
    name: str
    operation: NamedOperation | None = None
    note: str = ""


@dataclass(frozen=True, eq=False)
class QuizQuestion:
    """A question about a variation of the scenario, which is trained when it is asked."""

    question: Question
    variation: Scenario


@dataclass(frozen=True, eq=False)
class Scenario:
    """A resolved scenario. file: its name as it was given. data: None if all lanes are functions.

    panes: what the simulator opens with; empty for its own choice. table: the file's tables that it was read
    from, with changes made and defaults merged into the lanes. overrides: the changes made, as KEY=VALUE.
    stops: its named places, in their order. watch: the expressions that are watched at first.
    learner_seed: whether each learner has a seed of their own. learner: whose seed it is, "" if nobody's.
    """

    file: str
    name: str
    title: str
    question: str
    lesson: str
    text: str
    panes: tuple[str, ...]
    seed: int
    steps: int
    data: DataSource | None
    lanes: tuple[LanePlan, ...]
    claims: tuple[Claim, ...]
    predictions: tuple[Prediction, ...]
    guide: tuple[Stage, ...]
    quiz: tuple[QuizQuestion, ...]
    tally: TallyPlan
    table: dict[str, Any]
    overrides: tuple[str, ...] = ()
    stops: tuple[NamedPlace, ...] = ()
    watch: tuple[str, ...] = ()
    learner_seed: bool = False
    learner: str = ""

    @property
    def verified(self) -> tuple[Claim, ...]:
        """The claims, and what the guide's stages say where their `holds` is true."""
        told = tuple(
            Claim(f"{stage.title}: {stage.holds.text}", stage.holds, stage.at, stage.seeds, stage.share)
            for stage in self.guide
            if stage.holds is not None and stage.at is not None
        )
        return self.claims + told
