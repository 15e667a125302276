"""The scenario file as it is written: its tables, their keys, and what is allowed for each.

A key that is not here is refused by `Table`; `refusals` says so in words.

A key that may be left out has its default here; UNSET is for keys whose absence means something.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from functools import reduce
from operator import or_
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    cast,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from msgspec import UNSET, Meta, Struct, UnsetType, defstruct

from nncore.activations import ACTIVATIONS
from nncore.losses import LOSSES
from nncore.optimizers import OPTIMIZERS, Limits, Optimizer

MAX_LANES = 4
MAX_LAYERS = 64
MAX_WIDTH = 4_096
MAX_PARAMETERS = 1_000_000
MAX_VARIABLES = 16
MAX_SAMPLES = 1_000_000
MAX_STEPS = 1_000_000_000
MAX_CLAIMS = 1_000
MAX_EDITS = 1_000
MAX_STAGES = 12
MAX_QUIZ = 8
MAX_CHOICES = 6
MAX_TITLE = 40
MAX_CHOICE = 60
MAX_STOPS = MAX_STAGES - 1  # with the start, as many pages of a talk as a guide may have
MAX_STOP_NAME = 60
MAX_STOP_NOTE = 200
MAX_WATCHED = 16
MAX_TALLIED = 8
MAX_NAME = 200
MAX_TALLY_NAME = 12

Count = Annotated[int, Meta(ge=0)]
Width = Annotated[int, Meta(ge=1, le=MAX_WIDTH)]
Samples = Annotated[int, Meta(ge=1, le=MAX_SAMPLES)]
TestSamples = Annotated[int, Meta(ge=0, le=MAX_SAMPLES)]
Steps = Annotated[int, Meta(ge=1, le=MAX_STEPS)]
Positive = Annotated[float, Meta(gt=0)]
NonNegative = Annotated[float, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]

if TYPE_CHECKING:
    ActivationName = str
    LossName = str
else:
    ActivationName = Literal[tuple(ACTIVATIONS)]
    LossName = Literal[tuple(LOSSES)]
OutputName = Literal["linear", "sigmoid", "tanh", "softmax"]
InitName = Literal["he", "xavier", "torch", "normal", "uniform", "constant", "zeros"]
PaneName = Literal[
    "network",
    "weights",
    "gradients",
    "loss",
    "norms",
    "health",
    "function",
    "features",
    "landscape",
    "curvature",
    "batch",
    "tally",
    "watch",
    "lesson",
]


@dataclass_transform(frozen_default=True)
class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file: its keys are these and no others. Frozen, and so is what inherits from it."""


class Named(Table, tag_field="name"):
    """A table whose `name` decides which other keys it has."""


def _limited(hint: Any) -> Any:
    """A type whose limits stand in an optimizer, as the schema has it."""
    if get_origin(hint) is Annotated:
        base, limits = get_args(hint)
        assert isinstance(limits, Limits)
        return Annotated[base, Meta(ge=limits.least, lt=limits.below)]
    return tuple[tuple(map(_limited, get_args(hint)))] if get_origin(hint) is tuple else hint  # type: ignore[misc]


def _optimizer_table(name: str, kind: type[Optimizer]) -> type[Named]:
    """The table of an optimizer: its learning rate and its constants, with their defaults."""
    hints = get_type_hints(kind, include_extras=True)
    keys: list[Any] = [
        (one.name, _limited(hints[one.name]), kind.usual_rate if one.default is MISSING else one.default)
        for one in fields(kind)
    ]
    table: type[Named] = cast(Any, defstruct(kind.__name__, keys, bases=(Named,), tag=name, module=__name__))
    return table


OPTIMIZER_TABLES = {name: _optimizer_table(name, kind) for name, kind in OPTIMIZERS.items()}

if TYPE_CHECKING:
    OptimizerTable = Named
else:
    OptimizerTable = reduce(or_, OPTIMIZER_TABLES.values())


class Constant(Named, tag="constant"):
    pass


class Step(Named, tag="step"):
    every: Steps
    factor: Positive = 0.1


class Cosine(Named, tag="cosine"):
    horizon: Steps | UnsetType = UNSET


class LinearToZero(Named, tag="linear_to_zero"):
    horizon: Steps | UnsetType = UNSET


SCHEDULE_TABLES = (Constant, Step, Cosine, LinearToZero)


class Init(Table):
    name: InitName
    scale: float = 1.0


class FunctionTable(Table):
    """A function in place of a network. start: a number for each variable."""

    expression: str
    start: dict[str, Any]
    gradient_noise: NonNegative = 0.0


class EditTable(Table):
    """A change from step `at` on. set: settings of the lane, as in its table, and single parameters."""

    at: Count
    set: dict[str, Any]


class LaneTable(Table):
    """A lane, or the defaults of all lanes. parameters: W1, b1, … as arrays of numbers, or the file of them."""

    id: str | UnsetType = UNSET
    label: str = ""
    seed: int | UnsetType = UNSET
    hidden: Annotated[list[Width], Meta(max_length=MAX_LAYERS - 1)] = []
    activation: ActivationName | list[ActivationName] = "relu"
    output: OutputName | UnsetType = UNSET
    loss: LossName = "squared"
    reduction: Literal["mean", "sum"] = "mean"
    init: InitName | Init = "he"
    parameters: dict[str, Any] | str = {}
    optimizer: OptimizerTable = OPTIMIZER_TABLES["sgd"]()
    schedule: Constant | Step | Cosine | LinearToZero = Constant()
    batch_size: Literal["full"] | Count = "full"
    l1: NonNegative = 0.0
    l2: NonNegative = 0.0
    freeze: Annotated[list[int], Meta(max_length=MAX_LAYERS)] = []
    edits: Annotated[list[EditTable], Meta(max_length=MAX_EDITS)] = []
    function: FunctionTable | UnsetType = UNSET


class ClaimTable(Table):
    text: str
    check: str
    at: Count | UnsetType = UNSET
    seeds: Annotated[int, Meta(ge=1)] = 1
    share: Share = 1.0


class PredictTable(Table):
    ask: str
    answer: str
    at: Count | UnsetType = UNSET
    tolerance: Positive | UnsetType = UNSET
    factor: Annotated[float, Meta(gt=1)] | UnsetType = UNSET


class ChoiceTable(Table):
    say: Annotated[str, Meta(min_length=1, max_length=MAX_CHOICE)]
    when: str
    reply: str = ""


Choices = Annotated[list[ChoiceTable], Meta(max_length=MAX_CHOICES)]


class PlaceTable(Table):
    step: Count
    operation: str | UnsetType = UNSET


class UntilTable(Table):
    """What a stage waits for: one of these keys, `did` with or without `set`, `ran` with or without `count`."""

    step: Count | UnsetType = UNSET
    operation: str | UnsetType = UNSET
    check: str | UnsetType = UNSET
    did: str | UnsetType = UNSET
    set: str | UnsetType = UNSET
    selected: str | UnsetType = UNSET
    inspected: str | UnsetType = UNSET
    pane: PaneName | UnsetType = UNSET
    filled: str | UnsetType = UNSET
    ran: Literal["seeds", "starts"] | UnsetType = UNSET
    count: Annotated[int, Meta(ge=1)] | UnsetType = UNSET


class QuestionTable(Table):
    """A question: choices, or an answer within a tolerance or a factor."""

    ask: str = ""
    at: Count | UnsetType = UNSET
    choices: Choices = []
    answer: str | UnsetType = UNSET
    tolerance: Positive | UnsetType = UNSET
    factor: Annotated[float, Meta(gt=1)] | UnsetType = UNSET
    reply: str = ""


class StageTable(QuestionTable, kw_only=True):
    title: Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)]
    say: str = ""
    panes: list[PaneName] = []
    point: list[str] = []
    go: Count | PlaceTable | str | UnsetType = UNSET
    until: UntilTable | UnsetType = UNSET
    hint: str = ""
    why: bool = False
    holds: str | UnsetType = UNSET
    otherwise: str = ""
    seeds: Annotated[int, Meta(ge=1)] = 32
    share: Share = 0.9


class QuizTable(QuestionTable):
    """A question on the scenario with other values: keys as in `--set`, as tables or with dots."""

    set: dict[str, Any] = {}
    seed: int | UnsetType = UNSET


class StopTable(Table):
    """A named place of the run."""

    at: Count
    name: Annotated[str, Meta(min_length=1, max_length=MAX_STOP_NAME)]
    operation: str | UnsetType = UNSET
    note: Annotated[str, Meta(max_length=MAX_STOP_NOTE)] = ""


class TallyTable(Table):
    """What is counted of one start after the other, and to which value a run counts."""

    at: Count | UnsetType = UNSET
    of: str = "train_loss"
    values: Annotated[list[float], Meta(max_length=MAX_TALLIED)] = []
    names: list[Annotated[str, Meta(min_length=1, max_length=MAX_TALLY_NAME)]] = []
    within: Positive = 0.005


class ScenarioFile(Table):
    format: Literal[1]
    name: str
    lanes: Annotated[list[LaneTable], Meta(min_length=1, max_length=MAX_LANES)]
    title: str = ""
    question: str = ""
    lesson: str = "Own"
    text: str = ""
    panes: list[PaneName] = []
    seed: int = 0
    learner_seed: bool = False
    steps: Steps = 1000
    data: dict[str, Any] | UnsetType = UNSET
    defaults: LaneTable = LaneTable()
    claims: Annotated[list[ClaimTable], Meta(max_length=MAX_CLAIMS)] = []
    predict: Annotated[list[PredictTable], Meta(max_length=MAX_CLAIMS)] = []
    guide: Annotated[list[StageTable], Meta(max_length=MAX_STAGES)] = []
    quiz: Annotated[list[QuizTable], Meta(max_length=MAX_QUIZ)] = []
    stops: Annotated[list[StopTable], Meta(max_length=MAX_STOPS)] = []
    tally: TallyTable = TallyTable()
    watch: Annotated[list[str], Meta(max_length=MAX_WATCHED)] = []
