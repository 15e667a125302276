"""The tables `[[guide]]` and `[[quiz]]`: stages of a lesson, and questions on variations of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args

from msgspec import UNSET, UnsetType

from scenarios.errors import nearest, quoted
from scenarios.expressions.expression import Expression
from scenarios.file.checks import depth, one_line, read_check, read_comparison
from scenarios.file.document import Document
from scenarios.file.refusals import Path
from scenarios.file.schema import ChoiceTable, PaneName, PlaceTable, QuestionTable, QuizTable, StageTable, UntilTable
from scenarios.guide import (
    LINES,
    OPERATIONS,
    WITHOUT_LAYER,
    CheckHolds,
    Choice,
    Did,
    Filled,
    GuidePlace,
    LookedAt,
    NamedOperation,
    OperationReached,
    PaneOpened,
    Question,
    Ran,
    Stage,
    StepReached,
    Target,
    Text,
    Until,
)
from scenarios.scenario import LanePlan, NetworkPlan, QuizQuestion, Scenario

MOST_WORDS = 45
ACTIONS = ("edit", "assign", "branch", "close", "reopen", "rename", "new_seed", "undo")
"""What `did` may name: the actions of the journal that change a run."""

_NUMBER = re.compile(r"\{([^{}]*)\}")
_OPERATION = re.compile(r"(?:([A-Za-z_]\w*)\.)?([A-Za-z]+)(?: +(\d{1,3}))?", re.ASCII)
_TARGETS = "a pane, header, equation, timeline, or W, b, dW, db, a, z, delta or output as in deep.W2[3,1]"
_OPERATIONS = "batch, loss, or a, z, delta, dW, db, update with a layer, as in delta 1"


def read_guide(document: Document, tables: Sequence[StageTable], lanes: Sequence[LanePlan]) -> tuple[Stage, ...]:
    """The stages of a file; raises ScenarioError."""
    return tuple(_Reader(document, ("guide", index), lanes).stage(table) for index, table in enumerate(tables))


def read_quiz(
    document: Document,
    tables: Sequence[QuizTable],
    vary: Callable[[Path, QuizTable], Scenario],
) -> tuple[QuizQuestion, ...]:
    """The quiz of a file; `vary` gives the variation of the scenario that a question is about."""
    questions = []
    for index, table in enumerate(tables):
        path: Path = ("quiz", index)
        variation = vary(path, table)
        questions.append(QuizQuestion(_Reader(document, path, variation.lanes).question(table), variation))
    return tuple(questions)


@dataclass(frozen=True)
class _Reader:
    """Reads the table at a path of a document whose checks are about these lanes."""

    document: Document
    path: Path
    lanes: Sequence[LanePlan]

    def stage(self, table: StageTable) -> Stage:
        """A stage; raises ScenarioError for keys that do not go together."""
        at = None if isinstance(table.at, UnsetType) else table.at
        if bool(table.ask) == bool(table.say):
            raise self._error("", "allowed: say or ask, one of them")
        if not table.ask:
            for key in ("choices", "answer", "tolerance", "factor", "reply", "why"):
                if getattr(table, key):
                    raise self._error(key, "needs ask, the question it belongs to")
        if isinstance(table.holds, UnsetType) == bool(table.otherwise):
            raise self._error("", "holds and otherwise belong together: what is said where it is true, and where not")
        holds = None if isinstance(table.holds, UnsetType) else self._comparison("holds", table.holds)
        if holds is not None and at is None:
            raise self._error("at", "is missing: the step at which holds is measured")
        return Stage(
            title=one_line(table.title),
            say=self._text("say", table.say, at),
            otherwise=self._text("otherwise", table.otherwise, at),
            panes=tuple(dict.fromkeys(table.panes)),
            point=tuple(self._target(("point", number), text) for number, text in enumerate(table.point)),
            go=self._place(table.go),
            until=None if isinstance(table.until, UnsetType) else self._until(table.until),
            hint=one_line(table.hint),
            at=at,
            question=self.question(table) if table.ask else None,
            why=table.why,
            holds=holds,
            seeds=table.seeds,
            share=table.share,
        )

    def question(self, table: QuestionTable) -> Question:
        """A question with choices, or with an answer that is a number; raises ScenarioError."""
        if not table.ask:
            raise self._error("ask", "is missing")
        if isinstance(table.at, UnsetType):
            raise self._error("at", "is missing: the step that the question is about")
        if bool(table.choices) != isinstance(table.answer, UnsetType):
            raise self._error("", "allowed: choices or answer, one of them")
        if len(table.choices) == 1:
            raise self._error("choices", "found 1; allowed: 2 or more")
        if not isinstance(table.tolerance, UnsetType) and not isinstance(table.factor, UnsetType):
            raise self._error("", "allowed: tolerance or factor, not both")
        self._count_words("ask", table.ask)
        answer = None if isinstance(table.answer, UnsetType) else read_check(*self._of("answer", table.answer))
        return Question(
            ask=one_line(table.ask),
            at=table.at,
            choices=tuple(self._choice(number, choice, table.at) for number, choice in enumerate(table.choices)),
            answer=answer,
            tolerance=0.01 if isinstance(table.tolerance, UnsetType) else table.tolerance,
            factor=1.0 if isinstance(table.factor, UnsetType) else table.factor,
            reply=self._text("reply", table.reply, table.at),
        )

    def _choice(self, number: int, table: ChoiceTable, at: int) -> Choice:
        path = ("choices", number)
        when = read_comparison(self.document, table.when, (*self.path, *path, "when"), self.lanes)
        return Choice(one_line(table.say), when, self._text((*path, "reply"), table.reply, at))

    def _text(self, key: str | Path, text: str, at: int | None) -> Text:
        """Words with numbers in braces; raises ScenarioError where they are too many, or no step is named."""
        self._count_words(key, text)
        parts: list[str | Expression] = []
        for number, part in enumerate(_NUMBER.split(one_line(text))):
            if number % 2 == 0:
                parts += [part] if part else []
            elif at is None:
                raise self._error("at", f"is missing: the step of the number {{{part}}}")
            else:
                parts.append(read_check(*self._of(key, part)))
        return Text(tuple(parts))

    def _count_words(self, key: str | Path, text: str) -> None:
        words = len(_NUMBER.sub("0", text).split())
        if words > MOST_WORDS:
            raise self._error(key, f"found {words} words; allowed: at most {MOST_WORDS}")

    def _until(self, table: UntilTable) -> Until:
        given = {key: getattr(table, key) for key in table.__struct_fields__ if getattr(table, key) is not UNSET}
        beside = {"set": "did", "count": "ran"}
        kinds = [key for key in given if key not in beside]
        if len(kinds) != 1 or any(beside.get(key, kinds[0]) != kinds[0] for key in given):
            found = ", ".join(given) or "none"
            known = ", ".join(key for key in table.__struct_fields__ if key not in beside)
            raise self._error("until", f"found {found}; allowed: one of {known} (did with set, ran with count)")
        kind, value = kinds[0], given[kinds[0]]
        match kind:
            case "step":
                return StepReached(value)
            case "operation":
                return OperationReached(self._operation(("until", kind), value))
            case "check":
                return CheckHolds(self._comparison(("until", kind), value))
            case "did":
                return self._did(value, given.get("set", ""))
            case "selected" | "inspected":
                return LookedAt(kind, self._target(("until", kind), value))
            case "pane":
                return PaneOpened(value)
            case "filled":
                return Filled(self._operation(("until", kind), value))
        return Ran(value, given.get("count", 1))

    def _did(self, action: str, key: str) -> Did:
        if action not in ACTIONS:
            message = f"found {quoted(action)}; allowed: {', '.join(ACTIONS)}{nearest(action, ACTIONS)}"
            raise self._error(("until", "did"), message)
        return Did(action, key)

    def _place(self, go: int | PlaceTable | UnsetType) -> GuidePlace | None:
        if isinstance(go, UnsetType):
            return None
        if isinstance(go, int):
            return GuidePlace(go)
        named = None if isinstance(go.operation, UnsetType) else self._operation(("go", "operation"), go.operation)
        return GuidePlace(go.step, named)

    def _target(self, key: Path, text: str) -> Target:
        """What a stage points at or waits to be looked at; raises ScenarioError for what no lane has."""
        if text in (*get_args(PaneName), *LINES):
            return Target(text)
        target = Target.of(text)
        if target is None:
            raise self._error(key, f"found {quoted(text)}; allowed: {_TARGETS}")
        if bool(target.layer) == (target.name == "output"):
            raise self._error(key, f"found {quoted(text)}; allowed: output without a layer, the others with theirs")
        self._refuse_missing(key, text, target)
        return target

    def _refuse_missing(self, key: Path, text: str, target: Target) -> None:
        """Refuse a target whose lane, layer or index none of the lanes meant has."""
        for lane in self._lanes(key, target.lane):
            if not isinstance(lane.model, NetworkPlan):
                raise self._error(key, f"found {quoted(text)}, but {lane.id} is a function")
            sizes = lane.model.network.sizes
            if not 0 <= target.layer < len(sizes):
                raise self._error(key, f"found {quoted(text)}; allowed: layers 1 to {len(sizes) - 1} of {lane.id}")
            layer = target.layer or len(sizes) - 1
            shape = {"W": (sizes[layer], sizes[layer - 1]), "b": (sizes[layer],)}.get(target.name.removeprefix("d"))
            limits = shape or (sizes[layer],)
            units = target.index if shape else target.index[-1:]  # a sample may stand before the unit
            too_many = len(target.index) > (len(shape) if shape else 2)
            if too_many or (units and shape and len(units) != len(shape)):
                raise self._error(key, f"found {quoted(text)}, which has another number of indices")
            if any(index >= size for index, size in zip(units, limits, strict=False)):
                raise self._error(key, f"found {quoted(text)}; allowed: below {' × '.join(map(str, limits))}")

    def _operation(self, key: Path, text: str) -> NamedOperation:
        """An operation by its name; raises ScenarioError."""
        found = _OPERATION.fullmatch(text.strip())
        if not found or found[2] not in OPERATIONS.values() or bool(found[3]) == (found[2] in WITHOUT_LAYER):
            raise self._error(key, f"found {quoted(text)}; allowed: {_OPERATIONS}")
        lane, kind, layer = found[1], found[2], int(found[3] or 0)
        for one in self._lanes(key, lane):
            if layer and not 1 <= layer <= max(depth(one), kind == "update"):
                raise self._error(key, f"found {quoted(text)}; allowed: layers 1 to {depth(one)} of {one.id}")
        return NamedOperation(kind, layer, lane)

    def _lanes(self, key: Path, name: str | None) -> Sequence[LanePlan]:
        """The lane of that id, the first where none is named; raises ScenarioError."""
        known = [lane.id for lane in self.lanes]
        if name is not None and name not in known:
            raise self._error(
                key, f"there is no lane {quoted(name)}; allowed: {', '.join(known)}{nearest(name, known)}"
            )
        return [lane for lane in self.lanes if name in (None, lane.id)][:1]

    def _comparison(self, key: str | Path, text: str) -> Expression:
        return read_comparison(*self._of(key, text))

    def _of(self, key: str | Path, text: str) -> tuple[Document, str, Path, Sequence[LanePlan]]:
        return self.document, text, self._at(key), self.lanes

    def _at(self, key: str | Path) -> Path:
        return (*self.path, *((key,) if isinstance(key, str) and key else key))

    def _error(self, key: str | Path, message: str) -> Exception:
        return self.document.error(self._at(key), message)
