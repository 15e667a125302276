"""The tables `[[guide]]` and `[[quiz]]`: stages of a lesson, and questions on variations of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET, UnsetType
from msgspec.structs import fields

from scenarios.errors import ScenarioError, nearest, quoted
from scenarios.expressions.expression import Expression
from scenarios.file.checks import one_line, read_comparison, read_number
from scenarios.file.document import Document
from scenarios.file.guide_names import GuideNames
from scenarios.file.refusals import Path
from scenarios.file.schema import (
    OPTIMIZER_TABLES,
    SCHEDULE_TABLES,
    ChoiceTable,
    PlaceTable,
    QuestionTable,
    QuizTable,
    StageTable,
    UntilTable,
)
from scenarios.file.settings import EDITABLE
from scenarios.guide import (
    CheckHolds,
    Choice,
    Did,
    Filled,
    GuidePlace,
    LookedAt,
    OperationReached,
    PaneOpened,
    Question,
    Ran,
    Stage,
    StepReached,
    Text,
    Until,
)
from scenarios.scenario import LanePlan, NamedPlace, QuizQuestion, Scenario

MOST_WORDS = 45
ACTIONS = ("edit", "assign", "branch", "close", "reopen", "rename", "new_seed", "undo")
"""What `did` may name: the actions of the journal that change a run."""
WITH_SETTINGS = ("edit", "branch")
"""Those of them that change settings."""
SETTINGS = (
    *EDITABLE,
    *(f"optimizer.{key}" for table in OPTIMIZER_TABLES.values() for key in ("name", *table.__struct_fields__)),
    *(f"schedule.{key}" for table in SCHEDULE_TABLES for key in ("name", *table.__struct_fields__)),
)
"""The settings that such an action may change."""

_NUMBER = re.compile(r"\{([^{}]*)\}")
_BESIDE = {"set": "did", "count": "ran"}
"""Keys of `until` that say more about another."""


def read_guide(
    document: Document, tables: Sequence[StageTable], lanes: Sequence[LanePlan], stops: Sequence[NamedPlace]
) -> tuple[Stage, ...]:
    """The stages of a file, which may go to its stops; raises ScenarioError."""
    return tuple(_Reader(document, ("guide", index), lanes, stops).stage(table) for index, table in enumerate(tables))


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
    """Reads the table at a path of a document whose checks are about these lanes; raises ScenarioError."""

    document: Document
    path: Path
    lanes: Sequence[LanePlan]
    stops: Sequence[NamedPlace] = ()

    def stage(self, table: StageTable) -> Stage:
        """A stage."""
        self._refuse_apart(table)
        at = None if isinstance(table.at, UnsetType) else table.at
        return Stage(
            title=self._words(("title",), table.title),
            say=self._text(("say",), table.say, at),
            otherwise=self._text(("otherwise",), table.otherwise, at),
            panes=tuple(dict.fromkeys(table.panes)),
            point=tuple(self._names.place(self._at("point", number), text) for number, text in enumerate(table.point)),
            go=self._go(table.go),
            until=None if isinstance(table.until, UnsetType) else self._until(table.until),
            hint=self._words(("hint",), table.hint),
            at=at,
            question=self.question(table) if table.ask else None,
            why=table.why,
            holds=None if isinstance(table.holds, UnsetType) else self._comparison(("holds",), table.holds),
            seeds=table.seeds,
            share=table.share,
        )

    def _refuse_apart(self, table: StageTable) -> None:
        """Refuse keys that do not go together."""
        told = table.say.strip()
        if bool(table.ask.strip()) == bool(told):
            raise self._error((), f"found {'both say and ask' if told else 'neither say nor ask'}; allowed: one")
        if told:
            self._refuse_beside(table, ("choices", "answer", "tolerance", "factor", "reply", "why"), "ask")
        else:
            self._refuse_beside(table, ("holds", "otherwise", "until"), "say")
        if isinstance(table.holds, UnsetType) == bool(table.otherwise.strip()):
            found = "holds" if table.holds else "otherwise"
            raise self._error((), f"found {found} alone; allowed: holds, and otherwise for where it is not true")
        if table.holds and table.at is UNSET:
            raise self._error(("at",), "is missing: the step at which holds is measured")

    def _refuse_beside(self, table: QuestionTable, keys: Sequence[str], needed: str) -> None:
        for key in keys:
            if getattr(table, key):
                raise self._error((key,), f"stands without {needed}; allowed: together with it")

    def question(self, table: QuestionTable) -> Question:
        """A question with choices, or with an answer that is a number."""
        if not table.ask.strip():
            raise self._error(("ask",), "is missing: the question")
        if isinstance(table.at, UnsetType):
            raise self._error(("at",), "is missing: the step that the question is about")
        if bool(table.choices) != isinstance(table.answer, UnsetType):
            found = "both choices and answer" if table.choices else "neither choices nor answer"
            raise self._error((), f"found {found}; allowed: one")
        if len(table.choices) == 1:
            raise self._error(("choices",), "found 1; allowed: 2 or more")
        if table.choices:
            self._refuse_beside(table, ("tolerance", "factor"), "answer")
            self._refuse_beside(table, ("reply",), "answer, as each choice has its own")
        if table.tolerance and table.factor:
            raise self._error((), "found both tolerance and factor; allowed: one")
        answer = None if isinstance(table.answer, UnsetType) else self._number(("answer",), table.answer)
        return Question(
            ask=self._words(("ask",), table.ask),
            at=table.at,
            choices=tuple(self._choice(number, choice, table.at) for number, choice in enumerate(table.choices)),
            answer=answer,
            tolerance=0.01 if isinstance(table.tolerance, UnsetType) else table.tolerance,
            factor=1.0 if isinstance(table.factor, UnsetType) else table.factor,
            reply=self._text(("reply",), table.reply, table.at),
        )

    def _choice(self, number: int, table: ChoiceTable, at: int) -> Choice:
        path: Path = ("choices", number)
        return Choice(
            say=self._words((*path, "say"), table.say),
            when=self._comparison((*path, "when"), table.when),
            reply=self._text((*path, "reply"), table.reply, at),
        )

    def _words(self, path: Path, text: str) -> str:
        """Words on one line, in which the run fills nothing in."""
        self._count_words(path, text)
        if "{" in text or "}" in text:
            raise self._error(path, "found a brace; allowed: in say, otherwise and reply, where numbers are filled in")
        words = one_line(text)
        if text and not words:
            raise self._error(path, "found blanks; allowed: words")
        return words

    def _text(self, path: Path, text: str, at: int | None) -> Text:
        """Words in which the run fills numbers in."""
        self._count_words(path, text)
        parts: list[str | Expression] = []
        for number, part in enumerate(_NUMBER.split(one_line(text))):
            if number % 2 == 0:
                if "{" in part or "}" in part:
                    raise self._error(path, "found a brace without its partner; allowed: {deep.test_loss}")
                parts += [part] if part else []
            elif at is None:
                raise self._error(("at",), f"is missing: the step of the number {{{part}}}")
            else:
                parts.append(self._number(path, part))
        return Text(tuple(parts))

    def _count_words(self, path: Path, text: str) -> None:
        words = len(_NUMBER.sub("0", text).split())
        if words > MOST_WORDS:
            raise self._error(path, f"found {words} words; allowed: at most {MOST_WORDS}")

    def _go(self, go: int | PlaceTable | str | UnsetType) -> GuidePlace | None:
        if isinstance(go, UnsetType):
            return None
        if isinstance(go, int):
            return GuidePlace(go)
        if isinstance(go, str):
            return self._stop(go)
        if isinstance(go.operation, UnsetType):
            return GuidePlace(go.step)
        return GuidePlace(go.step, self._names.operation(self._at("go", "operation"), go.operation))

    def _stop(self, name: str) -> GuidePlace:
        """The stop of that name."""
        stops = {stop.name: stop for stop in self.stops}
        if name not in stops:
            known = ", ".join(map(quoted, stops)) or "the name of a stop, and the file has none"
            raise self._error(("go",), f"found {quoted(name)}; allowed: a step, or {known}{nearest(name, stops)}")
        return GuidePlace(stops[name].at, stops[name].operation)

    def _until(self, table: UntilTable) -> Until:
        given = {one.name: value for one in fields(table) if (value := getattr(table, one.name)) is not UNSET}
        kinds = [key for key in given if key not in _BESIDE]
        if len(kinds) != 1 or any(_BESIDE.get(key, kinds[0]) != kinds[0] for key in given):
            known = ", ".join(one.name for one in fields(table) if one.name not in _BESIDE)
            found = " and ".join(given) or "no key"
            raise self._error(("until",), f"found {found}; allowed: one of {known} (did with set, ran with count)")
        kind, value = kinds[0], given[kinds[0]]
        path = self._at("until", kind)
        match kind:
            case "step":
                return StepReached(value)
            case "operation":
                return OperationReached(self._names.operation(path, value))
            case "check":
                return CheckHolds(self._comparison(("until", kind), value))
            case "did":
                return self._did(value, given.get("set", ""))
            case "selected" | "inspected":
                return LookedAt(kind, self._names.selectable(path, value))
            case "pane":
                return PaneOpened(value)
            case "filled":
                return self._filled(path, value)
        return self._ran(value, given)

    def _did(self, action: str, key: str) -> Did:
        if action not in ACTIONS:
            message = f"found {quoted(action)}; allowed: {', '.join(ACTIONS)}{nearest(action, ACTIONS)}"
            raise self._error(("until", "did"), message)
        if key and action not in WITH_SETTINGS:
            raise self._error(("until", "set"), f"stands beside did = {quoted(action)}; allowed: {_or(WITH_SETTINGS)}")
        if key and key not in SETTINGS:
            message = f"found {quoted(key)}; allowed: {', '.join(dict.fromkeys(SETTINGS))}{nearest(key, SETTINGS)}"
            raise self._error(("until", "set"), message)
        return Did(action, key)

    def _filled(self, path: Path, text: str) -> Filled:
        operation = self._names.operation(path, text)
        if operation.kind == "batch":
            raise self.document.error(path, f"found {quoted(text)}; allowed: operations that make numbers")
        return Filled(operation)

    def _ran(self, what: str, given: dict[str, Any]) -> Ran:
        if what == "seeds" and "count" in given:
            raise self._error(("until", "count"), 'stands beside ran = "seeds"; allowed: "starts"')
        return Ran(what, given.get("count", 1))

    @property
    def _names(self) -> GuideNames:
        return GuideNames(self.document, self.lanes)

    def _comparison(self, path: Path, text: str) -> Expression:
        return read_comparison(self.document, text, self._at(*path), self.lanes)

    def _number(self, path: Path, text: str) -> Expression:
        return read_number(self.document, text, self._at(*path), self.lanes)

    def _at(self, *path: str | int) -> Path:
        return (*self.path, *path)

    def _error(self, path: Path, message: str) -> ScenarioError:
        return self.document.error(self._at(*path), message)


def _or(names: Sequence[str]) -> str:
    return " or ".join(names)
